/** The events of a part that was thinned, as the run comes by them again. */
import { EventChunk } from './chunk.js';
import type { TraceEvent } from './event.js';
import type { EventLog, LogPart } from './log.js';
import { EventSummary } from './summary.js';

/** The event of a number, or those around a step. */
export type Wanted = { number: number } | { step: number };

export class Remaking {
  private readonly parts: LogPart[] = [];
  private open: EventChunk | null = null;
  private next: number;
  private kept = 0;

  /** @param wanted what will be there, whatever else there is room for */
  constructor(
    private readonly log: EventLog,
    readonly summary: EventSummary,
    private readonly wanted: Wanted,
  ) {
    this.next = summary.first;
  }

  /** An event has come by; those that are not of this part are none of ours. */
  take(event: TraceEvent): void {
    if (event.step < this.summary.fromStep || event.step > this.summary.toStep) return;
    if (!this.open?.takes(event.step, event.time)) {
      this.close();
      this.open = new EventChunk(this.next, this.log.chunkEvents);
    }
    this.open?.append(event);
    this.next++;
  }

  /** All have come by: they take the place of what was left of them. */
  end(): void {
    this.close();
    const { first, count, fromStep, toStep } = this.summary;
    if (this.next !== first + count) {
      const found = `${this.next - first} events where there were ${count}`;
      throw new Error(`Executed again, the run has ${found}, in steps ${fromStep} to ${toStep}.`);
    }
    this.log.replace(this.summary, this.parts);
  }

  private isWanted({ first, count, fromStep, toStep }: EventChunk): boolean {
    const { wanted } = this;
    if ('number' in wanted) return first <= wanted.number && wanted.number < first + count;
    return fromStep <= wanted.step && wanted.step < toStep;
  }

  private close(): void {
    const { open } = this;
    if (!open) return;
    this.open = null;
    open.close();
    const isWanted = this.isWanted(open);
    if (!isWanted && !this.log.hasRoomFor(this.kept + open.weight)) {
      this.parts.push(EventSummary.of(open));
      return;
    }
    if (isWanted) this.log.touch(open);
    this.kept += open.weight;
    this.parts.push(open);
  }
}
