/** Values with parts: records, lists, maps, strings, buffers. Joined with the others: see loop.ts. */
import { enterCoroutine, resumedElsewhere } from '../calls.js';
import { chargeBytes } from '../comparisons.js';
import { KERNEL, USER } from '../cpu.js';
import { hardwareField } from '../hardware-fields.js';
import { WORDS } from '../../isa/isa.js';
import { isText, type LongString } from '../long-string.js';
import { Fault, SIGILL } from '../native.js';
import * as operators from '../operators.js';
import * as parts from '../parts.js';
import { loadGlobal, storeGlobal, translateFor } from '../user-memory.js';
import { CoroutineValue } from '../stack.js';
import { BufferValue, ListValue, MapValue, RecordValue, WordsValue } from '../values.js';
import { OPCODE } from '../internal-opcodes.js';
import type { Running } from './running.js';

export function valuesWithParts({
  board,
  history,
  program,
  machineRegisters,
  shapes,
  code,
  cpu,
  stack,
  slots,
  fp,
  pc,
}: Running): never {
  for (;;) {
    switch (code[pc]) {
      case OPCODE.NEW: {
        const shape = shapes[code[pc + 2]];
        const from = fp + code[pc + 3];
        const fields = slots.slice(from, from + shape.fields.length);
        slots[fp + code[pc + 1]] = new RecordValue(
          history.epoch,
          shape,
          fields,
          cpu.mode === KERNEL ? machineRegisters.addressFor(fields.length) : 0,
        );
        pc += WORDS;
        if (cpu.mode === KERNEL) continue;
        board.allocate(fields.length + 3);
        break;
      }
      case OPCODE.LIST: {
        const from = fp + code[pc + 2];
        const count = code[pc + 3];
        slots[fp + code[pc + 1]] = new ListValue(history.epoch, slots.slice(from, from + count));
        pc += WORDS;
        if (cpu.mode === KERNEL) continue;
        board.allocate(count + 3);
        break;
      }
      case OPCODE.GETF: {
        const o = slots[fp + code[pc + 2]];
        const slot = o instanceof RecordValue ? o.shape.slotOf[code[pc + 3]] : -1;
        slots[fp + code[pc + 1]] =
          slot >= 0 ? (o as RecordValue).fields[slot] : hardwareField(program, o, code[pc + 3]);
        pc += WORDS;
        continue;
      }
      case OPCODE.SETF: {
        const o = slots[fp + code[pc + 1]];
        const slot = o instanceof RecordValue ? o.shape.slotOf[code[pc + 2]] : -1;
        if (!(slot >= 0)) throw parts.missingField(o, program.names[code[pc + 2]]);
        const record = o as RecordValue;
        if (record.epoch !== history.epoch) history.keep(record);
        record.fields[slot] = slots[fp + code[pc + 3]];
        pc += WORDS;
        continue;
      }
      case OPCODE.GETI: {
        const o = slots[fp + code[pc + 2]];
        const key = slots[fp + code[pc + 3]];
        if (o instanceof ListValue && typeof key === 'number') {
          const at = o.head + key;
          if (key >= 0 && at < o.items.length) {
            slots[fp + code[pc + 1]] = o.items[at];
            pc += WORDS;
            continue;
          }
        }
        if (o instanceof MapValue && typeof key === 'number') {
          const found = o.entries.get(key);
          slots[fp + code[pc + 1]] = found === undefined ? null : found;
          pc += WORDS;
          continue;
        }
        if (o instanceof BufferValue) {
          const address = o.address + parts.index(key, 'buffer', o.length);
          slots[fp + code[pc + 1]] = board.memory.load(translateFor(board, cpu, address, false), 1);
        } else if (o instanceof WordsValue) {
          slots[fp + code[pc + 1]] = loadGlobal(board, cpu, o.address + 8 * parts.index(key, 'array', o.length));
        } else {
          slots[fp + code[pc + 1]] = parts.getIndex(o, key);
          if (isText(key)) chargeBytes(board, key.length);
        }
        pc += WORDS;
        break;
      }
      case OPCODE.SETI: {
        const o = slots[fp + code[pc + 1]];
        const key = slots[fp + code[pc + 2]];
        const value = slots[fp + code[pc + 3]];
        if (o instanceof BufferValue) {
          const address = o.address + parts.index(key, 'buffer', o.length);
          if (typeof value !== 'number')
            throw new Fault(SIGILL, `a buffer holds bytes, this is ${operators.aKindOf(value)}`);
          board.memory.store(translateFor(board, cpu, address, true), 1, value & 255);
        } else if (o instanceof WordsValue) {
          storeGlobal(board, cpu, o.address + 8 * parts.index(key, 'array', o.length), value);
        } else {
          parts.setIndex(history, o, key, value);
          if (isText(key)) chargeBytes(board, key.length);
          if (cpu.mode === USER) board.allocate(4);
        }
        pc += WORDS;
        break;
      }
      case OPCODE.SLICE: {
        const at = fp + code[pc + 3];
        const part = parts.slice(history.epoch, slots[fp + code[pc + 2]], slots[at], slots[at + 1]);
        slots[fp + code[pc + 1]] = part;
        pc += WORDS;
        if (part instanceof ListValue) {
          board.charge(part.length);
          board.allocate(part.length + 3);
        } else board.allocate(2);
        break;
      }
      case OPCODE.ITER: {
        const at = fp + code[pc + 1];
        const from = slots[fp + code[pc + 2]];
        const walked = parts.iterated(history.epoch, from);
        slots[at] = walked;
        slots[at + 1] = 0;
        pc += WORDS;
        if (walked !== from && walked instanceof ListValue) {
          board.charge(walked.length);
          board.allocate(walked.length + 3);
        }
        break;
      }
      case OPCODE.NEXT: {
        const at = fp + code[pc + 1];
        const o = slots[at] as ListValue | string | LongString | BufferValue | WordsValue | CoroutineValue;
        if (o instanceof CoroutineValue) {
          // A round of the loop is a resume(): what it yields is the next element, and its return the end.
          if (o.thread !== cpu.kernelStack.thread) throw resumedElsewhere(o, cpu);
          if (o.state === 'done') {
            pc = code[pc + 3];
            continue;
          }
          enterCoroutine(
            history,
            stack,
            o,
            fp,
            { result: fp + code[pc + 2], next: pc + WORDS, end: code[pc + 3] },
            null,
          );
          stack = o.stack;
          slots = stack.slots;
          fp = o.fp | 0;
          pc = o.pc | 0;
          board.chargeCoroutine();
          break;
        }
        const i = slots[at + 1] as number;
        if (i >= o.length) {
          pc = code[pc + 3];
          continue;
        }
        if (o instanceof ListValue) slots[fp + code[pc + 2]] = o.items[o.head + i];
        else if (isText(o)) slots[fp + code[pc + 2]] = o.charCodeAt(i);
        else if (o instanceof WordsValue) slots[fp + code[pc + 2]] = loadGlobal(board, cpu, o.address + 8 * i);
        else slots[fp + code[pc + 2]] = board.memory.load(translateFor(board, cpu, o.address + i, false), 1);
        slots[at + 1] = i + 1;
        pc += WORDS;
        break;
      }
    }
  }
}
