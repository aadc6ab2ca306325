/**
 * fork: a copy of everything that the running thread's user code can reach, so that parent and child go on with equal
 * values and share none. Each object is copied once: identity and cycles are kept. Strings, buffers and functions never
 * change and are shared. Iterative: a list of a million links needs no deep host stack.
 */
import { CoroutineValue } from './coroutine.js';
import type { Machine } from './machine.js';
import type { HeapValue } from './slots.js';
import { Stack } from './stack.js';
import { ListValue, MapValue, RecordValue, type Value } from './values.js';

/** The copy of `user` (with what its globals refer to copied into `heap`, which must be empty). */
export function cloneUserState(machine: Machine, user: Stack, heap: HeapValue): Stack {
  const copies = new Map<object, object>();
  const todo: [from: object, to: object][] = [];
  const epoch = machine.history.epoch;

  const make = (value: Value): object | null => {
    if (value instanceof RecordValue) return new RecordValue(epoch, value.shape, [], 0);
    if (value instanceof ListValue) return new ListValue(epoch, []);
    if (value instanceof MapValue) return new MapValue(epoch, new Map());
    if (value instanceof CoroutineValue) return new CoroutineValue(epoch, copyStack(value.stack), value.functionIndex);
    if (value instanceof Stack) return emptyStack(value);
    return null;
  };
  const emptyStack = (from: Stack): Stack => {
    const to = new Stack(epoch, machine.program.registers, from.limit, from.sp);
    to.fp = from.fp;
    to.heap = heap;
    to.argumentsAt = from.argumentsAt;
    return to;
  };
  const copy = <T extends Value>(value: T): T => {
    if (value === null || typeof value !== 'object') return value;
    const known = copies.get(value);
    if (known) return known as T;
    const made = make(value);
    if (!made) return value;
    copies.set(value, made);
    todo.push([value, made]);
    return made as T;
  };
  const copyStack = (stack: Stack): Stack => copy(stack);

  const result = copyStack(user);
  if (user.heap) heap.copyFrom(user.heap, copy);
  for (let next = todo.pop(); next; next = todo.pop()) fill(next[0], next[1], copy);
  return result;
}

function fill(from: object, to: object, copy: <T extends Value>(value: T) => T): void {
  if (from instanceof RecordValue) (to as RecordValue).fields = from.fields.map(copy);
  else if (from instanceof ListValue) (to as ListValue).items = from.toArray().map(copy);
  else if (from instanceof MapValue) {
    for (const [key, value] of from.entries) (to as MapValue).entries.set(key, copy(value));
  } else if (from instanceof Stack) {
    const target = to as Stack;
    const { top } = from;
    target.grow(top);
    for (let i = 0; i < top; i++) target.slots[i] = copy(from.slots[i] as Value);
    if (from.coroutine) copy(from.coroutine);
  } else if (from instanceof CoroutineValue) {
    const target = to as CoroutineValue;
    target.state = from.state;
    target.pc = from.pc;
    target.fp = from.fp;
    target.result = from.result;
    target.resumer = from.resumer === null ? null : copy(from.resumer);
    target.resumerPc = from.resumerPc;
    target.resumerFp = from.resumerFp;
    target.resumerResult = from.resumerResult;
  }
}
