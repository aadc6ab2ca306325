/**
 * An input is given to the machine as somebody sees it: events fired, the interrupt taken, the next instruction known.
 * Executed again, it must meet the very same machine.
 */
import assert from 'node:assert/strict';
import { computerFor } from '../system.js';
import type { Board } from '../../src/machine/board.js';

const PROGRAM = `
machine { cpus = 2; quantum = 7; }
fn on_alarm() { compute(2); }
process worker count 3 { sigaction(SIGALRM, on_alarm); alarm(40); for (let i = 0; i < 6; i++) { compute(30); } }
process sleeper { for (let i = 0; i < 5; i++) { sleep(20); } }
`;

/** What the debugger does to a local: a slot of the frame that runs next. */
function setFirstSlot(machine: Board): void {
  machine.syncStacks();
  const { stack, fp } = machine.cpu;
  stack.enter(machine.history, stack.fp);
  if (fp < stack.saved) stack.extend(fp);
  stack.slots[fp] = 1;
}

describe('inputs', function () {
  this.timeout(60_000);

  it('are applied again to the state that they were given in, at an interrupt, too', () => {
    let atInterrupts = 0;
    const { machine: scout } = computerFor(PROGRAM, {});
    const interrupt = scout.entries.interrupt;
    const steps: number[] = [];
    for (let last = 'none'; !scout.outcome; scout.step()) {
      const here = `${scout.cpu.id} ${scout.cpu.stack.slots[scout.cpu.fp - 1]}`;
      const entered = here !== last && scout.cpu.stack.slots[scout.cpu.fp - 1] === interrupt;
      if (entered) atInterrupts++;
      if ((entered && atInterrupts % 5 === 0) || scout.steps % 9973 === 0) steps.push(scout.steps);
      last = here;
    }
    assert.ok(atInterrupts >= 50, `only ${atInterrupts} interrupts`);
    for (const step of steps) {
      const { machine } = computerFor(PROGRAM, { history: true });
      machine.history.epochSteps = 500;
      machine.seek(step);
      machine.input(setFirstSlot);
      const given = machine.stateHash();
      machine.run(300);
      const later = [machine.steps, machine.stateHash()] as const;
      for (const back of [1, 400]) {
        machine.seek(Math.max(0, step - back));
        machine.seek(step);
        assert.equal(machine.stateHash(), given, `at step ${step}, from ${back} before it`);
        machine.seek(later[0]);
        assert.equal(machine.stateHash(), later[1], `300 steps after ${step}`);
      }
    }
  });
});
