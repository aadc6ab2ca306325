/** What goes between the Machine view's page and whoever shows it (the extension, a report, a test). Plain JSON. */
import {
  SNAPSHOT_PARTS,
  VIEW_QUERIES,
  type PartialSnapshot,
  type SnapshotChanges,
  type SnapshotPart,
  type StateEvent,
  type ViewQueries,
  type ViewQuery,
} from '../debugger/messages.js';

export type ToPanel =
  /** A session has begun: what was shown before is of another run. */
  | { type: 'started' }
  | { type: 'snapshot'; snapshot: PartialSnapshot; version: number }
  /** What has changed since: `applyChanges` makes the snapshot of it. */
  | { type: 'changes'; changes: SnapshotChanges }
  /** The clock only: sent while the machine runs, and at each stop ahead of the snapshot. */
  | { type: 'state'; state: StateEvent }
  /** To the question of this number. */
  | { type: 'answer'; id: number; answer: ViewQueries[ViewQuery]['answer'] }
  /** Why there is no answer: the machine runs, or there is no session. */
  | { type: 'refused'; id: number; reason: string }
  /** The session has ended: what is shown is its last state. */
  | { type: 'ended' };

export type FromPanel =
  /** The page listens, and shows these parts: send what there is. */
  | { type: 'ready'; parts: SnapshotPart[] }
  /** Other parts are shown now: what is out of sight need not be sent. */
  | { type: 'shows'; parts: SnapshotPart[] }
  /** A view wants what it draws: asked only while it can be seen, and for the stretch that is in sight. */
  | { type: 'ask'; id: number; query: ViewQuery; args: object }
  /** Take the machine to this step, or to the first instant at which the clock shows a time. */
  | { type: 'seek'; step?: number; time?: number }
  /** Open this line in the editor. */
  | { type: 'reveal'; path: string; line: number };

/** Messages come from outside of the program: what does not look like one is dropped. */
export function isFromPanel(message: unknown): message is FromPanel {
  const m = message as Partial<Record<string, unknown>> | null;
  if (typeof m !== 'object' || m === null) return false;
  switch (m.type) {
    case 'ready':
    case 'shows':
      return Array.isArray(m.parts) && m.parts.every((part) => SNAPSHOT_PARTS.includes(part as SnapshotPart));
    case 'ask':
      return (
        Number.isInteger(m.id) &&
        (VIEW_QUERIES as readonly unknown[]).includes(m.query) &&
        typeof m.args === 'object' &&
        m.args !== null
      );
    case 'seek':
      return Number.isInteger(m.step) !== Number.isInteger(m.time);
    case 'reveal':
      return typeof m.path === 'string' && Number.isInteger(m.line);
    default:
      return false;
  }
}
