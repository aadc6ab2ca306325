/** Integers that are codes, with their names in the order in which strace writes them. Values: Linux's on x86-64. */

export type Names = readonly (readonly [name: string, value: number])[];

const OPEN_FLAGS: Names = [
  ['O_CREAT', 0o100],
  ['O_EXCL', 0o200],
  ['O_NOCTTY', 0o400],
  ['O_TRUNC', 0o1000],
  ['O_APPEND', 0o2000],
  ['O_NONBLOCK', 0o4000],
  ['O_SYNC', 0o4010000],
  ['O_DSYNC', 0o10000],
  ['O_DIRECT', 0o40000],
  ['O_LARGEFILE', 0o100000],
  ['O_NOFOLLOW', 0o400000],
  ['O_NOATIME', 0o1000000],
  ['O_CLOEXEC', 0o2000000],
  ['O_PATH', 0o10000000],
  ['O_TMPFILE', 0o20200000],
  ['O_DIRECTORY', 0o200000],
  ['FASYNC', 0o20000],
];
const MAP_FLAGS: Names = [
  ['MAP_SHARED', 0x1],
  ['MAP_PRIVATE', 0x2],
  ['MAP_FIXED', 0x10],
  ['MAP_ANONYMOUS', 0x20],
  ['MAP_NORESERVE', 0x4000],
  ['MAP_POPULATE', 0x8000],
  ['MAP_NONBLOCK', 0x10000],
  ['MAP_GROWSDOWN', 0x100],
  ['MAP_LOCKED', 0x2000],
  ['MAP_STACK', 0x20000],
  ['MAP_FIXED_NOREPLACE', 0x100000],
];
const PROTECTION: Names = [
  ['PROT_READ', 1],
  ['PROT_WRITE', 2],
  ['PROT_EXEC', 4],
];
const SYNC_FLAGS: Names = [
  ['MS_SYNC', 4],
  ['MS_ASYNC', 1],
  ['MS_INVALIDATE', 2],
];
const SPLICE_FLAGS: Names = [
  ['SPLICE_F_MOVE', 1],
  ['SPLICE_F_NONBLOCK', 2],
  ['SPLICE_F_MORE', 4],
  ['SPLICE_F_GIFT', 8],
];
const WAIT_OPTIONS: Names = [
  ['WNOHANG', 1],
  ['WEXITED', 4],
  ['WSTOPPED', 2],
  ['WCONTINUED', 8],
  ['WNOWAIT', 0x1000000],
];
const ACTION_FLAGS: Names = [
  ['SA_RESTORER', 0x4000000],
  ['SA_ONSTACK', 0x8000000],
  ['SA_RESTART', 0x10000000],
  ['SA_NODEFER', 0x40000000],
  ['SA_RESETHAND', 0x80000000],
  ['SA_SIGINFO', 0x4],
  ['SA_NOCLDSTOP', 0x1],
  ['SA_NOCLDWAIT', 0x2],
];

