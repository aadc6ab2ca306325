/** What the operators do when the CPU's fast path for two integers does not apply: strings, truth values, errors. */
import * as arithmetic from '../compiler/arithmetic.js';
import { LONGEST_STRING } from '../language/limits.js';
import { isText, LongString } from './long-string.js';
import { Fault, SIGFPE, SIGILL } from './native.js';
import {
  BufferValue,
  FunctionValue,
  ListValue,
  MapValue,
  RecordValue,
  SyncValue,
  WordsValue,
  type Value,
} from './values.js';

/** The kind of a value, as messages and __kind() name it. */
export function kindOf(value: Value): string {
  if (typeof value === 'number') return 'int';
  if (isText(value)) return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (value === null) return 'null';
  if (value instanceof RecordValue) return 'record';
  if (value instanceof ListValue) return 'list';
  if (value instanceof MapValue) return 'map';
  if (value instanceof BufferValue) return 'buffer';
  if (value instanceof WordsValue) return 'array';
  if (value instanceof FunctionValue) return 'function';
  return value.kind;
}

const ARTICLES: Record<string, string> = {
  int: 'an integer',
  null: 'null',
  bool: 'true or false',
  array: 'an array of shared variables',
  cond: 'a condition variable',
  once: 'a once',
  rwlock: 'an rwlock',
};

/** The same with an article, for a sentence. */
export function aKindOf(value: Value): string {
  const kind = kindOf(value);
  return ARTICLES[kind] ?? `a ${kind}`;
}

/** The integer an operand stands for; true is 1 and false is 0, as in C. */
function integer(value: Value, symbol: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === null) throw new Fault(SIGILL, `the operand of ${symbol} is null: was a variable never given a value?`);
  throw new Fault(SIGILL, `${symbol} needs integers, this is ${aKindOf(value)}`);
}

/** Whether a value is an integer of 31 bits, not negative: on those, the host's operators give what ours would. */
export function isCount(value: Value): value is number {
  return typeof value === 'number' && value === (value | 0) && value >= 0;
}

type Operation = (a: number, b: number) => number;

/** `a symbol b` by the shared rules, errors as signals. */
function calculate(operation: Operation, symbol: string, a: Value, b: Value): number {
  const x = integer(a, symbol);
  const y = integer(b, symbol);
  try {
    return operation(x, y);
  } catch (error) {
    if (error instanceof arithmetic.ArithmeticFault) throw new Fault(SIGFPE, error.message);
    throw error;
  }
}

export function add(a: Value, b: Value): number | string | LongString {
  if (isText(a) || isText(b)) {
    if (!isText(a) || !isText(b)) {
      const other = isText(a) ? b : a;
      throw new Fault(SIGILL, `+ joins two strings, but one side is ${aKindOf(other)}: write str(…) around it`);
    }
    if (a.length + b.length > LONGEST_STRING) throw new Fault(SIGILL, 'a string may have 16 MiB at most');
    return LongString.join(a, b);
  }
  return calculate(arithmetic.add, '+', a, b);
}
/** `a + constant`; the compiler writes `a - 1` as `a + -1`, and the message must speak of what was written. */
export function addImmediate(a: Value, constant: number): number | string | LongString {
  return constant < 0 ? sub(a, -constant) : add(a, constant);
}
export const sub = (a: Value, b: Value): number => calculate(arithmetic.sub, '-', a, b);
export const mul = (a: Value, b: Value): number => calculate(arithmetic.mul, '*', a, b);
export const div = (a: Value, b: Value): number => calculate(arithmetic.div, '/', a, b);
export const mod = (a: Value, b: Value): number => calculate(arithmetic.mod, '%', a, b);
export const and = (a: Value, b: Value): number => calculate(arithmetic.and, '&', a, b);
export const or = (a: Value, b: Value): number => calculate(arithmetic.or, '|', a, b);
export const xor = (a: Value, b: Value): number => calculate(arithmetic.xor, '^', a, b);
export const shl = (a: Value, b: Value): number => calculate(arithmetic.shl, '<<', a, b);
export const shr = (a: Value, b: Value): number => calculate(arithmetic.shr, '>>', a, b);
export const neg = (a: Value): number => calculate(arithmetic.sub, '-', 0, a);
export const bnot = (a: Value): number => calculate(arithmetic.sub, '~', -1, a);

/** Truth: false, 0 and null are false; all else is true. */
export function truth(value: Value): boolean {
  return value !== false && value !== 0 && value !== null;
}

/** `==`: structs, lists and maps by identity, all else by value; true equals 1 as in C. */
export function equal(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a === 'boolean' && typeof b === 'number') return (a ? 1 : 0) === b;
  if (typeof a === 'number' && typeof b === 'boolean') return (b ? 1 : 0) === a;
  if (isText(a) && isText(b)) return a.length === b.length && a.toString() === b.toString();
  if (a instanceof BufferValue && b instanceof BufferValue) return a.address === b.address && a.length === b.length;
  if (a instanceof SyncValue && b instanceof SyncValue) return a.address === b.address && a.number === b.number;
  if (a instanceof WordsValue && b instanceof WordsValue) return a.address === b.address && a.length === b.length;
  return false;
}

/** Negative, 0 or positive: a against b, for the operator written `symbol`. */
export function compare(a: Value, b: Value, symbol: string): number {
  if (isText(a) && isText(b)) return compareTexts(a, b);
  return arithmetic.compare(comparable(a, symbol), comparable(b, symbol));
}

/** By bytes. Of a long string no more is looked at than the other one has. */
function compareTexts(a: string | LongString, b: string | LongString): number {
  if (typeof a === 'string' && typeof b === 'string') return arithmetic.compare(a, b);
  if (a === b) return 0;
  const both = Math.min(a.length, b.length);
  const order = arithmetic.compare(a.slice(0, both).toString(), b.slice(0, both).toString());
  return order === 0 ? a.length - b.length : order;
}

/** A list may be compared with -1: a call that returns a list says failure that way. */
function comparable(value: Value, symbol: string): number {
  if (value instanceof ListValue || value instanceof RecordValue || value instanceof BufferValue) return 1;
  return integer(value, symbol);
}
