/**
 * The library functions that the machine supplies (src/std/builtins.osim), by name. Those that reach into the CPU
 * itself, such as compute() and the coroutines', are the CPU's own.
 */
import { LONGEST_LINE } from '../language/limits.js';
import { Arguments } from './library-arguments.js';
import * as lists from './library-lists.js';
import * as memory from './library-memory.js';
import * as text from './library-text.js';
import { isText } from './long-string.js';
import { Fault, SIGABRT, type Native, type NativeContext } from './native.js';
import { compare, kindOf, truth } from './operators.js';
import { PRINT_BOUNDS, showValue } from './text.js';
import { FunctionValue, RecordValue, type Value } from './values.js';

/** What min() and max() compare: a list stands for no number here. */
function comparable(args: Arguments): Value[] {
  const values = args.from(0);
  const culprit = values.findIndex((value) => value === null || (typeof value === 'object' && !isText(value)));
  if (culprit >= 0) throw args.wrong(culprit, 'an integer or a string');
  return values;
}

/** Bytes of a value that log() shows; more ends in "...". */
const LOG_BOUNDS = { ...PRINT_BOUNDS, length: LONGEST_LINE };
const LOG_WORK = 100;

type Function = (machine: NativeContext, args: Arguments) => Value;

const FUNCTIONS: Record<string, Function> = {
  text: memory.text,
  fill: memory.fill,
  addr: memory.addr,
  peek: memory.peek,
  poke: memory.poke,
  __buffer: memory.makeBuffer,
  __store: memory.storeInteger,
  __load: memory.loadInteger,
  __store_bytes: memory.storeBytes,
  __load_bytes: memory.loadBytes,
  bytes: text.bytes,
  str: text.str,
  int: text.int,
  repeat: text.repeat,
  format: text.format,
  len: lists.len,
  push: lists.push,
  pop: lists.pop,
  shift: lists.shift,
  insert: lists.insert,
  remove: lists.remove,
  map: lists.map,
  keys: lists.keys,
  has: lists.has,
  sort: lists.sort,

  min: (_machine, args) =>
    comparable(args).reduce((least, value) => (compare(value, least, 'min') < 0 ? value : least)),
  max: (_machine, args) => comparable(args).reduce((most, value) => (compare(value, most, 'max') > 0 ? value : most)),
  abs: (_machine, args) => Math.abs(args.integer(0)),

  random(machine, args) {
    const n = args.integer(0);
    if (n < 1) throw args.fault(`the first argument must be 1 or more, not ${n}`);
    return machine.choices.choose('random', n);
  },

  /** Free of ticks, but not of work: a line is bounded, and a loop of them is interrupted. */
  log(machine, args) {
    let line = '';
    for (const [i, value] of args.from(0).entries()) {
      if (line.length > LONGEST_LINE) break;
      const text = showValue(value, LOG_BOUNDS);
      line += (i > 0 ? ' ' : '') + text.slice(0, LONGEST_LINE + 1);
    }
    // One character too many tells whoever shows it that there was more.
    line = line.slice(0, LONGEST_LINE + 1);
    machine.worked(LOG_WORK + line.length);
    machine.log(line);
    return null;
  },

  assert(_machine, args) {
    if (truth(args.value(0))) return null;
    const why = args.value(1);
    throw new Fault(SIGABRT, why === null ? 'assertion failed' : `assertion failed: ${showValue(why)}`);
  },

  __kind: (_machine, args) => kindOf(args.value(0)),

  __field(_machine, args) {
    const record = args.value(0);
    if (!(record instanceof RecordValue)) throw args.wrong(0, 'a record');
    const slot = record.shape.fields.indexOf(args.string(1));
    return slot < 0 ? args.value(2) : record.fields[slot];
  },

  __function_number(_machine, args) {
    const f = args.value(0);
    if (f instanceof FunctionValue) return f.index;
    throw args.wrong(0, 'a function');
  },

  __function_of: (machine, args) => machine.functionValue(args.integer(0)) ?? null,

  __takes: (machine, args) => machine.mostArguments(args.integer(0)) >= args.integer(1),
};

export const LIBRARY: Record<string, Native> = Object.fromEntries(
  Object.entries(FUNCTIONS).map(([name, f]): [string, Native] => [
    name,
    (machine, slots, at, count) => f(machine, new Arguments(name, slots, at, count)),
  ]),
);
