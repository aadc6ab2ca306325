/** Coroutines in great numbers, and how little they need. */
import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { runReport } from '../../src/computer/report.js';
import { computerFor, runTo } from '../system.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const inUse = (): number => {
  collect();
  return process.memoryUsage().heapUsed;
};

const COUNT = 100_000;
const PROGRAM = `
var all = [];
fn inner(i) { let x = i; yield x; return x + 1; }
fn body(i) { let a = i; let b = a + 1; let r = inner(b); return r + a; }
process p {
  for (i in 0..${COUNT}) { let c = coroutine(body, i); resume(c); push(all, c); }
  sleep(1000000000);
  let sum = 0;
  for (c in all) { sum += resume(c); assert(done(c)); }
  print(sum);
}
`;

describe('100,000 coroutines', function () {
  this.timeout(120_000);

  it('are alive at once, each in at most 1 KiB of the host', () => {
    const computer = computerFor(PROGRAM);
    const { machine } = computer;
    const before = inUse();
    while (!machine.outcome && machine.time < 900_000_000) machine.run(5_000_000);
    const each = (inUse() - before) / COUNT;
    assert.ok(each < 1024, `${Math.round(each)} bytes each`);
    runTo(machine, Infinity);
    assert.equal(machine.outcome?.kind, 'finished');
    assert.equal(runReport(computer).processes.find(({ name }) => name === 'p')?.stdout, `${COUNT * (COUNT + 1)}\n`);
  });
});
