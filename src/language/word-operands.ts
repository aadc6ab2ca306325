/**
 * Calls that work on a word of memory itself, not on its value: `atomic_add(total, 1)`, `futex(turn, FUTEX_WAIT, 0)`.
 * The argument is a place, as the operand of C's `&` is: a global, a `shared var`, an element of a shared array; or a
 * buffer.
 */

/** By the call's name: which of its arguments, counted from 0, are such places. */
export const WORD_OPERANDS: ReadonlyMap<string, readonly number[]> = new Map([
  ['atomic_load', [0]],
  ['atomic_store', [0]],
  ['atomic_add', [0]],
  ['atomic_xchg', [0]],
  ['atomic_cas', [0]],
  ['futex', [0, 4]],
]);

export function isWordOperand(call: string, argument: number): boolean {
  return WORD_OPERANDS.get(call)?.includes(argument) ?? false;
}
