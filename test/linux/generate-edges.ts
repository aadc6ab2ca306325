/**
 * Random edges and levels: files of every kind that epoll can watch, one or two epolls that watch them, and one process
 * that reads, writes, shuts down and arms again, asking after nearly each step what is told. Nothing blocks.
 */
import type { Actor, Generator, Kind } from './generate.js';
import type { Word } from './generate-io.js';

/** What can be done to a file of a kind, and how often. */
type Deeds = readonly (readonly [number, (g: Generator, fd: number) => void])[];

const WAIT_OFTEN = 75;

function by(g: Generator, deeds: Deeds, fd: number): void {
  const total = deeds.reduce((sum, [weight]) => sum + weight, 0);
  let at = g.dice.below(total);
  for (const [weight, deed] of deeds) {
    at -= weight;
    if (at < 0) return deed(g, fd);
  }
}

const write = (g: Generator, fd: number): void =>
  g.add(0, 'write', fd, g.nextLetter(), g.dice.pick([1, 1, 3, 100, 2000]));
const read = (g: Generator, fd: number): void => g.add(0, 'read', fd, g.dice.pick([1, 2, 100, 5000]));
const fill = (g: Generator, fd: number): void =>
  g.add(0, 'fill', fd, g.actors[0]?.fds.get(fd) === 'mailbox' ? g.dice.pick([1, 4096]) : 4096);
const drain = (g: Generator, fd: number): void => g.add(0, 'drain', fd);
/** Full, told so, and then another one of the kind takes something out: mostly that is the other end. */
const fillAndTake = (g: Generator, fd: number): void => {
  const me = g.actors[0];
  fill(g, fd);
  waits(g, me);
  const others = [...me.fds].filter(([other, kind]) => other !== fd && kind === me.fds.get(fd)).map(([other]) => other);
  if (others.length > 0) g.dice.pick([read, drain])(g, g.dice.pick(others));
};
const recv = (g: Generator, fd: number): void =>
  g.add(0, 'recv', fd, g.dice.pick([0, 1, 5, 5000]), g.dice.pick(['MSG_DONTWAIT', 'MSG_DONTWAIT|MSG_PEEK']));
const shutdown = (g: Generator, fd: number): void =>
  g.add(0, 'shutdown', fd, g.dice.pick(['SHUT_RD', 'SHUT_WR', 'SHUT_WR', 'SHUT_RDWR']));
const close = (g: Generator, fd: number): void => {
  g.actors[0]?.fds.delete(fd);
  g.add(0, 'close', fd);
};
const dup = (g: Generator, fd: number): void => {
  const me = g.actors[0];
  g.give(me, me.fds.get(fd) as Kind);
  g.add(0, 'dup', fd);
};
const error = (g: Generator, fd: number): void => g.add(0, 'getsockopt', fd, 'SOL_SOCKET', 'SO_ERROR');
const buffer = (g: Generator, fd: number): void =>
  g.add(0, 'setsockopt', fd, 'SOL_SOCKET', 'SO_SNDBUF', g.dice.pick([5000, 20000, 200000]));

const resize = (g: Generator, fd: number): void =>
  g.add(0, 'fcntl', fd, 'F_SETPIPE_SZ', g.dice.pick([4096, 8192, 65536, 100000]));

