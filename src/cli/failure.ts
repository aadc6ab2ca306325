/** Errors of the command line: one line for the user, and an exit status. */
import { RUN_STATUS } from '../computer/verdict.js';
import { HostTrouble } from '../machine/errors.js';

export { codeOf, reasonOf } from '../language/host-errors.js';

/**
 * Exit statuses, the first that applies: the file or the command has errors; the kernel panicked; a limit was reached;
 * an `expect` failed; the run ended in a deadlock that no `expect` names. Apart from these, the status that a
 * shell gives to a command that SIGPIPE ended: the reader of the output has gone, and the rest of the run is unknown.
 */
export const STATUS = { ...RUN_STATUS, UNREAD: 141 } as const;

/** Ends the command with a message of one line. */
export class Failure extends HostTrouble {
  constructor(
    message: string,
    readonly status: number = STATUS.ERRORS,
  ) {
    super(message);
  }
}

/** Whoever read the output has gone, as in `osim trace … | head`: there is nothing to say, and nobody to say it to. */
export class Unread extends Failure {
  constructor() {
    super('', STATUS.UNREAD);
  }
}
