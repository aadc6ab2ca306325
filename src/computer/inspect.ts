/**
 * The kernel's tasks in a stopped machine, in the textbook's words. The kernel is a program like any other, so all of it
 * is there to be read by name (kernel-records.ts); nothing in here changes the run, and a kernel that a student has bent
 * is read as far as it makes sense.
 */
import { textOf } from '../machine/text.js';
import type { Cpu } from '../machine/cpu.js';
import { isText } from '../machine/long-string.js';
import type { Board } from '../machine/board.js';
import { MapValue, RecordValue, type Value } from '../machine/values.js';
import {
  constant,
  field,
  fieldReader,
  kernelGlobal,
  kernelRecord,
  record,
  text,
  type KernelRecord,
} from './kernel-records.js';

/** A process control block. */
export type Task = KernelRecord<'Task'>;

const pidField = fieldReader<'Task'>('pid');
const stateField = fieldReader<'Task'>('state');
const onCpuField = fieldReader<'Task'>('on_cpu');

/** The task that a CPU works for; null while it boots. */
export function taskOn(cpu: Cpu): Task | null {
  return kernelRecord(cpu.task);
}

/** All tasks that exist, in order of pid; idle tasks are not among them. */
export function tasksOf(machine: Board): Task[] {
  const tasks = kernelGlobal(machine, 'tasks');
  if (!(tasks instanceof MapValue)) return [];
  const found: Task[] = [];
  let sorted = true;
  for (const value of tasks.entries.values()) {
    const task = kernelRecord<'Task'>(value);
    if (!task) continue;
    if (sorted && found.length > 0) sorted = pidOf(found[found.length - 1]) < pidOf(task);
    found.push(task);
  }
  return sorted ? found : found.sort((a, b) => pidOf(a) - pidOf(b));
}

export function taskByPid(machine: Board, pid: number): Task | null {
  const tasks = kernelGlobal(machine, 'tasks');
  return tasks instanceof MapValue ? kernelRecord(tasks.entries.get(pid)) : null;
}

/** A task's number; -1 of what is none. */
export function pidOf(task: Value): number {
  const pid = task instanceof RecordValue ? pidField(task as Task) : null;
  return typeof pid === 'number' ? pid : -1;
}

export function isIdle(task: Value): boolean {
  return task instanceof RecordValue && pidOf(task) === 0;
}

/** The CPU on which a task runs now. */
export function cpuOf(machine: Board, task: Value): Cpu | undefined {
  return task === null ? undefined : machine.cpus.find((cpu) => cpu.task === task);
}

export type TaskState = 'running' | 'ready' | 'blocked' | 'stopped' | 'zombie';

/** A task's state in the textbook's words. */
export function stateOf(machine: Board, task: Task): TaskState {
  const state = stateField(task);
  if (typeof state !== 'number' || state === 0) return onCpuField(task) === true ? 'running' : 'ready';
  const ended = constant(machine, 'TASK_ZOMBIE') | constant(machine, 'TASK_DEAD');
  if ((state & ended) !== 0) return 'zombie';
  if ((state & constant(machine, 'TASK_STOPPED')) !== 0) return 'stopped';
  // A task that has entered a wait queue runs on until it calls schedule().
  return 'blocked';
}

/** What a blocked task waits for, in a few words; null when it is not blocked. */
export function waitChannel(task: Task): string | null {
  const channel = field(task, 'wait_channel');
  if (isText(channel) && channel.toString() !== '') return textOf(channel.toString());
  const queue = record(task, 'waiting_on');
  return queue && (text(queue, 'name') || 'something');
}

/** The address space's page table. */
export function pageTableOf(task: Task): Value {
  return field(record(task, 'mm'), 'page_table');
}
