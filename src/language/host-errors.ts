/** What an operating system says when it refuses, in words. */

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'access is not allowed',
  EPERM: 'access is not allowed',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  ENAMETOOLONG: 'its name is too long',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full',
  EFBIG: 'it has grown too large',
  EROFS: 'the file system is read-only',
  ELOOP: 'its links go round in a circle',
  ENXIO: 'nothing is at the other end of it',
  EPIPE: 'nobody reads it any more',
  EIO: 'the device failed',
  EBADF: 'it is closed',
  EMFILE: 'too many files are open',
  EADDRINUSE: 'the port is in use',
};

/** Why the system refused, in words without a full stop. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code !== undefined && REASONS[code]) return REASONS[code];
  return error instanceof Error ? error.message : String(error);
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
