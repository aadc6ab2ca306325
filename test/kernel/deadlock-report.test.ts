/**
 * What a deadlock's report says: everyone who waits, for what, and who could end it; the circle before those behind it.
 */
import assert from 'node:assert/strict';
import { computerFor } from '../system.js';

function endOf(text: string): { kind: string; report: readonly string[] } {
  const { kind, report } = computerFor(text).run();
  return { kind, report };
}

/** Waits for a pipe that only the process itself holds. */
const HANGS = '{ let own = pipe(); read(own[0], alloc(1), 1); }';

describe('a deadlock is told', () => {
  it('with all who are in it, also where each holds all ends', () => {
    const { kind, report } = endOf(`process p {
  let a = pipe();
  let b = pipe();
  let buf = alloc(70000);
  if (fork() == 0) { write(a[1], buf, 70000); read(b[0], buf, 70000); exit(0); }
  write(b[1], buf, 70000);
  read(a[0], buf, 70000);
}`);
    assert.equal(kind, 'deadlock');
    assert.deepEqual(report, [
      'pid 2 (p) waits for pipe write, which only itself or pid 3 (p) could end',
      'pid 3 (p) waits for pipe write, which only pid 2 (p) or itself could end',
    ]);
  });

  it('with three of one name in a ring, told apart by their pids', () => {
    const { report } = endOf(`process p {
  let ends = [pipe(), pipe(), pipe()];
  let i = 0;
  while (i < 2 && fork() != 0) { i++; }
  for (n in 0..3) {
    if (n != i) { close(ends[n][0]); }
    if (n != (i + 1) % 3) { close(ends[n][1]); }
  }
  read(ends[i][0], alloc(1), 1);
}`);
    assert.deepEqual(report, [
      'pid 2 (p) waits for pipe read, which only pid 4 (p) could end',
      'pid 3 (p) waits for pipe read, which only pid 2 (p) could end',
      'pid 4 (p) waits for pipe read, which only pid 3 (p) could end',
    ]);
  });

  it('with several circles first, and then those who wait for them', () => {
    const { report } = endOf(`process p { if (fork() == 0) { if (fork() == 0) ${HANGS} wait(); exit(0); } wait(); }
process q ${HANGS}`);
    assert.deepEqual(report, [
      'pid 3 (q) waits for pipe read, which only itself could end',
      'pid 5 (p) waits for pipe read, which only itself could end',
      'pid 2 (p) waits for child, which only pid 4 (p) could end',
      'pid 4 (p) waits for child, which only pid 5 (p) could end',
    ]);
  });

  it('with each task named once, however many ways lead to it', () => {
    const { report } = endOf(`process p {
  let a = pipe();
  let b = pipe();
  poll([{ fd: a[0], events: POLLIN }, { fd: b[0], events: POLLIN }], -1);
}`);
    assert.deepEqual(report, ['pid 2 (p) waits for poll, which only itself could end']);
  });

  it('with a number where there are too many', () => {
    const { report } = endOf(`process crowd count 100 ${HANGS}`);
    assert.equal(report.length, 21);
    assert.equal(report.at(-1), 'and 80 more');
  });

  it('but not while somebody is left who could open the FIFO', () => {
    const opens = 'process p { mkfifo("/tmp/f"); open("/tmp/f", O_RDONLY); }';
    assert.deepEqual(endOf(opens), {
      kind: 'deadlock',
      report: ["pid 2 (p) waits for FIFO's other end, which nobody is left to end"],
    });
    assert.equal(endOf(`${opens}\nprocess keys { read(STDIN_FILENO, alloc(1), 1); }`).kind, 'idle');
  });
});
