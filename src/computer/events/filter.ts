/** Which events are wanted: by name, by task, by time. */
import { NamePattern } from '../name-pattern.js';
import type { EventChunk } from './chunk.js';
import type { EventSummary } from './summary.js';

/** `sched_*,sys_exit`: names with `*` for any letters, separated by commas. */
export function namesLike(pattern: string): (name: string) => boolean {
  const alternatives = pattern.split(',').map((part) => new NamePattern(part));
  return (name) => alternatives.some((alternative) => alternative.test(name));
}

export interface EventFilter {
  wants?: (name: string) => boolean;
  /** The task that had the CPU. */
  pid?: number;
  /** Ticks: from this one on, and before that one. */
  fromTime?: number;
  toTime?: number;
}

/** Whether a part of the log can have an event that passes. */
export function mayHold(part: EventChunk | EventSummary, filter: EventFilter): boolean {
  const { wants, pid, fromTime = -Infinity, toTime = Infinity } = filter;
  if (part.maxTime < fromTime || part.minTime >= toTime) return false;
  if (part.exact) {
    if (pid !== undefined && !part.tasks.some((task) => task.pid === pid)) return false;
    return wants === undefined || part.kinds.some(({ name }) => wants(name));
  }
  if (pid !== undefined && part.tasks && part.tasks.of(pid) === 0) return false;
  return wants === undefined || part.others > 0 || [...part.kinds.keys()].some(wants);
}

/** Which events of a chunk pass: a test by their places, that reads as little of them as it can. */
export function passing(chunk: EventChunk, filter: EventFilter): (at: number) => boolean {
  const { wants, pid, fromTime = -Infinity, toTime = Infinity } = filter;
  const kinds = chunk.kinds.map(({ name }) => wants === undefined || wants(name));
  const tasks = chunk.tasks.map((task) => pid === undefined || task.pid === pid);
  return (at) => {
    if (!kinds[chunk.kindNumberAt(at)] || !tasks[chunk.taskNumberAt(at)]) return false;
    const time = chunk.timeAt(at);
    return time >= fromTime && time < toTime;
  };
}
