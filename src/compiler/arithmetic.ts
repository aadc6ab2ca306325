/**
 * What the operators mean: one place for the machine, the constant folder and the debugger. Integers are JavaScript
 * numbers between -(2^53 - 1) and 2^53 - 1; a result outside of these is an error, never a rounded number.
 * Nothing here allocates unless it throws: the machine calls these wherever its own fast path does not apply.
 *
 * A bitwise operator works on two's complement. A number is split into a signed high part (x >> 32, 22 bits) and an
 * unsigned low part (32 bits); JavaScript's own operators are exact on each, so `0xC0000000 & ~0xFFF` is positive.
 */

export type FaultKind = 'overflow' | 'division' | 'shift';

/** An operator has no result for these operands. The message is for a person. */
export class ArithmeticFault extends Error {
  constructor(
    readonly kind: FaultKind,
    message: string,
  ) {
    super(message);
    this.name = 'ArithmeticFault';
  }
}

const LARGEST = Number.MAX_SAFE_INTEGER;
const TWO_32 = 0x1_0000_0000;

export function add(a: number, b: number): number {
  return checked(a + b, a, '+', b);
}

export function sub(a: number, b: number): number {
  return checked(a - b, a, '-', b);
}

/** A product that fits 53 bits is exact as a double; one that does not is at least 2^53 even when rounded. */
export function mul(a: number, b: number): number {
  return checked(a * b + 0, a, '*', b);
}

/** Truncates toward zero. The quotient of two 53-bit integers never rounds up to the next integer. */
export function div(a: number, b: number): number {
  if (b === 0) throw new ArithmeticFault('division', `division by zero: ${a} / 0`);
  return Math.trunc(a / b) + 0;
}

/** The remainder of div(): it has the sign of `a`. */
export function mod(a: number, b: number): number {
  if (b === 0) throw new ArithmeticFault('division', `division by zero: ${a} % 0`);
  return (a % b) + 0;
}

export function neg(a: number): number {
  return 0 - a;
}

export function and(a: number, b: number): number {
  if (a === (a | 0) && b === (b | 0)) return a & b;
  return joined(high(a) & high(b), (a & b) >>> 0, a, '&', b);
}

export function or(a: number, b: number): number {
  if (a === (a | 0) && b === (b | 0)) return a | b;
  return joined(high(a) | high(b), (a | b) >>> 0, a, '|', b);
}

export function xor(a: number, b: number): number {
  if (a === (a | 0) && b === (b | 0)) return a ^ b;
  return joined(high(a) ^ high(b), (a ^ b) >>> 0, a, '^', b);
}

export function not(a: number): number {
  return checked(-1 - a, -1, '-', a);
}

/** `a * 2^b`; the bits that C would lose are an overflow here. */
export function shl(a: number, b: number): number {
  // A power is slow; most are small.
  if (a === (a | 0) && b >= 0 && b <= 20) return a * (1 << b);
  checkShift(a, '<<', b);
  if (a === 0) return 0;
  return checked(b > 53 ? Infinity : a * 2 ** b, a, '<<', b);
}

/** Arithmetic: the sign comes in from the left. */
export function shr(a: number, b: number): number {
  if (a === (a | 0) && b >= 0 && b <= 31) return a >> b;
  checkShift(a, '>>', b);
  if (b > 53) return a < 0 ? -1 : 0;
  return Math.floor(a / 2 ** b);
}

/** -1, 0 or 1. Strings compare by byte. */
export function compare<T extends number | string>(a: T, b: T): -1 | 0 | 1 {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The upper 22 bits, sign included. */
function high(a: number): number {
  return Math.floor(a / TWO_32);
}

function joined(upper: number, lower: number, a: number, op: string, b: number): number {
  return checked(upper * TWO_32 + lower, a, op, b);
}

function checkShift(a: number, op: string, b: number): void {
  if (b < 0) throw new ArithmeticFault('shift', `shift by a negative number: ${a} ${op} ${b}`);
}

function checked(result: number, a: number, op: string, b: number): number {
  if (result > LARGEST || result < -LARGEST) {
    throw new ArithmeticFault('overflow', `integer overflow: ${a} ${op} ${b} does not fit 53 bits`);
  }
  return result;
}
