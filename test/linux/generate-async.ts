/** Random calls of the words of prelude_async.osim: asynchronous I/O. */
import { file, pair, pipe, timeout, type Word } from './generate-io.js';
import type { Generator } from './generate.js';

function block(g: Generator): number {
  return g.dice.below(4);
}

function amount(g: Generator): number {
  return g.dice.pick([0, 1, 3, 10, 100, 4096, 5000]);
}

function offset(g: Generator): number {
  return g.dice.pick([0, 0, 0, 1, 5, 100, 4096, -1]);
}

function notice(g: Generator): string {
  return g.dice.pick(['0', '0', 'SIGUSR1', 'SIGUSR1', '40']);
}

export const ASYNC_WORDS: Readonly<Record<string, Word>> = {
  aio_read: (g, k, me) =>
    g.add(k, 'aio_read', block(g), g.fd(me, 'reader', 'file', 'stream'), amount(g), offset(g), notice(g)),
  aio_write: (g, k, me) =>
    g.add(
      k,
      'aio_write',
      block(g),
      g.fd(me, 'writer', 'file', 'stream'),
      g.nextLetter(),
      amount(g),
      offset(g),
      notice(g),
    ),
  aio_fsync: (g, k, me) =>
    g.add(k, 'aio_fsync', block(g), g.fd(me, 'file', 'writer'), g.dice.pick(['O_SYNC', 'O_SYNC', 'O_DSYNC', '77'])),
  aio_error: (g, k) => g.add(k, 'aio_error', block(g)),
  aio_return: (g, k) => g.add(k, 'aio_return', block(g)),
  aio_suspend: (g, k, me) =>
    g.add(k, 'aio_suspend', timeout(g, me), ...Array.from({ length: 1 + g.dice.below(3) }, () => block(g))),
  aio_cancel: (g, k, me) =>
    g.add(k, 'aio_cancel', g.fd(me, 'reader', 'file', 'writer'), g.dice.pick(['null', block(g)])),
};

/**
 * Who uses aio_* is born before the first call of these: after a fork, glibc's threads are gone and its notes are not.
 */
export const ASYNC_START: Readonly<Record<string, (g: Generator) => void>> = {
  aio: (g) => {
    const me = g.actors[0];
    pipe(g, me);
    if (g.dice.chance(70)) file(g, me, '"a"', g.dice.pick([10, 5000]));
    if (g.dice.chance(30)) pair(g, me);
    g.add(0, 'sigaction', 'SIGUSR1', 'I', g.dice.pick(['0', 'SA_RESTART']));
    g.add(0, 'sigaction', '40', 'I', g.dice.pick(['0', 'SA_RESTART']));
    g.step(0, 'fork');
    if (g.dice.chance(30)) g.step(0, 'fork');
  },
};