const SEEK = code('SEEK_', ['SET', 'CUR', 'END', 'DATA', 'HOLE']);
const MASK_CHANGE = code('SIG_', ['BLOCK', 'UNBLOCK', 'SETMASK']);
const ID_TYPE = code('P_', ['ALL', 'PID', 'PGID', 'PIDFD']);
const PRIORITY_OF = code('PRIO_', ['PROCESS', 'PGRP', 'USER']);
const CLOCK = code('CLOCK_', ['REALTIME', 'MONOTONIC', 'PROCESS_CPUTIME_ID', 'THREAD_CPUTIME_ID']);
const LIMIT = code('RLIMIT_', [
  ...['CPU', 'FSIZE', 'DATA', 'STACK', 'CORE', 'RSS', 'NPROC', 'NOFILE', 'MEMLOCK', 'AS', 'LOCKS', 'SIGPENDING'],
  ...['MSGQUEUE', 'NICE', 'RTPRIO', 'RTTIME'],
]);
const FCNTL = code(
  'F_',
  ['DUPFD', 'GETFD', 'SETFD', 'GETFL', 'SETFL', 'GETLK', 'SETLK', 'SETLKW', 'SETOWN', 'GETOWN', 'SETSIG', 'GETSIG'],
  {
    15: 'SETOWN_EX',
    16: 'GETOWN_EX',
    36: 'OFD_GETLK',
    37: 'OFD_SETLK',
    38: 'OFD_SETLKW',
    1030: 'DUPFD_CLOEXEC',
    1031: 'SETPIPE_SZ',
    1032: 'GETPIPE_SZ',
  },
);
const LOCK_OPERATIONS: Names = [
  ['LOCK_SH', 1],
  ['LOCK_EX', 2],
  ['LOCK_NB', 4],
  ['LOCK_UN', 8],
];
const OWNER_TYPE = code('F_OWNER_', ['TID', 'PID', 'PGRP']);
const LOCK_TYPE = code('F_', ['RDLCK', 'WRLCK', 'UNLCK']);
const AT_FLAGS: Names = [
  ['AT_SYMLINK_NOFOLLOW', 0x100],
  ['AT_REMOVEDIR', 0x200],
  ['AT_SYMLINK_FOLLOW', 0x400],
  ['AT_NO_AUTOMOUNT', 0x800],
  ['AT_EMPTY_PATH', 0x1000],
];
const ACCESS_FLAGS: Names = [
  ['AT_SYMLINK_NOFOLLOW', 0x100],
  ['AT_EACCESS', 0x200],
  ['AT_EMPTY_PATH', 0x1000],
];
const ACCESS_MODES: Names = [
  ['R_OK', 4],
  ['W_OK', 2],
  ['X_OK', 1],
];
const RENAME_FLAGS: Names = [
  ['RENAME_NOREPLACE', 1],
  ['RENAME_EXCHANGE', 2],
];
const ALLOCATION_MODES: Names = [
  ['FALLOC_FL_KEEP_SIZE', 1],
  ['FALLOC_FL_PUNCH_HOLE', 2],
  ['FALLOC_FL_ZERO_RANGE', 0x10],
];
const TERMINAL_FLAGS: Names = [
  ['ISIG', 0x1],
  ['ICANON', 0x2],
  ['ECHO', 0x8],
  ['NOFLSH', 0x80],
  ['TOSTOP', 0x100],
];
const FLUSHED = code('TC', ['IFLUSH', 'OFLUSH', 'IOFLUSH']);
const FILE_TYPES: Readonly<Record<number, string>> = {
  0o140000: 'S_IFSOCK',
  0o120000: 'S_IFLNK',
  0o100000: 'S_IFREG',
  0o60000: 'S_IFBLK',
  0o40000: 'S_IFDIR',
  0o20000: 'S_IFCHR',
  0o10000: 'S_IFIFO',
};
const IOCTL: Readonly<Record<number, string>> = {
  0x5401: 'TCGETS',
  0x5402: 'SNDCTL_TMR_START or TCSETS',
  0x5403: 'SNDCTL_TMR_STOP or TCSETSW',
  0x5404: 'SNDCTL_TMR_CONTINUE or TCSETSF',
  0x540b: 'TCFLSH',
  0x540e: 'TIOCSCTTY',
  0x540f: 'TIOCGPGRP',
  0x5410: 'TIOCSPGRP',
  0x5413: 'TIOCGWINSZ',
  0x5414: 'TIOCSWINSZ',
  0x541b: 'FIONREAD',
  0x5421: 'FIONBIO',
  0x5422: 'TIOCNOTTY',
  0x5429: 'TIOCGSID',
  0x5450: 'FIONCLEX',
  0x5451: 'FIOCLEX',
  0x5452: 'FIOASYNC',
};

export type Code = (value: number) => string;

/** Names for 0, 1, 2 …, and for further values. What has none is shown as a number and the prefix. */
export function code(prefix: string, names: readonly string[], more: Readonly<Record<number, string>> = {}): Code {
  return (value) => {
    const name = names[value] ?? (Object.hasOwn(more, value) ? more[value] : undefined);
    return name === undefined ? `${hex(value)} /* ${prefix}??? */` : `${prefix}${name}`;
  };
}

export function flags(value: number, names: Names, zero: string, prefix: string): string {
  if (value === 0) return zero;
  let rest = BigInt(value);
  const found: string[] = [];
  for (const [name, bits] of names) {
    const mask = BigInt(bits);
    if ((rest & mask) !== mask) continue;
    rest &= ~mask;
    found.push(name);
  }
  if (found.length === 0) return `${hex(value)} /* ${prefix}??? */`;
  return rest === 0n ? found.join('|') : `${found.join('|')}|${hex(Number(rest))}`;
}

