/** Random calls of the words of prelude_io.osim: the other half of the generator. */
import type { Actor, Generator, Kind } from './generate.js';

export type Word = (g: Generator, k: number, me: Actor) => void;

const SOCKET_SIZES = [0, 1, 2, 3, 5, 10, 100, 1000, 3000];
const ANY: readonly Kind[] = ['stream', 'fresh', 'listener', 'dgram'];
const WAKERS = ['SIGUSR1', 'SIGUSR2', 'SIGTERM', '40', 'SIGIO', 'SIGCHLD'];
const SETS = [
  ['SIGUSR1'],
  ['SIGUSR1', 'SIGUSR2'],
  ['SIGUSR1', 'SIGUSR2', 'SIGTERM', '40'],
  ['40'],
  ['SIGCHLD', 'SIGUSR1'],
  ['SIGIO', 'SIGUSR2'],
];

function isUnix(g: Generator): boolean {
  return g.flavour % 2 === 1;
}

function address(g: Generator): string {
  const d = g.dice;
  const unix = d.chance(94) ? isUnix(g) : !isUnix(g);
  if (d.chance(2)) return 'null';
  return unix
    ? d.pick(['"u"', '"u"', '"u"', '"v"', '"d/u"', '"a"'])
    : d.pick(['p0', 'p0', 'p0', 'p1', 'p1', 'w0', 'w1']);
}

function sendFlags(g: Generator): string {
  return g.dice.pick(['0', '0', '0', '0', 'MSG_NOSIGNAL', 'MSG_DONTWAIT', 'MSG_DONTWAIT|MSG_NOSIGNAL']);
}

function receiveFlags(g: Generator): string {
  return g.dice.pick([
    '0',
    '0',
    '0',
    '0',
    '0',
    'MSG_DONTWAIT',
    'MSG_PEEK',
    'MSG_WAITALL',
    ...(g.theme === 'datagrams' ? ['MSG_TRUNC'] : []),
    'MSG_PEEK|MSG_DONTWAIT',
  ]);
}

/** A time for a call to wait: nothing, for ever, or some slots. */
export function timeout(g: Generator, me: Actor): string {
  const d = g.dice;
  const answer = g.timed && d.chance(50) ? d.pick(['1', '2', '3']) : d.chance(55) ? '-1' : '0';
  if (answer !== '0') me.waits = true;
  return answer;
}

function list(fds: readonly number[]): string {
  return fds.length === 0 ? '-' : [...new Set(fds)].join(',');
}

function several(g: Generator, me: Actor, ...kinds: Kind[]): number[] {
  return Array.from({ length: g.dice.pick([0, 1, 1, 2, 3]) }, () => g.fd(me, ...kinds)).filter(
    (fd) => fd >= -1 && fd < 1024,
  );
}

function pollPairs(g: Generator, me: Actor): (string | number)[] {
  return Array.from({ length: g.dice.pick([0, 1, 1, 1, 2, 2, 3]) }, () => [
    g.fd(me),
    g.dice.pick(['POLLIN', 'POLLIN', 'POLLOUT', 'POLLIN|POLLOUT', 'POLLIN|POLLRDHUP', 'POLLPRI', '0']),
  ]).flat();
}

function offset(g: Generator): string {
  return g.dice.chance(60) ? 'null' : String(g.dice.pick([0, 1, 5, 100, 4000, 4096, 10000, -1]));
}

function amount(g: Generator): number {
  return g.dice.pick([0, 1, 2, 10, 100, 1000, 4096, 5000, 8192, 70000]);
}

function place(g: Generator): string {
  return `m${4096 * g.dice.below(4) + g.dice.pick([0, 0, 1, 100, 4095])}`;
}

