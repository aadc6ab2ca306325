/**
 * The library functions that need no machine: what they give for constant arguments, at compile time and in a watch
 * expression. Strings are bytes, one character each.
 */
import {
  conversionAt,
  layOutInteger,
  layoutOf,
  layOutText,
  whyNot,
  type Conversion,
  type Layout,
} from '../language/conversions.js';
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

/** C's printf conversions: src/language/conversions.ts. */
function formatted(pattern: string, args: readonly Scalar[]): string {
  let next = 0;
  let text = '';
  let from = 0;
  const argument = (whole: string): Scalar => {
    if (next >= args.length) throw new CallFault(`format(): ${whole} has no argument`);
    return args[next++] ?? null;
  };
  for (let at = pattern.indexOf('%'); at >= 0; at = pattern.indexOf('%', from)) {
    const conversion = conversionAt(pattern, at);
    const { whole, letter } = conversion;
    const wrong = whyNot(conversion);
    if (wrong !== undefined) throw new CallFault(`format(): ${wrong}`);
    text += pattern.slice(from, at);
    from = at + whole.length;
    if (letter === '%') {
      text += '%';
      continue;
    }
    const layout = layoutOf(conversion, () => integer('format', argument(whole)));
    if (text.length + layout.width + (letter === 's' ? 0 : (layout.precision ?? 0)) > LONGEST_STRING) tooLong();
    text += converted(conversion, layout, argument(whole));
    if (text.length > LONGEST_STRING) tooLong();
  }
  return text + pattern.slice(from);
}

function tooLong(): never {
  throw new CallFault(`format() would make more than ${LONGEST_STRING} bytes`);
}

function converted(conversion: Conversion, layout: Layout, value: Scalar): string {
  const { letter } = conversion;
  if (letter === 's') return layOutText(textOf(value), layout, letter);
  if (letter === 'c' && typeof value === 'string' && value.length === 1) return layOutText(value, layout, letter);
  if (letter === 'p' && value === null) return layOutInteger(0, conversion, layout);
  const n = typeof value === 'boolean' ? Number(value) : integer('format', value);
  return letter === 'c'
    ? layOutText(String.fromCharCode(n & 255), layout, letter)
    : layOutInteger(n, conversion, layout);
}

function string(call: string, value: Scalar | undefined): string {
  if (typeof value === 'string') return value;
  throw new CallFault(`${call}() needs a string here, not ${textOf(value ?? null)}`);
}

function integer(call: string, value: Scalar | undefined): number {
  if (typeof value === 'number') return value;
  throw new CallFault(`${call}() needs an integer, not ${textOf(value ?? null)}`);
}
