/**
 * Asking the log. What is asked for may lie in a part that was thinned: each question is a generator, which says what
 * it misses and goes on when that has been made anew (remaking.ts).
 */
import type { TraceEvent } from './event.js';
import { mayHold, passing, type EventFilter } from './filter.js';
import type { EventLog } from './log.js';
import type { Wanted } from './remaking.js';
import type { EventSummary } from './summary.js';

/** A part that is to be made anew, and what of it has to be there then. */
export interface Missing {
  summary: EventSummary;
  wanted: Wanted;
}

export interface Question {
  /** The number at which to begin, which is the first to be looked at. */
  from: number;
  backward: boolean;
  filter: EventFilter;
  /** Events at most. */
  most: number;
}

export interface NumberedEvent extends TraceEvent {
  /** Of the run's events, from 0. */
  readonly number: number;
}

export interface Answer {
  /** In the order in which they were looked for. */
  events: NumberedEvent[];
  /** The number at which to go on; null when there is nothing more. */
  next: number | null;
}

export function* select(log: EventLog, { from, backward, filter, most }: Question): Generator<Missing, Answer, void> {
  const events: NumberedEvent[] = [];
  const way = backward ? -1 : 1;
  let at = backward ? Math.min(from, log.length - 1) : Math.max(0, from);
  while (events.length < most) {
    const part = at < 0 ? undefined : log.partWith(at);
    if (!part) return { events, next: null };
    // The number behind the part's last one, in the direction of the search.
    const end = backward ? part.first - 1 : part.first + part.count;
    if (!mayHold(part, filter)) at = end;
    else if (!part.exact) yield { summary: part, wanted: { number: at } };
    else {
      log.touch(part);
      const passes = passing(part, filter);
      for (; at !== end && events.length < most; at += way) {
        if (passes(at - part.first)) events.push({ number: at, ...part.eventAt(at - part.first) });
      }
    }
  }
  return { events, next: at >= 0 && at < log.length ? at : null };
}

/** How many events came at a step or earlier: the number of the first one after it. */
export function* countUntil(log: EventLog, step: number): Generator<Missing, number, void> {
  for (;;) {
    const part = log.partAfterStep(step);
    if (!part) return log.length;
    if (part.fromStep > step) return part.first;
    if (part.exact) return part.first + part.countUntil(step);
    yield { summary: part, wanted: { step } };
  }
}
