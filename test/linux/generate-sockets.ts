/**
 * Random flags of send and recv and options of sockets, over connected pairs of every kind; and who may share a port.
 * One process, which never waits.
 */
import type { Actor, Generator, Kind } from './generate.js';
import type { Word } from './generate-io.js';

const PAIR: readonly Kind[] = ['stream', 'dgram', 'unix', 'mailbox'];

const SEND_FLAGS = [
  ...['0', '0', 'MSG_MORE', 'MSG_MORE', 'MSG_NOSIGNAL', 'MSG_DONTWAIT', 'MSG_PEEK', 'MSG_TRUNC'],
  ...['MSG_WAITALL', 'MSG_EOR', 'MSG_MORE|MSG_DONTWAIT', 'MSG_CTRUNC', 'MSG_CMSG_CLOEXEC'],
];
const RECEIVE_FLAGS = [
  ...['0', '0', '0', 'MSG_PEEK', 'MSG_PEEK', 'MSG_TRUNC', 'MSG_TRUNC', 'MSG_PEEK|MSG_TRUNC', 'MSG_WAITALL', 'MSG_OOB'],
  ...['MSG_PEEK|MSG_WAITALL', 'MSG_MORE', 'MSG_EOR', 'MSG_NOSIGNAL', 'MSG_TRUNC|MSG_WAITALL', 'MSG_CMSG_CLOEXEC'],
];
const OPTIONS = [
  ...['SO_REUSEADDR', 'SO_REUSEPORT', 'SO_KEEPALIVE', 'SO_BROADCAST', 'SO_TYPE', 'SO_ERROR', 'SO_ACCEPTCONN'],
  ...['SO_DOMAIN', 'SO_PROTOCOL', 'SO_RCVLOWAT', '999'],
];

/** A level, an option of it (or not), and a value. */
function option(g: Generator): [string, string, number] {
  const level = g.dice.pick([
    'SOL_SOCKET',
    'SOL_SOCKET',
    'SOL_SOCKET',
    'IPPROTO_TCP',
    'IPPROTO_TCP',
    'IPPROTO_UDP',
    '99',
  ]);
  const name =
    level === 'SOL_SOCKET'
      ? g.dice.pick(OPTIONS)
      : level === 'IPPROTO_TCP'
        ? g.dice.pick(['TCP_NODELAY', 'TCP_CORK', 'TCP_CORK', '999'])
        : g.dice.pick(['UDP_CORK', 'UDP_CORK', '999']);
  return [level, name, name === 'SO_RCVLOWAT' ? g.dice.pick([0, 1, 3, 3, 10, 100]) : g.dice.below(2)];
}

/**
 * Who sends: over TCP one side only. What waits for more (MSG_MORE) Linux sends when something comes from the other
 * side, but only if that misses the fast path.
 */
function sender(g: Generator, me: Actor): number {
  return g.steps.some(({ word }) => word === 'accept4') ? 1 : g.fd(me, ...PAIR);
}

