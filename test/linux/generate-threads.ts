/** Random calls of the words of prelude_threads.osim: threads, futex, and the locks that are made of it. */
import { timeout, type Word } from './generate-io.js';
import type { Actor, Generator } from './generate.js';

/** Which of the few words or locks: mostly the first, so that the actors meet. */
function which(g: Generator): number {
  return g.dice.pick([0, 0, 0, 0, 0, 1, 1, 2]);
}

function word(g: Generator): number {
  return g.dice.chance(94) ? g.dice.pick([0, 0, 0, 0, 1, 1, 4]) : g.dice.pick([7, 8, 9]);
}

function value(g: Generator): string {
  return g.dice.pick(['0', '0', '0', '0', '1', '2', '4294967296']);
}

function flags(g: Generator): string {
  return g.dice.pick(['', '', '', '|FUTEX_PRIVATE_FLAG', '|FUTEX_PRIVATE_FLAG', '|FUTEX_CLOCK_REALTIME']);
}

function bits(g: Generator): string {
  return g.dice.pick(['1', '2', '3', '4294967295', '4294967295', '0']);
}

function other(g: Generator, k: number): number {
  const born = g.actors.flatMap(({ born }, i) => (born && i !== k ? [i] : []));
  return born.length > 0 && g.dice.chance(85) ? g.dice.pick(born) : g.dice.below(3);
}

/** A wait that ends by itself or by what others do; in most sequences time plays no part. */
function slots(g: Generator, me: Actor): string {
  return g.dice.chance(3) ? '-2' : timeout(g, me);
}

/** A call that may have to wait. */
const waiting =
  (name: string, ...more: ((g: Generator, me: Actor) => string | number)[]): Word =>
  (g, k, me) => {
    me.waits = true;
    g.add(k, name, which(g), ...more.map((argument) => argument(g, me)));
  };

const plain =
  (name: string, ...more: ((g: Generator) => string | number)[]): Word =>
  (g, k) =>
    g.add(k, name, which(g), ...more.map((argument) => argument(g)));

/** Of a timed lock: a time, never "for ever". */
const limit = (g: Generator, me: Actor): string => {
  const some = timeout(g, me);
  return some === '-1' ? '0' : some;
};

