/**
 * What a switch takes must not grow with the number of runnable tasks: queues are lists, heaps and trees. Counted in
 * steps, the machine's own instructions, from one switch to the next, between threads that all are runnable.
 * OSIM_LONG: up to 10,000 threads.
 */
import assert from 'node:assert/strict';
import { kernelEvent } from '../../src/computer/kernel-records.js';
import { SCHEDULER_NAMES, type SchedulerName } from '../../src/language/schedulers.js';
import { computerFor } from '../system.js';

const MANY = process.env['OSIM_LONG'] ? 10_000 : 1000;

/** The median of the steps from switch to switch, while all threads are runnable. */
function stepsPerSwitch(scheduler: SchedulerName, threads: number): number {
  const computer = computerFor(`
    machine { scheduler = ${scheduler}; costs = none; quantum = 5; memory = 1 GiB; thread_stack = 16 KiB; }
    fn worker() { sleep(5); compute(12); sched_yield(); compute(3); }
    process p nice -20 priority 0 {
      setrlimit(RLIMIT_NPROC, 100000);
      for (i in 0..${threads}) { thread(worker); }
      thread_exit();
    }`);
  const steps: number[] = [];
  let last = 0;
  computer.eventConsumers.push((event) => {
    if (kernelEvent(event).name !== 'sched_switch') return;
    if (last > 0) steps.push(computer.machine.steps - last);
    last = computer.machine.steps;
  });
  assert.equal(computer.run({ maxSteps: 900_000_000 }).kind, 'finished');
  assert.ok(steps.length >= 2 * threads, `${steps.length} switches`);
  return steps.sort((a, b) => a - b)[steps.length >> 1] ?? NaN;
}

describe('steps from switch to switch', function () {
  this.timeout(300_000);

  for (const scheduler of SCHEDULER_NAMES) {
    it(`do not grow with the number of runnable tasks: ${scheduler}`, () => {
      const few = stepsPerSwitch(scheduler, 50);
      const many = stepsPerSwitch(scheduler, MANY);
      // A heap of 10,000 is 13 levels deep, one of 50 is 5.
      assert.ok(many <= 2.5 * few, `${few} with 50 tasks, ${many} with ${MANY}`);
    });
  }
});
