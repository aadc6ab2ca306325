/** What the Machine view shows, and what it can ask for. */
import type { Snapshot, StateEvent } from '../debugger/messages.js';

export interface Model {
  /** The latest; null before the first stop. */
  snapshot: Snapshot | null;
  /** The one before: what differs from it is marked. */
  previous: Snapshot | null;
  state: StateEvent | null;
  /** The session has ended; its last state is still shown. */
  ended: boolean;
}

export interface Actions {
  reveal(path: string, line: number): void;
}

export const emptyModel: Model = { snapshot: null, previous: null, state: null, ended: false };
