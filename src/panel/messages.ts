/** What goes between the Machine view's page and whoever shows it (the extension, a report, a test). Plain JSON. */
import type { Snapshot, StateEvent } from '../debugger/messages.js';

export type ToPanel =
  /** A session has begun: what was shown before is of another run. */
  | { type: 'started' }
  | { type: 'snapshot'; snapshot: Snapshot }
  /** The clock only: sent while the machine runs, and at each stop ahead of the snapshot. */
  | { type: 'state'; state: StateEvent }
  /** The session has ended: what is shown is its last state. */
  | { type: 'ended' };

export type FromPanel =
  /** The page listens: send what there is. */
  | { type: 'ready' }
  /** Open this line in the editor. */
  | { type: 'reveal'; path: string; line: number };

/** Messages come from outside of the program: what does not look like one is dropped. */
export function isFromPanel(message: unknown): message is FromPanel {
  const m = message as Partial<Record<string, unknown>> | null;
  if (typeof m !== 'object' || m === null) return false;
  if (m.type === 'ready') return true;
  return m.type === 'reveal' && typeof m.path === 'string' && Number.isInteger(m.line);
}
