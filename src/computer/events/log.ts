/**
 * The log of a run's events: in their order, found by number, step, time, kind and task. It takes a bounded number of
 * bytes. When they are full, the parts that nobody has looked at for longest are thinned: summary.ts says what is kept.
 * Whoever wants the events of such a part has it made anew (remaking.ts): a deterministic run gives the same ones.
 *
 * The run goes back and forth; the log does not. An event that comes by again is known, and what lies ahead of a
 * position that was gone back to stays, until an input changes the run (`forgetAfter`).
 */
import { EventChunk } from './chunk.js';
import type { TraceEvent } from './event.js';
import { EventSummary } from './summary.js';

export type LogPart = EventChunk | EventSummary;

/** Bytes that a log takes, unless a setting says otherwise: some million events. */
export const LOG_BYTES = 32 * 2 ** 20;
/** Fewer hold not even what is being written, and its neighbours. */
export const LEAST_LOG_BYTES = 2 ** 20;
/** Events of a chunk. */
const CHUNK_EVENTS = 4096;
/** Of the limit: thinning goes on down to here, so that it need not begin again with the next chunk. */
const ENOUGH = 0.9;
/** Of the limit: what summaries may take before neighbours become one. */
const FOR_SUMMARIES = 0.25;

export class EventLog {
  /** The run from its beginning, without gaps. */
  private parts: LogPart[] = [];
  /** The chunk that is being written, the last part; null when the next event begins one. */
  private open: EventChunk | null = null;
  /** Bytes of all parts but the open one. */
  private closedWeight = 0;
  private clock = 0;
  /** Grows when events are dropped that somebody may have read. */
  generation = 0;
  /** Events that neighbours may have together, to become one summary. */
  private grain: number;

  constructor(
    readonly limit = LOG_BYTES,
    readonly chunkEvents = CHUNK_EVENTS,
  ) {
    this.grain = 2 * chunkEvents;
  }

  /** Events of the run so far. */
  get length(): number {
    const last = this.parts[this.parts.length - 1];
    return last ? last.first + last.count : 0;
  }

  /** The step of the last event; -1 before the first. */
  get lastStep(): number {
    return this.parts[this.parts.length - 1]?.toStep ?? -1;
  }

  /** Bytes that the log takes, about. */
  get weight(): number {
    return this.closedWeight + (this.open?.weight ?? 0);
  }

  get all(): readonly LogPart[] {
    return this.parts;
  }

  append(event: TraceEvent): void {
    let { open } = this;
    if (open === null || !open.takes(event.step, event.time)) {
      this.close();
      this.shrink();
      const last = this.parts.at(-1);
      const skip = last?.toStep === event.step ? last.atEnd : 0;
      open = this.open = new EventChunk(this.length, skip, this.chunkEvents);
      this.parts.push(open);
    }
    open.append(event);
  }

  /** The thinned part that has events before and after a step: to be made anew before an input cuts it. */
  thinnedAcross(step: number): EventSummary | null {
    const part = this.partAfterStep(step);
    return part && !part.exact && part.fromStep <= step ? part : null;
  }

  /** What comes after a step is another future now: it is dropped. */
  forgetAfter(step: number): void {
    this.close();
    const from = this.firstPart((part) => part.toStep > step);
    const dropped = this.parts.splice(from);
    this.closedWeight -= dropped.reduce((sum, { weight }) => sum + weight, 0);
    const cut = dropped[0];
    if (cut) this.generation++;
    if (!cut?.exact) return;
    const kept = cut.countUntil(step);
    for (let at = 0; at < kept; at++) this.append(cut.eventAt(at));
  }

  /** The part that has the event of this number; undefined beyond the last. */
  partWith(number: number): LogPart | undefined {
    return this.parts[this.firstPart((part) => part.first + part.count > number)];
  }

  /** The first part that reaches beyond a step. */
  partAfterStep(step: number): LogPart | undefined {
    return this.parts[this.firstPart((part) => part.toStep > step)];
  }

  /** Somebody has looked at it: it is thinned later than others. */
  touch(chunk: EventChunk): void {
    chunk.used = ++this.clock;
  }

  /** Whether so many bytes more could be kept. */
  hasRoomFor(bytes: number): boolean {
    return this.closedWeight + bytes <= this.limit * ENOUGH;
  }

  /** Puts parts in the place of a summary: the same events, finer. */
  replace(summary: EventSummary, finer: readonly LogPart[]): void {
    const at = this.parts.indexOf(summary);
    if (at < 0) return;
    this.parts.splice(at, 1, ...finer);
    this.closedWeight += finer.reduce((sum, { weight }) => sum + weight, -summary.weight);
    this.shrink();
  }

  /** The place of the first part for which something holds that holds for all after it, too. */
  private firstPart(holds: (part: LogPart) => boolean): number {
    let [low, high] = [0, this.parts.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(this.parts[middle])) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** What comes next begins a chunk. */
  private close(): void {
    const { open } = this;
    if (!open) return;
    open.close();
    this.touch(open);
    this.open = null;
    this.closedWeight += open.weight;
  }

  /** Thins what nobody has looked at for longest, then makes summaries coarser, until the rest fits. */
  private shrink(): void {
    if (this.closedWeight <= this.limit) return;
    const exact = this.parts.filter((part): part is EventChunk => part.exact && part !== this.open);
    exact.sort((a, b) => a.used - b.used);
    const thinned = new Map<LogPart, EventSummary>();
    // The last one is what somebody looks at now.
    for (const chunk of exact.slice(0, -1)) {
      if (this.closedWeight <= this.limit * ENOUGH) break;
      const summary = EventSummary.of(chunk);
      thinned.set(chunk, summary);
      this.closedWeight += summary.weight - chunk.weight;
    }
    this.parts = this.parts.map((part) => thinned.get(part) ?? part);
    while (this.summariesWeight() > this.limit * FOR_SUMMARIES && this.coarsen());
  }

  private summariesWeight(): number {
    return this.parts.reduce((sum, part) => (part.exact ? sum : sum + part.weight), 0);
  }

  /** Makes one of neighbouring summaries, the finest first. False when they are one already. */
  private coarsen(): boolean {
    const coarser: LogPart[] = [];
    let neighbours = false;
    for (const part of this.parts) {
      const last = coarser[coarser.length - 1];
      if (!last || last.exact || part.exact) coarser.push(part);
      else if (last.count + part.count > this.grain) {
        neighbours = true;
        coarser.push(part);
      } else {
        const one = last.with(part);
        this.closedWeight += one.weight - last.weight - part.weight;
        coarser[coarser.length - 1] = one;
      }
    }
    this.parts = coarser;
    this.grain *= 2;
    return neighbours;
  }
}
