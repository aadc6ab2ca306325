/** What the views of the panel ask for by themselves: stretches of the timeline, and what they add up to. */
import { signalNumbers } from '../computer/inspect-format.js';
import { constant } from '../computer/kernel-records.js';
import type { TimelineAnswer, TimelineSums } from '../computer/views/timeline/activity.js';
import { FollowedLanes } from '../computer/views/timeline/catch-up.js';
import { RunLanes } from '../computer/views/timeline/run-lanes.js';
import { timelineSums } from '../computer/views/timeline/sums.js';
import { timelineWindow } from '../computer/views/timeline/window.js';
import type { Machine } from '../machine/machine.js';
import type { EventRecord } from './event-record.js';
import { TIMELINE_REQUEST, TIMELINE_SUMS_REQUEST } from './messages.js';
import { RequestError, type HandlerTable } from './protocol.js';
import type { SessionState } from './session-state.js';

export function viewHandlers(session: SessionState): HandlerTable {
  const followed = new WeakMap<EventRecord, FollowedLanes>();
  /** The lanes of the whole run, as far as it has come. They are made when they are first asked for. */
  const withLanes = <Found>(use: (lanes: RunLanes) => Found): Found | Promise<Found> => {
    const { record, machine } = session.recorded();
    if (!record) throw new RequestError('This run has no log of events.');
    let lanes = followed.get(record);
    if (!lanes) followed.set(record, (lanes = new FollowedLanes(record.log, () => emptyLanes(machine))));
    const done = (all: RunLanes): Found => {
      if (machine.steps >= record.log.lastStep) all.settleUntil(machine.time);
      return use(all);
    };
    const found = session.execution.look(record.answer(lanes.all()), 'Reading the events');
    return found instanceof Promise ? found.then(done) : done(found);
  };
  return {
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

function emptyLanes(machine: Machine): RunLanes {
  const states = {
    stopped: constant(machine, 'TASK_STOPPED'),
    zombie: constant(machine, 'TASK_ZOMBIE'),
    dead: constant(machine, 'TASK_DEAD'),
  };
  return new RunLanes(machine.cpus.length, machine.costs, states, signalNumbers(machine));
}
