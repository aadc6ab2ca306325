/** The coroutines of a process: the kernel knows nothing of them, they are values of the program like any other. */
import { CoroutineValue } from '../machine/stack.js';
import type { Frame } from '../machine/frames.js';
import type { Board } from '../machine/board.js';
import { HeapValue } from '../machine/slots.js';
import { ListValue, MapValue, RecordValue, type Value } from '../machine/values.js';
import { framesOfCoroutine } from './inspect-frames.js';
import { processOf, type Task } from './inspect.js';
import { field, record } from './kernel-records.js';

/** Values that are looked at: a program with more is shown a part of its coroutines. */
const MOST_VALUES = 2_000_000;

/**
 * All coroutines that the process can still reach: from its globals, from the frames of this task, and from each other.
 */
export function coroutinesOf(task: Task, frames: readonly Frame[]): CoroutineValue[] {
  const found: CoroutineValue[] = [];
  const seen = new Set<Value>();
  const todo: Value[] = [];
  const heap = field(record(processOf(task), 'mm'), 'heap');
  if (heap instanceof HeapValue) for (const [, value] of heap.entries()) todo.push(value);
  for (const { stack, fp, function: f } of frames) {
    if (stack.coroutine) todo.push(stack.coroutine);
    for (let i = 0; i < f.registers; i++) todo.push(stack.slots[fp + i] ?? null);
  }
  while (todo.length > 0 && seen.size < MOST_VALUES) {
    const value = todo.pop() as Value;
    if (value === null || typeof value !== 'object' || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof CoroutineValue) {
      found.push(value);
      if (value.state !== 'done') for (let i = 0; i < value.stack.top; i++) todo.push(value.stack.slots[i] ?? null);
    } else if (value instanceof ListValue) {
      for (let i = value.items.length - 1; i >= value.head; i--) todo.push(value.items[i]);
    } else if (value instanceof RecordValue) {
      for (let i = value.fields.length - 1; i >= 0; i--) todo.push(value.fields[i]);
    } else if (value instanceof MapValue) {
      todo.push(...[...value.entries.values()].reverse());
    }
  }
  return found;
}

/** Where a coroutine stands: the innermost frame; undefined when it has returned or is running. */
export function placeOfCoroutine(machine: Board, c: CoroutineValue): Frame | undefined {
  return framesOfCoroutine(machine, c)[0];
}
