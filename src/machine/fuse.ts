/**
 * Fused forms: common sequences of instructions done in one dispatch. Never fused: anything a timer interrupt could
 * fall into with an effect, such as a global's load with its store.
 */
import { INTERNAL } from './internal-opcodes.js';
import { OP, WORDS } from './isa.js';

/** The fast code for `plain`: the same words, with the opcode of a sequence's first instruction replaced. */
export function fuse(plain: Int32Array): Int32Array {
  const fast = plain.slice();
  for (let pc = 0; pc + WORDS < plain.length; pc += WORDS) {
    if (plain[pc] !== OP.ADDI) continue;
    const next = plain[pc + WORDS];
    if (next === OP.JLT) fast[pc] = INTERNAL.ADDI_JLT;
    else if (next === OP.JLTI) fast[pc] = INTERNAL.ADDI_JLTI;
    else if (next === OP.JMP) fast[pc] = INTERNAL.ADDI_JMP;
  }
  return fast;
}
