/**
 * Reading the kernel's records in a stopped machine, by names that the compiler knows: kernel-layout.ts is made from
 * the kernel's own sources, so a name that is misspelt, or was renamed there, does not compile. No other way leads to
 * them (eslint.config.js).
 *
 * The kernel that runs may be a student's. So what is read is looked up by name in its own structs, and is null, 0, ""
 * or false where such a field is not there, or holds something of another kind. Nothing in here changes the run.
 */
import { isText } from '../machine/long-string.js';
import type { Board } from '../machine/board.js';
import type { Machine } from '../machine/machine.js';
import { textOf } from '../machine/text.js';
import { ListValue, MapValue, RecordValue, type Shape, type Value } from '../machine/values.js';
import type {
  KernelConstant,
  KernelEvents,
  KernelFunction,
  KernelGlobal,
  KernelStructs,
  KernelTables,
} from './kernel-layout.js';

export type StructName = keyof KernelStructs;
export type EventName = keyof KernelEvents;
interface Layouts extends KernelStructs, KernelTables, KernelEvents {}
export type LayoutName = keyof Layouts;

declare const layout: unique symbol;

/** A record of the kernel's that is known to be of a struct, a table of operations, or what comes with an event. */
export type KernelRecord<N extends LayoutName> = RecordValue & { readonly [layout]: N };

/**
 * A tracepoint that was passed: its name tells its fields. A kernel of one's own may have others, which nobody here
 * names.
 */
export type KernelEvent = { [E in EventName]: { readonly name: E; readonly fields: KernelRecord<E> } }[EventName];

/** The names of the fields. */
export type FieldOf<N extends LayoutName> = keyof Layouts[N] & string;
type FieldOfKind<N extends LayoutName, Kind> = {
  [F in FieldOf<N>]: Kind extends Layouts[N][F] ? F : never;
}[FieldOf<N>];
/** The fields that can hold a string. */
export type TextField<N extends LayoutName> = FieldOfKind<N, string>;
/** `Task.state`. */
export type FieldPath = { [S in StructName]: `${S}.${FieldOf<S>}` }[StructName];

/** The way through some fields, for an expression: `.process.files` of Task.process and Process.files. */
export function pathOf(...fields: FieldPath[]): string {
  return fields.map((path) => path.slice(path.indexOf('.'))).join('');
}

type Link = LayoutName | `${StructName}[]`;

/**
 * Which struct a field holds, or a collection in a field (`[]`): the kernel's language does not say so. All
 * operations of files look alike. A test holds it against real runs.
 */
export const LINKS = {
  Task: {
    process: 'Process',
    waiting_on: 'WaitQueue',
    handler_masks: 'SignalSet[]',
    copies: 'CopyCounts',
  },
  Process: {
    leader: 'Task',
    tasks: 'Task[]',
    parent: 'Process',
    mm: 'Mm',
    files: 'FileTable',
  },
  FdEntry: { file: 'File' },
  File: { ops: 'FileOps', inode: 'Inode' },
  Inode: { pipe: 'Pipe' },
  Page: { inode: 'Inode', next: 'Page', prev: 'Page' },
  PageCache: { lru: 'Page[]' },
  Terminal: { inode: 'Inode' },
  Mm: { areas: 'Vma[]' },
  RunQueue: { current: 'Task' },
  WaitQueue: { entries: 'WaitEntry[]', exclusive: 'WaitEntry[]' },
  WaitEntry: { task: 'Task' },
  Mutex: { owner: 'Task' },
  Socket: { name: 'SockAddr', peer_name: 'SockAddr' },
  TimeWait: { name: 'SockAddr', peer_name: 'SockAddr' },
} as const satisfies { readonly [S in StructName]?: { readonly [F in FieldOf<S>]?: Link } };

/** The same of global variables. */
export const GLOBAL_LINKS = {
  tasks: 'Task[]',
  processes: 'Process[]',
  idle_tasks: 'Task[]',
  run_queues: 'RunQueue[]',
  file_table: 'File[]',
  inodes: 'Inode[]',
  root: 'Inode',
  event_inode: 'Inode',
  terminal: 'Terminal',
  disk_queue: 'DiskQueue',
  page_cache: 'PageCache',
  stats: 'KernelStats',
  time_waits: 'TimeWait[]',
  syscalls: 'Syscall[]',
  unknown_call: 'Syscall',
} as const satisfies { readonly [G in KernelGlobal]?: Link };

