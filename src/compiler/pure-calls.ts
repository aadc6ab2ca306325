/**
 * The library functions that need no machine: what they give for constant arguments, at compile time and in a watch
 * expression. Strings are bytes, one character each.
 */
import { LONGEST_STRING } from '../language/limits.js';
import { neg } from './arithmetic.js';

type Scalar = number | string | boolean | null;

/** A call has no result for these arguments; the message is for a person. */
export class CallFault extends Error {}

/** The result, or undefined when `name` is no pure function of scalars. Throws CallFault. */
export function pureCall(name: string, args: readonly Scalar[]): Scalar | undefined {
  const call = CALLS[name];
  return call ? call(args) : undefined;
}

const CALLS: Readonly<Record<string, ((args: readonly Scalar[]) => Scalar) | undefined>> = {
  len: ([s]) => string('len', s).length,
  str: ([x]) => textOf(x ?? null),
  int: ([s]) => integerOf(s ?? null),
  abs: ([n]) => {
    const value = integer('abs', n);
    return value < 0 ? neg(value) : value;
  },
  min: (args) => args.map((n) => integer('min', n)).reduce((least, n) => Math.min(least, n)),
  max: (args) => args.map((n) => integer('max', n)).reduce((most, n) => Math.max(most, n)),
  repeat: ([s, n]) => {
    const text = string('repeat', s);
    const times = integer('repeat', n);
    if (times < 0) throw new CallFault(`repeat() takes a count of 0 or more, not ${times}`);
    if (text.length * times > LONGEST_STRING) {
      throw new CallFault(
        `repeat() would make ${text.length * times} bytes; at most ${LONGEST_STRING} are allowed here`,
      );
    }
    return text.repeat(times);
  },
  has: ([s, part]) => string('has', s).includes(string('has', part)),
  format: ([pattern, ...args]) => formatted(string('format', pattern), args),
};

/** The text of a value as print() shows it. */
export function textOf(value: Scalar): string {
  return typeof value === 'string' ? value : String(value);
}

function integerOf(value: Scalar): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === null) return null;
  const digits = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+)\s*$/.exec(value);
  if (!digits) return null;
  const magnitude = Number(digits[2]);
  return magnitude > Number.MAX_SAFE_INTEGER ? null : digits[1] === '-' ? neg(magnitude) : magnitude;
}

const CONVERSION = /%([-0]*)(\d*)l*(.?)/gs;

/** C's printf conversions: %d %i %u %x %X %o %c %s %%, with a width, `-` and `0`. */
function formatted(pattern: string, args: readonly Scalar[]): string {
  let next = 0;
  let length = pattern.length;
  return pattern.replace(CONVERSION, (whole: string, flags: string, width: string, letter: string) => {
    if (letter === '%') return '%';
    if (letter === '' || !'diuxXocs'.includes(letter)) {
      throw new CallFault(`format(): there is no conversion ${whole}; there are %d %i %u %x %X %o %c %s %%`);
    }
    if (next >= args.length) throw new CallFault(`format(): ${whole} has no argument`);
    const text = converted(letter, args[next++] ?? null);
    const size = Number(width || 0);
    length += Math.max(size, text.length);
    if (length > LONGEST_STRING) throw new CallFault(`format() would make more than ${LONGEST_STRING} bytes`);
    if (flags.includes('-')) return text.padEnd(size);
    if (!flags.includes('0') || letter === 's' || letter === 'c') return text.padStart(size);
    return text.startsWith('-') ? `-${text.slice(1).padStart(size - 1, '0')}` : text.padStart(size, '0');
  });
}

function converted(letter: string, value: Scalar): string {
  if (letter === 's') return textOf(value);
  if (letter === 'c' && typeof value === 'string' && value.length === 1) return value;
  const n = typeof value === 'boolean' ? Number(value) : integer('format', value);
  if (letter === 'c') return String.fromCharCode(n & 255);
  if (letter === 'd' || letter === 'i') return String(n);
  const base = letter === 'u' ? 10 : letter === 'o' ? 8 : 16;
  // A negative number shows its 64-bit two's complement, as C's %lx does.
  const digits = (n < 0 ? BigInt.asUintN(64, BigInt(n)) : n).toString(base);
  return letter === 'X' ? digits.toUpperCase() : digits;
}

function string(call: string, value: Scalar | undefined): string {
  if (typeof value === 'string') return value;
  throw new CallFault(`${call}() needs a string here, not ${textOf(value ?? null)}`);
}

function integer(call: string, value: Scalar | undefined): number {
  if (typeof value === 'number') return value;
  throw new CallFault(`${call}() needs an integer, not ${textOf(value ?? null)}`);
}
