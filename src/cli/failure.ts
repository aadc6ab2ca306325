/** Errors of the command line: one line for the user, and an exit status. */
export { codeOf, reasonOf } from '../language/host-errors.js';

/**
 * Exit statuses, the first that applies: the file or the command has errors; the kernel panicked; a limit was reached;
 * an `expect` failed; the run ended in a deadlock that no `expect` names.
 */
export const STATUS = { OK: 0, EXPECT_FAILED: 1, ERRORS: 2, DEADLOCK: 3, PANIC: 4, LIMIT: 5 } as const;

/** Ends the command with a message of one line. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly status: number = STATUS.ERRORS,
  ) {
    super(message);
  }
}
