/** How the reader has arranged the page: kept when the view is hidden, moved or the window reloads. */

export interface Layout {
  version: 2;
  /** The view in front. */
  view: string;
  /** By section: whether it is folded away. */
  folded: Record<string, boolean>;
  /** By view: how far it is scrolled. */
  scroll: Record<string, number>;
  /** What a view keeps for itself, by view. */
  own: Record<string, unknown>;
}

export function restored(state: unknown, view: string): Layout {
  const kept = state as Layout | undefined;
  return kept?.version === 2 ? kept : { version: 2, view, folded: {}, scroll: {}, own: {} };
}
