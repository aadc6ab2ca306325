/**
 * The calls as strace shows them: under the names that Debian's C library uses (open() is openat there), with the
 * arguments that they have there. What the kernel fills in stands in `late`: it is written when the call returns.
 */
import { processOf } from '../../computer/inspect.js';
import type { SystemCall } from '../../computer/kernel-layout.js';
import { integer, record, records } from '../../computer/kernel-records.js';
import { call, integers, type Call, type Calls } from './call.js';
import { EVENT_CALLS } from './event-calls.js';
import { MEMORY_CALLS } from './memory-calls.js';
import { type Moment, pointer } from './moment.js';
import { hex, octal, show } from './names.js';
import { RING_CALLS } from './ring-calls.js';
import { signalName, signalSet, waitStatus } from './signals.js';
import { SOCKET_CALLS } from './socket-calls.js';
import { THREAD_CALLS } from './thread-calls.js';
import * as structures from './structures.js';

const FORK_FLAGS = 'flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD';
const HERE = 'AT_FDCWD';
const O_CREAT = 0o100;
const F_GETFD = 1;
const F_GETFL = 3;
const F_GETSIG = 11;
const FIONREAD = 0x541b;
const INT_IOCTLS: readonly number[] = [0x5410, 0x5421, 0x5452];
const ASKING_IOCTLS: readonly number[] = [FIONREAD, 0x540f, 0x5429];
const NO_ADDRESS = 'NULL';

const nothing = (): string[] => [];
const path = (m: Moment): string[] => [m.path(0)];
const paths = (m: Moment): string[] => [m.path(0), m.path(1)];

/** O_TMPFILE: a mode follows, as with O_CREAT. */
const isTemporary = (flags: number): boolean => (flags & 0o20000000) !== 0;

/** The directory and the path that argument i begins. */
const pathAt = (m: Moment, i: number): string[] => [show.directory(m.value(i)), m.path(i + 1)];

/** What a read put into argument 1. */
function arrived(m: Moment): string {
  return m.failed ? m.address(1) : m.data(m.value(1), m.result);
}

function status(flag: string) {
  return (m: Moment): string[] => [m.filled(1, (at) => structures.fileStatus(m, at)), flag];
}

function interruptedSleep(m: Moment): string {
  return m.failed ? m.at(1, (at) => structures.timeAt(m, at)) : m.address(1);
}

function sleepArguments(m: Moment): string[] {
  return ['CLOCK_REALTIME', '0', structures.time(m.value(0))];
}

/** `"cat", ["cat", "/etc/motd"]`. */
function program(m: Moment): string[] {
  const name = m.path(0);
  return [name, structures.programArguments(m, name, m.value(1))];
}

function waited(m: Moment): string[] {
  const found = m.result > 0;
  const text = (at: number): string | null => {
    const word = m.load(at, 4);
    return word === null ? null : `[${waitStatus(word)}]`;
  };
  return [found ? m.at(1, text) : m.address(1), show.waitOptions(m.value(2)), m.address(3)];
}

function control(m: Moment): string[] {
  const [command, argument] = [m.value(1), m.value(2)];
  const shown = [m.int(0), show.fcntl(command)];
  switch (command) {
    case F_GETFD:
    case F_GETFL:
    case 9: // F_GETOWN
    case F_GETSIG:
    case 1032: // F_GETPIPE_SZ
      return shown;
    case 2: // F_SETFD
      return [...shown, show.fdFlags(argument)];
    case 4: // F_SETFL
      return [...shown, show.openFlags(argument)];
    case 0: // F_DUPFD
    case 8: // F_SETOWN
    case 1030: // F_DUPFD_CLOEXEC
    case 1031: // F_SETPIPE_SZ
      return [...shown, String(argument)];
    case 6: // F_SETLK
    case 7: // F_SETLKW
    case 37: // F_OFD_SETLK
    case 38: // F_OFD_SETLKW
      return [...shown, m.at(2, (at) => structures.recordLock(m, at, false))];
    case 5: // F_GETLK
    case 36: // F_OFD_GETLK
    case 16: // F_GETOWN_EX
      return shown;
    case 15: // F_SETOWN_EX
      return [...shown, m.at(2, (at) => structures.fileOwner(m, at))];
    case 10: // F_SETSIG
      return [...shown, signalName(argument)];
    default:
      return [...shown, hex(argument)];
  }
}

