/**
 * Translated code is a second way to what the interpreter does with the kernel's and the library's instructions: random
 * programs must come to the very same states by both, wherever one looks. And a fault in the translation is found.
 * OSIM_PROGRAMS sets how many programs, OSIM_SEED where to begin.
 */
import assert from 'node:assert/strict';
import type { Machine } from '../../src/machine/machine.js';
import { FUNCTIONS } from '../../src/machine/generated/translated.js';
import { computerFor } from '../system.js';
import { Dice, randomProgram } from './programs.js';
import { FAULTS, seed as seedFault } from './translation-faults.js';

const PROGRAMS = Number(process.env['OSIM_PROGRAMS'] ?? (process.env['OSIM_LONG'] ? 2000 : 200));
const FIRST = Number(process.env['OSIM_SEED'] ?? 1);
/** Programs that are tried with each seeded fault. */
const PROGRAMS_PER_FAULT = 12;
/** Looks per program, besides the one at its end. */
const LOOKS = 4;
const MOST_STEPS = 3_000_000;

/** Runs it by both ways, with strides of any length, and looks at both states now and then. */
function compareOne(seed: number): void {
  const dice = new Dice(seed);
  const text = randomProgram(seed);
  const cpus = dice.chance(25) ? 2 + dice.below(3) : 1;
  const history = dice.chance(40);
  const make = (translated: boolean): Machine => {
    const { machine } = computerFor(text, { seed: seed % 3, settings: { cpus }, history, translated });
    if (history) machine.history.epochSteps = 200 + (seed % 7) * 900;
    return machine;
  };
  const [plain, fast] = [make(false), make(true)];
  let looks = 0;
  while (!fast.outcome && fast.steps < MOST_STEPS) {
    fast.run(1 + dice.below(dice.chance(20) ? 40 : 60_000));
    if (looks >= LOOKS && !fast.outcome) continue;
    looks++;
    while (!plain.outcome && plain.steps < fast.steps) plain.run(fast.steps - plain.steps);
    assert.equal(plain.stateHash(), fast.stateHash(), `program ${seed}, step ${fast.steps}`);
  }
  while (!plain.outcome && plain.steps < fast.steps) plain.run(fast.steps - plain.steps);
  assert.deepEqual(plain.outcome, fast.outcome, `program ${seed}`);
  assert.equal(plain.stateHash(), fast.stateHash(), `program ${seed} at its end`);
  if (!history) return;
  // What the code has changed, going back undoes.
  const back = Math.floor((fast.steps * (1 + dice.below(9))) / 10);
  for (const machine of [plain, fast]) machine.seek(back);
  assert.equal(plain.stateHash(), fast.stateHash(), `program ${seed}, back at step ${back}`);
}

/** Whether the comparison of some programs tells of a fault. */
function isFound(): boolean {
  try {
    for (let seed = 1; seed <= PROGRAMS_PER_FAULT; seed++) compareOne(seed);
    return false;
  } catch {
    return true;
  }
}

describe('translated code', function () {
  this.timeout(600_000);

  it('is there for the built kernel and library', () => {
    const { program } = computerFor('process p { }').machine;
    assert.ok(program.enterable.some((entry) => entry !== 0));
    assert.ok(FUNCTIONS.filter(Boolean).length > 300);
  });

  it(`comes to the same states as the interpreter in ${PROGRAMS} random programs`, () => {
    for (let seed = FIRST; seed < FIRST + PROGRAMS; seed++) compareOne(seed);
  });

  for (const fault of FAULTS) {
    it(`is found to be wrong when ${fault[0]}`, () => {
      const { changed, undo } = seedFault(computerFor('process p { }').machine.program, fault);
      try {
        assert.ok(changed > 0, 'the translator writes nothing like it');
        assert.ok(isFound(), `${PROGRAMS_PER_FAULT} programs come to the same states`);
      } finally {
        undo();
      }
    });
  }
});
