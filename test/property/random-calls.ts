/** Programs that make calls at random, all that the library has: the half that is written from the library's index. */
import { SCHEDULER_NAMES } from '../../src/language/schedulers.js';
import { readFileSync } from 'node:fs';
import { isFunction, libraryView, type LibraryEntry, type LibraryIndex } from '../../src/language/library.js';
import { Dice } from './programs.js';

const prelude = readFileSync(new URL('./random-calls.osim', import.meta.url), 'utf8');

/** What a parameter of a certain name gets, as an expression of the prelude. */
const BY_NAME: Readonly<Record<string, string>> = {
  ...each('fd oldfd newfd fd_in fd_out ep in out', 'fd()'),
  ...each('buf buffer', 'buf()'),
  ...each('n length count max size', 'size()'),
  ...each('offset off_in off_out start', 'offset()'),
  ...each('ticks timeout first every', 'ticks()'),
  ...each('sig signo', 'sig()'),
  ...each('pid pgid who id t', 'pid()'),
  ...each('path newpath target', 'path()'),
  ...each('sigs mask', 'signals()'),
  ...each('data', 'data()'),
  ...each('buffers pieces', 'buffers()'),
  ...each('memory', 'memory()'),
  ...each('address', 'number()'),
  ...each('where', 'where()'),
  ...each('readfds writefds exceptfds', 'fds()'),
  ...each('fds', 'pollfds()'),
  ...each('sigmask', 'mask_or_null()'),
  ...each('handler', 'handler()'),
  ...each('argument', 'lock_or_number()'),
  ...each('cb', 'a_block()'),
  ...each('cbs', 'blocks()'),
  ...each('ring', 'fd()'),
  ...each('list', 'a_list()'),
  ...each('m collection', 'a_map()'),
  ...each('c', 'a_coroutine()'),
  ...each('s text', 'a_text()'),
  ...each('x a', 'wild_value()'),
  ...each('mode port backlog clock_id level option value request how which resource whence domain type', 'count_of()'),
};