export const IO_WORDS: Readonly<Record<string, Word>> = {
  // ---- Sockets ----
  socket: (g, k, me) => {
    const type = g.theme === 'datagrams' || g.dice.chance(8) ? 'SOCK_DGRAM' : 'SOCK_STREAM';
    const family = g.dice.chance(95) === isUnix(g) ? 'AF_UNIX' : 'AF_INET';
    if (g.dice.chance(4))
      return g.add(
        k,
        'socket',
        g.dice.pick(['AF_INET', 'AF_UNIX', '99']),
        g.dice.pick(['SOCK_STREAM', 'SOCK_DGRAM', '77']),
        g.dice.pick(['0', 'IPPROTO_TCP', 'IPPROTO_UDP', '99']),
      );
    g.give(me, type === 'SOCK_DGRAM' ? 'dgram' : 'fresh');
    g.add(k, 'socket', family, type + g.dice.pick(['', '', '', '|SOCK_NONBLOCK', '|SOCK_CLOEXEC']), '0');
  },
  socketpair: (g, k, me) => {
    if (g.dice.chance(6)) return g.add(k, 'socketpair', 'AF_INET', 'SOCK_STREAM');
    const type = g.theme === 'datagrams' ? 'SOCK_DGRAM' : 'SOCK_STREAM';
    g.give(me, type === 'SOCK_DGRAM' ? 'dgram' : 'stream');
    g.give(me, type === 'SOCK_DGRAM' ? 'dgram' : 'stream');
    g.add(k, 'socketpair', 'AF_UNIX', type + g.dice.pick(['', '', '', '|SOCK_NONBLOCK']));
  },
  bind: (g, k, me) => g.add(k, 'bind', g.fd(me, 'fresh', 'dgram'), address(g)),
  listen: (g, k, me) => {
    const fd = g.fd(me, 'fresh', 'listener');
    if (me.fds.get(fd) === 'fresh') me.fds.set(fd, 'listener');
    g.add(k, 'listen', fd, g.dice.pick([0, 1, 1, 2, 5, -1]));
  },
  accept4: (g, k, me) => {
    const fd = g.fd(me, 'listener');
    if (me.fds.get(fd) === 'listener') {
      g.give(me, 'stream');
      me.waits = true;
    }
    g.add(k, 'accept4', fd, g.dice.pick(['0', '0', '0', 'SOCK_NONBLOCK', 'SOCK_CLOEXEC', '77']));
  },
  connect: (g, k, me) => {
    const fd = g.fd(me, 'fresh', 'dgram');
    if (me.fds.get(fd) === 'fresh') me.fds.set(fd, 'stream');
    g.add(k, 'connect', fd, address(g));
  },
  send: (g, k, me) =>
    g.add(k, 'send', g.fd(me, 'stream', 'dgram'), g.nextLetter(), g.dice.pick(SOCKET_SIZES), sendFlags(g)),
  sendto: (g, k, me) =>
    g.add(
      k,
      'sendto',
      g.fd(me, 'dgram'),
      g.nextLetter(),
      g.dice.chance(3) ? 70000 : g.dice.pick(SOCKET_SIZES),
      sendFlags(g),
      address(g),
    ),
  recv: (g, k, me) => {
    const fd = g.fd(me, 'stream', 'dgram');
    me.waits = true;
    g.add(k, 'recv', fd, g.dice.pick([0, 1, 5, 100, 1000, 5000, 5000, 5000]), receiveFlags(g));
  },
  recvfrom: (g, k, me) => {
    me.waits = true;
    g.add(
      k,
      'recvfrom',
      g.fd(me, 'dgram', 'stream'),
      g.dice.pick([1, 5, 100, 5000, 5000, 5000]),
      receiveFlags(g).replace('|MSG_TRUNC', ''),
    );
  },
  shutdown: (g, k, me) =>
    g.add(k, 'shutdown', g.fd(me, 'stream', ...ANY), g.dice.pick(['SHUT_RD', 'SHUT_WR', 'SHUT_WR', 'SHUT_RDWR', '7'])),
  getsockname: (g, k, me) => g.add(k, 'getsockname', g.fd(me, ...ANY)),
  getpeername: (g, k, me) => g.add(k, 'getpeername', g.fd(me, ...ANY)),
  getsockopt: (g, k, me) =>
    g.add(
      k,
      'getsockopt',
      g.fd(me, ...ANY),
      'SOL_SOCKET',
      g.dice.pick(['SO_ERROR', 'SO_ERROR', 'SO_TYPE', 'SO_ACCEPTCONN', 'SO_REUSEADDR', '999']),
    ),
  setsockopt: (g, k, me) =>
    g.add(
      k,
      'setsockopt',
      g.fd(me, ...ANY),
      'SOL_SOCKET',
      g.dice.pick(['SO_KEEPALIVE', 'SO_TYPE', 'SO_ERROR', '999']),
      g.dice.below(2),
    ),

  // ---- Many descriptors ----
  poll: (g, k, me) => g.add(k, 'poll', timeout(g, me), ...pollPairs(g, me)),
  ppoll: (g, k, me) => g.add(k, 'ppoll', timeout(g, me), g.dice.pick(['0', 'SIGUSR1', 'SIGUSR2']), ...pollPairs(g, me)),
  select: (g, k, me) =>
    g.add(
      k,
      'select',
      timeout(g, me),
      list(several(g, me, 'reader', 'stream', 'eventfd')),
      list(several(g, me, 'writer', 'stream')),
      g.dice.chance(80) ? '-' : list(several(g, me)),
    ),
  epoll_create: (g, k, me) => {
    const flags = g.dice.pick(['0', '0', 'EPOLL_CLOEXEC', '7']);
    if (flags !== '7') g.give(me, 'epoll');
    g.add(k, 'epoll_create', flags);
  },
  epoll_ctl: (g, k, me) => {
    const d = g.dice;
    const events = d.pick(['EPOLLIN', 'EPOLLIN', 'EPOLLOUT', 'EPOLLIN|EPOLLOUT', 'EPOLLIN|EPOLLRDHUP', '0']);
    const how = d.pick([
      '',
      '',
      '|EPOLLET',
      '|EPOLLET',
      '|EPOLLONESHOT',
      '|EPOLLET|EPOLLONESHOT',
      '|EPOLLEXCLUSIVE',
      '|EPOLLEXCLUSIVE|EPOLLET',
    ]);
    const op = d.pick([
      'EPOLL_CTL_ADD',
      'EPOLL_CTL_ADD',
      'EPOLL_CTL_ADD',
      'EPOLL_CTL_MOD',
      'EPOLL_CTL_MOD',
      'EPOLL_CTL_DEL',
      ...(d.chance(4) ? ['9'] : []),
    ]);
    g.add(
      k,
      'epoll_ctl',
      g.fd(me, 'epoll'),
      op,
      g.fd(
        me,
        'reader',
        'writer',
        'stream',
        'eventfd',
        'listener',
        'dgram',
        ...(d.chance(12) ? (['epoll'] as const) : []),
      ),
      events + how,
    );
  },
  epoll_wait: (g, k, me) =>
    g.add(
      k,
      'epoll_wait',
      g.fd(me, 'epoll'),
      g.dice.pick([1, 1, 2, 5, 5, 5, g.dice.chance(10) ? 0 : 5]),
      timeout(g, me),
    ),

  // ---- Events ----
  eventfd: (g, k, me) => {
    const flags = g.dice.pick([
      '0',
      '0',
      'EFD_SEMAPHORE',
      'EFD_NONBLOCK',
      'EFD_SEMAPHORE|EFD_NONBLOCK',
      'EFD_CLOEXEC',
      ...(g.dice.chance(10) ? ['64'] : []),
    ]);
    if (flags !== '64') g.give(me, 'eventfd');
    g.add(k, 'eventfd', g.dice.pick([0, 0, 1, 3]), flags);
  },
  evread: (g, k, me) => {
    me.waits = true;
    g.add(k, 'evread', g.fd(me, 'eventfd', ...(g.theme === 'events' ? (['timerfd'] as const) : [])));
  },
  evwrite: (g, k, me) => g.add(k, 'evwrite', g.fd(me, 'eventfd'), g.dice.pick([0, 1, 1, 2, 5])),
  timerfd: (g, k, me) => {
    g.give(me, 'timerfd');
    g.add(k, 'timerfd', g.dice.pick(['0', '0', 'TFD_NONBLOCK', 'TFD_CLOEXEC']));
  },
  timerfd_settime: (g, k, me) => {
    if (g.timed) g.add(k, 'timerfd_settime', g.fd(me, 'timerfd'), g.dice.pick([0, 1, 2, 3]), g.dice.pick([0, 0, 2, 3]));
  },
  setitimer: (g, k) => {
    if (g.timed) g.add(k, 'setitimer', g.dice.pick([0, 1, 2, 3]), g.dice.pick([0, 0, 2, 3]));
  },

  // ---- Signals as data, signal-driven I/O ----
  sigsuspend: (g, k, me) => {
    me.waits = true;
    g.add(k, 'sigsuspend', ...g.dice.pick(SETS));
  },
  sigwaitinfo: (g, k, me) => {
    me.waits = true;
    g.add(k, 'sigwaitinfo', ...g.dice.pick(SETS));
  },
  sigtimedwait: (g, k, me) => g.add(k, 'sigtimedwait', timeout(g, me).replace('-1', '0'), ...g.dice.pick(SETS)),
  sigqueue: (g, k) =>
    g.add(k, 'sigqueue', g.pid(k), g.dice.pick([...WAKERS, '40', '40', '0', '99']), g.dice.below(100)),
  signalfd: (g, k, me) => {
    const fd = g.dice.chance(25) ? g.fd(me, 'signalfd') : -1;
    if (fd === -1) g.give(me, 'signalfd');
    g.add(
      k,
      'signalfd',
      fd,
      g.dice.pick(['0', '0', 'SFD_NONBLOCK', 'SFD_CLOEXEC', ...(g.dice.chance(10) ? ['7'] : [])]),
      ...g.dice.pick(SETS),
    );
  },
  sigread: (g, k, me) => {
    me.waits = true;
    g.add(k, 'sigread', g.fd(me, 'signalfd'), g.dice.pick([0, 1, 1, 2, 3]));
  },
  setown: (g, k, me) =>
    g.add(
      k,
      'fcntl',
      g.fd(me, 'reader', 'writer', 'stream'),
      'F_SETOWN',
      g.dice.pick(['A0', 'A0', g.pid(k), g.pid(k), '-A1', '0', '-A0']),
    ),
  getown: (g, k, me) => g.add(k, 'getown', g.fd(me, 'reader', 'writer', 'stream')),
  setasync: (g, k, me) =>
    g.add(
      k,
      'fcntl',
      g.fd(me, 'reader', 'stream', 'writer'),
      'F_SETFL',
      g.dice.pick(['O_ASYNC', 'O_ASYNC', 'O_ASYNC|O_NONBLOCK', '0']),
    ),
  setsig: (g, k, me) =>
    g.add(
      k,
      'fcntl',
      g.fd(me, 'reader', 'writer', 'stream'),
      g.dice.pick(['F_SETSIG', 'F_SETSIG', 'F_GETSIG']),
      g.dice.pick(['40', 'SIGUSR1', 'SIGIO', '0', '99']),
    ),
  fioasync: (g, k, me) => g.add(k, 'fioasync', g.fd(me, 'reader', 'writer', 'stream'), g.dice.pick([1, 1, 0])),

  // ---- Mapped files ----
  mmapf: (g, k, me) =>
    g.add(
      k,
      'mmapf',
      g.dice.below(4),
      1 + g.dice.below(3),
      g.dice.pick(['PROT_READ|PROT_WRITE', 'PROT_READ|PROT_WRITE', 'PROT_READ|PROT_WRITE', 'PROT_READ', 'PROT_NONE']),
      g.dice.pick(['MAP_SHARED', 'MAP_SHARED', 'MAP_PRIVATE', 'MAP_PRIVATE', '0']),
      g.fd(me, 'file'),
      g.dice.pick([0, 0, 0, 4096, 8192, 100]),
    ),
  // What is behind the new end is no longer there: not for a mapping, and not when the file grows again.
  cut: (g, k, me) => {
    const fd = g.fd(me, 'file');
    const size = g.dice.pick([0, 3, 100, 4090, 4096, 5000]);
    g.add(k, 'ftruncate', fd, size);
    if (g.theme === 'mapped' && g.dice.chance(80)) g.add(k, 'peek', `m${size + g.dice.pick([0, 1, 5])}`);
    if (g.dice.chance(50)) return;
    if (g.dice.chance(50)) g.add(k, 'ftruncate', fd, size + g.dice.pick([1, 10, 5000]));
    else g.add(k, 'pwrite', fd, g.nextLetter(), 3, size + g.dice.pick([1, 10, 5000]));
    g.add(k, 'pread', fd, 8192, Math.max(size - 2, 0));
  },
  msync: (g, k) =>
    g.add(
      k,
      'msync',
      g.dice.chance(92) ? `m${4096 * g.dice.below(4)}` : place(g),
      g.dice.pick([4096, 4096, 8192, 100, 0]),
      g.dice.pick(['MS_SYNC', 'MS_SYNC', 'MS_ASYNC', 'MS_ASYNC|MS_SYNC', '0', 'MS_INVALIDATE', '64']),
    ),

  // ---- Locks ----
  lock: (g, k, me) => {
    const d = g.dice;
    const command = d.pick([
      'F_SETLK',
      'F_SETLK',
      'F_SETLKW',
      'F_SETLKW',
      'F_GETLK',
      'F_OFD_SETLK',
      'F_OFD_SETLKW',
      'F_OFD_GETLK',
    ]);
    if (command.endsWith('W')) me.waits = true;
    const free = command.endsWith('GETLK') ? 'F_WRLCK' : 'F_UNLCK'; // to ask for F_UNLCK is a question of new kernels only
    const type = d.pick(['F_RDLCK', 'F_WRLCK', 'F_WRLCK', free, ...(d.chance(5) ? ['9'] : [])]);
    g.add(
      k,
      'lock',
      g.fd(me, 'file'),
      command,
      type,
      d.pick(['SEEK_SET', 'SEEK_SET', 'SEEK_CUR', 'SEEK_END']),
      d.pick([0, 0, 5, 10, 20, -5]),
      d.pick([0, 5, 10, 10, 20, -5]),
    );
  },
  flock: (g, k, me) => {
    const how = g.dice.pick([
      'LOCK_SH',
      'LOCK_EX',
      'LOCK_EX',
      'LOCK_UN',
      'LOCK_SH|LOCK_NB',
      'LOCK_EX|LOCK_NB',
      ...(g.dice.chance(5) ? ['64'] : []),
    ]);
    if (!how.includes('NB')) me.waits = true;
    g.add(k, 'flock', g.fd(me, 'file'), how);
  },

  // ---- Zero copy ----
  sendfile: (g, k, me) =>
    g.add(k, 'sendfile', g.fd(me, 'writer', 'stream', 'file'), g.fd(me, 'file'), offset(g), amount(g)),
  splice: (g, k, me) => {
    const d = g.dice;
    const out = d.chance(50);
    const from = out ? g.fd(me, 'reader') : g.fd(me, 'file', 'reader', 'stream');
    const to = out ? g.fd(me, 'file', 'writer', 'stream') : g.fd(me, 'writer');
    g.add(
      k,
      'splice',
      from,
      offset(g),
      to,
      offset(g),
      amount(g),
      d.pick(['0', '0', 'SPLICE_F_NONBLOCK', 'SPLICE_F_MOVE', 'SPLICE_F_MORE', ...(d.chance(10) ? ['64'] : [])]),
    );
    me.waits = true;
  },
  tee: (g, k, me) => {
    me.waits = true;
    g.add(k, 'tee', g.fd(me, 'reader'), g.fd(me, 'writer'), amount(g), g.dice.pick(['0', '0', 'SPLICE_F_NONBLOCK']));
  },
  copy_file_range: (g, k, me) =>
    g.add(
      k,
      'copy_file_range',
      g.fd(me, 'file'),
      offset(g),
      g.fd(me, 'file'),
      offset(g),
      amount(g),
      g.dice.chance(95) ? 0 : 1,
    ),
};

