/**
 * The code that takes a CPU from one stack to another. Step Over follows the code that one sees: it goes into the
 * function that makes the switch, line by line through it, and with the CPU onto the other stack.
 */
import { OP, WORDS } from '../isa/isa.js';
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
  const { plain, functions } = code.program;
  const switching = switchingFunctions(code.program);
  const next = code.statementsIn(frame.function).filter((pc) => pc > frame.pc);
  const end = Math.min(frame.function.end, ...next);
  for (let pc = frame.pc; pc < end; pc += WORDS) {
    if (plain[pc] === INTERNAL.RESTORE_CONTEXT) return true;
    const called = plain[pc] === OP.CALL || plain[pc] === INTERNAL.CALLR ? functions[plain[pc + 2]] : undefined;
    if (called && switching.has(called)) return true;
  }
  return false;
}
