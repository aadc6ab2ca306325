/** Whatever a policy keeps its tasks in, the debugger shows who waits for which CPU. */
import assert from 'node:assert/strict';
import { globalRecords, integer, queuedTasks } from '../../src/computer/kernel-records.js';
import { SCHEDULER_NAMES } from '../../src/language/schedulers.js';
import { USER } from '../../src/machine/cpu.js';
import { computerFor } from '../system.js';

describe('run queues, shown', () => {
  for (const scheduler of SCHEDULER_NAMES) {
    it(`of ${scheduler}`, () => {
      const text = `machine { scheduler = ${scheduler}; cpus = 2; } process a count 7 burst 100 tickets 3 { compute(900); }`;
      const { machine } = computerFor(text);
      // In the kernel a task may be between two queues.
      while (machine.time < 500 || machine.cpus.some(({ mode }) => mode !== USER)) machine.run(1);
      const queues = globalRecords(machine, 'run_queues');
      for (const rq of queues) assert.equal(queuedTasks(rq).length, integer(rq, 'nr_running') - 1);
      const waiting = queues.flatMap((rq) => queuedTasks(rq).map((task) => integer(task, 'tid')));
      assert.equal(new Set(waiting).size, 5, `${waiting.join()} wait, and two run`);
    });
  }
});
