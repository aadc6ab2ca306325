/**
 * Random calls of the words of prelude_tty.osim: terminals and job control. A shell (the first actor), its jobs, and
 * somebody at the keyboard, who is no actor: `type` happens whoever is blocked.
 */
import type { Word } from './generate-io.js';
import type { Generator } from './generate.js';

const KEYS = ['ab$', 'ab$', 'c$', 'de', '^Z', '^Z', '^C', '^\\', '^D', 'x^?y$', 'q^Ur$', '$', 'ef$g$'];
const FLAGS = [
  'ISIG|ICANON',
  'ISIG|ICANON|TOSTOP',
  'ISIG|ICANON|TOSTOP',
  'ISIG',
  'ICANON',
  'ISIG|ICANON|NOFLSH',
  'TOSTOP',
];
const QUEUES = ['TCIFLUSH', 'TCOFLUSH', 'TCIOFLUSH', '9'];
const JOB_SIGNALS = ['SIGTTIN', 'SIGTTOU', 'SIGTSTP', 'SIGINT', 'SIGQUIT', 'SIGCONT', 'SIGHUP', 'SIGCHLD'];

/** The terminal's descriptor: 0, as a rule. */
function terminal(g: Generator): number {
  return g.dice.chance(94) ? 0 : g.dice.pick([1, 2, 9]);
}

function group(g: Generator, k: number): string {
  return g.dice.chance(92) ? g.pid(k) : g.dice.pick(['0', '-5', '99999']);
}

export const JOB_WORDS: Readonly<Record<string, Word>> = {
  type: (g, k) => g.add(k, 'type', g.dice.pick(KEYS)),
  opentty: (g, k, me) => {
    g.give(me, 'file');
    g.add(k, 'opentty', g.dice.pick(['O_RDWR', 'O_RDONLY', 'O_RDWR|O_NOCTTY', 'O_RDONLY|O_NONBLOCK']));
  },
  tcgetpgrp: (g, k) => g.add(k, 'tcgetpgrp', terminal(g)),
  tcsetpgrp: (g, k) => g.add(k, 'tcsetpgrp', terminal(g), group(g, k)),
  tcgetsid: (g, k) => g.add(k, 'tcgetsid', terminal(g)),
  getsid: (g, k) => g.add(k, 'getsid', g.dice.pick(['0', g.pid(k)])),
  lflag: (g, k) => g.add(k, 'lflag', terminal(g), g.dice.pick(FLAGS)),
  vmin: (g, k) => g.add(k, 'vmin', terminal(g), g.dice.pick([0, 1, 1, 2, 3])),
  getlflag: (g, k) => g.add(k, 'getlflag', terminal(g)),
  ctty: (g, k) => g.add(k, 'ctty', terminal(g), g.dice.pick([0, 0, 1])),
  notty: (g, k) => g.add(k, 'notty', terminal(g)),
  tcflush: (g, k) => g.add(k, 'tcflush', terminal(g), g.dice.pick(QUEUES)),
  // What the general words seldom do: read and write at the terminal, move jobs, listen to their signals.
  ttyread: (g, k, me) => {
    me.waits = true;
    g.add(k, 'read', terminal(g), g.dice.pick([100, 100, 100, 1, 2]));
  },
  ttywrite: (g, k) => g.add(k, 'write', terminal(g), g.nextLetter(), g.dice.pick([1, 3, 0])),
  job: (g, k) => g.add(k, 'setpgid', g.dice.pick(['0', '0', g.pid(k)]), g.dice.pick(['0', '0', g.pid(k)])),
  hear: (g, k) =>
    g.add(
      k,
      'sigaction',
      g.dice.pick(JOB_SIGNALS),
      g.dice.pick(['H', 'H', 'IGN', 'DFL']),
      g.dice.pick(['0', 'SA_RESTART']),
    ),
  hold: (g, k) =>
    g.add(k, 'sigprocmask', g.dice.pick(['SIG_BLOCK', 'SIG_BLOCK', 'SIG_UNBLOCK']), g.dice.pick(JOB_SIGNALS)),
  goon: (g, k) =>
    g.add(k, 'kill', g.dice.pick(['-A1', '-A2', g.pid(k)]), g.dice.pick(['SIGCONT', 'SIGCONT', 'SIGTSTP'])),
  watch: (g, k, me) => {
    me.waits = true;
    g.add(
      k,
      'waitpid',
      g.dice.pick(['-1', '-1', g.pid(k), '-A1']),
      g.dice.pick(['WUNTRACED', 'WUNTRACED', 'WUNTRACED|WNOHANG', 'WUNTRACED|WCONTINUED', 'WCONTINUED|WNOHANG']),
    );
  },
};

/** The shell ignores what would stop it, mostly; its jobs are groups of their own, one of them in front. */
export const JOB_START: Readonly<Record<string, (g: Generator) => void>> = {
  jobs: (g) => {
    g.add(0, 'tty');
    g.give(g.actors[0], 'file');
    g.step(0, 'fork');
    if (g.dice.chance(60)) g.step(g.dice.chance(70) ? 0 : 1, 'fork');
    if (g.dice.chance(60)) g.add(0, 'sigaction', 'SIGTTOU', 'IGN', '0');
    if (g.dice.chance(85)) g.add(g.dice.pick([0, 1]), 'setpgid', 'A1', 'A1');
    if (g.actors[2]?.born && g.dice.chance(70)) g.add(2, 'setpgid', '0', g.dice.pick(['0', '0', 'A1']));
    // Who ignores it, or holds it back, is refused and not stopped.
    if (g.dice.chance(25)) g.add(1, 'sigaction', 'SIGTTIN', 'IGN', '0');
    else if (g.dice.chance(15)) g.add(1, 'sigprocmask', 'SIG_BLOCK', 'SIGTTIN');
    if (g.dice.chance(50)) g.add(0, 'tcsetpgrp', '0', g.dice.pick(['A1', 'A1', 'A2']));
  },
};

export const JOB_THEME: Readonly<Record<string, number>> = {
  type: 14,
  ttyread: 12,
  ttywrite: 4,
  tcsetpgrp: 7,
  tcgetpgrp: 3,
  job: 3,
  hear: 5,
  hold: 3,
  goon: 6,
  watch: 8,
  lflag: 4,
  vmin: 1,
  getlflag: 1,
  sigpending: 1,
  fionread: 2,
  fcntl: 1,
  tcgetsid: 1,
  getsid: 1,
  setsid: 1,
  opentty: 1,
  ctty: 1,
  notty: 1,
  tcflush: 1,
  fork: 1,
  exit: 2,
  kill: 1,
  pause: 1,
  close: 1,
  getpgid: 1,
  getppid: 1,
};
