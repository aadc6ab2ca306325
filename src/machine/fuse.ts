/** The fast code of a program: fused forms (fused-forms.ts) and quick calls put in place of the plain instructions. */
import { FUSED, INTERNAL } from './internal-opcodes.js';
import { OP, WORDS } from '../isa/isa.js';
import type { Quick } from './quick.js';

/** How many instructions before an address may be part of a fused form that runs over it. */
export const FUSED_BEFORE = Math.max(...FUSED.map(({ plain }) => plain.length - 1));

const FORMS: (typeof FUSED)[number][][] = [];
for (const form of FUSED) (FORMS[form.plain[0]] ??= []).push(form);

/**
 * The fast code for `plain`: the same words, with the opcode of a sequence's first instruction, or of a call, replaced.
 * @param start the fast code of what `plain` begins with, if that is known
 */
export function fuse(plain: Int32Array, quick: readonly (Quick | undefined)[], start?: Int32Array): Int32Array {
  const fast = plain.slice();
  if (start) fast.set(start);
  for (let pc = start?.length ?? 0; pc < plain.length; pc += WORDS) {
    const op = plain[pc];
    const form = FORMS[op]?.find((each) => fits(each, plain, pc));
    if (form) fast[pc] = form.opcode;
    else if (op === OP.LIB && quick[plain[pc + 2]]) fast[pc] = INTERNAL.QUICK;
  }
  return fast;
}

function fits({ plain: ops, onResult }: (typeof FUSED)[number], code: Int32Array, pc: number): boolean {
  for (let i = 1; i < ops.length; i++) if (code[pc + i * WORDS] !== ops[i]) return false;
  return !onResult || code[pc + 1] === code[pc + (ops.length - 1) * WORDS + 1];
}
