/** What the Machine view knows of the machine: the latest messages. */
import { applyChanges } from '../debugger/snapshot-changes.js';
import type { PartialSnapshot, Snapshot, SnapshotPart, StateEvent } from '../debugger/messages.js';
import type { ToPanel } from './messages.js';

export interface Model {
  /** The latest; null before the first stop. */
  snapshot: PartialSnapshot | null;
  version: number;
  /** The one before: what differs from it is marked. */
  previous: PartialSnapshot | null;
  state: StateEvent | null;
  /** The session has ended; its last state is still shown. */
  ended: boolean;
  /** Grows with each run, and with each instant at which the machine stands: what was asked before is old then. */
  run: number;
  stop: number;
  /** Changes were about a snapshot that is not there: all has to be sent again. */
  missed: boolean;
}

export const emptyModel: Model = {
  snapshot: null,
  version: -1,
  previous: null,
  state: null,
  ended: false,
  run: 0,
  stop: 0,
  missed: false,
};

/** What the page knows when a message has come. */
export function received(model: Model, message: ToPanel): Model {
  switch (message.type) {
    case 'started':
      return { ...emptyModel, run: model.run + 1, stop: model.stop + 1 };
    case 'state': {
      const stop = message.state.running ? model.stop : model.stop + 1;
      return { ...model, state: message.state, ended: false, stop };
    }
    case 'snapshot':
      return withSnapshot(model, message.snapshot, message.version);
    case 'changes': {
      const { snapshot: before, version } = model;
      const snapshot = applyChanges(before && { version, snapshot: before }, message.changes);
      return snapshot ? withSnapshot(model, snapshot, message.changes.version) : { ...model, missed: true };
    }
    case 'ended':
      return { ...model, ended: true };
    default:
      return model;
  }
}

function withSnapshot(model: Model, snapshot: PartialSnapshot, version: number): Model {
  // The same instant again (a view that became visible) must not wipe the marks of what has changed.
  const previous = snapshot.step === model.snapshot?.step ? model.previous : model.snapshot;
  return { ...model, snapshot, version, previous, ended: false, missed: false };
}

/** What there would be to draw of parts that are not there: nobody sees it. */
const NOTHING = {
  tasks: [],
  runQueues: [],
  waitQueues: [],
  openFiles: [],
  pageCache: { pages: 0, dirty: 0, hits: 0, misses: 0, list: [] },
  stats: {},
  copies: [],
};

export function filled(snapshot: PartialSnapshot): Snapshot {
  return { ...NOTHING, ...snapshot };
}

/** The snapshot before, if it had this part: else nothing can be told to have changed. */
export function before({ previous }: Model, part: SnapshotPart): Snapshot | null {
  return previous?.[part] === undefined ? null : filled(previous);
}
