/**
 * Going back and forth with epochs of any length, from 200 steps up, so that their boundaries fall into handlers,
 * coroutines, forks and all else that is popped, freed or replaced. OSIM_LIVELY sets how many programs, OSIM_SEED where
 * to begin.
 */
import assert from 'node:assert/strict';
import { computerFor, runTo } from '../system.js';
import { KERNEL } from '../../src/machine/cpu.js';
import { HEADER } from '../../src/isa/isa.js';
import type { Board } from '../../src/machine/board.js';
import { Stack, USER_STATE } from '../../src/machine/stack.js';
import { KINDS, livelyProgram } from './lively-programs.js';
import { Dice } from './programs.js';

const PROGRAMS = Number(process.env['OSIM_LIVELY'] ?? (process.env['OSIM_LONG'] ? 1500 : 12));
const FIRST = Number(process.env['OSIM_SEED'] ?? 1);
/** Enough for most of them to end; the others are left in their middle. */
const MOST_STEPS = 150_000;
const MARKS = 16;

interface Coverage {
  programs: number;
  boundaries: number;
  inHandler: number;
  inKernel: number;
  inCoroutine: number;
  merged: number;
  visits: number;
  kinds: Map<string, number>;
}

describe('going back with short epochs', function () {
  this.timeout(3_600_000);

  it(`in ${PROGRAMS} programs comes to the same states, and so does going forward again`, () => {
    const total: Coverage = {
      programs: 0,
      boundaries: 0,
      inHandler: 0,
      inKernel: 0,
      inCoroutine: 0,
      merged: 0,
      visits: 0,
      kinds: new Map(KINDS.concat('remotes').map((kind) => [kind, 0])),
    };
    for (let seed = FIRST; seed < FIRST + PROGRAMS; seed++) {
      try {
        tryProgram(seed, total);
      } catch (error) {
        (error as Error).message = `program ${seed}: ${(error as Error).message}`;
        throw error;
      }
    }
    const { programs, boundaries, inHandler, inKernel, inCoroutine, merged, visits, kinds } = total;
    console.log(
      `      coverage: ${boundaries} boundaries, of these ${inHandler} in handlers, ${inKernel} in the kernel, ` +
        `${inCoroutine} in coroutines; merging in ${merged} programs; ${visits} visits; ` +
        [...kinds].map(([kind, count]) => `${kind} ${count}`).join(', '),
    );
    assert.ok(inHandler > 5 * programs, 'too few boundaries fall into handlers');
    assert.ok(inKernel > 10 * programs, 'too few boundaries fall into the kernel');
    assert.ok(inCoroutine > programs / 2, 'too few boundaries fall into coroutines');
    assert.ok(merged > programs / 4, 'too few programs merge epochs');
    for (const [kind, count] of kinds) assert.ok(count >= programs / 20, `too few programs have ${kind}`);
  });
});

function tryProgram(seed: number, total: Coverage): void {
  const { text, kinds } = livelyProgram(seed);
  const dice = new Dice(seed);
  const plain = computerFor(text, { seed: seed % 3 }).machine;
  const machine = computerFor(text, { seed: seed % 3, history: true }).machine;
  const { history } = machine;
  history.epochSteps = dice.chance(50) ? 200 + dice.below(400) : 200 + dice.below(6000);
  if (dice.chance(50)) history.limit = 50_000 + dice.below(400_000);

  const hashes = new Map<number, string>();
  while (!plain.outcome && plain.steps < MOST_STEPS) {
    plain.run(1 + dice.below(12_000));
    if (hashes.size < MARKS || dice.chance(10)) hashes.set(plain.steps, plain.stateHash());
  }
  assert.notEqual(plain.outcome?.kind, 'panic', plain.outcome?.report.join('\n'));
  hashes.set(plain.steps, plain.stateHash());

  const before = total.boundaries;
  watchBoundaries(machine, total);
  const runOn = (): void => {
    runTo(machine, plain.steps + (plain.outcome ? 1 : 0));
  };
  const visit = (step: number, how: string): void => {
    total.visits++;
    machine.seek(step);
    assert.equal(machine.steps, step, how);
    assert.equal(machine.stateHash(), hashes.get(step), `${how} ${step} comes to another state`);
  };
  runOn();
  assert.equal(machine.stateHash(), plain.stateHash(), 'with history it ends otherwise');
  if (history.past.length < total.boundaries - before) total.merged++;
  const steps = [...hashes.keys()].sort((a, b) => a - b);
  for (const step of [...steps].reverse()) if (dice.chance(60)) visit(step, 'going back to');
  for (const step of steps) if (dice.chance(40)) visit(step, 'going forward to');
  for (let i = 0; i < 8; i++) visit(dice.pick(steps), 'going to');
  // From an old place onward as a run, not as a seek.
  visit(dice.pick(steps), 'going to');
  runOn();
  assert.equal(machine.stateHash(), plain.stateHash(), 'running on from there ends otherwise');
  visit(steps[0], 'going back to');
  visit(plain.steps, 'going to the end,');

  total.programs++;
  for (const kind of kinds) total.kinds.set(kind, (total.kinds.get(kind) ?? 0) + 1);
}

/** Counts in what the boundaries of epochs fall, while the run is recorded. */
function watchBoundaries(machine: Board, total: Coverage): void {
  const { history, program } = machine;
  const begin = history.begin.bind(history);
  history.begin = (step) => {
    total.boundaries++;
    machine.syncStacks();
    const { cpu } = machine;
    if (cpu.mode === KERNEL) total.inKernel++;
    const user = cpu.mode === KERNEL ? cpu.kernelStack.slots[USER_STATE.STACK] : cpu.stack;
    if (user instanceof Stack && user.coroutine) total.inCoroutine++;
    for (let fp = user instanceof Stack ? user.fp : 0; fp > HEADER; fp = (user as Stack).slots[fp - 2] as number) {
      if (program.functions[(user as Stack).slots[fp - 1] as number]?.name !== '_handle') continue;
      total.inHandler++;
      break;
    }
    begin(step);
  };
}
