/** Errors of the command line: one line for the user, and an exit status. */

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

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'access is not allowed',
  EPERM: 'access is not allowed',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  ENOSPC: 'the disk is full',
  EROFS: 'the file system is read-only',
  ELOOP: 'its links go round in a circle',
  EMFILE: 'too many files are open',
  EADDRINUSE: 'the port is in use',
};

/** Why the system refused, in words. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code !== undefined && REASONS[code]) return REASONS[code];
  return error instanceof Error ? error.message : String(error);
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
