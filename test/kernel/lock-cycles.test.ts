/** Circles of locks are told: who waits for what, held by whom, at which line; also those that a time limit breaks. */
import assert from 'node:assert/strict';
import { runReport } from '../../src/computer/report.js';
import { computerFor } from '../system.js';

/** A lock whose word is the owner's number, as std's are: `lock` and `unlock` in a few lines. */
const LOCKS = `
struct Mutex { at; }
var forks = [];
fn made() { let b = alloc(8); fill(b, 0); return Mutex { at: addr(b) }; }
fn held_by(m) { return peek(m.at) + (peek(m.at + 1) << 8); }
fn set_owner(m, tid) { poke(m.at, tid & 255); poke(m.at + 1, tid >> 8); }
fn take(m, ticks) {
  let owner = 0;
  let at = m.at;
  while ((owner = held_by(m)) != 0) {
    if (futex(at, FUTEX_WAIT | FUTEX_OWNER_TID, owner, ticks) == -1 && errno == ETIMEDOUT) { return ETIMEDOUT; }
  }
  set_owner(m, gettid());
  return 0;
}
fn give(m) { let at = m.at; set_owner(m, 0); futex(at, FUTEX_WAKE, 1); }
fn philosopher(i, n, limit) {
  take(forks[i], -1);
  sleep(5000);
  let r = take(forks[(i + 1) % n], i == 1 ? limit : -1);
  if (r == 0) { give(forks[(i + 1) % n]); }
  give(forks[i]);
  return r;
}
fn dine(n, limit) {
  let all = [];
  for (i in 0..n) { push(forks, made()); }
  for (i in 0..n) { push(all, thread(philosopher, i, n, limit)); }
  for (t in all) { print(join(t)); }
}
`;

const LINE = LOCKS.split('\n').findIndex((line) => line.includes('futex(at, FUTEX_WAIT')) + 1;
const JOIN = LOCKS.split('\n').findIndex((line) => line.includes('print(join(t))')) + 1;

function reportOf(body: string): { outcome: string; report: string[]; cycles: unknown } {
  const computer = computerFor(`${LOCKS}${body}`);
  computer.run();
  const { outcome, report, stats } = runReport(computer);
  return { outcome, report, cycles: stats['lockCycles'] };
}

describe('a circle of locks', () => {
  it('is the deadlock that the end tells of, with the names of the locks', () => {
    const { outcome, report, cycles } = reportOf('process dining { dine(3, -1); }');
    assert.equal(outcome, 'deadlock');
    assert.equal(cycles, 1);
    const waits = (tid: number, lock: string, holder: number): string =>
      `pid 2 thread ${tid} (philosopher) waits for mutex ${lock} at program.osim:${LINE}, ` +
      `held by thread ${holder} (philosopher)`;
    assert.deepEqual(report, [
      waits(3, 'forks[1]', 4),
      waits(4, 'forks[2]', 5),
      waits(5, 'forks[0]', 3),
      `pid 2 thread 2 (dining) waits for the end of thread 3 (philosopher) at program.osim:${JOIN}`,
    ]);
  });

  it('is told when a time limit has broken it', () => {
    const { outcome, report, cycles } = reportOf('process dining { dine(3, 20000); }');
    assert.equal(outcome, 'finished');
    assert.equal(cycles, 1);
    assert.match(report[0] ?? '', /^a circle of locks closed at tick \d+, saved only by a time limit:$/);
    assert.equal(report.length, 4);
    assert.match(
      report[1] ?? '',
      /^ {2}pid 2 thread 5 \(philosopher\) waits for mutex forks\[0\] at .*, held by thread 3/,
    );
  });

  it('is told when the process has ended all the same', () => {
    const { outcome, report } = reportOf(`fn more() { dine(2, -1); }
process dining { thread(more); sleep(50000); }`);
    assert.equal(outcome, 'finished');
    assert.match(report[0] ?? '', /^a circle of locks closed at tick \d+, and the run ended all the same:$/);
    assert.equal(report.length, 3);
  });

  it('can be one thread alone', () => {
    const { outcome, report } = reportOf('process p { let m = made(); take(m, -1); take(m, -1); }');
    assert.equal(outcome, 'deadlock');
    assert.deepEqual(report, [`pid 2 (p) waits for mutex m at program.osim:${LINE}, held by itself`]);
  });

  it('can be a join and a lock', () => {
    const { outcome, report } = reportOf(`fn waits(m) { take(m, -1); }
process p { let m = made(); take(m, -1); join(thread(waits, m)); }`);
    assert.equal(outcome, 'deadlock');
    assert.match(report[0] ?? '', /^pid 2 thread 2 \(p\) waits for the end of thread 3 \(waits\) at program.osim:\d+$/);
    assert.match(report[1] ?? '', /^pid 2 thread 3 \(waits\) waits for mutex m at .*, held by thread 2 \(p\)$/);
  });

  it('has the names of locks of std, also in lists, and shared ones', () => {
    const { outcome, report } = reportOf(`var some = [mutex(), mutex()];
shared var both = mutex();
fn one() { lock(some[1]); sleep(5000); lock(both); }
fn other() { lock(both); sleep(5000); timedlock(some[1], 50000); unlock(both); }
process p { let a = thread(one); let b = thread(other); join(a); join(b); }`);
    assert.equal(outcome, 'finished');
    assert.deepEqual(
      report.slice(1).map((line) => line.replace(/ at program.osim:\d+/, '').trim()),
      [
        'pid 2 thread 4 (other) waits for mutex some[1], held by thread 3 (one)',
        'pid 2 thread 3 (one) waits for mutex both, held by thread 4 (other)',
      ],
    );
  });

  it('is none while the holder only sleeps', () => {
    const { outcome, report, cycles } = reportOf(`fn waits(m) { take(m, -1); give(m); }
process p { let m = made(); take(m, -1); let t = thread(waits, m); sleep(9000); give(m); join(t); }`);
    assert.deepEqual([outcome, report, cycles], ['finished', [], 0]);
  });

  it('is none where a word names nobody: all who can reach it could wake the waiter', () => {
    const { outcome, report } = reportOf(`fn waits(at) { futex(at, FUTEX_WAIT, 0); }
process p { let m = made(); thread(waits, m.at); thread_exit(); }`);
    assert.equal(outcome, 'deadlock');
    assert.match(
      report[0] ?? '',
      /^pid 2 thread 3 \(waits\) waits for futex 0x\w+ at .*, which nobody is left to end$/,
    );
  });
});