export const THREAD_WORDS: Readonly<Record<string, Word>> = {
  thread: (g, k, me) => {
    const child = g.actors.findIndex(({ born }) => !born);
    if (child < 0) return;
    g.actors[child] = { born: true, gone: false, waits: false, fds: me.fds };
    g.add(k, 'thread', child);
  },
  join: (g, k, me) => {
    me.waits = true;
    g.add(k, 'join', other(g, k));
  },
  detach: (g, k) => g.add(k, 'detach', other(g, k)),
  texit: (g, k, me) => {
    if (k === 0 && g.dice.chance(80)) return;
    me.gone = true;
    g.add(k, 'texit', g.dice.pick([0, 1, 7, 1000]));
  },
  tkill: (g, k) => g.add(k, 'tkill', other(g, k), g.dice.pick(['SIGUSR1', 'SIGUSR1', 'SIGUSR1', '0', '99'])),
  fwait: (g, k, me) => {
    const op = g.dice.pick(['FUTEX_WAIT', 'FUTEX_WAIT', 'FUTEX_WAIT_BITSET']);
    g.add(k, 'fwait', op + flags(g), word(g), value(g), slots(g, me), bits(g));
  },
  fwake: (g, k) => {
    const op = g.dice.pick([
      'FUTEX_WAKE',
      'FUTEX_WAKE',
      'FUTEX_WAKE',
      'FUTEX_WAKE_BITSET',
      'FUTEX_REQUEUE',
      'FUTEX_CMP_REQUEUE',
    ]);
    const count = op.includes('REQUEUE')
      ? g.dice.pick(['0', '1', '1', '2'])
      : g.dice.pick(['1', '1', '1', '2', '0', '-1']);
    const moved = g.dice.pick(['0', '1', '1', '2', '-1']);
    g.add(k, 'fwake', op + flags(g), word(g), count, moved, word(g), op === 'FUTEX_WAKE_BITSET' ? bits(g) : value(g));
  },
  fpi: (g, k, me) => {
    const op = g.dice.pick([
      'FUTEX_LOCK_PI',
      'FUTEX_LOCK_PI',
      'FUTEX_LOCK_PI2',
      'FUTEX_UNLOCK_PI',
      'FUTEX_UNLOCK_PI',
      'FUTEX_TRYLOCK_PI',
    ]);
    const waits = op.includes('FUTEX_LOCK');
    g.add(k, 'fwait', op + flags(g), word(g), 0, waits ? slots(g, me) : '-1', 0);
  },
  fset: (g, k) =>
    g.add(
      k,
      'fset',
      g.dice.pick([0, 0, 0, 1, 4]),
      g.theme === 'inheriting futexes'
        ? g.dice.pick(['0', 'A0', 'A1', 'A2', '1073741822'])
        : g.dice.pick(['0', '0', '1', '2']),
    ),
  fget: (g, k) => g.add(k, 'fget', g.dice.pick([0, 0, 1, 4])),
  minit: plain('minit', (g) => g.dice.pick([0, 0, 1, 1, 2, 2, 2, 32, 7])),
  mlock: waiting('mlock'),
  mtry: plain('mtry'),
  mtimed: waiting('mtimed', limit),
  munlock: plain('munlock'),
  mdestroy: plain('mdestroy'),
  cinit: plain('cinit'),
  cwait: waiting('cwait', which, (g, me) => timeout(g, me).replace(/^0$/, '-1')),
  csignal: plain('csignal'),
  cbroadcast: plain('cbroadcast'),
  cdestroy: plain('cdestroy'),
  sinit: plain('sinit', (g) => g.dice.pick(['0', '0', '1', '2', '2147483647', '-1'])),
  swait: waiting('swait'),
  stimed: waiting('stimed', limit),
  strywait: plain('strywait'),
  spost: plain('spost'),
  sget: plain('sget'),
  sdestroy: plain('sdestroy'),
  linit: plain('linit'),
  lread: waiting('lread'),
  lwrite: waiting('lwrite'),
  ltryread: plain('ltryread'),
  ltrywrite: plain('ltrywrite'),
  lunlock: plain('lunlock'),
  ldestroy: plain('ldestroy'),
  binit: plain('binit', (g) => g.dice.pick([1, 2, 2, 3, 0])),
  bwait: waiting('bwait'),
  bdestroy: plain('bdestroy'),
};

function begin(g: Generator, ...words: string[]): void {
  for (const each of words) g.step(0, each);
  g.step(0, 'thread');
  if (g.dice.chance(75)) g.step(0, 'thread');
}

export const THREAD_START: Readonly<Record<string, (g: Generator) => void>> = {
  threads: (g) => {
    g.add(0, 'sigaction', 'SIGUSR1', 'H', g.dice.pick(['0', 'SA_RESTART']));
    g.add(0, 'sinit', 0, 0);
    begin(g);
  },
  futexes: (g) => {
    g.add(0, 'sigaction', 'SIGUSR1', 'H', g.dice.pick(['0', 'SA_RESTART']));
    begin(g);
  },
  'inheriting futexes': (g) => begin(g),
  mutexes: (g) => {
    g.add(0, 'sigaction', 'SIGUSR1', 'H', '0');
    g.add(0, 'minit', 0, g.dice.pick([0, 1, 2, 32]));
    g.add(0, 'cinit', 0);
    begin(g, 'minit');
  },
  semaphores: (g) => {
    g.add(0, 'sigaction', 'SIGUSR1', 'H', g.dice.pick(['0', 'SA_RESTART']));
    g.add(0, 'sinit', 0, g.dice.pick([0, 1]));
    g.add(0, 'binit', 0, 2);
    begin(g);
  },
  rwlocks: (g) => {
    g.add(0, 'linit', 0);
    begin(g);
  },
};
