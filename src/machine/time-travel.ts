/** Going to an exact step, back or forth: the history puts whole epochs in place, the rest is executed again. */
import type { Board } from './board.js';
import type { CodeBreakpoints } from './code-breakpoints.js';
import type { Scheduler } from './scheduler.js';

/** Instructions between two moments at which a long seek may be interrupted. */
const SEEK_PIECE = 50_000;

/**
 * Goes to a step in pieces of some thousand instructions; not beyond the end of the run. Yields how much of the way is
 * done, 0 to 1. Nothing else may run the machine before it has come to its end, or is given up.
 */
export function* seeking(
  board: Board,
  scheduler: Scheduler,
  breakpoints: CodeBreakpoints,
  step: number,
): Generator<number, void> {
  if (!board.history.enabled) throw new Error('history is off');
  const target = Math.max(0, step);
  board.work.finish();
  jump(board, target);
  const wanted = breakpoints.set([]);
  const from = board.steps;
  while (board.steps < target && !board.outcome) {
    scheduler.run(Math.min(target - board.steps, SEEK_PIECE));
    if (board.steps < target) yield (board.steps - from) / (target - from);
  }
  scheduler.arrive();
  breakpoints.set(wanted);
}

/** Goes to the last recorded boundary before `target`, unless the machine stands between the two already. */
function jump(board: Board, target: number): void {
  const { history } = board;
  const ahead = history.future[history.future.length - 1];
  if (target >= board.steps && !(ahead && ahead.end <= target)) return;
  board.syncStacks();
  board.work.forget();
  history.rewindCurrent();
  while (history.boundary > target && history.back());
  for (;;) {
    const next = history.future[history.future.length - 1];
    if (!next || next.end > target) break;
    history.forward();
  }
  board.steps = history.boundary;
}

/** Steps at which the history can put the machine without executing anything again, ascending. */
export function boundaries({ history }: Board): number[] {
  const { past, current, future } = history;
  return [...past.map(({ step }) => step), current.step, ...future.map(({ end }) => end).reverse()];
}
