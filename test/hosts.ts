/**
 * Suites that a host may have to leave out; they count as skipped there. POSIX: links without a special right, FIFOs,
 * device files, a shell. Linux: also /dev/full.
 */
const { platform } = process;

type Suites = typeof describe | typeof describe.skip;

export const describePosix: Suites = platform === 'win32' ? describe.skip : describe;
export const describeLinux: Suites = platform === 'linux' ? describe : describe.skip;
