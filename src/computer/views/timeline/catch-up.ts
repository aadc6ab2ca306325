/** Lanes that follow a log of events: they take what has come since they were last looked at, and only then. */
import type { EventLog } from '../../events/log.js';
import type { Missing } from '../../events/select.js';
import type { RunLanes } from './run-lanes.js';

export class FollowedLanes {
  private lanes: RunLanes | null = null;
  private taken = 0;
  private generation = -1;

  constructor(
    private readonly log: EventLog,
    private readonly empty: () => RunLanes,
  ) {}

  /** The lanes of all events that the log knows of; what was thinned is made anew. */
  *all(): Generator<Missing, RunLanes, void> {
    const { log } = this;
    // An input has given the run another future: what followed it is not told apart, so all is read again.
    if (!this.lanes || this.generation !== log.generation) {
      this.generation = log.generation;
      this.lanes = this.empty();
      this.taken = 0;
    }
    while (this.taken < log.length) {
      const part = log.partWith(this.taken);
      if (!part) break;
      if (!part.exact) yield { summary: part, wanted: { number: this.taken } };
      else {
        log.touch(part);
        const end = part.first + part.count;
        for (; this.taken < end; this.taken++) this.lanes.take(part.eventAt(this.taken - part.first), this.taken);
      }
    }
    return this.lanes;
  }
}