function fork(g: Generator): void {
  g.step(0, 'fork');
  if (g.dice.chance(25)) g.step(0, 'fork');
}

export function pipe(g: Generator, me: Actor): void {
  g.give(me, 'reader');
  g.give(me, 'writer');
  g.add(0, 'pipe2', g.dice.pick(['0', '0', 'O_NONBLOCK']));
}

/** A connection over a listener, with the client in a child or in the same process. */
function connection(g: Generator, me: Actor, inChild: boolean): void {
  const family = isUnix(g) ? 'AF_UNIX' : 'AF_INET';
  const where = isUnix(g) ? '"u"' : 'p0';
  g.give(me, 'listener');
  g.add(0, 'socket', family, 'SOCK_STREAM', 0);
  g.add(0, 'bind', 0, where);
  g.add(0, 'listen', 0, g.dice.pick([1, 2, 5]));
  if (inChild) g.step(0, 'fork');
  const client = inChild ? 1 : 0;
  g.give(g.actors[client], 'stream');
  g.add(client, 'socket', family, 'SOCK_STREAM', 0);
  g.add(client, 'connect', 1, where);
  const server = g.give(me, 'stream');
  g.add(0, 'accept4', 0, g.dice.pick(['0', '0', 'SOCK_NONBLOCK']));
  if (!inChild) fork(g);
  else if (g.dice.chance(50)) {
    g.actors[1].fds.delete(0);
    g.add(1, 'close', 0);
  }
  void server;
}

