/**
 * Where translated code may be entered, and in which pieces a function is written: its blocks. A block begins where
 * several ways meet, or where the interpreter may hand over: at the function's entry, and after each call or other
 * instruction at which translated code may have been left. From there its code goes on along every way that nobody else
 * comes by, as a tree.
 */
import { INTERNAL } from '../../src/machine/internal-opcodes.js';
import { OP, OPCODES, WORDS } from '../../src/isa/isa.js';
import type { Linked, LinkedFunction } from '../../src/machine/link.js';

/** Operand in which an opcode has its jump target, by opcode. */
const TARGET = new Map(
  OPCODES.flatMap(([, ...operands], opcode) => {
    const at = operands.indexOf('t' as never);
    return at < 0 ? [] : [[opcode, at + 1] as const];
  }),
);

/** Native functions of which the translator knows the common case. */
export const INLINED: ReadonlySet<string> = new Set(['len', 'min', 'max', 'assert']);

/** Instructions that only the interpreter executes: they move the CPU to somewhere else, or are rare. */
const INTERPRETED: ReadonlySet<number> = new Set([
  INTERNAL.RESUME,
  INTERNAL.COROUTINE,
  INTERNAL.COMPUTE,
  INTERNAL.SYSCALL,
  INTERNAL.RESTORE_CONTEXT,
  INTERNAL.HALT,
  INTERNAL.POWER_OFF,
  OP.TRAP,
  OP.YIELD,
  OP.GARR,
]);

/** Instructions after which a block begins. */
const CALLS: ReadonlySet<number> = new Set([OP.CALL, OP.CALLV, INTERNAL.CALLR, INTERNAL.SPEND, INTERNAL.SAVE_CONTEXT]);

export class Blocks {
  /** Word offsets at which blocks begin, ascending; the number of a block is its index. */
  readonly starts: number[];
  private readonly numbers: ReadonlyMap<number, number>;

  constructor(
    private readonly program: Linked,
    f: LinkedFunction,
  ) {
    const reached = new Map<number, number>();
    const starts = new Set([f.entry]);
    const follow = (from: number, to: number): void => {
      const times = reached.get(to) ?? 0;
      reached.set(to, times + 1);
      if (times > 0 || to <= from) starts.add(to);
      else if (this.endsBlock(from) && to === from + WORDS) starts.add(to);
    };
    const seen = new Set<number>();
    const waiting = [f.entry];
    for (let pc = waiting.pop(); pc !== undefined; pc = waiting.pop()) {
      if (seen.has(pc)) continue;
      seen.add(pc);
      for (const next of this.after(pc)) {
        follow(pc, next);
        waiting.push(next);
      }
    }
    this.starts = [...starts].sort((a, b) => a - b);
    this.numbers = new Map(this.starts.map((pc, i) => [pc, i]));
  }

  /** The number of the block that begins at `pc`; undefined: none does. */
  at(pc: number): number | undefined {
    return this.numbers.get(pc);
  }

  /** Whether only the interpreter executes the instruction. */
  isInterpreted(pc: number): boolean {
    return INTERPRETED.has(this.program.plain[pc]);
  }

  /** The jump target of the instruction, if it is a jump. */
  target(pc: number): number | undefined {
    const at = TARGET.get(this.program.plain[pc]);
    return at === undefined ? undefined : this.program.plain[pc + at];
  }

  /** Whether a block begins after the instruction, whoever else comes there. */
  private endsBlock(pc: number): boolean {
    const op = this.program.plain[pc];
    return CALLS.has(op) || INTERPRETED.has(op) || isNative(this.program, pc);
  }

  /** Where the instruction may go on, in this function. */
  private after(pc: number): number[] {
    const op = this.program.plain[pc];
    if (op === OP.RET || op === OP.RET0) return [];
    const target = this.target(pc);
    if (op === OP.JMP) return [target as number];
    return target === undefined ? [pc + WORDS] : [pc + WORDS, target];
  }
}

/** Whether the instruction calls a library function or an intrinsic by the long way. */
export function isNative(program: Linked, pc: number): boolean {
  const op = program.plain[pc];
  return op === OP.INTR || (op === OP.LIB && !INLINED.has(program.nativeNames[program.plain[pc + 2]]));
}
