/**
 * How much room a process's objects take: for its memory limit, and for whoever asks. What counts is what the language
 * says is there, not what the host spends on it; so the figure is the same everywhere:
 *   string 16 bytes + its length · list 24 + 8 an element · struct or record 24 + 8 a field · map 24 + 32 an entry ·
 *   buffer 24 (the bytes themselves are pages) · coroutine 64 + 8 for each slot of its stack in use
 * Each object counts once, however often it is referred to; a string counts wherever it stands, for it is a value, and
 * whether the host shares its bytes is the host's affair. A kernel object that a walk meets (it should not) counts too.
 */
import { CoroutineValue } from './coroutine.js';
import { HeapValue } from './slots.js';
import { Stack } from './stack.js';
import { BufferValue, ListValue, MapValue, RecordValue, type Value } from './values.js';

/** Bytes of all that can be reached from the roots: a thread's stack, a heap, any value. */
export function liveSize(roots: Iterable<Value>): number {
  const seen = new Set<object>();
  const todo: Exclude<Value, string>[] = [];
  const meet = (value: Value | undefined): void => {
    if (typeof value === 'string') bytes += 16 + value.length;
    if (value === undefined || value === null || typeof value !== 'object') return;
    if (seen.has(value)) return;
    seen.add(value);
    todo.push(value);
  };
  let bytes = 0;
  for (const root of roots) meet(root);
  for (let value = todo.pop(); value !== undefined; value = todo.pop()) {
    // In a statement of its own: meet() adds to `bytes` as well.
    const own = sizeOf(value, meet);
    bytes += own;
  }
  return bytes;
}

/** Bytes of one value; `meet` is told of what it refers to. */
function sizeOf(value: Value, meet: (value: Value | undefined) => void): number {
  if (value instanceof ListValue) {
    for (let i = value.head; i < value.items.length; i++) meet(value.items[i]);
    return 24 + 8 * value.length;
  }
  if (value instanceof RecordValue) {
    value.fields.forEach(meet);
    return 24 + 8 * value.fields.length;
  }
  if (value instanceof MapValue) {
    for (const [key, item] of value.entries) {
      meet(key);
      meet(item);
    }
    return 24 + 32 * value.entries.size;
  }
  if (value instanceof BufferValue) return 24;
  if (value instanceof CoroutineValue) {
    meet(value.stack);
    meet(value.resumer);
    return 64;
  }
  if (value instanceof Stack) {
    const { top } = value;
    for (let i = 0; i < top; i++) meet(value.slots[i]);
    meet(value.heap);
    meet(value.coroutine);
    return 8 * top;
  }
  if (value instanceof HeapValue) for (const [, object] of value.entries()) meet(object);
  return 0;
}
