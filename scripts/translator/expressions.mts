/** Expressions that several instructions have in common. */

/** Of an operator its symbol for small integers, and what does it for all. */
export const BITS = { AND: ['&', 'bitAnd'], OR: ['|', 'bitOr'], XOR: ['^', 'bitXor'] };
export const COMPARISONS: Record<string, string> = { JLT: '<', JLE: '<=', JGT: '>', JGE: '>=' };

export function truth(x: string): string {
  return `${x} !== false && ${x} !== 0 && ${x} !== null`;
}

export function falsity(x: string): string {
  return `(${x} === false || ${x} === 0 || ${x} === null)`;
}

/** Whether a sum is not exact any more. */
export function beyond(x: string): string {
  return `${x} !== (${x} | 0) && (${x} > MAX || ${x} < -MAX)`;
}
