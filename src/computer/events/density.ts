/**
 * The run from afar: how many events of each kind fall into each of a number of equal stretches of time. Where a part
 * was thinned the counts are spread over its time, but for the first and the last of each kind, whose instants are
 * known: so something that came only once is in its place, and nothing that came at all is missing.
 */
import type { EventChunk } from './chunk.js';
import { mayHold, passing, type EventFilter } from './filter.js';
import type { EventLog } from './log.js';
import type { EventSummary } from './summary.js';

export interface Bin {
  /** Events by name; by UNTOLD those whose kind is not known any more. */
  counts: Map<string, number>;
  /** Whether each is counted where it was. */
  exact: boolean;
}

/** Stands for the kinds of events that are not told apart. */
export const UNTOLD = '*';

/** A stretch of time that is divided into equal bins. */
class Ruler {
  readonly bins: Bin[];

  constructor(
    private readonly from: number,
    private readonly to: number,
    count: number,
  ) {
    this.bins = Array.from({ length: count }, (): Bin => ({ counts: new Map(), exact: true }));
  }

  add(time: number, name: string, count: number): void {
    if (time >= this.from && time < this.to) this.addTo(this.placeOf(time), name, count);
  }

  /** Adds `count` evenly between two instants, as far as they are in sight. */
  spread(first: number, last: number, name: string, count: number): void {
    if (count <= 0) return;
    let before = first < this.from ? this.shareUntil(this.from, first, last, count) : 0;
    for (const bin of this.placesBetween(first, last)) {
      const until = this.shareUntil(this.endOf(bin), first, last, count);
      if (until > before) this.addTo(bin, name, until - before);
      before = until;
    }
  }

  blur(first: number, last: number): void {
    for (const bin of this.placesBetween(first, last)) this.bins[bin].exact = false;
  }

  private addTo(bin: number, name: string, count: number): void {
    const { counts } = this.bins[bin];
    counts.set(name, (counts.get(name) ?? 0) + count);
  }

  private shareUntil(time: number, first: number, last: number, count: number): number {
    if (time >= last) return count;
    return time <= first ? 0 : Math.floor((count * (time - first)) / (last - first));
  }

  private *placesBetween(first: number, last: number): Generator<number> {
    if (last < this.from || first >= this.to) return;
    const end = last >= this.to ? this.bins.length - 1 : this.placeOf(last);
    for (let bin = first <= this.from ? 0 : this.placeOf(first); bin <= end; bin++) yield bin;
  }

  private placeOf(time: number): number {
    const place = Math.floor(((time - this.from) * this.bins.length) / (this.to - this.from));
    return Math.min(this.bins.length - 1, place);
  }

  /** Where a bin ends, and the next one begins. */
  private endOf(bin: number): number {
    return this.from + ((bin + 1) * (this.to - this.from)) / this.bins.length;
  }
}

/** @param filter with `fromTime` and `toTime`, the stretch that is divided */
export function densityOf(
  log: EventLog,
  filter: EventFilter & { fromTime: number; toTime: number },
  bins: number,
): Bin[] {
  const ruler = new Ruler(filter.fromTime, filter.toTime, bins);
  for (const part of log.all) {
    if (!mayHold(part, filter)) continue;
    if (part.exact) countExactly(part, filter, ruler);
    else countRoughly(part, filter, ruler);
  }
  return ruler.bins;
}

function countExactly(chunk: EventChunk, filter: EventFilter, ruler: Ruler): void {
  const passes = passing(chunk, filter);
  for (let at = 0; at < chunk.count; at++) if (passes(at)) ruler.add(chunk.timeAt(at), chunk.kindAt(at).name, 1);
}

function countRoughly(part: EventSummary, { wants, pid }: EventFilter, ruler: Ruler): void {
  const { minTime, maxTime, others, tasks, kinds } = part;
  ruler.blur(minTime, maxTime);
  // Of which kind a task's events were is not known any more; nor, of very many tasks, whose they were.
  if (pid !== undefined) return ruler.spread(minTime, maxTime, UNTOLD, tasks?.of(pid) ?? 0);
  ruler.spread(minTime, maxTime, UNTOLD, others);
  for (const [name, { count, first, last }] of kinds) {
    if (wants && !wants(name)) continue;
    ruler.add(first, name, 1);
    if (count > 1) ruler.add(last, name, 1);
    ruler.spread(first, last, name, count - 2);
  }
}
