/** What the Events view draws of a run: some rows of the list of those that pass its filter, from a place on. */
import type { NumberedEvent, Missing } from '../../events/select.js';
import { countUntil } from '../../events/select.js';
import type { EventLog } from '../../events/log.js';
import { visible } from '../../../language/visible.js';
import { textOf } from '../../../machine/text.js';
import { fieldTexts, type EventChoice, type FoundEvents } from './found.js';

export interface EventListArguments extends EventChoice {
  /** The first place wanted, from 0. */
  from: number;
  /** Rows at most. */
  count: number;
  /** Whether what can be chosen is wanted, too: names and tasks. */
  choices?: boolean | null;
}

export interface EventListAnswer {
  /** The place of the first row. */
  from: number;
  rows: EventRow[];
  /** Events that pass the filter, and all of the run as far as it has come. */
  count: number;
  total: number;
  /** The place of the last one that has happened where the machine stands; -1: none has. */
  here: number;
  choices?: { names: string[]; tasks: { pid: number; name: string }[] };
}

/** An event as a client is told of it; what it carries comes with it, in one form or another. */
export interface EventFacts {
  /** Of all events of the run, from 0. */
  number: number;
  /** `osim/seek` to it shows the machine right behind the event. */
  step: number;
  /** Ticks. */
  time: number;
  cpu: number;
  /** The task that had the CPU; -1 while it boots. */
  pid: number;
  task: string;
  name: string;
}

export interface EventRow extends EventFacts {
  /** Field and value. */
  fields: [string, string][];
  /** Ticks since the row before, and how many events were left out between; null of the first row. */
  since: number | null;
  between: number;
}

/** Tasks that can be chosen, at most: the others are found by text. */
const MOST_TASKS = 200;

/** @param step where the machine stands */
export function* eventRows(
  log: EventLog,
  found: FoundEvents,
  { from, count, choices }: EventListArguments,
  step: number,
): Generator<Missing, EventListAnswer> {
  const here = found.placeOf(yield* countUntil(log, step)) - 1;
  const first = Math.max(0, Math.min(from, found.count - 1));
  const end = Math.min(first + count, found.count);
  const rows: EventRow[] = [];
  let before: NumberedEvent | null = first > 0 ? yield* eventWith(log, found.numberAt(first - 1)) : null;
  for (let place = first; place < end; place++) {
    const event: NumberedEvent = yield* eventWith(log, found.numberAt(place));
    rows.push(rowOf(event, before));
    before = event;
  }
  return {
    from: first,
    rows,
    count: found.count,
    total: log.length,
    here,
    ...(choices && { choices: choicesOf(log) }),
  };
}

function* eventWith(log: EventLog, number: number): Generator<Missing, NumberedEvent> {
  for (;;) {
    const part = log.partWith(number);
    if (!part) throw new RangeError(`no event ${number}`);
    if (part.exact) {
      log.touch(part);
      return { number, ...part.eventAt(number - part.first) };
    }
    yield { summary: part, wanted: { number } };
  }
}

function rowOf(event: NumberedEvent, before: NumberedEvent | null): EventRow {
  const { number, step, time, cpu, pid, task, name } = event;
  return {
    number,
    step,
    time,
    cpu,
    pid,
    task: visible(textOf(task)),
    name,
    fields: fieldTexts(event),
    since: before && time - before.time,
    between: before ? number - before.number - 1 : number,
  };
}

function choicesOf(log: EventLog): EventListAnswer['choices'] {
  const names = new Set<string>();
  const tasks = new Map<number, string>();
  for (const part of log.all) {
    if (part.exact) {
      for (const { name } of part.kinds) names.add(name);
      for (const { pid, name } of part.tasks) tasks.set(pid, visible(textOf(name)));
    } else {
      for (const name of part.kinds.keys()) names.add(name);
      for (const pid of part.tasks?.pids ?? []) if (!tasks.has(pid)) tasks.set(pid, '');
    }
  }
  const byPid = [...tasks].filter(([pid]) => pid >= 0).sort(([a], [b]) => a - b);
  return {
    names: [...names].sort(),
    tasks: byPid.slice(0, MOST_TASKS).map(([pid, name]) => ({ pid, name })),
  };
}
