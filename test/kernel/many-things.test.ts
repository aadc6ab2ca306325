/**
 * A million of each thing that a program can make: the kernel's loops over them pay, so the watchdog has nothing to
 * say. In `npm test` there are few, and the watchdog is a hundred times more impatient; so it is with the kernel's
 * other tests and the examples.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { computerFor } from '../system.js';
import { programs, computerOf } from '../std/program-run.js';
import { MANY_THINGS, manyThings } from './many-things.js';
import type { Computer } from '../../src/computer/computer.js';

const LONG = process.env['OSIM_LONG'] !== undefined;
/** Kernel instructions without a spend(): usually ten million. */
const IMPATIENT = 100_000;
const MOST_STEPS = 20_000_000_000;

function runToEnd({ machine }: Computer): void {
  while (!machine.outcome && machine.steps < MOST_STEPS) machine.run(1_000_000_000);
  assert.ok(machine.outcome, 'it does not end');
  assert.notEqual(machine.outcome.kind, 'panic', machine.outcome.report.join('\n'));
}

describe('very many of one thing', function () {
  this.timeout(LONG ? 600_000 : 60_000);
  for (const things of MANY_THINGS) {
    it(things.name, () => {
      const computer = computerFor(
        manyThings(things, LONG ? things.many : things.few),
        LONG ? {} : { softLockup: IMPATIENT },
      );
      runToEnd(computer);
      assert.equal(computer.machine.outcome?.kind, 'finished', computer.machine.outcome?.report.join('\n'));
    });
  }
});

describe('an impatient watchdog', function () {
  this.timeout(60_000);
  for (const file of ['test/kernel', 'examples'].flatMap((folder) => programs(folder))) {
    if (!LONG && !/epoll|process\.|fork|exit|memory/.test(file)) continue;
    it(`has nothing to say of ${path.basename(file)}`, () => runToEnd(computerOf(file, { softLockup: IMPATIENT })));
  }
});
