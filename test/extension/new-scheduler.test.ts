/** The scheduler that `OSim: New Scheduler` writes works as it stands, and says how it is used. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { compile } from '../../src/computer/computer.js';
import { newScheduler } from '../../src/extension/scheduler-template.js';
import { chartOf } from '../kernel/gantt.js';
import { expectsHold, root } from '../std/program-run.js';
import { system } from '../system.js';

describe('the template of a scheduler', () => {
  const text = newScheduler('fair.osim');

  it('names its own file', () => {
    assert.match(text, /scheduler = ".\/fair\.osim"/);
    assert.doesNotMatch(text, /FILE/);
  });

  it('has no problems when it is opened alone, and says what a policy lacks', async () => {
    const problems = (source: string): string[] =>
      compile(system(), { uri: '/fair.osim', read: () => source }).problems.map(({ message }) => message);
    assert.deepEqual(problems(text), []);
    assert.deepEqual(problems(text.replace('next_quantum()', 'next_quantun()')), [
      'There is no function `next_quantun`.',
    ]);
    assert.deepEqual(problems(text.replace('fn task_tick', 'fn task_tock')), [
      'This scheduler has no function `task_tick`.',
    ]);
    assert.deepEqual(
      await expectsHold(path.join(root, 'examples/earliest-deadline.osim')),
      [],
      'osim test compiles it',
    );
  });

  for (const cpus of [1, 2, 4]) {
    it(`schedules on ${cpus} CPUs: who has used the CPU least runs`, () => {
      const program = `machine { scheduler = "./fair.osim"; cpus = ${cpus}; quantum = 10; costs = none; }
        process sleeps { for (let i = 0; i < 5; i++) { compute(3); sleep(20); } }
        process a count 3 { compute(100); sched_yield(); nice(3); if (fork() == 0) { compute(20); exit(0); } wait(); }
        process bound cpu ${cpus - 1} { compute(50); }`;
      const { turns, gantt } = chartOf(program, {
        read: (uri) => (uri === '/program.osim' ? program : uri === '/fair.osim' ? text : undefined),
      });
      const had = (name: string): number =>
        turns.filter((turn) => turn.name === name).reduce((sum, { from, to }) => sum + to - from, 0);
      assert.deepEqual([had('sleeps'), had('a'), had('bound')], [15, 360, 50], gantt());
      if (cpus === 1) assert.match(gantt(), /^sleeps 0-3 a 3-13 a 13-23|^sleeps 0-3 a 3-33 bound 33-43 /);
    });
  }
});