/** `O_RDWR|O_CREAT|O_TRUNC`. */
function openFlags(value: number): string {
  const access = ['O_RDONLY', 'O_WRONLY', 'O_RDWR', 'O_ACCMODE'][value & 3];
  const rest = value - (value & 3);
  if (rest === 0) return access;
  return `${access}|${flags(rest, OPEN_FLAGS, '', 'O_').replace(/ \/\*.*/, '')}`;
}

/** `S_IFREG|0644`. */
function fileMode(mode: number): string {
  const type = FILE_TYPES[mode & 0o170000];
  if (type === undefined) return octal(mode);
  const special = [mode & 0o4000 && 'S_ISUID', mode & 0o2000 && 'S_ISGID', mode & 0o1000 && 'S_ISVTX'];
  return [type, ...special.filter(Boolean), octal(mode & 0o777)].join('|');
}

function ioctlRequest(request: number): string {
  const name = Object.hasOwn(IOCTL, request) ? IOCTL[request] : undefined;
  if (name !== undefined) return name;
  const direction = ['_IOC_NONE', '_IOC_WRITE', '_IOC_READ', '_IOC_READ|_IOC_WRITE'][(request >>> 30) & 3];
  const numbers = [(request >>> 8) & 0xff, request & 0xff, (request >>> 16) & 0x3fff].map(hex);
  return `_IOC(${direction}, ${numbers.join(', ')})`;
}

/** As C's `%#lx` has it: negative numbers are large ones. */
export function hex(value: number): string {
  return value === 0 ? '0' : `0x${BigInt.asUintN(64, BigInt(value)).toString(16)}`;
}

/** Permission bits: `0644`, `000`. */
export function octal(mode: number): string {
  return mode === 0 ? '000' : `0${mode.toString(8)}`.padStart(3, '0');
}

/** C's size_t. */
export function unsigned(value: number): string {
  return value >= 0 ? String(value) : BigInt.asUintN(64, BigInt(value)).toString();
}

export const show = {
  openFlags,
  fileMode,
  ioctlRequest,
  directory: (fd: number): string => (fd === -100 ? 'AT_FDCWD' : String(fd)),
  atFlags: (value: number): string => flags(value, AT_FLAGS, '0', 'AT_'),
  unlinkFlags: (value: number): string => flags(value, AT_FLAGS, '0', 'AT_'),
  accessFlags: (value: number): string => flags(value, ACCESS_FLAGS, '0', 'AT_'),
  accessMode: (value: number): string => flags(value, ACCESS_MODES, 'F_OK', '?_OK'),
  renameFlags: (value: number): string => flags(value, RENAME_FLAGS, '0', 'RENAME_'),
  allocationMode: (value: number): string => flags(value, ALLOCATION_MODES, '0', 'FALLOC_FL_'),
  flushed: FLUSHED,
  terminalFlags: (value: number): string => flags(value, TERMINAL_FLAGS, '0', ''),
  seek: SEEK,
  maskChange: MASK_CHANGE,
  idType: ID_TYPE,
  priorityOf: PRIORITY_OF,
  clock: CLOCK,
  ownerType: OWNER_TYPE,
  limit: LIMIT,
  fcntl: FCNTL,
  lockType: LOCK_TYPE,
  lockOperation: (value: number): string => flags(value, LOCK_OPERATIONS, '0', 'LOCK_'),
  pipeFlags: (value: number): string => flags(value, OPEN_FLAGS, '0', 'O_'),
  fdFlags: (value: number): string => flags(value, [['FD_CLOEXEC', 1]], '0', 'FD_'),
  protection: (value: number): string => flags(value, PROTECTION, 'PROT_NONE', 'PROT_'),
  mapFlags: (value: number): string => flags(value, MAP_FLAGS, 'MAP_FILE', 'MAP_'),
  syncFlags: (value: number): string => flags(value, SYNC_FLAGS, '0', 'MS_'),
  spliceFlags: (value: number): string => flags(value, SPLICE_FLAGS, '0', 'SPLICE_F_'),
  waitOptions: (value: number): string => flags(value, WAIT_OPTIONS, '0', 'W'),
  actionFlags: (value: number): string => flags(value, ACTION_FLAGS, '0', 'SA_'),
};
