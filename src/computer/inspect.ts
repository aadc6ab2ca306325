/**
 * Reading the kernel's own data structures in a stopped machine. The kernel is a program like any other, so all of it
 * is there to be read by name; nothing in here changes the run, and a kernel that a student has bent is read as far as
 * it makes sense.
 */
import { textOf } from '../machine/text.js';
import type { Cpu } from '../machine/cpu.js';
import { isText } from '../machine/long-string.js';
import type { Machine } from '../machine/machine.js';
import { ListValue, MapValue, RecordValue, type Shape, type Value } from '../machine/values.js';

const slots = new WeakMap<Shape, Map<string, number>>();

/** A field of a record; null when there is none. */
export function field(of: Value | undefined, name: string): Value {
  if (!(of instanceof RecordValue)) return null;
  let known = slots.get(of.shape);
  if (!known) slots.set(of.shape, (known = new Map(of.shape.fields.map((f, i) => [f, i]))));
  const slot = known.get(name);
  return slot === undefined ? null : of.fields[slot];
}

/** Reads one field of many records of a kind: remembers where the last one had it. */
function accessor(name: string): (of: Value | undefined) => Value {
  let shape: Shape | null = null;
  let slot = -1;
  return (of) => {
    if (!(of instanceof RecordValue)) return null;
    if (of.shape !== shape) {
      shape = of.shape;
      slot = shape.fields.indexOf(name);
    }
    return slot < 0 ? null : of.fields[slot];
  };
}

const pidField = accessor('pid');
const stateField = accessor('state');
const onCpuField = accessor('on_cpu');

/** An integer field; `otherwise` when it is no integer. */
export function integer(of: Value | undefined, name: string, otherwise = 0): number {
  const value = field(of, name);
  return typeof value === 'number' ? value : otherwise;
}

/** A string field: bytes, as text. */
export function text(of: Value | undefined, name: string): string {
  const value = field(of, name);
  return isText(value) ? textOf(value.toString()) : '';
}

export function record(of: Value | undefined, name: string): RecordValue | null {
  const value = field(of, name);
  return value instanceof RecordValue ? value : null;
}

/** Members of a list that are read at most: a damaged list may have no end. */
const MOST_MEMBERS = 1_000_000;

/** What a collection holds, in its order: a list, a map's values, a kernel List (by its links) or Heap (least first). */
export function members(collection: Value | undefined): Value[] {
  if (collection instanceof ListValue) return collection.toArray();
  if (collection instanceof MapValue) return [...collection.entries.values()];
  if (!(collection instanceof RecordValue)) return [];
  if (collection.shape.name === 'Heap') return inHeapOrder(members(field(collection, 'items')));
  const found: Value[] = [];
  for (
    let at = field(collection, 'first');
    at instanceof RecordValue && found.length < MOST_MEMBERS;
    at = field(at, 'next')
  ) {
    found.push(at);
  }
  return found;
}

function inHeapOrder(items: Value[]): Value[] {
  return items.sort((a, b) => integer(a, 'key') - integer(b, 'key') || integer(a, 'order') - integer(b, 'order'));
}

/** How many members a collection has, without walking it. */
export function countOf(collection: Value | undefined): number {
  if (collection instanceof ListValue) return collection.length;
  if (collection instanceof MapValue) return collection.entries.size;
  if (!(collection instanceof RecordValue)) return 0;
  return collection.shape.name === 'Heap' ? countOf(field(collection, 'items')) : integer(collection, 'length');
}

/** All tasks that exist, in order of pid; idle tasks are not among them. */
export function tasksOf(machine: Machine): RecordValue[] {
  const tasks = machine.kernelGlobal('tasks');
  if (!(tasks instanceof MapValue)) return [];
  const found: RecordValue[] = [];
  let sorted = true;
  for (const task of tasks.entries.values()) {
    if (!(task instanceof RecordValue)) continue;
    if (sorted && found.length > 0) sorted = pidOf(found[found.length - 1]) < pidOf(task);
    found.push(task);
  }
  return sorted ? found : found.sort((a, b) => pidOf(a) - pidOf(b));
}

export function taskByPid(machine: Machine, pid: number): RecordValue | null {
  const tasks = machine.kernelGlobal('tasks');
  const task = tasks instanceof MapValue ? tasks.entries.get(pid) : null;
  return task instanceof RecordValue ? task : null;
}

export function pidOf(task: Value): number {
  const pid = pidField(task);
  return typeof pid === 'number' ? pid : -1;
}

export function isIdle(task: Value): boolean {
  return task instanceof RecordValue && pidOf(task) === 0;
}

/** The CPU on which a task runs now. */
export function cpuOf(machine: Machine, task: Value): Cpu | undefined {
  return task === null ? undefined : machine.cpus.find((cpu) => cpu.task === task);
}

export type TaskState = 'running' | 'ready' | 'blocked' | 'stopped' | 'zombie';

const constants = new WeakMap<Machine, Map<string, number>>();

/** A constant by name: its value in the images that run, which may be a student's. */
export function constant(machine: Machine, name: string, otherwise: number): number {
  let known = constants.get(machine);
  if (!known) constants.set(machine, (known = new Map()));
  let value = known.get(name);
  if (value === undefined) known.set(name, (value = findConstant(machine, name) ?? otherwise));
  return value;
}

function findConstant(machine: Machine, name: string): number | undefined {
  for (const { exports } of machine.images) {
    const value = Object.hasOwn(exports, name) ? exports[name] : undefined;
    if (typeof value === 'number') return value;
  }
  return undefined;
}

/** A task's state in the textbook's words. */
export function stateOf(machine: Machine, task: RecordValue): TaskState {
  const state = stateField(task);
  if (typeof state !== 'number' || state === 0) return onCpuField(task) === true ? 'running' : 'ready';
  const ended = constant(machine, 'TASK_ZOMBIE', 32) | constant(machine, 'TASK_DEAD', 64);
  if ((state & ended) !== 0) return 'zombie';
  if ((state & constant(machine, 'TASK_STOPPED', 4)) !== 0) return 'stopped';
  // A task that has entered a wait queue runs on until it calls schedule().
  return 'blocked';
}

/** What a blocked task waits for, in a few words; null when it is not blocked. */
export function waitChannel(task: RecordValue): string | null {
  const channel = field(task, 'wait_channel');
  if (typeof channel === 'string' && channel !== '') return textOf(channel);
  return record(task, 'waiting_on') ? text(record(task, 'waiting_on'), 'name') || 'something' : null;
}

/** The address space's page table. */
export function pageTableOf(task: Value): Value {
  return field(record(task, 'mm'), 'page_table');
}
