/** Library functions on strings. */
import {
  argumentsOf,
  conversionAt,
  layOutInteger,
  layoutOf,
  layOutText,
  whyNot,
  type Conversion,
  type Layout,
} from '../language/conversions.js';
import type { NativeContext } from './native.js';
import { byteCost, charge, type Arguments } from './library-arguments.js';
import { isText } from './long-string.js';
import { aKindOf } from './operators.js';
import { showValue } from './text.js';
import { BufferValue, ListValue, type Value } from './values.js';
import { PIECE, type Pieces } from './work.js';

export function bytes(machine: NativeContext, args: Arguments): Value {
  const string = args.string(0);
  args.limitElements(string.length);
  const items = machine.inPieces(() => bytesOf(string));
  charge(machine, string.length);
  machine.allocate(items.length);
  return new ListValue(machine.history.epoch, items);
}

function* bytesOf(string: string): Pieces<Value[]> {
  const items: Value[] = [];
  for (let i = 0; i < string.length; i++) {
    if (i % PIECE === PIECE - 1) yield PIECE;
    items.push(string.charCodeAt(i));
  }
  return items;
}

export function str(machine: NativeContext, args: Arguments): Value {
  const value = args.value(0);
  const shown = showValue(value);
  charge(machine, byteCost(shown.length));
  // To write out the parts of something takes far longer than to copy them.
  if (value !== null && typeof value === 'object') machine.worked(4 * shown.length);
  return shown;
}

/**
 * What an integer does not have after its sign, by how it begins. A string may be of any length, and a pattern that
 * repeats takes the host's stack for each character, once the host has too many patterns to make good code of them.
 */
const NO_DIGIT: readonly [prefix: string, other: RegExp][] = [
  ['0x', /[^0-9a-f]/i],
  ['0b', /[^01]/],
  ['', /[^0-9]/],
];

export function int(machine: NativeContext, args: Arguments): Value {
  const value = args.value(0);
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (!isText(value)) return null;
  charge(machine, byteCost(value.length));
  const spelled = value.toString().trim();
  const unsigned = spelled.startsWith('-') || spelled.startsWith('+') ? spelled.slice(1) : spelled;
  const start = unsigned.slice(0, 2).toLowerCase();
  for (const [prefix, other] of NO_DIGIT) {
    if (!start.startsWith(prefix)) continue;
    const digits = unsigned.slice(prefix.length);
    if (digits === '' || other.test(digits)) return null;
    const size = Number(unsigned);
    if (!Number.isSafeInteger(size)) return null;
    return spelled.startsWith('-') && size !== 0 ? -size : size;
  }
  return null;
}

export function repeat(machine: NativeContext, args: Arguments): Value {
  const [string, n] = [args.string(0), args.size(1)];
  args.limitBytes(string.length * n);
  charge(machine, byteCost(string.length * n));
  return string.repeat(n);
}

/** Conversions of one pattern at most: each is work, however short its text. */
const MOST_CONVERSIONS = 100_000;

/** C's printf conversions: src/language/conversions.ts. */
export function format(machine: NativeContext, args: Arguments): Value {
  const pattern = args.string(0);
  const pieces: string[] = [];
  let [next, count, length] = [1, 0, pattern.length];
  let from = 0;
  for (let at = pattern.indexOf('%'); at >= 0; at = pattern.indexOf('%', from)) {
    if (++count > MOST_CONVERSIONS) throw args.fault(`a pattern may have ${MOST_CONVERSIONS} conversions at most`);
    const conversion = conversionAt(pattern, at);
    const { whole, letter } = conversion;
    pieces.push(pattern.slice(from, at));
    from = at + whole.length;
    if (letter === '%') {
      pieces.push('%');
      continue;
    }
    const wrong = whyNot(conversion);
    if (wrong !== undefined) throw args.fault(wrong);
    if (next + argumentsOf(conversion) > args.count)
      throw args.fault(`${whole} has no argument: the pattern asks for more than were given`);
    const layout = layoutOf(conversion, () => args.integer(next++));
    args.limitBytes(length + layout.width + (letter === 's' ? 0 : (layout.precision ?? 0)));
    const text = convert(args, conversion, layout, next++);
    length += text.length;
    args.limitBytes(length);
    pieces.push(text);
  }
  charge(machine, byteCost(length));
  machine.worked(4 * (length - pattern.length) + 20 * count);
  return pieces.join('') + pattern.slice(from);
}

/** One argument by one conversion. */
function convert(args: Arguments, conversion: Conversion, layout: Layout, i: number): string {
  const value = args.value(i);
  const { letter } = conversion;
  if (letter === 's') return layOutText(showValue(value), layout, letter);
  if (letter === 'c') return layOutText(character(args, i), layout, letter);
  if (letter === 'p') return layOutInteger(addressIn(args, i), conversion, layout);
  if (typeof value !== 'number' && typeof value !== 'boolean') {
    throw args.fault(`%${letter} needs an integer, this is ${aKindOf(value)}`);
  }
  return layOutInteger(Number(value), conversion, layout);
}

function addressIn(args: Arguments, i: number): number {
  const value = args.value(i);
  if (typeof value === 'number') return value;
  if (value instanceof BufferValue) return value.address;
  if (value === null) return 0;
  throw args.fault(`%p needs an address or a buffer, this is ${aKindOf(value)}`);
}

function character(args: Arguments, i: number): string {
  const value = args.value(i);
  if (typeof value === 'number') return String.fromCharCode(value & 255);
  if (typeof value === 'string' && value.length === 1) return value;
  throw args.fault(`%c needs a byte or a string of one, this is ${aKindOf(value)}`);
}
