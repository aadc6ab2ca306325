/** The fast code of a program: fused forms (fused-forms.ts) and quick calls put in place of the plain instructions. */
import { FUSED, INTERNAL } from './internal-opcodes.js';
import { OP, WORDS } from '../isa/isa.js';
import type { Quick } from './quick.js';

/** How many instructions before an address may be part of a fused form that runs over it. */
export const FUSED_BEFORE = Math.max(...FUSED.map(({ plain }) => plain.length - 1));

/**
 * The fast code for `plain`: the same words, with the opcode of a sequence's first instruction, or of a call, replaced.
 */
export function fuse(plain: Int32Array, quick: readonly (Quick | undefined)[]): Int32Array {
  const fast = plain.slice();
  const forms = new Map<number, (typeof FUSED)[number][]>();
  for (const form of FUSED) forms.set(form.plain[0], [...(forms.get(form.plain[0]) ?? []), form]);
  for (let pc = 0; pc < plain.length; pc += WORDS) {
    const form = forms.get(plain[pc])?.find((each) => fits(each, plain, pc));
    if (form) fast[pc] = form.opcode;
    else if (plain[pc] === OP.LIB && quick[plain[pc + 2]]) fast[pc] = INTERNAL.QUICK;
  }
  return fast;
}

function fits({ plain: ops, onResult }: (typeof FUSED)[number], code: Int32Array, pc: number): boolean {
  const last = pc + (ops.length - 1) * WORDS;
  return ops.every((op, i) => code[pc + i * WORDS] === op) && (!onResult || code[pc + 1] === code[last + 1]);
}
