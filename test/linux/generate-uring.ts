/**
 * Random chains of io_uring over pipes and sockets: links, hard links, requests that are silent, short reads,
 * failures, cancelling. One process; now and then it writes or reads itself, so that what waits can go on.
 */
import type { Actor, Generator } from './generate.js';
import type { Word } from './generate-io.js';

const FLAGS = [
  ...['0', '0', '0', 'IOSQE_IO_LINK', 'IOSQE_IO_LINK', 'IOSQE_IO_LINK', 'IOSQE_IO_LINK', 'IOSQE_IO_HARDLINK'],
  ...['IOSQE_IO_HARDLINK', 'IOSQE_IO_LINK|IOSQE_CQE_SKIP_SUCCESS'],
];
const SIZES = [1, 3, 10, 100];

/** The numbers of the requests so far: a request is named by its number. */
function numbers(g: Generator): number[] {
  return g.steps.filter(({ word }) => word === 'uring_prep').map(({ args }) => Number(args[3]));
}

/** Those that may wait, and have others behind them in their chain. */
function heads(g: Generator): number[] {
  const waits = /READ|RECV|POLL_ADD/;
  return g.steps
    .filter(({ word, args }) => word === 'uring_prep' && waits.test(args[0] ?? '') && /LINK/.test(args[4] ?? ''))
    .map(({ args }) => Number(args[3]));
}

function targetOf(g: Generator): number {
  const waiting = heads(g).slice(-4);
  if (waiting.length > 0 && g.dice.chance(50)) return g.dice.pick(waiting);
  const before = numbers(g);
  return before.length > 0 && g.dice.chance(85) ? g.dice.pick(before.slice(-6)) : 99;
}

function request(g: Generator, me: Actor, flags: string): void {
  const d = g.dice;
  const number = numbers(g).length + 1;
  const target = targetOf(g);
  const reader = g.fd(me, 'reader', 'stream');
  const stream = g.fd(me, 'stream');
  const [op, fd, n, arg] = d.pick<readonly [string, number, number, number | string]>([
    ['IORING_OP_NOP', -1, 0, 0],
    ['IORING_OP_NOP', -1, 0, 0],
    ['IORING_OP_READ', reader, d.pick(SIZES), 0],
    ['IORING_OP_READ', reader, d.pick(SIZES), 0],
    ['IORING_OP_READV', reader, d.pick(SIZES), 0],
    ['IORING_OP_WRITE', g.fd(me, 'writer', 'stream'), d.pick(SIZES), 0],
    ['IORING_OP_WRITE', g.fd(me, 'writer', 'stream'), d.pick(SIZES), 0],
    ['IORING_OP_RECV', stream, d.pick(SIZES), d.pick(['0', 'MSG_WAITALL', 'MSG_WAITALL', 'MSG_DONTWAIT', 'MSG_PEEK'])],
    ['IORING_OP_SEND', stream, d.pick(SIZES), d.pick(['0', 'MSG_WAITALL'])],
    ['IORING_OP_POLL_ADD', reader, 0, d.pick(['POLLIN', 'POLLIN', 'POLLOUT'])],
    ['IORING_OP_TIMEOUT', -1, 0, 0],
    ['IORING_OP_TIMEOUT_REMOVE', -1, 0, target],
    ['IORING_OP_ASYNC_CANCEL', -1, 0, target],
    ['IORING_OP_ASYNC_CANCEL', -1, 0, target],
    ['IORING_OP_POLL_REMOVE', -1, 0, target],
    ['IORING_OP_CLOSE', 77, 0, 0],
  ]);
  g.add(0, 'uring_prep', op, fd, n, number, flags, arg);
}

export const URING_WORDS: Readonly<Record<string, Word>> = {
  chain: (g, _k, me) => {
    const length = g.dice.pick([1, 1, 2, 2, 3, 3, 4, 5]);
    for (let i = 0; i < length; i++) {
      const flags = i + 1 < length ? g.dice.pick(FLAGS) : '0';
      // A time limit of the request before: it belongs to it only by a link.
      const before = g.steps.at(-1)?.args ?? [];
      const linked = /LINK/.test(before[4] ?? '') && before[0] !== 'IORING_OP_LINK_TIMEOUT';
      if (i > 0 && linked && g.dice.chance(12))
        g.add(0, 'uring_prep', 'IORING_OP_LINK_TIMEOUT', -1, 0, numbers(g).length + 1, flags, 0);
      else request(g, me, flags);
    }
    g.add(0, 'uring_enter', length);
  },
  look: (g) => g.add(0, 'uring_enter', 0),
  feed: (g, _k, me) => g.add(0, 'write', g.fd(me, 'writer', 'stream'), g.nextLetter(), g.dice.pick(SIZES)),
  eat: (g, _k, me) => g.add(0, 'recv', g.fd(me, 'stream'), g.dice.pick([1, 10, 100]), 'MSG_DONTWAIT'),
  hang_up: (g, _k, me) => g.add(0, 'shutdown', g.fd(me, 'stream'), g.dice.pick(['SHUT_WR', 'SHUT_RDWR'])),
};

export const URING_START: Readonly<Record<string, (g: Generator) => void>> = {
  uring: (g) => {
    const me = g.actors[0];
    g.add(0, 'sigaction', 'SIGPIPE', 'IGN', '0');
    if (g.dice.chance(60)) {
      g.give(me, 'reader');
      g.give(me, 'writer');
      g.add(0, 'pipe2', '0');
    }
    g.give(me, 'stream');
    g.give(me, 'stream');
    g.add(0, 'socketpair', 'AF_UNIX', 'SOCK_STREAM');
    g.add(0, 'uring_setup', 32);
  },
};
