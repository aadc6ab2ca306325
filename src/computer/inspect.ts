/**
 * The kernel's tasks in a stopped machine, in the textbook's words. The kernel is a program like any other, so all of
 * it is there to be read by name (kernel-records.ts); nothing in here changes the run, and a kernel that a student has
 * bent is read as far as it makes sense.
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
  integer,
  kernelGlobal,
  kernelRecord,
  record,
  text,
  type KernelRecord,
} from './kernel-records.js';

/** The part of a process control block that each thread has of its own. */
export type Task = KernelRecord<'Task'>;
/** The part that all threads of a process share. */
export type Process = KernelRecord<'Process'>;

const tidField = fieldReader<'Task'>('tid');
const stateField = fieldReader<'Task'>('state');
const onCpuField = fieldReader<'Task'>('on_cpu');

/** The task that a CPU works for; null while it boots. */
export function taskOn(cpu: Cpu): Task | null {
  return kernelRecord(cpu.task);
}

/** All tasks that exist, in order of tid; idle tasks are not among them. */
export function tasksOf(machine: Board): Task[] {
  const tasks = kernelGlobal(machine, 'tasks');
  if (!(tasks instanceof MapValue)) return [];
  const found: Task[] = [];
  let sorted = true;
  for (const value of tasks.entries.values()) {
    const task = kernelRecord<'Task'>(value);
    if (!task) continue;
    if (sorted && found.length > 0) sorted = tidOf(found[found.length - 1]) < tidOf(task);
    found.push(task);
  }
  return sorted ? found : found.sort((a, b) => tidOf(a) - tidOf(b));
}

/** How many tasks exist. */
export function taskCount(machine: Board): number {
  const tasks = kernelGlobal(machine, 'tasks');
  return tasks instanceof MapValue ? tasks.entries.size : 0;
}

export function taskByTid(machine: Board, tid: number): Task | null {
  const tasks = kernelGlobal(machine, 'tasks');
  return tasks instanceof MapValue ? kernelRecord(tasks.entries.get(tid)) : null;
}

/** What a task shares with the other threads of its process. */
export function processOf(task: Task | null): Process | null {
  return record(task, 'process');
}

export function processByPid(machine: Board, pid: number): Process | null {
  const processes = kernelGlobal(machine, 'processes');
  return processes instanceof MapValue ? kernelRecord(processes.entries.get(pid)) : null;
}

/** The pid of a task's process; 0 of none. */
export function pidOf(task: Task | null): number {
  return integer(processOf(task), 'pid');
}

/** A task's number; -1 of what is none. */
export function tidOf(task: Value): number {
  const tid = task instanceof RecordValue ? tidField(task as Task) : null;
  return typeof tid === 'number' ? tid : -1;
}

export function isIdle(task: Value): boolean {
  return task instanceof RecordValue && tidOf(task) === 0;
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
  return field(record(processOf(task), 'mm'), 'page_table');
}