export function pair(g: Generator, me: Actor): void {
  g.give(me, 'stream');
  g.give(me, 'stream');
  g.add(0, 'socketpair', 'AF_UNIX', 'SOCK_STREAM');
}

/** The custom: each side closes the end that it does not use. */
function takeSides(g: Generator): void {
  if (!g.dice.chance(50)) return;
  g.actors[1].fds.delete(1);
  g.add(1, 'close', 1);
  g.actors[0].fds.delete(0);
  g.add(0, 'close', 0);
}

export function file(g: Generator, me: Actor, name: string, size: number): void {
  const fd = g.give(me, 'file');
  g.add(0, 'open', name, 'O_RDWR|O_CREAT', '0o644');
  if (size > 0) g.add(0, 'write', fd, g.nextLetter(), size);
}

/** How a sequence of a theme begins. */
export const START: Readonly<Record<string, (g: Generator) => void>> = {
  sockets: (g) => {
    const me = g.actors[0];
    const how = g.dice.below(10);
    if (how < 2) {
      pair(g, me);
      g.step(0, 'fork');
      takeSides(g);
    } else if (how < 9) connection(g, me, how < 7);
    else {
      g.step(0, 'socket');
      fork(g);
    }
  },
  datagrams: (g) => {
    const me = g.actors[0];
    if (g.dice.chance(20)) g.step(0, 'socketpair');
    else {
      const family = isUnix(g) ? 'AF_UNIX' : 'AF_INET';
      for (const fd of [0, 1]) {
        g.give(me, 'dgram');
        g.add(0, 'socket', family, 'SOCK_DGRAM', 0);
        g.add(0, 'bind', fd, isUnix(g) ? ['"u"', '"v"'][fd] : `p${fd}`);
      }
    }
    g.step(0, 'fork');
  },
  poll: (g) => {
    const me = g.actors[0];
    if (g.dice.chance(60)) pipe(g, me);
    else if (g.dice.chance(50)) pair(g, me);
    else return connection(g, me, true);
    g.step(0, 'fork');
    takeSides(g);
  },
  epoll: (g) => {
    const me = g.actors[0];
    if (g.dice.chance(45)) pipe(g, me);
    else if (g.dice.chance(50)) pair(g, me);
    else connection(g, me, g.dice.chance(60));
    const ep = g.give(me, 'epoll');
    g.add(0, 'epoll_create', '0');
    g.add(
      0,
      'epoll_ctl',
      ep,
      'EPOLL_CTL_ADD',
      g.fd(me, 'reader', 'stream'),
      g.dice.pick([
        'EPOLLIN',
        'EPOLLIN|EPOLLET',
        'EPOLLIN|EPOLLOUT|EPOLLET',
        'EPOLLIN|EPOLLONESHOT',
        'EPOLLIN|EPOLLRDHUP',
      ]),
    );
    g.step(0, 'fork');
  },
  waits: (g) => {
    g.add(0, 'sigprocmask', 'SIG_BLOCK', 'SIGUSR1', 'SIGUSR2', '40');
    if (g.dice.chance(50))
      g.add(0, 'sigaction', g.dice.pick(WAKERS), 'I', '0', ...(g.dice.chance(50) ? [g.dice.pick(WAKERS)] : []));
    fork(g);
  },
  sigio: (g) => {
    const me = g.actors[0];
    if (g.dice.chance(65)) pipe(g, me);
    else pair(g, me);
    g.add(0, 'sigaction', 'SIGIO', g.dice.pick(['I', 'I', 'H']), g.dice.pick(['0', 'SA_RESTART']));
    if (g.dice.chance(50)) g.add(0, 'sigaction', '40', 'I', '0');
    g.add(0, 'fcntl', 0, 'F_SETOWN', 'A0');
    g.add(0, 'fcntl', 0, 'F_SETFL', g.dice.pick(['O_ASYNC', 'O_ASYNC|O_NONBLOCK']));
    fork(g);
  },
  mapped: (g) => {
    const me = g.actors[0];
    file(g, me, '"a"', g.dice.pick([100, 4096, 5000, 9000]));
    if (g.dice.chance(30)) file(g, me, '"b"', 5000);
    g.add(
      0,
      'mmapf',
      0,
      g.dice.pick([1, 2, 2, 3]),
      'PROT_READ|PROT_WRITE',
      g.dice.pick(['MAP_SHARED', 'MAP_SHARED', 'MAP_PRIVATE']),
      0,
      0,
    );
    // Both pages are in sight when the file is cut short, by one of those who look at them.
    const cut = g.dice.chance(40);
    if (cut) g.add(0, 'peek', 'm4097');
    if (cut && g.dice.chance(50)) g.add(0, 'poke', 'm4097', 66);
    fork(g);
    if (cut) g.add(g.dice.below(2), 'ftruncate', 0, g.dice.pick([0, 100, 4096, 4097]));
  },
  events: (g) => {
    g.step(0, 'eventfd');
    if (g.timed) g.step(0, 'timerfd');
    if (g.dice.chance(30)) g.step(0, 'epoll_create');
    g.step(0, 'fork');
  },
  locks: (g) => {
    const me = g.actors[0];
    file(g, me, '"a"', 30);
    if (g.dice.chance(50)) file(g, me, '"a"', 0);
    fork(g);
    if (g.dice.chance(60)) g.add(1, 'open', '"a"', 'O_RDWR', '0');
  },
  moving: (g) => {
    const me = g.actors[0];
    file(g, me, '"a"', g.dice.pick([10, 5000, 9000]));
    pipe(g, me);
    if (g.dice.chance(60)) pipe(g, me);
    if (g.dice.chance(30)) pair(g, me);
    if (g.dice.chance(40)) file(g, me, '"b"', g.dice.pick([0, 100]));
    g.add(0, 'lseek', 0, 0, 'SEEK_SET');
    if (g.dice.chance(60)) g.step(0, 'fork');
  },
};
