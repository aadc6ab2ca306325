/**
 * Fused forms: common sequences of instructions done in one dispatch. What one does is what its instructions do, one
 * after the other: the build writes that out from the plain ones (scripts/interpreter.mts). Of those that fit at an
 * address, the first holds.
 *
 * Never fused: anything a timer interrupt could fall into with an effect, such as a global's load with its store. All
 * but the last instruction must go on to the next one: no jump, no call, nothing that can ask for attention.
 */
import type { OpcodeName } from '../isa/isa.js';

export const FUSED_FORMS = [
  ['GETF', 'ADDI', 'SETF'],
  ['ADDI', 'JLT'],
  ['ADDI', 'JLTI'],
  ['ADDI', 'JMP'],
  ['MOV', 'MOV'],
  ['MOV', 'GETF'],
  ['MOV', 'CALL'],
  ['KLD', 'GETF'],
  ['GETF', 'GETF'],
  ['GETF', 'MOV'],
  ['SETF', 'GETF'],
  ['ADD', 'SETF'],
  ['LDK', 'SETF'],
  ['LDK', 'JEQ'],
  ['LDK', 'JNE'],
] as const satisfies readonly (readonly OpcodeName[])[];

/**
 * Forms whose last instruction looks at the register that the first one has set, `a` of both: at the end of a loop.
 * They hold where it is the same register; the value is then at hand.
 */
export const ON_RESULT: ReadonlySet<string> = new Set(['ADDI_JLT', 'ADDI_JLTI']);