export const SOCKET_WORDS: Readonly<Record<string, Word>> = {
  flagged_send: (g, k, me) =>
    g.add(k, 'send', sender(g, me), g.nextLetter(), g.dice.pick([0, 1, 3, 10, 100, 2000]), g.dice.pick(SEND_FLAGS)),
  flagged_recv: (g, k, me) => {
    const flags = g.dice.pick(RECEIVE_FLAGS);
    g.add(k, 'recv', g.fd(me, ...PAIR), g.dice.pick([1, 2, 5, 100, 5000]), `MSG_DONTWAIT|${flags}`.replace('|0', ''));
  },
  option_set: (g, k, me) => g.add(k, 'setsockopt', g.fd(me, ...PAIR, 'fresh'), ...option(g)),
  option_get: (g, k, me) => {
    const [level, name] = option(g);
    g.add(k, 'getsockopt', g.fd(me, ...PAIR, 'fresh'), level, name);
  },
  // The sender's own, on and off: what is sent while it is on waits.
  cork: (g, k, me) => {
    const fd = sender(g, me);
    const [level, name] =
      me.fds.get(fd) === 'dgram' ? (['IPPROTO_UDP', 'UDP_CORK'] as const) : (['IPPROTO_TCP', 'TCP_CORK'] as const);
    g.add(k, 'setsockopt', fd, level, name, g.dice.pick([1, 1, 0]));
  },
  poll0: (g, k, me) => g.add(k, 'poll', 0, g.fd(me, ...PAIR), 'POLLIN|POLLOUT|POLLRDHUP'),
  pass: (g, k, me) =>
    g.add(
      k,
      'sendmsg',
      g.fd(me, 'unix'),
      g.nextLetter(),
      g.dice.pick(g.steps.some(({ args }) => args[1] === 'SOCK_STREAM') ? [0, 1, 3, 10] : [1, 3, 10]),
      'MSG_DONTWAIT',
      ...Array.from({ length: g.dice.pick([0, 1, 1, 2, 3]) }, () => g.fd(me, 'reader', 'writer', 'unix')),
    ),
  take: (g, k, me) =>
    g.add(
      k,
      'recvmsg',
      g.fd(me, 'unix'),
      g.dice.pick([0, 1, 2, 5, 100]),
      g.dice.pick([64, 64, 64, 0, 16, 20, 24]),
      g.dice.pick(['MSG_DONTWAIT', 'MSG_DONTWAIT', 'MSG_DONTWAIT|MSG_PEEK', 'MSG_DONTWAIT|MSG_CMSG_CLOEXEC']),
    ),
  plain: (g, k, me) => g.add(k, 'recv', g.fd(me, 'unix'), g.dice.pick([1, 5, 100]), 'MSG_DONTWAIT'),
  shared_port: (g, k, me) => {
    const fd = g.give(me, 'fresh');
    g.add(k, 'socket', 'AF_INET', g.flavour === 1 ? 'SOCK_DGRAM' : 'SOCK_STREAM', 0);
    // One of the two in a sequence: of those who say both Linux remembers only some ("fastreuseport").
    const said = g.steps.find(({ word }) => word === 'setsockopt')?.args[2];
    if (g.dice.chance(75))
      g.add(k, 'setsockopt', fd, 'SOL_SOCKET', said ?? g.dice.pick(['SO_REUSEADDR', 'SO_REUSEPORT']), 1);
    if (g.dice.chance(85)) g.add(k, 'bind', fd, g.dice.pick(['p0', 'p0', 'p0', 'w0', 'w0', 'p1']));
    if (g.dice.chance(40)) g.add(k, 'listen', fd, 1);
  },
};

/** Two ends that are connected: of TCP (nothing waits for an acknowledgement), UDP, and the three kinds of AF_UNIX. */
const PAIRS: readonly ((g: Generator, me: Actor) => void)[] = [
  (g, me) => {
    for (const kind of ['listener', 'stream'] as const) {
      const fd = g.give(me, kind);
      g.add(0, 'socket', 'AF_INET', 'SOCK_STREAM', 0);
      g.add(0, 'setsockopt', fd, 'IPPROTO_TCP', 'TCP_NODELAY', 1);
    }
    g.add(0, 'bind', 0, 'p0');
    g.add(0, 'listen', 0, 5);
    g.add(0, 'connect', 1, 'p0');
    g.give(me, 'stream');
    g.add(0, 'accept4', 0, 'SOCK_NONBLOCK');
  },
  (g, me) => {
    for (const port of ['p0', 'p1']) {
      const fd = g.give(me, 'dgram');
      g.add(0, 'socket', 'AF_INET', 'SOCK_DGRAM', 0);
      g.add(0, 'bind', fd, port);
    }
    g.add(0, 'connect', 0, 'p1');
    g.add(0, 'connect', 1, 'p0');
  },
  ...(['SOCK_STREAM', 'SOCK_DGRAM', 'SOCK_SEQPACKET'] as const).map((type) => (g: Generator, me: Actor) => {
    g.give(me, 'unix');
    g.give(me, 'unix');
    g.add(0, 'socketpair', 'AF_UNIX', type);
  }),
];

export const SOCKET_START: Readonly<Record<string, (g: Generator) => void>> = {
  flags: (g) => {
    g.add(0, 'sigaction', 'SIGPIPE', 'H', '0');
    // TCP and UDP, which have the most flags, twice as often.
    g.dice.pick([...PAIRS, ...PAIRS.slice(0, 2)])?.(g, g.actors[0]);
  },
  rights: (g) => {
    const me = g.actors[0];
    g.add(0, 'sigaction', 'SIGPIPE', 'IGN', '0');
    g.dice.pick(PAIRS.slice(2))(g, me);
    g.give(me, 'reader');
    g.give(me, 'writer');
    g.add(0, 'pipe2', 'O_NONBLOCK');
  },
  ports: (g) => {
    g.step(0, 'shared_port');
    g.step(0, 'shared_port');
  },
};
