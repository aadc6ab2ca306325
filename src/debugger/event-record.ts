/**
 * The log of a debugged run. It hears of every event each time that the run comes by, takes those that it does not have
 * yet, and has parts that were thinned made anew: the run is executed again there, on a visit that leaves the stopped
 * machine as it is.
 */
import type { EventLog } from '../computer/events/log.js';
import { PassingEvent } from '../computer/events/passing.js';
import { Remaking } from '../computer/events/remaking.js';
import type { Missing } from '../computer/events/select.js';
import type { Machine } from '../machine/machine.js';
import { Visit } from '../machine/visit.js';

export class EventRecord {
  private remaking: Remaking | null = null;
  /** What happens now is an input's doing, at the step of the last event perhaps. */
  private isInput = false;

  constructor(
    private readonly machine: Machine,
    readonly log: EventLog,
  ) {
    const event = new PassingEvent(machine);
    machine.onEvent = (name, fields) => {
      if (!this.remaking && !this.isInput && machine.steps <= this.log.lastStep) return;
      event.name = name;
      event.fields = fields;
      if (this.remaking) this.remaking.take(event);
      else this.log.append(event);
    };
  }

  /** Gives an input at the present step: what the log has of the time after it is dropped. */
  input(give: () => void): void {
    const { log, machine } = this;
    const cut = log.thinnedAcross(machine.steps);
    if (cut) for (const way = this.remake({ summary: cut, wanted: { step: machine.steps } }); !way.next().done;);
    log.forgetAfter(machine.steps);
    this.isInput = true;
    try {
      give();
    } finally {
      this.isInput = false;
    }
  }

  /** Answers a question, with what it misses made anew; yields how much of the way there is done, 0 to 1. */
  *answer<Found>(question: Generator<Missing, Found, void>): Generator<number, Found> {
    for (;;) {
      const { done, value } = question.next();
      if (done) return value;
      yield* this.remake(value);
    }
  }

  private *remake({ summary, wanted }: Missing): Generator<number, void> {
    const { machine, log } = this;
    const remaking = new Remaking(log, summary, wanted);
    const visit = new Visit(machine);
    try {
      this.remaking = remaking;
      for (const way = visit.toBoundary(summary.fromStep - 1); !way.next().done;) yield 0;
      const from = machine.steps;
      for (const way = visit.run(summary.toStep); !way.next().done;)
        yield (machine.steps - from) / (summary.toStep - from);
    } finally {
      this.remaking = null;
      visit.end();
    }
    remaking.end();
  }
}