/** What a command puts at its argument, after the comma; nothing for the others. */
function controlAnswer(m: Moment): string[] {
  switch (m.value(1)) {
    case 5: // F_GETLK
    case 36: // F_OFD_GETLK
      return [`, ${m.filled(2, (at) => structures.recordLock(m, at, true))}`];
    case 16: // F_GETOWN_EX
      return [`, ${m.filled(2, (at) => structures.fileOwner(m, at))}`];
    default:
      return [];
  }
}

function controlResult(m: Moment): string {
  const { result } = m;
  if (m.value(1) === F_GETFD && result > 0) return `${hex(result)} (flags ${show.fdFlags(result)})`;
  if (m.value(1) === F_GETSIG && result > 0) return `${result} (${signalName(result)})`;
  if (m.value(1) === F_GETFL) return `${hex(result)} (flags ${show.openFlags(result)})`;
  return String(result);
}

function ioctlArgument(m: Moment): string[] {
  const request = m.value(1);
  if (INT_IOCTLS.includes(request)) return [m.at(2, (at) => structures.integerAt(m, at))];
  if (ASKING_IOCTLS.includes(request)) return [m.filled(2, (at) => structures.integerAt(m, at))];
  switch (request) {
    case 0x5401: // TCGETS
      return [m.filled(2, (at) => structures.termios(m, at))];
    case 0x5402: // TCSETS, TCSETSW, TCSETSF
    case 0x5403:
    case 0x5404:
      return [m.at(2, (at) => structures.termios(m, at))];
    case 0x5413: // TIOCGWINSZ
      return [m.filled(2, (at) => structures.windowSize(m, at))];
    case 0x5414: // TIOCSWINSZ
      return [m.at(2, (at) => structures.windowSize(m, at))];
    case 0x540b: // TCFLSH
      return [show.flushed(m.value(2))];
    case 0x540e: // TIOCSCTTY
      return [m.int(2)];
    case 0x5422: // TIOCNOTTY, FIONCLEX, FIOCLEX
    case 0x5450:
    case 0x5451:
      return [];
  }
  return [m.address(2)];
}

/** The mask that comes back when a handler is over: the kernel keeps it in the PCB. */
function restoredMask(m: Moment): string[] {
  const frame = records(m.task, 'handler_masks').pop();
  return [`{mask=${signalSet(integer(frame, 'low'), integer(frame, 'high'))}}`];
}

function threadAddress(m: Moment): string[] {
  // Where the C library keeps the thread's number. There is none here: the place where it would be.
  return [`, child_tidptr=${hex(integer(record(processOf(m.task), 'mm'), 'brk_start'))}`];
}

function iovec(moved: (m: Moment) => number | null) {
  return (m: Moment): string[] => [m.at(1, (at) => structures.pieces(m, at, m.value(2), moved(m))), m.size(2)];
}

/** Two descriptors, each with its offset or NULL. */
function fromTo(m: Moment): string[] {
  const offset = (i: number): string => m.at(i, (at) => structures.offsetAt(m, at));
  return [m.int(0), offset(1), m.int(2), offset(3)];
}

const EVERYTHING = (): number => Infinity;

