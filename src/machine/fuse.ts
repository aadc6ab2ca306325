/**
 * Fused forms: common sequences of instructions done in one dispatch. Never fused: anything a timer interrupt could
 * fall into with an effect, such as a global's load with its store.
 */
import { INTERNAL } from './internal-opcodes.js';
import { OP, WORDS } from '../isa/isa.js';
import type { Quick } from './quick.js';

/** Every fused form: the instructions that it stands for. Of those that fit at an address, the longest. */
const FORMS: readonly (readonly [fused: number, ...plain: number[]])[] = [
  [INTERNAL.GETF_ADDI_SETF, OP.GETF, OP.ADDI, OP.SETF],
  [INTERNAL.ADDI_JLT, OP.ADDI, OP.JLT],
  [INTERNAL.ADDI_JLTI, OP.ADDI, OP.JLTI],
  [INTERNAL.ADDI_JMP, OP.ADDI, OP.JMP],
  [INTERNAL.MOV_MOV, OP.MOV, OP.MOV],
  [INTERNAL.MOV_GETF, OP.MOV, OP.GETF],
  [INTERNAL.MOV_CALL, OP.MOV, OP.CALL],
  [INTERNAL.KLD_GETF, OP.KLD, OP.GETF],
  [INTERNAL.GETF_GETF, OP.GETF, OP.GETF],
  [INTERNAL.GETF_MOV, OP.GETF, OP.MOV],
  [INTERNAL.SETF_GETF, OP.SETF, OP.GETF],
  [INTERNAL.ADD_SETF, OP.ADD, OP.SETF],
  [INTERNAL.LDK_SETF, OP.LDK, OP.SETF],
  [INTERNAL.LDK_JEQ, OP.LDK, OP.JEQ],
  [INTERNAL.LDK_JNE, OP.LDK, OP.JNE],
];

/** How many instructions before an address may be part of a fused form that runs over it. */
export const FUSED_BEFORE = Math.max(...FORMS.map(([, ...plain]) => plain.length - 1));

/** The fast code for `plain`: the same words, with the opcode of a sequence's first instruction, or of a call, replaced. */
export function fuse(plain: Int32Array, quick: readonly (Quick | undefined)[]): Int32Array {
  const fast = plain.slice();
  const forms = new Map<number, (readonly number[])[]>();
  for (const form of FORMS) forms.set(form[1], [...(forms.get(form[1]) ?? []), form]);
  for (let pc = 0; pc < plain.length; pc += WORDS) {
    const form = forms.get(plain[pc])?.find(([, ...ops]) => ops.every((op, i) => plain[pc + i * WORDS] === op));
    if (form) fast[pc] = form[0];
    else if (plain[pc] === OP.LIB && quick[plain[pc + 2]]) fast[pc] = INTERNAL.QUICK;
  }
  return fast;
}
