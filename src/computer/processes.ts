/**
 * What became of every process of a run: a table built from the kernel's own tracepoints, so that it still knows those
 * that were reaped. It only grows; what lies ahead of a position that was gone back to is kept, since it will come again.
 */
import type { Board } from '../machine/board.js';
import type { TraceEvent } from './events/event.js';
import { MapValue, RecordValue, type Value } from '../machine/values.js';
import { processByPid, type Process } from './inspect.js';
import { field, integer, kernelEvent, kernelRecord, record, records, text } from './kernel-records.js';
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
        const entry = this.alive.get(integer(fields, 'pid'));
        if (!entry) return;
        entry.status = integer(fields, 'status');
        entry.counters = packCounters(countersOfProcess(processByPid(machine, entry.pid)));
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
    return entry.status === null ? countersOfProcess(processByPid(machine, entry.pid)) : unpackCounters(entry.counters);
  }
}

/** What threads are counted for: of a process it is the sum, the ended ones included. */
const SUMMED = [
  'utime',
  'stime',
  'context_switches_voluntary',
  'context_switches_involuntary',
  'wakeups',
  'blocked',
  'syscalls',
  'page_faults',
] as const;

/** What the two parts of a PCB count, the copies made for it included. */
function countersOfProcess(process: Process | null): Record<string, number> {
  const leader = record(process, 'leader');
  const counters = { ...countersOf(process), ...countersOf(leader) };
  const past = kernelRecord<'PastCounts'>(field(process, 'past'));
  const add = (name: string, count: number): void => void (counters[name] = (counters[name] ?? 0) + count);
  for (const name of SUMMED) add(name, integer(past, name));
  for (const task of records(process, 'tasks')) {
    for (const name of task === leader ? [] : SUMMED) add(name, integer(task, name));
    for (const [name, count] of Object.entries(countersOf(record(task, 'copies')))) {
      const kind = name.replace(/_bytes$/, '');
      add(`${kind === name ? 'copies' : 'bytes'}_${kind}`, count);
    }
  }
  return counters;
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
