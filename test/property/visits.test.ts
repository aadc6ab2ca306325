/**
 * A visit of another part of the run changes nothing: the machine is the very same afterwards, its objects too, and
 * goes on, back and forth as if there had been none. OSIM_VISITS sets how many programs, OSIM_SEED where to begin.
 */
import assert from 'node:assert/strict';
import { computerFor, runTo } from '../system.js';
import { kernelGlobal } from '../../src/computer/kernel-records.js';
import type { Machine } from '../../src/machine/machine.js';
import { MapValue } from '../../src/machine/values.js';
import { Visit } from '../../src/machine/visit.js';
import { livelyProgram } from './lively-programs.js';
import { Dice } from './programs.js';

const PROGRAMS = Number(process.env['OSIM_VISITS'] ?? (process.env['OSIM_LONG'] ? 400 : 5));
const FIRST = Number(process.env['OSIM_SEED'] ?? 1);
const MOST_STEPS = 120_000;

function visit(machine: Machine, step: number): string {
  const look = new Visit(machine);
  for (const way = look.toBoundary(step); !way.next().done;);
  for (const way = look.run(step); !way.next().done;);
  const hash = machine.stateHash();
  look.end();
  return hash;
}

/** The machine's tasks, and all fields of theirs, as the objects that they are. */
function objectsOf(machine: Machine): unknown[] {
  const tasks = kernelGlobal(machine, 'tasks');
  assert.ok(tasks instanceof MapValue);
  return [tasks, ...[...tasks.entries.values()].flatMap((task) => [task, ...(task as { fields: unknown[] }).fields])];
}

describe('visits of other parts of a run', function () {
  this.timeout(3_600_000);

  it(`in ${PROGRAMS} programs come to the same states, and leave the same objects behind`, () => {
    let visits = 0;
    let ahead = 0;
    for (let seed = FIRST; seed < FIRST + PROGRAMS; seed++) {
      const dice = new Dice(seed);
      const { text } = livelyProgram(seed);
      const plain = computerFor(text, { seed: seed % 3 }).machine;
      const { machine } = computerFor(text, { seed: seed % 3, history: true });
      machine.history.epochSteps = 200 + dice.below(dice.chance(50) ? 500 : 6000);
      if (dice.chance(70)) machine.history.limit = 20_000 + dice.below(200_000);
      const hashes = new Map<number, string>([[0, plain.stateHash()]]);
      while (!plain.outcome && plain.steps < MOST_STEPS) {
        plain.run(1 + dice.below(9000));
        hashes.set(plain.steps, plain.stateHash());
      }
      const steps = [...hashes.keys()];
      let furthest = 0;
      for (let i = 0; i < 30; i++) {
        const here = dice.chance(40) ? steps[Math.min(i, steps.length - 1)] : dice.pick(steps);
        if (here > machine.steps && dice.chance(50)) runTo(machine, here);
        else machine.seek(here);
        furthest = Math.max(furthest, machine.steps);
        const where = `program ${seed}, ${machine.steps}`;
        assert.equal(machine.stateHash(), hashes.get(here), where);
        for (let j = dice.below(4); j > 0; j--) {
          const there = dice.pick(steps.filter((step) => step <= furthest));
          const [before, { cpu }] = [objectsOf(machine), machine];
          visits++;
          if (there > machine.steps) ahead++;
          assert.equal(visit(machine, there), hashes.get(there), `${where}: at ${there} it finds another state`);
          assert.equal(machine.steps, here, where);
          assert.equal(machine.cpu, cpu, where);
          assert.equal(machine.stateHash(), hashes.get(here), `${where}: after a visit of ${there}`);
          const after = objectsOf(machine);
          assert.ok(before.length === after.length && before.every((object, k) => object === after[k]), where);
        }
      }
    }
    assert.ok(visits > 20 * PROGRAMS && ahead > 2 * PROGRAMS, `${visits} visits, ${ahead} ahead`);
  });
});
