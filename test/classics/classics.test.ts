/**
 * The classics: puzzles of the Little Book of Semaphores and levels of The Deadlock Empire, in words of our own. The
 * invariant is an assert in the program; it must hold whatever the schedule. A level is also there as it is given,
 * broken: some schedule must show it.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { computerFor } from '../system.js';
import { programs, root } from '../std/program-run.js';

const SEEDS = process.env['OSIM_LONG'] ? 200 : 8;
const MOST_STEPS = 5_000_000;

/** How a run ended, and what was wrong in it. */
function run(text: string, seed: number, params = {}): string {
  const cpus = [1, 2, 4][seed % 3];
  const computer = computerFor(`machine { cpus = ${cpus}; quantum = ${3 + (seed % 5)}; }\n${text}`, { seed, params });
  const { kind } = computer.run({ maxSteps: MOST_STEPS });
  return [kind, ...computer.faults.map(({ message }) => message)].join(': ');
}

describe('classics of synchronisation', function () {
  this.timeout(600_000);

  for (const file of programs('test/classics')) {
    const text = readFileSync(path.resolve(root, file), 'utf8');

    it(`${path.basename(file)} holds, whatever the schedule`, () => {
      for (let seed = 1; seed <= SEEDS; seed++) assert.equal(run(text, seed), 'finished', `seed ${seed}`);
    });

    if (!text.includes('param broken')) continue;
    it(`${path.basename(file)} as it is given fails in some schedule`, () => {
      for (let seed = 1; seed <= 200; seed++) if (run(text, seed, { broken: 1 }) !== 'finished') return;
      assert.fail('200 seeds, and none has found it');
    });
  }
});
