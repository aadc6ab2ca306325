/** The coroutines of a process: the kernel knows nothing of them, they are values of the program like any other. */
import { ContextValue } from '../machine/context.js';
import { CoroutineValue, Stack, USER_STATE } from '../machine/stack.js';
import type { Frame } from '../machine/frames.js';
import type { Board } from '../machine/board.js';
import { USER, type Cpu } from '../machine/cpu.js';
import { HeapValue } from '../machine/slots.js';
import { ListValue, MapValue, RecordValue, type Value } from '../machine/values.js';
import { framesOfCoroutine } from './inspect-frames.js';
import { processOf, type Task } from './inspect.js';
import { waitName } from './lock-waits.js';
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

/**
 * Where a coroutine stands: its innermost frame that is the program's own, and not the library's by which it waits;
 * undefined when it has returned or is running.
 */
export function placeOfCoroutine(machine: Board, c: CoroutineValue): Frame | undefined {
  const frames = framesOfCoroutine(machine, c);
  return frames.find((frame) => isOwn(machine, frame)) ?? frames[0];
}

/** Whether a frame is of the program's own files, and not of a module of the library. */
export function isOwn({ program }: Board, { function: f, pc }: Frame): boolean {
  return f.image === 'program' && !f.synthetic && program.positionAt(pc)?.uri.startsWith('std:/') === false;
}

/** `fetch #3`: its function, and the how manieth coroutine it is. */
export function nameOfCoroutine({ program }: Board, { functionIndex, number }: CoroutineValue): string {
  return `${program.functions[functionIndex]?.name ?? '?'} #${number}`;
}

/** The coroutine in which a task is, or was when it entered the kernel; null: in none. */
export function coroutineOf(machine: Board, task: Task): CoroutineValue | null {
  const cpu = machine.cpus.find((candidate) => candidate.task === task);
  if (cpu) return coroutineOn(cpu);
  const context = field(task, 'context');
  return context instanceof ContextValue ? below(context.stack) : null;
}

/** The coroutine that a CPU runs, or comes back to when it leaves the kernel. */
export function coroutineOn({
  mode,
  stack,
  kernelStack,
}: Pick<Cpu, 'mode' | 'stack' | 'kernelStack'>): CoroutineValue | null {
  return mode === USER ? stack.coroutine : below(kernelStack);
}

function below(kernelStack: Stack): CoroutineValue | null {
  const user = kernelStack.slots[USER_STATE.STACK];
  return user instanceof Stack ? user.coroutine : null;
}

/** What a task waits for. If it is a coroutine of it that has called, all the others wait, too: that is said. */
export function waitReason(machine: Board, task: Task): string | null {
  const channel = waitName(machine, task);
  const c = channel === null ? null : coroutineOf(machine, task);
  return c ? `${channel}, in coroutine ${nameOfCoroutine(machine, c)}: all coroutines of this thread wait` : channel;
}
