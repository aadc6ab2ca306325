/** Fields of what the hardware made, as programs and the debugger read them. */
import { ContextValue } from './context.js';
import type { Linked } from './link.js';
import { missingField } from './parts.js';
import type { Value } from './values.js';

/** `target.name`, by the name's number; a fault where there is none. */
export function hardwareField(program: Linked, target: Value, name: number): Value {
  const field = program.names[name];
  if (target instanceof ContextValue) {
    switch (field) {
      case 'pc':
        return program.addressOf(target.pc);
      case 'fp':
        return target.fp * 8;
      case 'sp':
        return target.stack.top * 8;
      case 'mode':
        return 'kernel';
      case 'page_table':
        return target.pageTable;
    }
  }
  throw missingField(target, field);
}
