/**
 * What is left of events that were thinned: how many of each kind, the first and the last instant of each, and whose
 * they were. Enough to draw the run from afar (an event that came once is still there, at its instant), and to know
 * where nothing that is sought can be; the events themselves are made anew by executing that part of the run again.
 */
import type { EventChunk } from './chunk.js';

export interface KindSummary {
  count: number;
  /** Times of its first event and of its last, ticks. */
  first: number;
  last: number;
}

/** Kinds and tasks that are told apart; a kernel of one's own may make up names without end. */
const MOST_KINDS = 400;
const MOST_TASKS = 2000;
const SUMMARY_BYTES = 400;
const KIND_BYTES = 100;
const TASK_BYTES = 8;

/** How many events each task had: pids, ascending, and the counts beside them. */
export class TaskCounts {
  private constructor(
    readonly pids: Int32Array,
    private readonly counts: Uint32Array,
  ) {}

  /** Null when they are too many tasks. */
  static from(counts: ReadonlyMap<number, number>): TaskCounts | null {
    if (counts.size > MOST_TASKS) return null;
    const sorted = [...counts].sort((a, b) => a[0] - b[0]);
    return new TaskCounts(
      Int32Array.from(sorted, ([pid]) => pid),
      Uint32Array.from(sorted, ([, count]) => count),
    );
  }

  of(pid: number): number {
    const { pids } = this;
    let [low, high] = [0, pids.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (pids[middle] < pid) low = middle + 1;
      else high = middle;
    }
    return pids[low] === pid ? this.counts[low] : 0;
  }

  toMap(): Map<number, number> {
    return new Map(Array.from(this.pids, (pid, i) => [pid, this.counts[i]]));
  }
}

export class EventSummary {
  readonly exact = false;

  private constructor(
    readonly first: number,
    readonly count: number,
    /** As those of a chunk. */
    readonly skip: number,
    readonly atEnd: number,
    readonly fromStep: number,
    readonly toStep: number,
    readonly minTime: number,
    readonly maxTime: number,
    /** By name. */
    readonly kinds: ReadonlyMap<string, KindSummary>,
    /** How many events were of kinds that are not told apart. */
    readonly others: number,
    /** Null when they were too many tasks. */
    readonly tasks: TaskCounts | null,
  ) {}

  get weight(): number {
    return SUMMARY_BYTES + KIND_BYTES * this.kinds.size + TASK_BYTES * (this.tasks?.pids.length ?? 0);
  }

  static of(chunk: EventChunk): EventSummary {
    const byNumber = chunk.kinds.map((): KindSummary => ({ count: 0, first: Infinity, last: -Infinity }));
    const perTask = new Uint32Array(chunk.tasks.length);
    for (let at = 0; at < chunk.count; at++) {
      perTask[chunk.taskNumberAt(at)]++; // a number of this chunk's
      note(byNumber[chunk.kindNumberAt(at)], 1, chunk.timeAt(at), chunk.timeAt(at));
    }
    const kinds = new Map<string, KindSummary>();
    chunk.kinds.forEach(({ name }, number) => add(kinds, name, byNumber[number]));
    const tasks = new Map<number, number>();
    chunk.tasks.forEach(({ pid }, number) => tasks.set(pid, (tasks.get(pid) ?? 0) + perTask[number]));
    const { first, count, skip, atEnd, fromStep, toStep, minTime, maxTime } = chunk;
    return new EventSummary(
      first,
      count,
      skip,
      atEnd,
      fromStep,
      toStep,
      minTime,
      maxTime,
      ...bounded(kinds, 0),
      TaskCounts.from(tasks),
    );
  }

  /** This one and the one after it as one. */
  with(next: EventSummary): EventSummary {
    const kinds = new Map([...this.kinds].map(([name, kind]) => [name, { ...kind }] as const));
    for (const [name, kind] of next.kinds) add(kinds, name, kind);
    const tasks = this.tasks && next.tasks ? this.tasks.toMap() : null;
    if (tasks) for (const [pid, count] of next.tasks?.toMap() ?? []) tasks.set(pid, (tasks.get(pid) ?? 0) + count);
    return new EventSummary(
      this.first,
      this.count + next.count,
      this.skip,
      next.atEnd,
      this.fromStep,
      next.toStep,
      Math.min(this.minTime, next.minTime),
      Math.max(this.maxTime, next.maxTime),
      ...bounded(kinds, this.others + next.others),
      tasks && TaskCounts.from(tasks),
    );
  }
}

function add(kinds: Map<string, KindSummary>, name: string, { count, first, last }: KindSummary): void {
  let known = kinds.get(name);
  if (!known) kinds.set(name, (known = { count: 0, first: Infinity, last: -Infinity }));
  note(known, count, first, last);
}

function note(kind: KindSummary, count: number, first: number, last: number): void {
  kind.count += count;
  if (first < kind.first) kind.first = first;
  if (last > kind.last) kind.last = last;
}

/** The kinds that are told apart, and how many events are of others. */
function bounded(kinds: Map<string, KindSummary>, others: number): [Map<string, KindSummary>, number] {
  if (kinds.size <= MOST_KINDS) return [kinds, others];
  const [told, left] = [[...kinds].slice(0, MOST_KINDS), [...kinds].slice(MOST_KINDS)];
  return [new Map(told), left.reduce((sum, [, { count }]) => sum + count, others)];
}
