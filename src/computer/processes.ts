/**
 * What became of every process of a run: a table built from the kernel's own tracepoints, so that it still knows those
 * that were reaped. It only grows; what lies ahead of a position that was gone back to is kept, since it will come
 * again.
 */
import type { Board } from '../machine/board.js';
import type { TraceEvent } from './events/event.js';
import { MapValue, RecordValue, type Shape, type Value } from '../machine/values.js';
import { processByPid, type Process, type Task } from './inspect.js';
import type { KernelStructs } from './kernel-layout.js';
import { countOf, field, flag, integer, kernelEvent, kernelRecord, record, records, text } from './kernel-records.js';
import { packCounters, unpackCounters } from './packed-counters.js';

export interface ProcessEntry {
  pid: number;
  ppid: number;
  name: string;
  /** Index of the declared process that it descends from; -1: none (init). */
  origin: number;
  /** Step of its birth. */
  born: number;
  /** As wait() reports it; null while it lives. */
  status: number | null;
  /** Its task's counters when it ended, by the PCB's field names (packed-counters.ts); '' before. */
  counters: string;
}

export class ProcessTable {
  readonly entries: ProcessEntry[] = [];
  private readonly alive = new Map<number, ProcessEntry>();

  /** A tracepoint of the kernel's was passed. */
  observe(machine: Board, event: TraceEvent): void {
    const { name, step, fields } = kernelEvent(event);
    switch (name) {
      case 'sched_process_fork': {
        const entry: ProcessEntry = {
          pid: integer(fields, 'child_pid'),
          ppid: integer(fields, 'parent_pid'),
          name: text(fields, 'child_comm'),
          origin: integer(fields, 'origin', -1),
          born: step,
          status: null,
          counters: '',
        };
        this.entries.push(entry);
        this.alive.set(entry.pid, entry);
        return;
      }
      case 'sched_process_exec': {
        const entry = this.alive.get(integer(fields, 'pid'));
        if (entry) entry.name = text(fields, 'filename');
        return;
      }
      case 'sched_process_exit': {
        const entry = this.alive.get(integer(fields, 'tgid'));
        if (!entry || !flag(fields, 'group_dead')) return;
        entry.status = integer(fields, 'status');
        const { names, integers } = countersOfProcess(processByPid(machine, entry.pid));
        entry.counters = packCounters(names, integers);
        this.alive.delete(entry.pid);
        return;
      }
    }
  }

  /** Forgets what was born after a step: an input has changed the future. */
  forgetAfter(step: number): void {
    while (this.entries.length > 0 && this.entries[this.entries.length - 1].born > step) this.entries.pop();
  }

  /** The counters of an entry, alive or not. */
  counters(machine: Board, entry: ProcessEntry): Record<string, number> {
    if (entry.status !== null) return unpackCounters(entry.counters);
    const { names, integers } = countersOfProcess(processByPid(machine, entry.pid));
    return Object.fromEntries(names.map((name, i) => [name, integers[i]]));
  }
}

/** What threads are counted for: of a process it is the sum, the ended ones included. */
const SUMMED: readonly string[] = [
  'utime',
  'stime',
  'context_switches_voluntary',
  'context_switches_involuntary',
  'wakeups',
  'blocked',
  'syscalls',
  'page_faults',
] satisfies (keyof KernelStructs['PastCounts'])[];

/** What the two parts of a PCB count, in the order of `names`. */
interface Counters {
  readonly names: readonly string[];
  readonly integers: readonly number[];
}

/**
 * Where the two structs of a kernel have integers, and their names: found once, as a run may have a million processes.
 */
interface Layout {
  readonly task: Shape;
  readonly ofProcess: readonly number[];
  readonly ofTask: readonly number[];
  readonly names: readonly string[];
}

const layouts = new WeakMap<Shape, Layout>();
/** Copies, as a process's statistics call them, and the fields of CopyCounts. */
const COPIES: readonly (readonly [name: string, field: keyof KernelStructs['CopyCounts']])[] = [
  ['copies_dma', 'dma'],
  ['copies_to_user', 'to_user'],
  ['copies_from_user', 'from_user'],
  ['copies_kernel', 'kernel'],
  ['bytes_dma', 'dma_bytes'],
  ['bytes_to_user', 'to_user_bytes'],
  ['bytes_from_user', 'from_user_bytes'],
  ['bytes_kernel', 'kernel_bytes'],
];

function layoutOf(process: Process, leader: Task): Layout {
  const known = layouts.get(process.shape);
  if (known?.task === leader.shape) return known;
  const integersOf = (record: RecordValue): number[] =>
    record.fields.flatMap((value, i) => (typeof value === 'number' ? [i] : []));
  const [ofProcess, ofTask] = [integersOf(process), integersOf(leader)];
  const layout = {
    task: leader.shape,
    ofProcess,
    ofTask,
    names: [
      ...ofProcess.map((i) => process.shape.fields[i]),
      ...ofTask.map((i) => leader.shape.fields[i]),
      ...COPIES.map(([name]) => name),
    ],
  };
  layouts.set(process.shape, layout);
  return layout;
}

/** What a process counts; the copies made for it are among that. */
function countersOfProcess(process: Process | null): Counters {
  const leader = record(process, 'leader');
  if (!process || !leader) return { names: [], integers: [] };
  const { ofProcess, ofTask, names } = layoutOf(process, leader);
  const integers: number[] = [];
  for (const i of ofProcess) integers.push(whole(process.fields[i]));
  for (const i of ofTask) integers.push(whole(leader.fields[i]));
  const copies = record(leader, 'copies');
  for (const [, field] of COPIES) integers.push(integer(copies, field));
  addOthers(process, leader, names, integers);
  return { names, integers };
}

/** Adds what further threads have had. */
function addOthers(process: Process, leader: Task, names: readonly string[], integers: number[]): void {
  const past = kernelRecord<'PastCounts'>(field(process, 'past'));
  if (!past && countOf(field(process, 'tasks')) === 1) return;
  const add = (name: string, count: number): void => void (integers[names.indexOf(name)] += count);
  for (const name of SUMMED) add(name, whole(past?.fieldNamed(name)));
  const copied = kernelRecord<'CopyCounts'>(field(past, 'copies'));
  for (const [name, copies] of COPIES) add(name, integer(copied, copies));
  for (const task of records(process, 'tasks')) {
    if (task === leader) continue;
    for (const name of SUMMED) add(name, whole(task.fieldNamed(name)));
    const copies = record(task, 'copies');
    for (const [name, field] of COPIES) add(name, integer(copies, field));
  }
}

function whole(value: Value | undefined): number {
  return typeof value === 'number' ? value : 0;
}

/** The integer fields of a record. */
export function countersOf(record: Value): Record<string, number> {
  const counters: Record<string, number> = {};
  if (!(record instanceof RecordValue)) return counters;
  record.shape.fields.forEach((field, i) => {
    const value = record.fields[i];
    if (typeof value === 'number') counters[field] = value;
  });
  return counters;
}

/** The entries of a kernel map with integer values. */
export function countsOf(value: Value | undefined): Record<string, number> {
  const counts: Record<string, number> = {};
  if (value instanceof MapValue) {
    for (const [key, count] of value.entries) if (typeof count === 'number') counts[String(key)] = count;
  }
  return counts;
}
