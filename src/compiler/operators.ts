/**
 * The operators on values, types checked: what the machine does, said once more for whoever has no machine at hand
 * (the constant folder, `expect`, watch expressions).
 */
import { LONGEST_STRING } from '../language/limits.js';
import type { BinaryOperator } from '../language/generated/ast.js';
import { add, and, compare, div, mod, mul, neg, not, or, shl, shr, sub, xor } from './arithmetic.js';

/**
 * Integers, strings, booleans and null are themselves; everything with parts is an object that only its owner knows.
 */
export type Value = number | string | boolean | null | object;

/** The operands have the wrong types. The message is for a person. */
export class TypeFault extends Error {}

/** false, 0 and null are false; all else is true, the empty string too (in C it is an address). */
export function isTrue(value: Value): boolean {
  return value !== false && value !== 0 && value !== null;
}

type EagerOperator = Exclude<BinaryOperator, '&&' | '||'>;
type Comparison = '<' | '<=' | '>' | '>=';

const ON_INTEGERS: Readonly<
  Record<Exclude<EagerOperator, Comparison | '==' | '!='>, (a: number, b: number) => number>
> = {
  '+': add,
  '-': sub,
  '*': mul,
  '/': div,
  '%': mod,
  '&': and,
  '|': or,
  '^': xor,
  '<<': shl,
  '>>': shr,
};

/** `==`: things with parts by identity, all else by value; true equals 1, as in C. */
export function equal(a: Value, b: Value): boolean {
  if (typeof a === 'boolean' && typeof b === 'number') return Number(a) === b;
  if (typeof a === 'number' && typeof b === 'boolean') return a === Number(b);
  return a === b;
}

/** `a op b` for every operator that needs both. Throws TypeFault or ArithmeticFault. */
export function binary(op: EagerOperator, a: Value, b: Value): Value {
  switch (op) {
    case '==':
      return equal(a, b);
    case '!=':
      return !equal(a, b);
    case '<':
      return ordered(op, a, b) < 0;
    case '<=':
      return ordered(op, a, b) <= 0;
    case '>':
      return ordered(op, a, b) > 0;
    case '>=':
      return ordered(op, a, b) >= 0;
    case '+':
      if (typeof a === 'string' || typeof b === 'string') return joined(a, b);
  }
  return ON_INTEGERS[op](integer(op, a), integer(op, b));
}

/** `- + ! ~`. */
export function unary(op: '-' | '+' | '!' | '~', value: Value): Value {
  if (op === '!') return !isTrue(value);
  const n = integer(op, value);
  return op === '-' ? neg(n) : op === '~' ? not(n) : n;
}

/** The kind of a value, with its article. */
export function kindOf(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return 'an integer';
  if (typeof value === 'boolean') return 'true or false';
  return typeof value === 'string' ? 'a string' : 'an object';
}

function joined(a: Value, b: Value): string {
  if (typeof a === 'string' && typeof b === 'string') {
    const bytes = a.length + b.length;
    if (bytes <= LONGEST_STRING) return a + b;
    throw new TypeFault(`+ would make a string of ${bytes} bytes; at most ${LONGEST_STRING} are allowed`);
  }
  const other = typeof a === 'string' ? b : a;
  throw new TypeFault(`+ joins two strings, but one side is ${kindOf(other)}: write str(…) around it`);
}

function ordered(op: string, a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') return compare(a, b);
  return compare(comparable(op, a), comparable(op, b));
}

/** A list may be compared with -1: a call that returns a list says failure that way. */
function comparable(op: string, value: Value): number {
  return typeof value === 'object' && value !== null ? 1 : integer(op, value);
}

/** The integer an operand stands for; true is 1 and false is 0, as in C. */
function integer(op: string, value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  if (value === null) throw new TypeFault(`the operand of ${op} is null`);
  throw new TypeFault(`${op} needs integers, this is ${kindOf(value)}`);
}