type Links = typeof LINKS;
type GlobalLinks = typeof GLOBAL_LINKS;
/** The names in T that lead to one record, and those that lead to a collection of records. */
type ToOne<T> = { [F in keyof T]: T[F] extends LayoutName ? F : never }[keyof T];
type ToMany<T> = { [F in keyof T]: T[F] extends `${StructName}[]` ? F : never }[keyof T];
type One<T> = T extends LayoutName ? KernelRecord<T> : never;
type Many<T> = T extends `${infer S extends StructName}[]` ? KernelRecord<S> : never;

/** A value that the caller knows to be a record of struct N; null when it is none. */
export function kernelRecord<N extends LayoutName>(value: Value | undefined): KernelRecord<N> | null {
  return value instanceof RecordValue ? (value as KernelRecord<N>) : null;
}

/** An event, to be read by the names of the kernel's tracepoints. */
export function kernelEvent<T extends { readonly name: string; readonly fields: RecordValue }>(
  event: T,
): T & KernelEvent {
  return event as T & KernelEvent;
}

const slots = new WeakMap<Shape, Map<string, number>>();

function slotOf(shape: Shape, name: string): number | undefined {
  let known = slots.get(shape);
  if (!known) slots.set(shape, (known = new Map(shape.fields.map((field, i) => [field, i]))));
  return known.get(name);
}

/** A field, whatever it holds. */
export function field<N extends LayoutName>(of: KernelRecord<N> | null | undefined, name: FieldOf<N>): Value {
  if (!of) return null;
  const slot = slotOf(of.shape, name);
  return slot === undefined ? null : of.fields[slot];
}

/** Reads one field of many records of a struct: remembers where the last one had it. */
export function fieldReader<N extends LayoutName>(name: FieldOf<N>): (of: KernelRecord<N>) => Value {
  let shape: Shape | null = null;
  let slot = -1;
  return (of) => {
    if (of.shape !== shape) {
      shape = of.shape;
      slot = shape.fields.indexOf(name);
    }
    return slot < 0 ? null : of.fields[slot];
  };
}

/** An integer field; `otherwise` when it is no integer. */
export function integer<N extends LayoutName>(
  of: KernelRecord<N> | null | undefined,
  name: FieldOfKind<N, number>,
  otherwise = 0,
): number {
  const value = field(of, name);
  return typeof value === 'number' ? value : otherwise;
}

/** Whether a field is true. */
export function flag<N extends LayoutName>(
  of: KernelRecord<N> | null | undefined,
  name: FieldOfKind<N, boolean>,
): boolean {
  return field(of, name) === true;
}

/** A string field: bytes, as text. */
export function text<N extends LayoutName>(of: KernelRecord<N> | null | undefined, name: TextField<N>): string {
  const value = field(of, name);
  return isText(value) ? textOf(value.toString()) : '';
}

/** The record in a field. */
export function record<N extends StructName & keyof Links, F extends ToOne<Links[N]> & FieldOf<N>>(
  of: KernelRecord<N> | null | undefined,
  name: F,
): One<Links[N][F]> | null {
  return kernelRecord(field(of, name)) as One<Links[N][F]> | null;
}

/** The records of the collection in a field. */
export function records<N extends StructName & keyof Links, F extends ToMany<Links[N]> & FieldOf<N>>(
  of: KernelRecord<N> | null | undefined,
  name: F,
): Many<Links[N][F]>[] {
  return recordsIn(field(of, name)) as Many<Links[N][F]>[];
}

/** A global variable of the kernel; null when it has none of this name. */
export function kernelGlobal(machine: Board, name: KernelGlobal): Value {
  return machine.kernelGlobal(name);
}

/** The record in a global variable. */
export function globalRecord<G extends ToOne<GlobalLinks>>(machine: Board, name: G): One<GlobalLinks[G]> | null {
  return kernelRecord(machine.kernelGlobal(name)) as One<GlobalLinks[G]> | null;
}

