/** The watchdog of the kernel: who loops without letting time pass is stopped, also when it says that it owes the time. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../std/program-run.js';
import { computerFor } from '../system.js';

describe('the watchdog of the kernel', function () {
  this.timeout(60_000);

  for (const body of ['while (true) {}', 'while (true) { worked(1); }']) {
    it(`stops \`${body}\``, () => {
      const uri = 'osim-kernel:/stat.osim';
      const text = `${readFileSync(path.join(root, 'src/kernel/stat.osim'), 'utf8')}\nfn sys_getpid() { ${body} }\n`;
      const task = readFileSync(path.join(root, 'src/kernel/task.osim'), 'utf8').replace(
        /^fn sys_getpid\b/m,
        'fn old_getpid',
      );
      const { machine } = computerFor('process p { getpid(); }', {
        kernelFiles: [
          { uri, text },
          { uri: 'osim-kernel:/task.osim', text: task },
        ],
      });
      while (!machine.outcome && machine.steps < 2_000_000_000) machine.run(100_000_000);
      assert.equal(machine.outcome?.kind, 'panic');
      assert.match(machine.outcome.report.join(), /osim-kernel:\/\w+\.osim:\d+:\d+: soft lockup: .*endless loop/);
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
