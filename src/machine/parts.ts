/**
 * Values with parts: indexing, slicing, walking. The CPU's fast paths for lists and records are in
 * instructions/parts.ts.
 */
import type { History } from './history.js';
import { MOST_ELEMENTS } from './library-arguments.js';
import { isText, LongString } from './long-string.js';
import { Fault, SIGILL, SIGSEGV } from './native.js';
import { aKindOf } from './operators.js';
import { CoroutineValue } from './stack.js';
import { BufferValue, ListValue, MapValue, RecordValue, WordsValue, type MapKey, type Value } from './values.js';

export function index(value: Value, of: string, length: number): number {
  if (typeof value !== 'number') throw new Fault(SIGILL, `an index must be an integer, this is ${aKindOf(value)}`);
  if (value < 0 || value >= length) {
    throw new Fault(
      SIGILL,
      `index ${value} is outside of the ${of}: it has ${length} element${length === 1 ? '' : 's'}`,
    );
  }
  return value;
}

export function mapKey(value: Value): MapKey {
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
  if (value instanceof LongString) return value.toString();
  throw new Fault(SIGILL, `a map's key must be an integer, a string, or true or false, this is ${aKindOf(value)}`);
}

/** `target[key]` for everything but a buffer. */
export function getIndex(target: Value, key: Value): Value {
  if (target instanceof ListValue) return target.items[target.head + index(key, 'list', target.length)];
  if (target instanceof MapValue) return target.entries.get(mapKey(key)) ?? null;
  if (isText(target)) return target.charCodeAt(index(key, 'string', target.length));
  if (target === null) throw new Fault(SIGSEGV, 'indexing null: was a variable never given a value?');
  throw new Fault(SIGILL, `[ ] needs a list, a map, a string or a buffer, this is ${aKindOf(target)}`);
}

export function setIndex(history: History, target: Value, key: Value, value: Value): void {
  if (target instanceof ListValue) {
    const at = target.head + index(key, 'list', target.length);
    history.touch(target);
    // Saving may have moved nothing: `head` is part of what is put back, not of what touch() changes.
    target.items[at] = value;
  } else if (target instanceof MapValue) {
    const k = mapKey(key);
    if (target.entries.size >= MOST_ELEMENTS && !target.entries.has(k)) {
      throw new Fault(SIGILL, 'a map may have 10 million entries at most');
    }
    history.touch(target);
    target.entries.set(k, value);
  } else if (isText(target)) {
    throw new Fault(SIGILL, 'a string cannot be changed: make a new one, or use a buffer from alloc()');
  } else if (target === null) {
    throw new Fault(SIGSEGV, 'indexing null: was a variable never given a value?');
  } else {
    throw new Fault(SIGILL, `[ ] = needs a list, a map or a buffer, this is ${aKindOf(target)}`);
  }
}

/** `target[from..to]`: of a string or a list a copy, of a buffer a view. */
export function slice(epoch: number, target: Value, from: Value, to: Value): Value {
  const length =
    isText(target) || target instanceof ListValue || target instanceof BufferValue || target instanceof WordsValue
      ? target.length
      : -1;
  if (length < 0) throw new Fault(SIGILL, `a slice needs a string, a list or a buffer, this is ${aKindOf(target)}`);
  if (typeof from !== 'number' || typeof to !== 'number')
    throw new Fault(SIGILL, 'the ends of a slice must be integers');
  // One element of an array: what `atomic_add(a[i], 1)` works on.
  if (target instanceof WordsValue && to === from + 1) index(from, 'array', length);
  if (from < 0 || to > length || from > to) {
    throw new Fault(SIGILL, `slice ${from}..${to} is outside: the length is ${length}`);
  }
  if (isText(target)) return target.slice(from, to);
  if (target instanceof BufferValue) return new BufferValue(target.address + from, to - from);
  if (target instanceof WordsValue) return new WordsValue(target.address + 8 * from, to - from);
  const list = target as ListValue;
  return new ListValue(epoch, list.items.slice(list.head + from, list.head + to));
}

/** What a `for (x in value)` walks: a map gives a list of its keys. */
export function iterated(epoch: number, value: Value): Value {
  if (value instanceof MapValue) return new ListValue(epoch, [...value.entries.keys()]);
  if (value instanceof ListValue || isText(value) || value instanceof BufferValue) return value;
  if (value instanceof WordsValue || value instanceof CoroutineValue) return value;
  throw new Fault(
    SIGILL,
    `for … in needs a list, a map, a string, a buffer, a coroutine or a range, this is ${aKindOf(value)}`,
  );
}

export function missingField(target: Value, name: string): Fault {
  if (target === null) return new Fault(SIGSEGV, `.${name} of null: was a variable never given a value?`);
  if (target instanceof RecordValue) {
    const what = target.shape.name ? `struct ${target.shape.name}` : 'this record';
    return new Fault(SIGILL, `${what} has no field ${name}; it has ${target.shape.fields.join(', ') || 'none'}`);
  }
  // What a call gives that fills a struct in C: -1 instead of a record.
  if (target === -1)
    return new Fault(SIGILL, `.${name} of -1: ${THE_CALL} failed, and errno says why; test for -1 first`);
  const call = Object.hasOwn(FUNCTIONS, name) ? `; functions are called with it: ${FUNCTIONS[name]}` : '';
  return new Fault(SIGILL, `.${name} needs a struct or a record, this is ${aKindOf(target)}${call}`);
}

/** What stands in that message until somebody knows which call it was. */
export const THE_CALL = 'the call that gave it';

/** What other languages write behind a dot, and what it is here. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  push: 'push(list, x)',
  append: 'push(list, x)',
  add: 'push(list, x)',
  pop: 'pop(list)',
  shift: 'shift(list)',
  insert: 'insert(list, i, x)',
  remove: 'remove(list, i)',
  sort: 'sort(list)',
  length: 'len(x)',
  len: 'len(x)',
  size: 'len(x)',
  count: 'len(x)',
  keys: 'keys(map)',
  has: 'has(x, key)',
  contains: 'has(x, key)',
  includes: 'has(x, key)',
  indexOf: 'index_of(s, part)',
  index_of: 'index_of(s, part)',
  split: 'split(s, ",")',
  join: 'join(list, ",")',
  replace: 'replace(s, old, new)',
  trim: 'trim(s)',
  upper: 'upper(s)',
  lower: 'lower(s)',
  lock: 'lock(m)',
  unlock: 'unlock(m)',
  wait: 'wait_on(c, m)',
  notify: 'notify(c)',
  send: 'send(fd, data)',
  recv: 'recv(fd, buf, n)',
  read: 'read(fd, buf, n)',
  write: 'write(fd, data)',
  close: 'close(fd)',
};