const DEEDS: Partial<Record<Kind, Deeds>> = {
  reader: [
    [8, read],
    [2, drain],
    [1, close],
    [1, dup],
    [2, resize],
  ],
  writer: [
    [8, write],
    [3, fill],
    [1, close],
    [1, dup],
    [2, resize],
  ],
  fifo: [
    [5, read],
    [5, write],
    [2, fill],
    [2, drain],
    [3, resize],
    [1, close],
  ],
  eventfd: [
    [5, (g, fd): void => g.add(0, 'evwrite', fd, g.dice.pick([0, 1, 1, 5]))],
    [5, (g, fd): void => g.add(0, 'evread', fd)],
    [1, close],
  ],
  timerfd: [
    [3, (g, fd): void => g.add(0, 'timerfd_settime', fd, g.dice.pick([0, 1, 1, 2]), g.dice.pick([0, 0, 2]))],
    [3, (g, fd): void => g.add(0, 'evread', fd)],
    [4, (g): void => g.add(0, 'pass')],
  ],
  signalfd: [
    [8, (g): void => g.add(0, 'raise', g.dice.pick(['SIGUSR1', 'SIGUSR1', 'SIGUSR2', '40']))],
    [3, (g, fd): void => g.add(0, 'sigread', fd, 1)],
    [1, (g, fd): void => g.add(0, 'signalfd', fd, 'SFD_NONBLOCK', g.dice.pick(['SIGUSR1', 'SIGUSR2', '40']))],
  ],
  stream: [
    [7, write],
    [7, read],
    [2, recv],
    [2, shutdown],
    [1, close],
    [1, error],
    [1, dup],
  ],
  unix: [
    [7, write],
    [7, read],
    [2, recv],
    [1, fill],
    [2, fillAndTake],
    [2, drain],
    [1, buffer],
    [2, shutdown],
    [1, close],
    [1, error],
  ],
  dgram: [
    [8, write],
    [5, read],
    [2, recv],
    [2, drain],
    [3, (g, fd): void => g.add(0, 'sendto', fd, g.nextLetter(), 3, 'MSG_DONTWAIT', g.dice.pick(['p0', 'p1', 'p2']))],
    [1, (g, fd): void => g.add(0, 'connect', fd, g.dice.pick(['p0', 'p1', 'p2']))],
    [1, shutdown],
    [1, close],
    [1, error],
  ],
  mailbox: [
    [6, write],
    [6, read],
    [2, recv],
    [2, fill],
    [4, fillAndTake],
    [2, drain],
    [2, (g, fd): void => g.add(0, 'sendto', fd, g.nextLetter(), 3, 'MSG_DONTWAIT', g.dice.pick(['"u"', '"v"']))],
    [1, (g, fd): void => g.add(0, 'connect', fd, g.dice.pick(['"u"', '"v"']))],
    [1, buffer],
    [1, shutdown],
    [1, close],
    [1, error],
  ],
  listener: [
    [
      3,
      (g, fd): void => {
        g.give(g.actors[0], 'stream');
        g.add(0, 'accept4', fd, 'SOCK_NONBLOCK');
      },
    ],
    [
      3,
      (g): void => {
        const me = g.actors[0];
        const socket = g.give(me, 'stream');
        const unix = g.flavour % 2 === 1;
        streamSocket(g, socket, unix ? 'AF_UNIX' : 'AF_INET');
        g.add(0, 'connect', socket, unix ? '"l"' : 'p3');
      },
    ],
    [1, shutdown],
    [1, close],
  ],
};

/** A stream of AF_INET whose bytes go at once, as here they do anyway: an edge must not wait for an acknowledgement. */
function streamSocket(g: Generator, fd: number, domain: string): void {
  g.add(0, 'socket', domain, 'SOCK_STREAM|SOCK_NONBLOCK', 0);
  if (domain === 'AF_INET') g.add(0, 'setsockopt', fd, 'IPPROTO_TCP', 'TCP_NODELAY', 1);
}

function watched(g: Generator): string {
  const events = g.dice.pick([
    'EPOLLIN',
    'EPOLLIN',
    'EPOLLIN|EPOLLOUT',
    'EPOLLIN|EPOLLOUT',
    'EPOLLOUT',
    'EPOLLIN|EPOLLOUT|EPOLLRDHUP',
    '0',
  ]);
  const how = g.dice.pick([
    '|EPOLLET',
    '|EPOLLET',
    '|EPOLLET',
    '|EPOLLET',
    '',
    '|EPOLLONESHOT',
    '|EPOLLET|EPOLLONESHOT',
  ]);
  return events + how;
}

function control(g: Generator, op: string, epoll: number, fd: number): void {
  g.add(0, 'epoll_ctl', epoll, op, fd, watched(g));
}

/** An epoll that another one watches is asked less often: what is ready in it shall stay so for a while. */
function waits(g: Generator, me: Actor): void {
  for (const [fd, kind] of me.fds)
    if (kind === 'epoll' && g.dice.chance(isWatched(me, fd) ? 20 : WAIT_OFTEN))
      g.add(0, 'epoll_wait', fd, g.dice.pick([8, 8, 8, 1]), 0);
}

function isWatched(me: Actor, fd: number): boolean {
  return me.fds.get(fd) === 'epoll' && me.fds.get(fd + 1) === 'epoll';
}

export const EDGE_WORDS: Readonly<Record<string, Word>> = {
  edge: (g, _k, me) => {
    const files = [...me.fds].filter(([, kind]) => kind !== 'epoll');
    if (files.length === 0) return g.step(0, 'epoll_create');
    const [fd, kind] = g.dice.pick(files);
    by(g, DEEDS[kind] ?? [], fd);
    waits(g, me);
  },
  rearm: (g, _k, me) => {
    const inner = [...me.fds.keys()].find((fd) => isWatched(me, fd));
    const files = [...me.fds].flatMap(([fd, kind]) => (kind === 'epoll' ? [] : [fd]));
    // What is ready in an epoll, and is armed again, is no news for who watches that epoll.
    if (inner !== undefined && files.length > 0 && g.dice.chance(60))
      control(g, 'EPOLL_CTL_MOD', inner, g.dice.pick(files));
    else
      control(
        g,
        g.dice.pick(['EPOLL_CTL_MOD', 'EPOLL_CTL_MOD', 'EPOLL_CTL_MOD', 'EPOLL_CTL_ADD', 'EPOLL_CTL_DEL']),
        g.fd(me, 'epoll'),
        g.fd(me),
      );
    waits(g, me);
  },
};