/** What a parameter of a certain call gets: mostly one of the constants that have a meaning there. */
const BY_CALL: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  open: {
    flags:
      'flags([O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_EXCL, O_APPEND, O_NONBLOCK, O_CLOEXEC, O_DIRECTORY, O_DIRECT, O_ASYNC, O_NOFOLLOW, O_PATH])',
  },
  fcntl: {
    command:
      'flags([F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETLK, F_SETLK, F_SETLKW, F_SETOWN, F_GETOWN, F_SETSIG, F_GETSIG, F_GETOWN_EX, F_DUPFD_CLOEXEC, F_SETPIPE_SZ, F_GETPIPE_SZ])',
    argument: 'random(3) == 0 ? flags([O_NONBLOCK, O_ASYNC, O_APPEND]) : lock_or_number()',
  },
  ioctl: { request: 'flags([FIONREAD, FIONBIO, FIOASYNC, TIOCGPGRP, TIOCSPGRP, TIOCGWINSZ, TCGETS])' },
  flock: { operation: 'flags([LOCK_SH, LOCK_EX, LOCK_UN, LOCK_NB])' },
  mmap: {
    length: 'one_of([0, 1, 4096, 8192, 20000, 0x40000000, number()])',
    protection: 'flags([PROT_NONE, PROT_READ, PROT_WRITE, PROT_READ | PROT_WRITE])',
    flags: 'flags([MAP_PRIVATE, MAP_SHARED, MAP_PRIVATE | MAP_ANONYMOUS, MAP_SHARED | MAP_ANONYMOUS, MAP_FIXED])',
    offset: 'one_of([0, 0, 4096, number()])',
  },
  mprotect: { protection: 'flags([PROT_NONE, PROT_READ, PROT_WRITE, PROT_READ | PROT_WRITE])' },
  msync: { flags: 'flags([MS_ASYNC, MS_SYNC, MS_INVALIDATE])' },
  madvise: { advice: 'one_of([MADV_DONTNEED, MADV_DONTNEED, MADV_WILLNEED, MADV_FREE, MADV_NORMAL, number()])' },
  mremap: {
    old_length: 'one_of([0, 4096, 8192, 20000, number()])',
    length: 'one_of([4096, 8192, 20000, 0x40000000, number()])',
    flags: 'flags([0, MREMAP_MAYMOVE, MREMAP_MAYMOVE | MREMAP_FIXED, MREMAP_MAYMOVE | MREMAP_DONTUNMAP])',
    new_address: 'one_of([memory(), number()])',
  },
  memfd_create: { flags: 'flags([0, MFD_CLOEXEC])' },
  getrandom: { flags: 'flags([0, GRND_NONBLOCK, GRND_RANDOM, GRND_INSECURE])' },
  splice: { flags: 'flags([SPLICE_F_MOVE, SPLICE_F_NONBLOCK, SPLICE_F_MORE])' },
  vmsplice: { flags: 'flags([0, SPLICE_F_NONBLOCK, SPLICE_F_GIFT])' },
  tee: { flags: 'flags([0, SPLICE_F_NONBLOCK])' },
  copy_file_range: { flags: 'flags([0])' },
  eventfd: { flags: 'flags([0, EFD_NONBLOCK, EFD_SEMAPHORE, EFD_CLOEXEC])' },
  pipe2: { flags: 'flags([0, O_NONBLOCK, O_CLOEXEC, O_DIRECT])' },
  dup3: { flags: 'flags([0, O_CLOEXEC])' },
  signalfd: { flags: 'flags([0, SFD_NONBLOCK, SFD_CLOEXEC])' },
  timerfd_settime: { flags: 'flags([0, TFD_TIMER_ABSTIME])' },
  timerfd_create: { flags: 'flags([0, TFD_NONBLOCK, TFD_CLOEXEC])' },
  epoll_create1: { flags: 'flags([0, EPOLL_CLOEXEC])' },
  epoll_ctl: {
    op: 'flags([EPOLL_CTL_ADD, EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLL_CTL_DEL])',
    events: 'flags([EPOLLIN, EPOLLOUT, EPOLLRDHUP, EPOLLET, EPOLLONESHOT, EPOLLEXCLUSIVE])',
    data: 'random(2) == 0 ? null : number()',
  },
  socket: { domain: 'flags([AF_INET, AF_UNIX, AF_UNSPEC])', type: 'flags([SOCK_STREAM, SOCK_DGRAM, SOCK_NONBLOCK])' },
  socketpair: { domain: 'flags([AF_UNIX, AF_UNIX, AF_INET])', type: 'flags([SOCK_STREAM, SOCK_DGRAM, SOCK_NONBLOCK])' },
  accept4: { flags: 'flags([0, SOCK_NONBLOCK, SOCK_CLOEXEC])' },
  write: { n: 'few()' },
  random: { n: 'one_of([1, 5, 60, odd() ? -1 : 2])' },
  text: { n: 'few()' },
  coroutine: { f: 'numbers' },
  send: { n: 'few()', flags: 'flags([0, MSG_DONTWAIT, MSG_NOSIGNAL, MSG_MORE, MSG_OOB])' },
  sendto: { n: 'few()', flags: 'flags([0, MSG_DONTWAIT, MSG_NOSIGNAL])' },
  recv: { flags: 'flags([0, MSG_DONTWAIT, MSG_PEEK, MSG_WAITALL, MSG_TRUNC])' },
  recvfrom: { flags: 'flags([0, MSG_DONTWAIT, MSG_PEEK, MSG_TRUNC])' },
  getsockopt: {
    level: 'flags([SOL_SOCKET])',
    option: 'flags([SO_REUSEADDR, SO_TYPE, SO_ERROR, SO_SNDBUF, SO_RCVBUF])',
  },
  setsockopt: {
    level: 'flags([SOL_SOCKET])',
    option: 'flags([SO_REUSEADDR, SO_TYPE, SO_ERROR, SO_SNDBUF, SO_RCVBUF])',
    value: 'number()',
  },
  sigaction: { flags: 'flags([0, SA_RESTART, SA_SIGINFO, SA_NODEFER, SA_RESETHAND])', mask: 'mask_or_null()' },
  sigprocmask: { how: 'flags([SIG_BLOCK, SIG_UNBLOCK, SIG_UNBLOCK, SIG_SETMASK])' },
  sigqueue: { value: 'number()' },
  waitpid: { pid: 'random(2) == 0 ? -1 : pid()', options: 'flags([WNOHANG, WNOHANG, WUNTRACED, 0])' },
  waitid: {
    type: 'flags([P_ALL, P_PID, P_PGID])',
    options: 'flags([WEXITED | WNOHANG, WSTOPPED | WNOHANG, WEXITED, WNOWAIT])',
  },
  setrlimit: { resource: 'flags([RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_STACK])' },
  chmod: { mode: 'flags([0, 0o644, 0o200, 0o400, 0o777])' },
  umask: { mask: 'count_of()' },
  kill: { sig: 'random(40) == 0 ? SIGKILL : sig()' },
  alloc: { n: 'size()' },
  compute: { ticks: 'random(50)' },
  repeat: { s: '"ab"', n: 'random(50)' },
  format: { pattern: 'one_of(["%5d %-4d", "%x%o", odd() ? "%5.3q" : "%u", ""])' },
  poke: { byte: 'random(256)' },
  fill: { buffer: 'buffer()', byte: 'number()' },
  io_uring_setup: { entries: 'one_of([1, 4, 8, 0, -1, 5000, number()])' },
  io_uring_prep: { op: 'block()' },
  io_uring_enter: { submit: 'count_of()', wait: 'random(4)' },
};

