/**
 * What devices have moved, by device and direction, at any instant of a run: the kernel's own counts do not tell these
 * apart. It follows the log of events, of which only a few kinds are read.
 */
import type { TraceEvent } from '../../events/event.js';
import { mayHold, passing, type EventFilter } from '../../events/filter.js';
import type { EventLog } from '../../events/log.js';
import type { Missing } from '../../events/select.js';
import { flag, integer, kernelEvent } from '../../kernel-records.js';

export interface Moved {
  copies: number;
  bytes: number;
}

/** In: into memory. */
export type DmaWay = 'diskIn' | 'diskOut' | 'netIn' | 'netOut';
export type DmaTotals = Record<DmaWay, Moved>;

/** The disk's driver tells of the end of a request, and in the same breath of what was moved for it. */
const NAMES = new Set(['block_rq_complete', 'copy_dma']);
const FILTER: EventFilter = { wants: (name) => NAMES.has(name) };

export class FollowedDma {
  /** By copy, in the order of the run: its step, its way, and what has gone this way with it. */
  private steps: number[] = [];
  private ways: DmaWay[] = [];
  private totals: Moved[] = [];
  /** CPUs whose last event of these kinds was the end of a request to the disk. */
  private readonly completed = new Set<number>();
  private taken = 0;
  private generation = -1;

  constructor(private readonly log: EventLog) {}

  /** Reads what has come since it was last asked for. */
  *all(): Generator<Missing, void> {
    const { log } = this;
    if (this.generation !== log.generation) {
      this.generation = log.generation;
      [this.steps, this.ways, this.totals, this.taken] = [[], [], [], 0];
      this.completed.clear();
    }
    while (this.taken < log.length) {
      const part = log.partWith(this.taken);
      if (!part) return;
      const end = part.first + part.count;
      if (!mayHold(part, FILTER)) this.taken = end;
      else if (!part.exact) yield { summary: part, wanted: { number: this.taken } };
      else {
        log.touch(part);
        const passes = passing(part, FILTER);
        for (; this.taken < end; this.taken++) {
          const at = this.taken - part.first;
          if (passes(at)) this.take(part.eventAt(at));
        }
      }
    }
  }

  /** What has been moved until a step, that one included. */
  until(step: number): DmaTotals {
    let [low, high] = [0, this.steps.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.steps[middle] <= step) low = middle + 1;
      else high = middle;
    }
    const of = (way: DmaWay): Moved => {
      const at = this.ways.lastIndexOf(way, low - 1);
      return low > 0 && at >= 0 ? this.totals[at] : { copies: 0, bytes: 0 };
    };
    return { diskIn: of('diskIn'), diskOut: of('diskOut'), netIn: of('netIn'), netOut: of('netOut') };
  }

  /** Which device and which way the copy of DMA was that came at a step; null if none did. */
  wayAt(step: number): DmaWay | null {
    const at = this.steps.lastIndexOf(step);
    return at < 0 ? null : this.ways[at];
  }

  private take(passed: TraceEvent): void {
    const { name, fields, step, cpu } = kernelEvent(passed);
    if (name === 'block_rq_complete') this.completed.add(cpu);
    if (name !== 'copy_dma') return;
    const device = this.completed.delete(cpu) ? 'disk' : 'net';
    const way: DmaWay = `${device}${flag(fields, 'write') ? 'Out' : 'In'}`;
    const before = this.totals[this.ways.lastIndexOf(way)] ?? { copies: 0, bytes: 0 };
    this.steps.push(step);
    this.ways.push(way);
    this.totals.push({ copies: before.copies + 1, bytes: before.bytes + integer(fields, 'bytes') });
  }
}
