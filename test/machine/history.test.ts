/** History's bounds: what is saved stays within the limit, near epochs stay short, and the way back stays exact. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { computerFor } from '../system.js';
import { RUNS } from './long-run.js';

describe('history within its limit', function () {
  this.timeout(60_000);

  for (const [name, text] of Object.entries(RUNS)) {
    it(`of a program that ${name}: balanced, and exact`, () => {
      const { machine } = computerFor(text, { history: true });
      const { history } = machine;
      history.epochSteps = 10_000;
      history.limit = 2_000_000;
      const weight = (): number => history.past.reduce((sum, record) => sum + record.weight, 0);
      const marks: [number, string][] = [];
      while (machine.steps < 4_000_000) {
        machine.run(200_000);
        if (marks.length < 20 && machine.steps % 3 === 0) marks.push([machine.steps, machine.stateHash()]);
        assert.ok(weight() <= history.limit || history.past.length <= 2, `${weight()} bytes`);
      }
      const lengths = history.past.map(({ step, end }) => end - step);
      assert.ok(lengths.length >= 8, `only ${lengths.length} records`);
      // What was a moment ago is near.
      assert.ok(Math.max(...lengths.slice(-3)) <= 4 * history.epochSteps, lengths.slice(-3).join());
      for (const [step, hash] of marks.reverse()) {
        machine.seek(step);
        assert.equal(machine.stateHash(), hash, `step ${step}`);
      }
    });
  }

  // Two minutes each: the pages are 200 MB, saved again and again.
  for (const name of process.env['OSIM_LONG'] ? Object.keys(RUNS) : []) {
    it(`stays under 1 GB over a long run of a program that ${name}, and a step back under a second`, function () {
      this.timeout(900_000);
      const script = fileURLToPath(new URL('long-run.ts', import.meta.url));
      const child = spawnSync(process.execPath, ['--import', 'tsx', script, name, name === 'forks' ? '4e9' : '2e8'], {
        encoding: 'utf8',
      });
      assert.equal(child.status, 0, child.stderr);
      const { megabytes, slowestBack } = JSON.parse(child.stdout) as { megabytes: number; slowestBack: number };
      assert.ok(megabytes < 1000, `${megabytes} MB`);
      assert.ok(slowestBack < 1000, `${slowestBack} ms`);
    });
  }
});
