/** Library functions on lists and maps. */
import { Fault, SIGILL, type NativeContext } from './native.js';
import { byteCost, charge, type Arguments } from './library-arguments.js';
import { isText, SHORT } from './long-string.js';
import { aKindOf, equal } from './operators.js';
import { index, mapKey } from './parts.js';
import { contains } from './search.js';
import { BufferValue, ListValue, MapValue, WordsValue, type Value } from './values.js';
import { PIECE, type Pieces } from './work.js';

/** A list whose first elements were taken gives back their room when they are more than this, and than the rest. */
const TAKEN_KEPT = 32;

export function len(_machine: NativeContext, args: Arguments): Value {
  const value = args.value(0);
  if (isText(value) || value instanceof ListValue || value instanceof BufferValue) return value.length;
  if (value instanceof WordsValue) return value.length;
  if (value instanceof MapValue) return value.entries.size;
  throw args.wrong(0, 'a string, a list, a map or a buffer');
}

export function push(machine: NativeContext, args: Arguments): Value {
  const list = args.list(0);
  args.limitElements(list.length + 1);
  machine.history.touch(list);
  list.items.push(args.value(1));
  return list.length;
}

export function pop(machine: NativeContext, args: Arguments): Value {
  const list = args.list(0);
  if (list.length === 0) return null;
  machine.history.touch(list);
  return list.items.pop() as Value;
}

export function shift(machine: NativeContext, args: Arguments): Value {
  const list = args.list(0);
  if (list.length === 0) return null;
  machine.history.touch(list);
  const value = list.items[list.head];
  list.items[list.head++] = null;
  if (list.head > TAKEN_KEPT && list.head > list.length) {
    list.items = list.toArray();
    list.head = 0;
  }
  return value;
}

export function insert(machine: NativeContext, args: Arguments): Value {
  const list = args.list(0);
  const at = args.integer(1);
  if (at < 0 || at > list.length) {
    throw args.fault(
      `index ${at} is outside of the list: it has ${list.length} element${list.length === 1 ? '' : 's'}`,
    );
  }
  args.limitElements(list.length + 1);
  charge(machine, list.length - at);
  machine.history.touch(list);
  list.items.splice(list.head + at, 0, args.value(2));
  return null;
}

export function remove(machine: NativeContext, args: Arguments): Value {
  const from = args.value(0);
  if (from instanceof MapValue) {
    const key = mapKey(args.value(1));
    chargeKey(machine, args.value(1));
    const value = from.entries.get(key);
    if (value === undefined) return null;
    machine.history.touch(from);
    from.entries.delete(key);
    return value;
  }
  if (!(from instanceof ListValue)) throw args.wrong(0, 'a list or a map');
  const at = index(args.value(1), 'list', from.length);
  charge(machine, from.length - at);
  machine.history.touch(from);
  return from.items.splice(from.head + at, 1)[0];
}

export function map(machine: NativeContext): Value {
  return new MapValue(machine.history.epoch, new Map());
}

export function keys(machine: NativeContext, args: Arguments): Value {
  const { entries } = args.map(0);
  charge(machine, entries.size);
  machine.allocate(entries.size);
  return new ListValue(machine.history.epoch, [...entries.keys()]);
}

/** A long key has to be read to be found. */
function chargeKey(machine: NativeContext, key: Value): void {
  if (isText(key) && key.length > SHORT) charge(machine, byteCost(key.length));
}

export function has(machine: NativeContext, args: Arguments): Value {
  const [where, what] = [args.value(0), args.value(1)];
  if (where instanceof MapValue) {
    chargeKey(machine, what);
    return where.entries.has(mapKey(what));
  }
  if (isText(where)) {
    const part = args.string(1);
    charge(machine, byteCost(where.length));
    if (part.length > SHORT) charge(machine, byteCost(part.length));
    return contains(where.toString(), part);
  }
  if (!(where instanceof ListValue)) throw args.wrong(0, 'a map, a list or a string');
  const { found, cost } = machine.inPieces(() => search(where, what));
  charge(machine, cost);
  return found;
}

/** Looks through a list: long strings of the length that is sought are compared to their ends. */
function* search(list: ListValue, what: Value): Pieces<{ found: boolean; cost: number }> {
  const long = isText(what) && what.length > SHORT ? what.length : Infinity;
  let [cost, told] = [0, 0];
  for (let at = list.head; at < list.items.length; at++) {
    const item = list.items[at];
    if (equal(item, what)) return { found: true, cost };
    cost += isText(item) && item.length === long ? 1 + byteCost(long) : 1;
    if (cost - told < PIECE) continue;
    yield cost - told;
    told = cost;
  }
  return { found: false, cost };
}

/** sort(list) without a comparing function: that form is in the library, since a native cannot call back. */
export function sort(machine: NativeContext, args: Arguments): Value {
  const list = args.list(0);
  if (args.value(1) !== null) throw args.fault("the form with a function is the library's, not the machine's");
  const items = list.toArray().map((item) => (isText(item) ? item.toString() : item));
  const kind = typeof items[0];
  for (const item of items) {
    if ((kind !== 'number' && kind !== 'string') || typeof item !== kind) throw notSortable(args, items);
  }
  charge(machine, items.length * Math.ceil(Math.log2(items.length + 1)));
  items.sort((a, b) => ((a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0));
  machine.history.touch(list);
  list.items = items;
  list.head = 0;
  return list;
}

function notSortable(args: Arguments, items: Value[]): Fault {
  const other = items.find((item) => typeof item !== 'number' && typeof item !== 'string');
  const why = other === undefined ? 'integers and strings are mixed in this one' : `this one has ${aKindOf(other)}`;
  return new Fault(SIGILL, `${args.name}: a list of integers or of strings can be sorted without a function; ${why}`);
}
