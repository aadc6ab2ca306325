/** What a run is worth: what its `expect`s found, the ends of processes that none of them names, the exit status. */
import type { Computer } from './computer.js';
import { environmentOf, evaluateExpects, expectsOutcome, type ExpectResult } from './expects.js';
import { unnamedEndings, type UnnamedEnding } from './unnamed-endings.js';

export interface Verdict {
  expects: ExpectResult[];
  /** Each is a failure to `osim test`. */
  endings: UnnamedEnding[];
  /** The exit status of `osim run`, which ignores the ends that no `expect` names. */
  status: number;
}

/**
 * Exit statuses of a run, the first that applies: it is not the recorded one; the kernel panicked; a limit was reached;
 * an `expect` failed; it ended in a deadlock that no `expect` names.
 */
export const RUN_STATUS = { OK: 0, EXPECT_FAILED: 1, ERRORS: 2, DEADLOCK: 3, PANIC: 4, LIMIT: 5 } as const;

export function verdictOf(computer: Computer): Verdict {
  const expects = evaluateExpects(computer);
  const endings = unnamedEndings(computer, environmentOf(computer));
  return { expects, endings, status: statusOf(computer, expects) };
}

function statusOf(computer: Computer, expects: readonly ExpectResult[]): number {
  const outcome = computer.machine.outcome?.kind;
  if (computer.replayFault !== null) return RUN_STATUS.ERRORS;
  if (outcome === 'panic') return RUN_STATUS.PANIC;
  if (outcome === 'limit') return RUN_STATUS.LIMIT;
  if (expects.some(({ ok }) => !ok)) return RUN_STATUS.EXPECT_FAILED;
  return outcome === 'deadlock' && !expectsOutcome(computer, 'deadlock') ? RUN_STATUS.DEADLOCK : RUN_STATUS.OK;
}