/** Makes the files: what stands behind the names of DEEDS. */
const MAKERS: readonly ((g: Generator, me: Actor) => void)[] = [
  (g, me) => {
    g.give(me, 'reader');
    g.give(me, 'writer');
    g.add(0, 'pipe2', 'O_NONBLOCK');
  },
  (g, me) => {
    g.add(0, 'mkfifo', '"f"', '0o644');
    g.give(me, 'fifo');
    g.add(0, 'open', '"f"', 'O_RDWR|O_NONBLOCK', 0);
    if (!g.dice.chance(50)) return;
    g.give(me, 'reader');
    g.add(0, 'open', '"f"', 'O_RDONLY|O_NONBLOCK', 0);
  },
  (g, me) => {
    g.give(me, 'eventfd');
    g.add(0, 'eventfd', g.dice.below(3), g.dice.pick(['EFD_NONBLOCK', 'EFD_NONBLOCK', 'EFD_NONBLOCK|EFD_SEMAPHORE']));
  },
  (g, me) => {
    g.give(me, 'unix');
    g.give(me, 'unix');
    g.add(0, 'socketpair', 'AF_UNIX', 'SOCK_STREAM|SOCK_NONBLOCK');
  },
  (g, me) => {
    g.give(me, 'mailbox');
    g.give(me, 'mailbox');
    g.add(0, 'socketpair', 'AF_UNIX', 'SOCK_DGRAM|SOCK_NONBLOCK');
  },
  (g, me) => {
    for (const name of ['"u"', '"v"']) {
      const fd = g.give(me, 'mailbox');
      g.add(0, 'socket', 'AF_UNIX', 'SOCK_DGRAM|SOCK_NONBLOCK', 0);
      g.add(0, 'bind', fd, name);
      // Of two that talk to each other alone neither can fill the other's queue.
      if (g.dice.chance(75)) g.add(0, 'connect', fd, g.dice.pick(['"u"', '"u"', '"u"', '"v"']));
    }
  },
  (g, me) => {
    for (const [port, other] of [
      ['p0', 'p1'],
      ['p1', 'p0'],
    ] as const) {
      const fd = g.give(me, 'dgram');
      g.add(0, 'socket', 'AF_INET', 'SOCK_DGRAM|SOCK_NONBLOCK', 0);
      g.add(0, 'bind', fd, port);
      if (g.dice.chance(75)) g.add(0, 'connect', fd, g.dice.pick([other, other, other, port, 'p2']));
    }
  },
  (g, me) => {
    const unix = g.flavour % 2 === 1;
    const [domain, where] = unix ? ['AF_UNIX', '"l"'] : ['AF_INET', 'p3'];
    const listener = g.give(me, 'listener');
    const client = g.give(me, 'stream');
    streamSocket(g, listener, domain);
    streamSocket(g, client, domain);
    g.add(0, 'bind', listener, where);
    g.add(0, 'listen', listener, 5);
    g.add(0, 'connect', client, where);
    g.give(me, 'stream');
    g.add(0, 'accept4', listener, 'SOCK_NONBLOCK');
  },
  (g, me) => {
    if (!g.timed) return;
    g.give(me, 'timerfd');
    g.add(0, 'timerfd', 'TFD_NONBLOCK');
  },
  (g, me) => {
    g.add(0, 'sigprocmask', 'SIG_BLOCK', 'SIGUSR1', 'SIGUSR2', '40');
    g.give(me, 'signalfd');
    g.add(0, 'signalfd', -1, 'SFD_NONBLOCK', g.dice.pick(['SIGUSR1', 'SIGUSR2']), 'SIGUSR1');
  },
];

/** Two sockets each: pairs, messages, a listener and a connection. */
const SOCKETS = MAKERS.slice(3, 8);

export const EDGE_START: Readonly<Record<string, (g: Generator) => void>> = {
  edges: (g) => {
    const me = g.actors[0];
    // Sockets have the most to tell.
    const first = g.dice.below(MAKERS.length + 4);
    (MAKERS[first] ?? g.dice.pick(SOCKETS))(g, me);
    const second = g.dice.below(MAKERS.length);
    const twice = second === first || (first >= MAKERS.length && SOCKETS.includes(MAKERS[second]));
    if (!twice && g.dice.chance(40)) MAKERS[second]?.(g, me);
    const files = [...me.fds.keys()];
    const epolls = g.dice.pick([1, 1, 2]);
    for (let i = 0; i < epolls; i++) {
      const epoll = g.give(me, 'epoll');
      g.add(0, 'epoll_create', '0');
      if (i === 0) for (const fd of files) control(g, 'EPOLL_CTL_ADD', epoll, fd);
      // The second one watches the first: an epoll in an epoll.
      else g.add(0, 'epoll_ctl', epoll, 'EPOLL_CTL_ADD', epoll - 1, g.dice.chance(70) ? 'EPOLLIN|EPOLLET' : watched(g));
    }
    waits(g, me);
  },
};
