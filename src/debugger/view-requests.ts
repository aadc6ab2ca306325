/** What the views of the panel ask for by themselves: stretches of the timeline, rows of the list of events. */
import { signalNumbers } from '../computer/inspect-format.js';
import { constant } from '../computer/kernel-records.js';
import type { DataPathAnswer } from '../computer/views/data/copy.js';
import { FollowedDma } from '../computer/views/data/dma.js';
import { FoundEvents, type EventChoice } from '../computer/views/events/found.js';
import { eventRows, type EventListAnswer, type EventListArguments } from '../computer/views/events/window.js';
import { memoryOf, type MemoryAnswer } from '../computer/views/memory/space.js';
import type { TimelineAnswer, TimelineSums } from '../computer/views/timeline/activity.js';
import { FollowedLanes } from '../computer/views/timeline/catch-up.js';
import { RunLanes } from '../computer/views/timeline/run-lanes.js';
import { timelineSums } from '../computer/views/timeline/sums.js';
import { timelineWindow } from '../computer/views/timeline/window.js';
import type { Machine } from '../machine/machine.js';
import type { EventRecord } from './event-record.js';
import { lastCopy } from './last-copy.js';
import {
  DATA_PATH_REQUEST,
  EVENT_LIST_REQUEST,
  MEMORY_REQUEST,
  TIMELINE_REQUEST,
  TIMELINE_SUMS_REQUEST,
} from './messages.js';
import { RequestError, type HandlerTable } from './protocol.js';
import type { SessionState } from './session-state.js';

export function viewHandlers(session: SessionState): HandlerTable {
  const logged = (): { record: EventRecord; machine: Machine } => {
    const { record, machine } = session.recorded();
    if (!record) throw new RequestError('This run has no log of events.');
    return { record, machine };
  };
  const followed = new WeakMap<EventRecord, FollowedLanes>();
  /** The lanes of the whole run, as far as it has come. They are made when they are first asked for. */
  const withLanes = <Found>(use: (lanes: RunLanes) => Found): Found | Promise<Found> => {
    const { record, machine } = logged();
    let lanes = followed.get(record);
    if (!lanes) followed.set(record, (lanes = new FollowedLanes(record.log, () => emptyLanes(machine))));
    const done = (all: RunLanes): Found => {
      if (machine.steps >= record.log.lastStep) all.settleUntil(machine.time);
      return use(all);
    };
    const found = session.execution.look(record.answer(lanes.all()), 'Reading the events');
    return found instanceof Promise ? found.then(done) : done(found);
  };
  const moved = new WeakMap<EventRecord, FollowedDma>();
  const lists = new WeakMap<EventRecord, Map<string, FoundEvents>>();
  return {
    [EVENT_LIST_REQUEST]: (args): EventListAnswer | Promise<EventListAnswer> => {
      const { record, machine } = logged();
      let ofRun = lists.get(record);
      if (!ofRun) lists.set(record, (ofRun = new Map()));
      const rows = rowsOf(record, foundFor(ofRun, record, args), args, machine.steps);
      return session.execution.look(rows, 'Looking for events');
    },
    [DATA_PATH_REQUEST]: (): DataPathAnswer | Promise<DataPathAnswer> => {
      const { record, machine } = logged();
      let dma = moved.get(record);
      if (!dma) moved.set(record, (dma = new FollowedDma(record.log)));
      return session.execution.look(dataPathOf(record, machine, dma), 'Reading the events');
    },
    [MEMORY_REQUEST]: (args): MemoryAnswer => memoryOf(session.stopped().machine, args),
    [TIMELINE_REQUEST]: (args): TimelineAnswer | Promise<TimelineAnswer> => {
      if (args.from != null && args.to != null && args.from >= args.to)
        throw new RequestError('from must be less than to.');
      return withLanes((lanes) => timelineWindow(lanes, args));
    },
    [TIMELINE_SUMS_REQUEST]: (args): TimelineSums | Promise<TimelineSums> => {
      if (args.from >= args.to) throw new RequestError('from must be less than to.');
      return withLanes((lanes) => timelineSums(lanes, args));
    },
  };
}

/** Lists that are kept: going back to a filter takes no time. */
const MOST_LISTS = 4;

function foundFor(lists: Map<string, FoundEvents>, { log }: EventRecord, choice: EventChoice): FoundEvents {
  const { names, pid, text } = choice;
  const key = JSON.stringify([names ?? '', pid ?? null, text ?? '']);
  const found = lists.get(key) ?? new FoundEvents(log, choice);
  lists.delete(key);
  lists.set(key, found);
  const [oldest] = lists.keys();
  if (lists.size > MOST_LISTS && oldest !== undefined) lists.delete(oldest);
  return found;
}

/** Looks through the log as far as that has not been done, then reads what is wanted. */
function* rowsOf(
  record: EventRecord,
  found: FoundEvents,
  args: EventListArguments,
  step: number,
): Generator<number, EventListAnswer> {
  while (found.done < 1) {
    yield* record.answer(found.more());
    yield found.done;
  }
  return yield* record.answer(eventRows(record.log, found, args, step));
}

function* dataPathOf(record: EventRecord, machine: Machine, dma: FollowedDma): Generator<number, DataPathAnswer> {
  yield* record.answer(dma.all());
  const last = yield* record.answer(lastCopy(machine, record.log, dma));
  return { dma: dma.until(machine.steps), last };
}

function emptyLanes(machine: Machine): RunLanes {
  const states = {
    stopped: constant(machine, 'TASK_STOPPED'),
    zombie: constant(machine, 'TASK_ZOMBIE'),
    dead: constant(machine, 'TASK_DEAD'),
  };
  return new RunLanes(machine.cpus.length, machine.costs, states, signalNumbers(machine));
}