/** The records of the collection in a global variable. */
export function globalRecords<G extends ToMany<GlobalLinks>>(machine: Board, name: G): Many<GlobalLinks[G]>[] {
  return recordsIn(machine.kernelGlobal(name)) as Many<GlobalLinks[G]>[];
}

function recordsIn(collection: Value): RecordValue[] {
  return members(collection).filter((member) => member instanceof RecordValue);
}

/** Members of a list that are read at most: a damaged list may have no end. */
const MOST_MEMBERS = 1_000_000;

/**
 * What a collection holds, in its order: a list, a map's values, a kernel List (by its links) or Heap (least first).
 */
export function members(collection: Value | undefined): Value[] {
  if (collection instanceof ListValue) return collection.toArray();
  if (collection instanceof MapValue) return [...collection.entries.values()];
  if (!(collection instanceof RecordValue)) return [];
  if (isStruct(collection, 'Heap')) return inHeapOrder(members(field(collection, 'items')));
  const found: Value[] = [];
  let at = kernelRecord<'Task'>(field(kernelRecord<'List'>(collection), 'first'));
  for (; at && found.length < MOST_MEMBERS; at = kernelRecord<'Task'>(field(at, 'next'))) found.push(at);
  return found;
}

/**
 * The tasks that a run queue keeps, in the order in which they lie there. What a policy keeps them in is its own
 * affair: a list, a heap, several of them, or a struct with such fields. The running task is not among them.
 */
export function queuedTasks(rq: KernelRecord<'RunQueue'> | null): KernelRecord<'Task'>[] {
  return tasksIn(field(rq, 'queue'), 0).filter((task) => !flag(task, 'on_cpu') && integer(task, 'state') === 0);
}

/** Structs in structs in structs: a policy's queue has no more levels. */
const DEEPEST_QUEUE = 4;

function tasksIn(value: Value | undefined, depth: number): KernelRecord<'Task'>[] {
  if (value instanceof RecordValue && isStruct(value, 'Task')) return [value];
  if (depth > DEEPEST_QUEUE) return [];
  const isCollection = value instanceof RecordValue && (isStruct(value, 'List') || isStruct(value, 'Heap'));
  const inside =
    value instanceof RecordValue && !isCollection
      ? value.fields.filter((inner) => typeof inner === 'object')
      : members(value);
  return inside.flatMap((inner) => tasksIn(inner, depth + 1));
}

/** Whether a record is of this struct. */
export function isStruct<S extends StructName>(record: RecordValue, name: S): record is KernelRecord<S> {
  return record.shape.name === name;
}

function inHeapOrder(items: Value[]): Value[] {
  const of = (item: Value, name: 'key' | 'order'): number => integer(kernelRecord<'Timer'>(item), name);
  return items.sort((a, b) => of(a, 'key') - of(b, 'key') || of(a, 'order') - of(b, 'order'));
}

/** How many members a collection has, without walking it. */
export function countOf(collection: Value | undefined): number {
  if (collection instanceof ListValue) return collection.length;
  if (collection instanceof MapValue) return collection.entries.size;
  if (!(collection instanceof RecordValue)) return 0;
  return isStruct(collection, 'Heap')
    ? countOf(field(collection, 'items'))
    : integer(kernelRecord<'List'>(collection), 'length');
}

const constants = new WeakMap<Board, Map<string, number>>();

/** A constant: its value in the images that run, which may be a student's; 0 when there is none of this name. */
export function constant(machine: Board, name: KernelConstant): number {
  let known = constants.get(machine);
  if (!known) constants.set(machine, (known = new Map()));
  let value = known.get(name);
  if (value === undefined) known.set(name, (value = findConstant(machine, name)));
  return value;
}

function findConstant(machine: Board, name: string): number {
  for (const { exports } of machine.images) {
    const value = Object.hasOwn(exports, name) ? exports[name] : undefined;
    if (typeof value === 'number') return value;
  }
  return 0;
}

/** Runs a function of the kernel, as an input of the run. */
export function callKernel(machine: Machine, name: KernelFunction, args: Value[]): Value {
  return machine.callKernel(name, args);
}

/** Whether the kernel that runs has this function. */
export function hasFunction(machine: Board, name: KernelFunction): boolean {
  return machine.program.functionNamed(name, 'kernel') !== undefined;
}
