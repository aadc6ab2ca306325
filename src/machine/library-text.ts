/** Library functions on strings. */
import type { NativeContext } from './native.js';
import { byteCost, charge, type Arguments } from './library-arguments.js';
import { aKindOf } from './operators.js';
import { showValue } from './text.js';
import { ListValue, type Value } from './values.js';

export function bytes(machine: NativeContext, args: Arguments): Value {
  const string = args.string(0);
  args.limitElements(string.length);
  charge(machine, string.length);
  const items = Array.from({ length: string.length }, (_, i) => string.charCodeAt(i));
  return new ListValue(machine.history.epoch, items);
}

export function str(machine: NativeContext, args: Arguments): Value {
  const shown = showValue(args.value(0));
  charge(machine, byteCost(shown.length));
  return shown;
}

const INTEGER = /^\s*([+-]?)(0x[0-9a-f]+|0b[01]+|[0-9]+)\s*$/i;

export function int(machine: NativeContext, args: Arguments): Value {
  const value = args.value(0);
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string') return null;
  charge(machine, byteCost(value.length));
  const spelled = INTEGER.exec(value);
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

const CONVERSION = /%([-0]*)(\d*)l*(.?)/gs;

export function format(machine: NativeContext, args: Arguments): Value {
  const pattern = args.string(0);
  let next = 1;
  let length = pattern.length;
  const made = pattern.replace(CONVERSION, (whole: string, flags: string, width: string, letter: string) => {
    if (letter === '%') return '%';
    if (!'diuxXocs'.includes(letter) || letter === '') {
      throw args.fault(`there is no conversion ${whole}; there are %d %i %u %x %X %o %c %s %%`);
    }
    if (next >= args.count) throw args.fault(`${whole} has no argument: the pattern asks for more than were given`);
    args.limitBytes(length + Number(width));
    const text = pad(convert(args, letter, next++), flags, Number(width), letter);
    length += text.length;
    args.limitBytes(length);
    return text;
  });
  charge(machine, byteCost(length));
  return made;
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
