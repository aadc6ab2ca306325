/**
 * The operators on values, types checked: what the machine does, said once more for whoever has no machine at hand
 * (the constant folder, `expect`, watch expressions).
 */
import type { BinaryOperator } from '../language/generated/ast.js';
import { add, and, compare, div, mod, mul, neg, not, or, shl, shr, sub, xor } from './arithmetic.js';

/** Integers, strings, booleans and null are themselves; everything with parts is an object that only its owner knows. */
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

/** `a op b` for every operator that needs both. Throws TypeFault or ArithmeticFault. */
export function binary(op: EagerOperator, a: Value, b: Value): Value {
  switch (op) {
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return ordered(op, a, b) < 0;
    case '<=':
      return ordered(op, a, b) <= 0;
    case '>':
      return ordered(op, a, b) > 0;
    case '>=':
      return ordered(op, a, b) >= 0;
    default:
      if (typeof a === 'number' && typeof b === 'number') return ON_INTEGERS[op](a, b);
      if (op === '+' && typeof a === 'string' && typeof b === 'string') return a + b;
      throw wrongTypes(op, a, b);
  }
}

/** `- + ! ~`. */
export function unary(op: '-' | '+' | '!' | '~', value: Value): Value {
  if (op === '!') return !isTrue(value);
  if (typeof value !== 'number') throw new TypeFault(`\`${op}\` needs an integer, not ${kindOf(value)}`);
  return op === '-' ? neg(value) : op === '~' ? not(value) : value;
}

/** The kind of a value, with its article. */
export function kindOf(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return 'an integer';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function ordered(op: string, a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return compare(a, b);
  if (typeof a === 'string' && typeof b === 'string') return compare(a, b);
  throw wrongTypes(op, a, b);
}

function wrongTypes(op: string, a: Value, b: Value): TypeFault {
  return new TypeFault(`\`${op}\` does not work on ${kindOf(a)} and ${kindOf(b)}`);
}
