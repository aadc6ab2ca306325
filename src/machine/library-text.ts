/** Library functions on strings. */
import type { NativeContext } from './native.js';
import { byteCost, charge, type Arguments } from './library-arguments.js';
import { isText } from './long-string.js';
import { aKindOf } from './operators.js';
import { showValue } from './text.js';
import { ListValue, type Value } from './values.js';
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

const INTEGER = /^\s*([+-]?)(0x[0-9a-f]+|0b[01]+|[0-9]+)\s*$/i;

export function int(machine: NativeContext, args: Arguments): Value {
  const value = args.value(0);
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (!isText(value)) return null;
  charge(machine, byteCost(value.length));
  const spelled = INTEGER.exec(value.toString());
  if (spelled === null) return null;
  const size = Number(spelled[2]);
  if (!Number.isSafeInteger(size)) return null;
  return spelled[1] === '-' && size !== 0 ? -size : size;
}

export function repeat(machine: NativeContext, args: Arguments): Value {
  const [string, n] = [args.string(0), args.size(1)];
  args.limitBytes(string.length * n);
  charge(machine, byteCost(string.length * n));
  return string.repeat(n);
}

/** A conversion, where its % stands. */
const CONVERSION = /%([-0]*)(\d*)l*(.?)/sy;
/** Conversions of one pattern at most: each is work, however short its text. */
const MOST_CONVERSIONS = 100_000;

export function format(machine: NativeContext, args: Arguments): Value {
  const pattern = args.string(0);
  const pieces: string[] = [];
  let [next, count, length] = [1, 0, pattern.length];
  let from = 0;
  for (let at = pattern.indexOf('%'); at >= 0; at = pattern.indexOf('%', from)) {
    if (++count > MOST_CONVERSIONS) throw args.fault(`a pattern may have ${MOST_CONVERSIONS} conversions at most`);
    CONVERSION.lastIndex = at;
    const [whole, flags, width, letter] = CONVERSION.exec(pattern) as unknown as [string, string, string, string];
    pieces.push(pattern.slice(from, at));
    from = at + whole.length;
    if (letter === '%') {
      pieces.push('%');
      continue;
    }
    if (!'diuxXocs'.includes(letter) || letter === '') {
      throw args.fault(`there is no conversion ${whole}; there are %d %i %u %x %X %o %c %s %%`);
    }
    if (next >= args.count) throw args.fault(`${whole} has no argument: the pattern asks for more than were given`);
    args.limitBytes(length + Number(width));
    const text = pad(convert(args, letter, next++), flags, Number(width), letter);
    length += text.length;
    args.limitBytes(length);
    pieces.push(text);
  }
  charge(machine, byteCost(length));
  machine.worked(4 * (length - pattern.length) + 20 * count);
  return pieces.join('') + pattern.slice(from);
}

/** One argument by one conversion, without width. Negative numbers as C's 64-bit unsigned ones for %u %x %o. */
function convert(args: Arguments, letter: string, i: number): string {
  const value = args.value(i);
  if (letter === 's') return showValue(value);
  if (letter === 'c') return character(args, i);
  if (typeof value !== 'number' && typeof value !== 'boolean') {
    throw args.fault(`%${letter} needs an integer, this is ${aKindOf(value)}`);
  }
  const number = Number(value);
  if (letter === 'd' || letter === 'i') return String(number);
  const base = letter === 'u' ? 10 : letter === 'o' ? 8 : 16;
  const digits = (number < 0 ? BigInt.asUintN(64, BigInt(number)) : number).toString(base);
  return letter === 'X' ? digits.toUpperCase() : digits;
}

function character(args: Arguments, i: number): string {
  const value = args.value(i);
  if (typeof value === 'number') return String.fromCharCode(value & 255);
  if (typeof value === 'string' && value.length === 1) return value;
  throw args.fault(`%c needs a byte or a string of one, this is ${aKindOf(value)}`);
}

function pad(text: string, flags: string, width: number, letter: string): string {
  if (flags.includes('-')) return text.padEnd(width);
  if (!flags.includes('0') || letter === 's' || letter === 'c') return text.padStart(width);
  return text.startsWith('-') ? `-${text.slice(1).padStart(width - 1, '0')}` : text.padStart(width, '0');
}
