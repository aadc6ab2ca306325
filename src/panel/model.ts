/** What the Machine view shows, and what it can ask for. */
import type { PartialSnapshot, Snapshot, StateEvent } from '../debugger/messages.js';

export interface Model {
  /** The latest; null before the first stop. */
  snapshot: PartialSnapshot | null;
  version: number;
  /** The one before: what differs from it is marked. */
  previous: PartialSnapshot | null;
  state: StateEvent | null;
  /** The session has ended; its last state is still shown. */
  ended: boolean;
}

export interface Actions {
  reveal(path: string, line: number): void;
}

export const emptyModel: Model = { snapshot: null, version: -1, previous: null, state: null, ended: false };

/** What there would be to draw of parts that are not there: they are folded away, and nobody sees it. */
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
