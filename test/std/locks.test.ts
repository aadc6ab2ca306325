/**
 * Locks under many schedules: what a race can come to, that with a lock nothing is lost, and what a lock costs that
 * nobody else wants. OSIM_LONG: 1000 seeds of each.
 */
import assert from 'node:assert/strict';
import { SYNC_KINDS } from '../../src/language/sync-objects.js';
import { runReport, type RunReport } from '../../src/computer/report.js';
import { computerFor } from '../system.js';
import { counting, type Counting } from './lost-update.js';

const SEEDS = process.env['OSIM_LONG'] ? 1000 : 12;
const MOST_STEPS = 20_000_000;

function run(text: string, seed = 0): RunReport {
  const computer = computerFor(text, { seed });
  computer.run({ maxSteps: MOST_STEPS });
  const report = runReport(computer);
  const faults = computer.faults.map(({ message }) => message);
  assert.deepEqual([report.outcome, ...faults], ['finished'], report.report.join('\n'));
  return report;
}

const printed = (report: RunReport): string => report.processes.map(({ stdout }) => stdout).join('');

/** What the threads have counted to, in so many runs; fails if something else comes out than can. */
function outcomes(what: Counting, [least, most]: [least: number, most: number], seeds = SEEDS): number[] {
  const text = counting(what);
  const found = new Set<number>();
  for (let seed = 1; seed <= seeds; seed++) {
    const n = Number(printed(run(text, seed)));
    assert.ok(n >= least && n <= most, `${n} with seed ${seed}, and only ${least} to ${most} can come out`);
    found.add(n);
  }
  return [...found].sort((a, b) => a - b);
}

describe('threads that count together', function () {
  this.timeout(3_600_000);

  // Final values: OSTEP's simple race {1, 2}; 2×K from 2 to 2K; 3×1 {1, 2, 3}; 3×2 {2 … 6}, of all interleavings.
  const RACES: [threads: number, times: number, least: number][] = [
    [2, 1, 1],
    [2, 3, 2],
    [3, 1, 1],
    [3, 2, 2],
  ];
  for (const cpus of [1, 2]) {
    for (const [threads, times, least] of RACES) {
      it(`${threads} × ${times} on ${cpus} CPU${cpus > 1 ? 's' : ''} come to what can come out`, () => {
        const all = threads * times;
        const found = outcomes({ threads, times, cpus, quantum: 5, how: 'plain' }, [least, all]);
        if (times === 1 && cpus === 2) return; // two CPUs that begin a tick apart never meet in it
        assert.ok(found.length > 1, `some lose and some do not, by seed: ${found.join(' ')}`);
      });
    }
  }

  it('come to the same with the same seed', () => {
    const text = counting({ threads: 3, times: 2, cpus: 2, quantum: 5, how: 'plain' });
    assert.equal(printed(run(text, 7)), printed(run(text, 7)));
  });

  it('lose as well with a flag that is tested first, and set then', () => {
    const found = outcomes({ threads: 3, times: 2, cpus: 2, quantum: 5, how: 'flag' }, [2, 6]);
    assert.ok((found[0] ?? 6) < 6);
  });

  for (const how of ['mutex', 'semaphore', 'rwlock', 'atomic', 'cas'] as const) {
    it(`lose nothing with ${how}, whatever the seed, on 1, 2 and 4 CPUs`, () => {
      for (const cpus of [1, 2, 4]) {
        assert.deepEqual(
          outcomes({ threads: 3, times: 5, cpus, quantum: 5, how }, [15, 15], Math.ceil(SEEDS / 5)),
          [15],
        );
      }
    });
  }
});

const USES = `fn all(m, s, l, c, b) {
  for (i in 0..10) {
    lock(m); unlock(m); trylock(m); unlock(m); timedlock(m, 5); unlock(m);
    sem_wait(s); sem_post(s); sem_timedwait(s, 5); sem_post(s);
    rdlock(l); rwunlock(l); wrlock(l); rwunlock(l);
    notify(c); notify_all(c); barrier_wait(b);
  }
}`;

describe('a lock that nobody else wants', () => {
  const MADE = 'var m = mutex(); var s = semaphore(1); var l = rwlock(); var c = cond(); var b = barrier(1);';

  for (const [where, globals] of [
    ['of the process', MADE],
    ['of all processes', MADE.replaceAll('var', 'shared var')],
  ] as const) {
    it(`costs no system call: one ${where}`, () => {
      const used = run(`${globals}\n${USES}\nprocess p { print(str(m)); all(m, s, l, c, b); }`);
      const not = run(`${globals}\n${USES}\nprocess p { print(str(m)); }`);
      // A time limit asks what time it is: only where it has to wait.
      assert.deepEqual(used.stats['syscallsByName'], not.stats['syscallsByName']);
    });
  }

  it('costs one to wait and one to wake when somebody does', () => {
    const report = run(
      'var m = mutex(); fn f() { lock(m); unlock(m); } process p { lock(m); let t = thread(f); sleep(2000); unlock(m); join(t); }',
    );
    const calls = report.stats['syscallsByName'];
    assert.ok((calls['futex'] ?? 0) >= 2 && (calls['futex'] ?? 0) <= 4, `${calls['futex']} calls`);
  });
});

describe('locks laid out in shared memory', () => {
  it('are as those that a call makes', () => {
    const makes = { mutex: 'mutex(MUTEX_ERRORCHECK)', semaphore: 'semaphore(3)', barrier: 'barrier(7)' };
    for (const { name, words } of SYNC_KINDS) {
      if (name === 'once') continue;
      const make = (makes as Record<string, string>)[name] ?? `${name}()`;
      const text = `shared var a[2] = ${make};
shared var z = 1;
process p { let x = ${make}; print(a[0], a[1], x, z); }`;
      const [shown = ''] = printed(run(text)).split('\n');
      const [first] = shown.split(') ');
      assert.equal(shown, `${first}) ${first}) ${first}) 1`, `${name}, ${words.length} words`);
    }
  });
});

describe('a condition variable', () => {
  it('loses no notification: producers and consumers over seeds, CPUs and short time slices', function () {
    this.timeout(600_000);
    for (let seed = 1; seed <= SEEDS; seed++) {
      const cpus = [1, 2, 4][seed % 3];
      const report = run(
        `machine { cpus = ${cpus}; quantum = ${1 + (seed % 7)}; }
var m = mutex(); var not_full = cond(); var not_empty = cond(); var items = []; var sum = 0;
fn produce(n) {
  for (i in 1..n + 1) {
    lock(m);
    while (len(items) == 2) { wait_on(not_full, m); }
    push(items, i);
    notify(not_empty);
    unlock(m);
  }
}
fn consume(n) {
  for (i in 0..n) {
    lock(m);
    while (len(items) == 0) { wait_on(not_empty, m); }
    sum += shift(items);
    unlock(m);
    notify(not_full);
  }
}
process p {
  let all = [thread(produce, 8), thread(consume, 4), thread(produce, 8), thread(consume, 12)];
  for (t in all) { join(t); }
  print(sum, len(items));
}`,
        seed,
      );
      assert.equal(printed(report), '72 0\n', `seed ${seed}`);
    }
  });
});
