/** What clients can ask of the log of events: windows of it, exactly, and how many there are of each kind, roughly. */
import { densityOf } from '../computer/events/density.js';
import { namesLike, type EventFilter } from '../computer/events/filter.js';
import { plainValue } from '../computer/events/json.js';
import { countUntil, select, type Answer, type Missing, type NumberedEvent } from '../computer/events/select.js';
import { textOf } from '../machine/text.js';
import type { EventRecord } from './event-record.js';
import {
  EVENT_COUNTS_REQUEST,
  EVENTS_REQUEST,
  type EventCountsAnswer,
  type EventsAnswer,
  type EventsArguments,
  type EventView,
  type EventWishes,
} from './messages.js';
import { RequestError, type HandlerTable } from './protocol.js';
import type { SessionState } from './session-state.js';

const EVENTS_AT_ONCE = 1000;

export function eventHandlers(session: SessionState): HandlerTable {
  const recordOf = (): EventRecord => {
    const { record } = session.recorded();
    if (!record) throw new RequestError('This run has no log of events.');
    return record;
  };
  return {
    [EVENTS_REQUEST]: (args): EventsAnswer | Promise<EventsAnswer> => {
      const record = recordOf();
      if (args.number != null && args.step != null)
        throw new RequestError('Events are counted from a number, or from a step: give one of them.');
      const filter = filterOf(args);
      const { log } = record;
      const shown = ({ events, next }: Answer): EventsAnswer => ({
        events: events.map(viewOf),
        next,
        total: log.length,
      });
      const found = session.execution.look(record.answer(asked(record, args, filter)), 'Looking for events');
      return found instanceof Promise ? found.then(shown) : shown(found);
    },
    [EVENT_COUNTS_REQUEST]: (args): EventCountsAnswer => {
      const { log } = recordOf();
      const { fromTime, toTime } = args;
      if (fromTime >= toTime) throw new RequestError('fromTime must be less than toTime.');
      const bins = densityOf(log, { ...filterOf(args), fromTime, toTime }, args.bins);
      return {
        bins: bins.map(({ counts, exact }) => ({ counts: Object.fromEntries(counts), exact })),
        total: log.length,
      };
    },
  };
}

function filterOf({ names, pid, fromTime, toTime }: EventWishes): EventFilter {
  return {
    ...(names != null && { wants: namesLike(names) }),
    ...(pid != null && { pid }),
    ...(fromTime != null && { fromTime }),
    ...(toTime != null && { toTime }),
  };
}

/** The question that the arguments are: from a number, from a step, or from the end that is looked from. */
function* asked(record: EventRecord, args: EventsArguments, filter: EventFilter): Generator<Missing, Answer, void> {
  const { log } = record;
  const { number, step, count } = args;
  const backward = args.backward === true;
  let from = number ?? (backward ? log.length - 1 : 0);
  if (step != null) {
    const until = yield* countUntil(log, step);
    from = backward ? until - 1 : until;
  }
  return yield* select(log, { from, backward, filter, most: count ?? EVENTS_AT_ONCE });
}

function viewOf({ number, step, time, cpu, pid, task, name, fields }: NumberedEvent): EventView {
  const values = fields.shape.fields.map((field, i) => [field, plainValue(fields.fields[i] ?? null)]);
  return { number, step, time, cpu, pid, task: textOf(task), name, fields: Object.fromEntries(values) };
}
