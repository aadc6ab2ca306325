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
  /** Events of the first step that are of parts before. */
  private skip: number;
  private kept = 0;

  /** @param wanted what will be there, whatever else there is room for */
  constructor(
    private readonly log: EventLog,
    readonly summary: EventSummary,
    private readonly wanted: Wanted,
  ) {
    this.next = summary.first;
    this.skip = summary.skip;
  }

  /** An event has come by; those that are not of this part are none of ours. */
  take(event: TraceEvent): void {
    const { first, count, fromStep, toStep } = this.summary;
    if (event.step < fromStep || event.step > toStep) return;
    if (event.step === fromStep && this.skip-- > 0) return;
    // An input's events may begin another part at this step.
    if (event.step === toStep && this.next === first + count) return;
    if (!this.open?.takes(event.step, event.time)) {
      this.close(event.step);
      const last = this.parts.at(-1);
      const before = last?.toStep === event.step ? last.atEnd : 0;
      this.open = new EventChunk(this.next, last ? before : this.summary.skip, this.log.chunkEvents);
    }
    this.open?.append(event);
    this.next++;
  }

  /** All have come by: they take the place of what was left of them. */
  end(): void {
    this.close(this.summary.toStep);
    const { first, count, fromStep, toStep } = this.summary;
    if (this.next !== first + count) {
      const found = `${this.next - first} events where there were ${count}`;
      throw new Error(`Executed again, the run has ${found}, in steps ${fromStep} to ${toStep}.`);
    }
    this.log.replace(this.summary, this.parts);
  }

  private isWanted({ first, count, fromStep }: EventChunk, nextStep: number): boolean {
    const { wanted } = this;
    if ('number' in wanted) return first <= wanted.number && wanted.number < first + count;
    // Where the step is between two chunks, the one before it keeps summaries on both sides apart.
    return fromStep <= wanted.step && wanted.step < nextStep;
  }

  /** @param nextStep of the event that comes after it */
  private close(nextStep: number): void {
    const { open } = this;
    if (!open) return;
    this.open = null;
    open.close();
    const isWanted = this.isWanted(open, nextStep);
    if (!isWanted && !this.log.hasRoomFor(this.kept + open.weight)) {
      this.parts.push(EventSummary.of(open));
      return;
    }
    if (isWanted) this.log.touch(open);
    this.kept += open.weight;
    this.parts.push(open);
  }
}
