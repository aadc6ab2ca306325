/**
 * All the ways in which a thread, its process or its program can end, at once: exec() by one thread while another takes
 * a fatal signal, exits, forks, starts threads, or does the same; in handlers, too. The kernel must get through: no
 * panic, no endless loop, and nobody waits for what only the kernel could end.
 * OSIM_LONG makes it many programs.
 */
import assert from 'node:assert/strict';
import { computerFor } from '../system.js';
import { Dice } from './programs.js';

const PROGRAMS = process.env['OSIM_LONG'] ? 600 : 40;

function deed(d: Dice): string {
  return d.pick([
    () => `exec("next", ${d.below(3)});`,
    () => 'exec("next", 1);',
    () => 'exec("nosuch");',
    () => 'exit(3);',
    () => `kill(getpid(), ${d.pick(['SIGTERM', 'SIGKILL', 'SIGSEGV', 'SIGUSR1', 'SIGSTOP'])});`,
    () => 'kill(getppid(), SIGCONT);',
    () => 'peek(8);',
    () => 'thread_exit(1);',
    () => `thread(spin, ${d.below(9)});`,
    () => 'if (fork() == 0) { exec("next", 2); }',
    () => `sleep(${d.below(20)});`,
    () => 'read(0, alloc(8), 8);',
    () => 'sem_wait(s);',
    () => 'sem_post(s);',
    () => 'lock(m);',
    () => 'unlock(m);',
    () => 'sigaction(SIGUSR1, handler);',
    () => `alarm(${1 + d.below(30)});`,
    () => 'wait();',
  ])();
}

function programOf(d: Dice): string {
  const handler = d.pick(['', 'exec("next", 0);', 'exit(5);', 'thread_exit(0);', 'sem_post(s);']);
  const bodies = Array.from({ length: 4 }, (_, i) => {
    const deeds = Array.from({ length: 2 + d.below(4) }, () => deed(d)).join(' ');
    return `fn f${i}() { ${deeds} return ${i}; }`;
  });
  const threads = Array.from({ length: 3 }, () => `thread(f${d.below(4)});`).join(' ');
  const child = `${threads} f${d.below(4)}(); ${d.pick(['thread_exit();', 'exit(1);', ''])}`;
  return `machine { cpus = ${d.pick([1, 2, 4, 8])}; quantum = ${d.pick([1, 3, 20])}; }
var s = semaphore(0);
var m = mutex();
fn handler(sig) { ${handler} }
fn spin(n) { for (i in 0..n) { } if (n == 3) { exec("next", 0); } }
program next(n) { if (n == 1) { join(thread(spin, 2)); exec("last"); } if (n == 2) { sleep(5); } exit(n); }
program last() { exit(9); }
${bodies.join('\n')}
keyboard at 400 eof;
process p {
  sigaction(SIGCONT, SIG_IGN);
  for (i in 0..3) { if (fork() == 0) { ${child} } }
  sleep(3000);
  kill(0, SIGCONT);
  sleep(2000);
}`;
}

/** What a program can do to itself: wait for its own locks, its children, the terminal, or a signal. */
const ITS_OWN = / waits for (mutex|semaphore|child|the end of thread|terminal)/;

describe('threads that end in every way at once', function () {
  this.timeout(300_000);

  it('are no trouble for the kernel', () => {
    for (let seed = 1; seed <= PROGRAMS; seed++) {
      const text = programOf(new Dice(seed * 7 + 1));
      const computer = computerFor(text, { seed });
      const { kind, report } = computer.run({ maxSteps: 20_000_000, maxTicks: 2_000_000 });
      assert.ok(['finished', 'idle', 'deadlock'].includes(kind), `${kind}: ${report.join('\n')}\n${text}`);
      if (kind !== 'deadlock') continue;
      const kernels = report.filter((line) => / waits for /.test(line) && !ITS_OWN.test(line));
      assert.deepEqual(kernels, [], text);
    }
  });
});