/** By the name that the kernel's table has. What is not here has integers only. */
const CALLS: Calls = {
  ...SOCKET_CALLS,
  ...EVENT_CALLS,
  ...MEMORY_CALLS,
  ...RING_CALLS,
  ...THREAD_CALLS,

  // Processes
  fork: { ...call('clone', () => ['child_stack=NULL', FORK_FLAGS], threadAddress), joined: true },
  vfork: call('vfork', nothing),
  execve: call('execve', (m) => [...program(m), `${pointer(m.value(1))} /* 0 vars */`]),
  spawn: call('spawn', program),
  wait4: call('wait4', integers(1), waited),
  waitid: call(
    'waitid',
    (m) => [show.idType(m.value(0)), m.int(1)],
    (m) => [m.filled(2, (at) => structures.cameWith(m, at)), show.waitOptions(m.value(3)), m.address(4)],
  ),
  getrlimit: call(
    'prlimit64',
    (m) => ['0', show.limit(m.value(0)), NO_ADDRESS],
    (m) => [m.filled(1, (at) => structures.resourceLimit(m, at))],
  ),
  setrlimit: call(
    'prlimit64',
    (m) => ['0', show.limit(m.value(0)), m.at(1, (at) => structures.resourceLimit(m, at))],
    () => [NO_ADDRESS],
  ),

  // Scheduling and time
  getpriority: call('getpriority', (m) => [show.priorityOf(m.value(0)), m.int(1)]),
  setpriority: call('setpriority', (m) => [show.priorityOf(m.value(0)), m.int(1), m.int(2)]),
  sched_setaffinity: call('sched_setaffinity', (m) => [
    m.int(0),
    m.size(1),
    m.at(2, (at) => structures.cpuSet(m, at, m.value(1))),
  ]),
  sched_getaffinity: call(
    'sched_getaffinity',
    (m) => [m.int(0), m.size(1)],
    (m) => [m.filled(2, (at) => structures.cpuSet(m, at, m.result))],
  ),
  sched_setattr: call('sched_setattr', (m) => [
    m.int(0),
    m.at(1, (at) => structures.schedulingAttributes(m, at)),
    m.int(2),
  ]),
  sched_getattr: call(
    'sched_getattr',
    (m) => [m.int(0)],
    (m) => [m.filled(1, (at) => structures.schedulingAttributes(m, at)), m.size(2), m.int(3)],
  ),
  nanosleep: call('clock_nanosleep', sleepArguments, (m) => [interruptedSleep(m)]),
  clock_gettime: call(
    'clock_gettime',
    (m) => [show.clock(m.value(0))],
    (m) => [m.failed ? NO_ADDRESS : structures.time(m.result)],
    () => '0',
  ),

  // Signals
  kill: call('kill', (m) => [m.int(0), signalName(m.value(1))]),
  tkill: call('tkill', (m) => [m.int(0), signalName(m.value(1))]),
  tgkill: call('tgkill', (m) => [m.int(0), m.int(1), signalName(m.value(2))]),
  rt_sigaction: call(
    'rt_sigaction',
    (m) => [signalName(m.value(0)), m.at(1, (at) => structures.signalAction(m, at))],
    (m) => [m.filled(2, (at) => structures.signalAction(m, at)), m.size(3)],
  ),
  rt_sigprocmask: call(
    'rt_sigprocmask',
    (m) => [show.maskChange(m.value(0)), m.at(1, (at) => structures.setOfSignals(m, at))],
    (m) => [m.filled(2, (at) => structures.setOfSignals(m, at)), m.size(3)],
  ),
  rt_sigpending: call('rt_sigpending', nothing, (m) => [
    m.filled(0, (at) => structures.setOfSignals(m, at)),
    m.size(1),
  ]),
  rt_sigreturn: call('rt_sigreturn', restoredMask),
  rt_sigsuspend: call('rt_sigsuspend', (m) => [m.at(0, (at) => structures.setOfSignals(m, at)), m.size(1)]),
  rt_sigtimedwait: call(
    'rt_sigtimedwait',
    (m) => [m.at(0, (at) => structures.setOfSignals(m, at))],
    (m) => [m.filled(1, (at) => structures.cameWith(m, at)), m.at(2, (at) => structures.timeAt(m, at)), m.size(3)],
    (m) => `${m.result} (${signalName(m.result)})`,
  ),
  rt_sigqueueinfo: call('rt_sigqueueinfo', (m) => [
    m.int(0),
    signalName(m.value(1)),
    m.at(2, (at) => structures.cameWith(m, at)),
  ]),

  // Reading and writing
  read: call('read', integers(1), (m) => [arrived(m), m.size(2)]),
  write: call('write', (m) => [m.int(0), m.data(m.value(1), m.value(2)), m.size(2)]),
  readv: call(
    'readv',
    integers(1),
    iovec((m) => (m.failed ? null : m.result)),
  ),
  writev: call('writev', (m) => [m.int(0), ...iovec(EVERYTHING)(m)]),
  preadv: call('preadv', integers(1), (m) => [
    ...iovec((moment) => (moment.failed ? null : moment.result))(m),
    m.int(3),
  ]),
  pwritev: call('pwritev', (m) => [m.int(0), ...iovec(EVERYTHING)(m), m.int(3)]),
  pread64: call('pread64', integers(1), (m) => [arrived(m), m.size(2), m.int(3)]),
  pwrite64: call('pwrite64', (m) => [m.int(0), m.data(m.value(1), m.value(2)), m.size(2), m.int(3)]),
  lseek: call('lseek', (m) => [m.int(0), m.int(1), show.seek(m.value(2))]),

  // Without a copy to user memory
  sendfile: {
    ...call(
      'sendfile',
      (m) => [m.int(0), m.int(1), m.at(2, (at) => structures.offsetAt(m, at))],
      (m) => [m.result > 0 && m.value(2) !== 0 ? ` => ${m.at(2, (at) => structures.offsetAt(m, at))}` : '', m.size(3)],
    ),
    joined: true,
  },
  splice: call('splice', (m) => [...fromTo(m), m.size(4), show.spliceFlags(m.value(5))]),
  vmsplice: call('vmsplice', (m) => [m.int(0), ...iovec(EVERYTHING)(m), show.spliceFlags(m.value(3))]),
  tee: call('tee', (m) => [m.int(0), m.int(1), m.size(2), show.spliceFlags(m.value(3))]),
  copy_file_range: call('copy_file_range', (m) => [...fromTo(m), m.size(4), m.int(5)]),

  // Descriptors
  open: call('openat', (m) => {
    const shown = [HERE, m.path(0), show.openFlags(m.value(1))];
    return (m.value(1) & O_CREAT) === 0 && !isTemporary(m.value(1)) ? shown : [...shown, octal(m.value(2))];
  }),
  openat: call('openat', (m) => {
    const shown = [show.directory(m.value(0)), m.path(1), show.openFlags(m.value(2))];
    return (m.value(2) & O_CREAT) === 0 && !isTemporary(m.value(2)) ? shown : [...shown, octal(m.value(3))];
  }),
  dup3: call('dup3', (m) => [m.int(0), m.int(1), show.pipeFlags(m.value(2))]),
  fcntl: { ...call('fcntl', control, controlAnswer, controlResult), joined: true },
  flock: call('flock', (m) => [m.int(0), show.lockOperation(m.value(1))]),
  ioctl: {
    ...call(
      'ioctl',
      (m) => [m.int(0), show.ioctlRequest(m.value(1))],
      (m) => ioctlArgument(m).map((argument) => `, ${argument}`),
    ),
    joined: true,
  },
  pipe: call('pipe', nothing, (m) => [m.filled(0, (at) => structures.descriptorPair(m, at))]),
  pipe2: call('pipe2', nothing, (m) => [
    m.filled(0, (at) => structures.descriptorPair(m, at)),
    show.pipeFlags(m.value(1)),
  ]),

  // The tree of files
  stat: call('newfstatat', (m) => [HERE, m.path(0)], status('0')),
  lstat: call('newfstatat', (m) => [HERE, m.path(0)], status('AT_SYMLINK_NOFOLLOW')),
  fstat: call('newfstatat', (m) => [m.int(0), '""'], status('AT_EMPTY_PATH')),
  newfstatat: call(
    'newfstatat',
    (m) => pathAt(m, 0),
    (m) => [m.filled(2, (at) => structures.fileStatus(m, at)), show.atFlags(m.value(3))],
  ),
  access: call('access', (m) => [m.path(0), show.accessMode(m.value(1))]),
  faccessat: call('faccessat', (m) => [...pathAt(m, 0), show.accessMode(m.value(2))]),
  faccessat2: call('faccessat2', (m) => [...pathAt(m, 0), show.accessMode(m.value(2)), show.accessFlags(m.value(3))]),
  fchmod: call('fchmod', (m) => [m.int(0), octal(m.value(1))]),
  fchmodat: call('fchmodat', (m) => [...pathAt(m, 0), octal(m.value(2))]),
  fchmodat2: call('fchmodat2', (m) => [...pathAt(m, 0), octal(m.value(2)), show.atFlags(m.value(3))]),
  mkdirat: call('mkdirat', (m) => [...pathAt(m, 0), octal(m.value(2))]),
  mknodat: call('mknodat', (m) => [...pathAt(m, 0), show.fileMode(m.value(2))]),
  unlinkat: call('unlinkat', (m) => [...pathAt(m, 0), show.unlinkFlags(m.value(2))]),
  symlinkat: call('symlinkat', (m) => [m.path(0), ...pathAt(m, 1)]),
  readlinkat: call(
    'readlinkat',
    (m) => pathAt(m, 0),
    (m) => [m.failed ? m.address(2) : m.data(m.value(2), m.result), m.size(3)],
  ),
  linkat: call('linkat', (m) => [...pathAt(m, 0), ...pathAt(m, 2), show.atFlags(m.value(4))]),
  renameat: call('renameat', (m) => [...pathAt(m, 0), ...pathAt(m, 2)]),
  renameat2: call('renameat2', (m) => [...pathAt(m, 0), ...pathAt(m, 2), show.renameFlags(m.value(4))]),
  fallocate: call('fallocate', (m) => [m.int(0), show.allocationMode(m.value(1)), m.int(2), m.int(3)]),
  truncate: call('truncate', (m) => [m.path(0), m.int(1)]),
  chmod: call('chmod', (m) => [m.path(0), octal(m.value(1))]),
  umask: call(
    'umask',
    (m) => [octal(m.value(0))],
    undefined,
    (m) => octal(m.result),
  ),
  chdir: call('chdir', path),
  link: call('link', paths),
  unlink: call('unlink', path),
  symlink: call('symlink', paths),
  rename: call('rename', paths),
  mkdir: call('mkdir', (m) => [m.path(0), octal(m.value(1))]),
  rmdir: call('rmdir', path),
  mknod: call('mknodat', (m) => [HERE, m.path(0), show.fileMode(m.value(1))]),
  readlink: call('readlink', path, (m) => [arrived(m), m.size(2)]),
  getcwd: call('getcwd', nothing, (m) => [m.failed ? m.address(0) : m.path(0), m.size(1)]),
  getdents64: call('getdents64', integers(1), (m) => [
    m.failed ? m.address(1) : structures.countRecords(m, m.value(1), m.result),
    m.size(2),
  ]),
};

/** Integers from here on are shown as addresses. */
const FIRST_ADDRESS = 0x0800_0000;

/** How a call is shown, by its name in the kernel, its number and how many arguments it has. */
export function callNamed(name: string, number: number, count: number): Call {
  const known = Object.hasOwn(CALLS, name) ? CALLS[name as SystemCall] : undefined;
  if (known) return known;
  return call(name === 'unknown' ? `syscall_${hex(number)}` : name, (m) =>
    Array.from({ length: count }, (_, i) => (m.value(i) >= FIRST_ADDRESS ? m.address(i) : m.int(i))),
  );
}