/** Calls that are written in another way: they end the process, double it, or need their argument made first. */
const SPECIAL: Readonly<Record<string, string>> = {
  fork: 'if (depth < 2) { if (fork() == 0) { depth++; } }',
  exec: 'if (random(6) == 0) { exec(one_of(["again", "no such", "", path()]), number(), "text"); }',
  execv: 'if (random(6) == 0) { execv(one_of(["again", "no such"]), one_of([[], [1, "a"], [null], [[]], 7])); }',
  spawn: 'if (depth < 2) { keep(spawn(one_of(["again", "no such", ""]), one_of([1, "a", null]), number())); }',
  exit: 'if (random(4) == 0) { exit(number()); }',
  abort: 'if (random(4) == 0) { abort(); }',
  assert: 'assert(random(20) > 0, "chance");',
  print: 'if (random(4) == 0) { print("a line", number()); }',
  log: '',
  insert: 'insert(a_list(), random(3), wild_value());',
  remove: 'remove(random(2) == 0 ? [1, 2, 3] : a_map(), one_of([0, 1, odd() ? -1 : 2]));',
  has: 'has(a_map(), one_of(["k", 3, odd() ? null : 4]));',
  peek: 'if (random(4) == 0) { peek(number()); } else { peek(addr(buffer()) + random(20000)); }',
  poke: 'if (random(4) == 0) { poke(number(), 1); } else { poke(addr(buffer()) + random(20000), random(256)); }',
  sort: 'sort(a_list());',
  addr: 'keep(addr(buffer()));',
  resume: '{ let c = a_coroutine(); resume(c); resume(c, 4); }',
  mmap: 'keep_mapping(mmap(ARGUMENTS));',
  trap: '',
  free: '{ let b = random(9) == 0 ? buf() : alloc(size()); free(b); if (random(40) == 0) { free(b); } if (b == room) { room = null; } }',
};

function each(names: string, expression: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [name, expression]));
}

/** Every function that a program can call. */
export function callsOf(index: LibraryIndex): LibraryEntry[] {
  return [...libraryView(index).user.values()].filter(isFunction);
}

function callText(entry: LibraryEntry): string {
  const params = entry.params ?? [];
  const args = params.map((param) => {
    if (param.rest) return entry.name === 'coroutine' ? '' : 'number(), integer()';
    return BY_CALL[entry.name]?.[param.name] ?? BY_NAME[param.name] ?? 'integer()';
  });
  const special = SPECIAL[entry.name];
  if (special !== undefined) return special.replace('ARGUMENTS', args.join(', '));
  return `answer("${entry.name}", ${entry.name}(${args.filter((arg) => arg !== '').join(', ')}));`;
}

/**
 * They talk to whoever listens, and some are ended by an error: their connections are reset, wherever those are then.
 */
const REMOTES = `
remote talks count 20 every 900 at 1500 { let s = connect(80); if (s) { send(s, "some words"); print(len(recv(s, 50))); } }
remote breaks count 20 every 700 at 1000 { let s = connect(80); if (s) { send(s, "GET"); sleep(random(400)); recv(7, 1); } }
`;

/** The source of the random program with this number. */
export function randomCalls(index: LibraryIndex, numbers: readonly number[], seed: number): string {
  const d = new Dice(seed * 2654435761 + 7);
  const calls = callsOf(index);
  const cases = calls.map((entry, i) => `    case ${i}: log("${entry.name}"); ${callText(entry)} break;`);
  const has = (name: string): boolean => calls.some((entry) => entry.name === name);
  return `machine { cpus = ${d.pick([1, 1, 2, 3, 8])}; scheduler = ${d.pick(SCHEDULER_NAMES)}; quantum = ${d.pick([1, 5 + d.below(60)])}; memory = ${d.pick([2, 4, 16])} MiB; costs = ${d.pick(['teaching', 'teaching', 'none'])}; }
${prelude}
${d.chance(40) ? REMOTES : ''}
const CALLS = ${calls.length};
const NUMBERS = [${numbers.join(', ')}];
fn furnish_more() { ${has('io_uring_setup') ? 'io_uring_setup(8); ' : ''}}
fn one(i) {
  switch (i) {
${cases.join('\n')}
  }
}
`;
}
