/** What goes between the Machine view's page and whoever shows it (the extension, a report, a test). Plain JSON. */
import {
  SNAPSHOT_PARTS,
  type PartialSnapshot,
  type SnapshotChanges,
  type SnapshotPart,
  type StateEvent,
} from '../debugger/messages.js';

export type ToPanel =
  /** A session has begun: what was shown before is of another run. */
  | { type: 'started' }
  | { type: 'snapshot'; snapshot: PartialSnapshot; version: number }
  /** What has changed since: `applyChanges` makes the snapshot of it. */
  | { type: 'changes'; changes: SnapshotChanges }
  /** The clock only: sent while the machine runs, and at each stop ahead of the snapshot. */
  | { type: 'state'; state: StateEvent }
  /** The session has ended: what is shown is its last state. */
  | { type: 'ended' };

export type FromPanel =
  /** The page listens, and shows these parts: send what there is. */
  | { type: 'ready'; parts: SnapshotPart[] }
  /** Other parts are shown now: what is folded away need not be sent. */
  | { type: 'shows'; parts: SnapshotPart[] }
  /** Open this line in the editor. */
  | { type: 'reveal'; path: string; line: number };

/** Messages come from outside of the program: what does not look like one is dropped. */
export function isFromPanel(message: unknown): message is FromPanel {
  const m = message as Partial<Record<string, unknown>> | null;
  if (typeof m !== 'object' || m === null) return false;
  if (m.type === 'ready' || m.type === 'shows')
    return Array.isArray(m.parts) && m.parts.every((part) => SNAPSHOT_PARTS.includes(part as SnapshotPart));
  return m.type === 'reveal' && typeof m.path === 'string' && Number.isInteger(m.line);
}
