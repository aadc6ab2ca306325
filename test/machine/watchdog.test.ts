/**
 * The watchdog of the kernel: who loops without letting time pass is stopped, also when it says that it owes the time.
 */
import assert from 'node:assert/strict';
import { computerFor } from '../system.js';
import { kernelFile } from '../kernel-file.js';

describe('the watchdog of the kernel', function () {
  this.timeout(60_000);

  for (const body of ['while (true) {}', 'while (true) { worked(1); }']) {
    it(`stops \`${body}\``, () => {
      const stat = kernelFile('stat.osim');
      const text = `${stat.text}\nfn sys_getpid() { ${body} }\n`;
      const process = kernelFile('process.osim');
      const without = process.text.replace(/^fn sys_getpid\b/m, 'fn old_getpid');
      const { machine } = computerFor('process p { getpid(); }', {
        kernelFiles: [
          { uri: stat.uri, text },
          { uri: process.uri, text: without },
        ],
      });
      while (!machine.outcome && machine.steps < 2_000_000_000) machine.run(100_000_000);
      assert.equal(machine.outcome?.kind, 'panic');
      assert.match(machine.outcome.report.join(), /osim-kernel:\/\w+\/\w+\.osim:\d+:\d+: soft lockup: .*endless loop/);
    });
  }
});

describe('a long key of a map', () => {
  it('costs what it is long, however it came about', () => {
    const { machine } = computerFor(`process p {
  let s = repeat("k", 1000000);
  let m = map();
  m[s] = 1;
  let k = keys(m)[0];
  let start = clock();
  m[s];
  let first = clock() - start;
  start = clock();
  m[k];
  print(clock() - start == first, first > 50000);
}`);
    while (!machine.outcome) machine.run(10_000_000);
    assert.equal(machine.terminal.text(), 'true true\n');
  });
});
