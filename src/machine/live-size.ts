/**
 * How much room a process's objects take: for its memory limit, and for whoever asks. What counts is what the language
 * says is there, not what the host spends on it; so the figure is the same everywhere:
 *   string 16 bytes + its length · list 24 + 8 an element · struct or record 24 + 8 a field · map 24 + 32 an entry ·
 *   buffer 24 (the bytes themselves are pages) · coroutine 64 + 8 for each slot of its stack in use
 * Each object counts once, however often it is referred to; a string counts wherever it stands, for it is a value, and
 * whether the host shares its bytes is the host's affair. A kernel object that a walk meets (it should not) counts too.
 */
import { isText, LongString } from './long-string.js';
import { HeapValue } from './slots.js';
import { CoroutineValue, Stack } from './stack.js';
import { BufferValue, ListValue, MapValue, RecordValue, SyncValue, WordsValue, type Value } from './values.js';
import { PIECE, toEnd, type Pieces } from './work.js';

/** A look into the set of what was seen takes some 100 ns when that is large. */
const WORK_OF_ONE = 8;

/** Bytes of all that can be reached from the roots: a thread's stack, a heap, any value. */
export function liveSize(roots: Iterable<Value>): number {
  return toEnd(liveSizeInPieces(roots));
}

/** The same with breaks: millions of objects take seconds. */
export function* liveSizeInPieces(roots: Iterable<Value>): Pieces<number> {
  const seen = new Set<object>();
  const todo: Exclude<Value, string | LongString>[] = [];
  let bytes = 0;
  let met = 0;
  const meet = (value: Value | undefined): void => {
    met++;
    if (isText(value)) bytes += 16 + value.length;
    if (value === undefined || value === null || typeof value !== 'object' || value instanceof LongString) return;
    if (seen.has(value)) return;
    seen.add(value);
    todo.push(value);
  };
  for (const root of roots) meet(root);
  for (let value = todo.pop(); value !== undefined; value = todo.pop()) {
    bytes += ownSize(value);
    for (const part of parts(value)) {
      meet(part);
      if (met < PIECE) continue;
      yield met * WORK_OF_ONE;
      met = 0;
    }
  }
  return bytes;
}

/** Bytes of one value, without what it refers to. */
function ownSize(value: Value): number {
  if (value instanceof ListValue) return 24 + 8 * value.length;
  if (value instanceof RecordValue) return 24 + 8 * value.fields.length;
  if (value instanceof MapValue) return 24 + 32 * value.entries.size;
  if (value instanceof BufferValue || value instanceof WordsValue || value instanceof SyncValue) return 24;
  if (value instanceof CoroutineValue) return 64;
  return value instanceof Stack ? 8 * value.top : 0;
}

/** What a value refers to. */
function parts(value: Value): Iterable<Value | undefined> {
  if (value instanceof RecordValue) return value.fields;
  if (value instanceof ListValue) return value.head === 0 ? value.items : itemsOf(value);
  if (value instanceof MapValue) return entriesOf(value);
  if (value instanceof CoroutineValue) return [value.stack, value.resumer];
  if (value instanceof Stack) return [...value.slots.slice(0, value.top), value.heap, value.coroutine];
  return value instanceof HeapValue ? objectsOf(value) : [];
}

function* itemsOf(list: ListValue): Iterable<Value | undefined> {
  for (let i = list.head; i < list.items.length; i++) yield list.items[i];
}

function* entriesOf(map: MapValue): Iterable<Value> {
  for (const [key, item] of map.entries) {
    yield key;
    yield item;
  }
}

function* objectsOf(heap: HeapValue): Iterable<Value> {
  for (const [, object] of heap.entries()) yield object;
}
