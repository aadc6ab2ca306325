/**
 * The code that takes a CPU from one stack to another. Step Over follows the code that one sees: it goes into the
 * function that makes the switch, line by line through it, and with the CPU onto the other stack.
 */
import { WORDS } from '../isa/isa.js';
import type { Frame } from '../machine/frames.js';
import { INTERNAL } from '../machine/internal-opcodes.js';
import type { Linked, LinkedFunction } from '../machine/link.js';
import type { CodeMap } from './code-map.js';

const known = new WeakMap<Linked, ReadonlySet<LinkedFunction>>();

/** The functions that restore another context: switch_to() in the kernel as it is built. */
function switchingFunctions(program: Linked): ReadonlySet<LinkedFunction> {
  let found = known.get(program);
  if (!found) {
    const { plain } = program;
    found = new Set(
      program.functions.filter((f) => {
        for (let pc = f.entry; pc < f.end; pc += WORDS) if (plain[pc] === INTERNAL.RESTORE_CONTEXT) return true;
        return false;
      }),
    );
    known.set(program, found);
  }
  return found;
}

/** Whether the statement at which a frame stands restores another context, or calls a function that does. */
export function switchesStacks(code: CodeMap, frame: Frame): boolean {
  const switching = switchingFunctions(code.program);
  const end = code.statementEnd(frame.function, frame.pc);
  for (let pc = frame.pc; pc < end; pc += WORDS) {
    if (code.program.plain[pc] === INTERNAL.RESTORE_CONTEXT) return true;
    const called = code.calledAt(pc);
    if (called && switching.has(called)) return true;
  }
  return false;
}
