/**
 * What every scheduling policy must keep to, over random programs on 1, 2 and 4 CPUs: nobody is lost or queued twice,
 * and no CPU idles while a task waits elsewhere that may run on it.
 * OSIM_POLICIES sets how many programs each policy gets. (That going back is exact and a recording repeats a run, under
 * any policy, reversal.test.ts and replays.test.ts show: their programs take any of them.)
 */
import assert from 'node:assert/strict';
import { field, globalRecords, integer, queuedTasks, type KernelRecord } from '../../src/computer/kernel-records.js';
import { SCHEDULER_NAMES, type SchedulerName } from '../../src/language/schedulers.js';
import { USER } from '../../src/machine/cpu.js';
import type { Machine } from '../../src/machine/machine.js';
import { computerFor } from '../system.js';
import { Dice } from './programs.js';

const PROGRAMS = Number(process.env['OSIM_POLICIES'] ?? (process.env['OSIM_LONG'] ? 200 : 6));

function programOf(d: Dice, scheduler: SchedulerName, cpus: number): string {
  const renices = d.chance(50);
  const piece = (): string =>
    d.pick([
      () => `compute(${d.below(120)});`,
      () => `compute(${d.below(10)});`,
      () => `sleep(${d.below(60)});`,
      () => 'sched_yield();',
      () => (renices ? `nice(${d.below(5)});` : 'sched_yield();'),
      () => (renices ? `setpriority(PRIO_PROCESS, 0, ${d.below(40) - 20});` : 'compute(30);'),
      () => (renices ? `sched_setattr(0, { nice: ${d.below(40) - 20}, runtime: ${d.below(30)} });` : 'compute(7);'),
      () => `{ if (fork() == 0) { compute(${d.below(50)}); exit(0); } }`,
      () =>
        `{ let p = pipe(); if (fork() == 0) { sleep(${d.below(9)}); write(p[1], "x"); exit(0); } read(p[0], alloc(1), 1); }`,
      () => `for (let k = 0; k < ${1 + d.below(6)}; k++) { compute(${1 + d.below(9)}); sleep(${1 + d.below(9)}); }`,
    ])();
  const processes = Array.from({ length: 3 + d.below(4) }, (_, i) => {
    const attributes = [
      `at ${d.below(50)}`,
      d.chance(50) ? `nice ${d.below(40) - 20}` : '',
      d.chance(50) ? `tickets ${1 + d.below(9)}` : '',
      d.chance(50) ? `burst ${1 + d.below(40)}` : '',
      d.chance(30) ? `priority ${d.below(40)}` : '',
      d.chance(20) ? `cpu ${d.below(cpus)}` : '',
    ].join(' ');
    const body = Array.from({ length: 3 + d.below(6) }, piece).join('\n  ');
    return `process p${i} count ${1 + d.below(2)} ${attributes} {\n  ${body}\n}`;
  });
  const costs = d.pick(['none', 'teaching', 'teaching']);
  return `machine { cpus = ${cpus}; scheduler = ${scheduler}; costs = ${costs}; quantum = ${d.pick([1, 4, 20])}; }\n${processes.join('\n')}`;
}

type Task = KernelRecord<'Task'>;

/**
 * Fails when what the queues hold can not be.
 * @param free whether no task is bound to a CPU: one that is can take the CPU from one that is not, and an idle CPU
 * learns of that only when the balance timer fires
 */
function checkQueues(machine: Machine, free: boolean): void {
  const queues = globalRecords(machine, 'run_queues');
  const waiting = queues.map((rq) => queuedTasks(rq));
  const queued = waiting.flat();
  assert.equal(new Set(queued).size, queued.length, 'a task is queued twice');
  const runnable = globalRecords(machine, 'tasks').filter(
    (task) => integer(task, 'state') === 0 && field(task, 'on_cpu') !== true,
  );
  const lost = runnable.filter((task) => !queued.includes(task));
  assert.deepEqual(
    lost.map((task) => integer(task, 'tid')),
    [],
    'runnable, and on no queue',
  );
  queues.forEach((rq, i) => {
    const running = field(rq, 'current') !== field(rq, 'idle') ? 1 : 0;
    assert.equal(integer(rq, 'nr_running'), waiting[i].length + running, `nr_running of CPU ${i}`);
    if (running === 1 || !free) return;
    const mayCome = (task: Task): boolean => ((integer(task, 'affinity') >> i) & 1) === 1;
    assert.deepEqual(
      queued.filter(mayCome).map((task) => integer(task, 'tid')),
      [],
      `CPU ${i} idles, and these could run on it`,
    );
  });
}

describe('every policy', function () {
  this.timeout(600_000);

  for (const scheduler of SCHEDULER_NAMES) {
    it(`loses nobody and keeps the CPUs busy: ${scheduler}`, () => {
      for (let i = 0; i < PROGRAMS; i++) {
        const d = new Dice(i * 7919 + 17);
        const cpus = [1, 2, 4][i % 3];
        const text = programOf(d, scheduler, cpus);
        const { machine } = computerFor(text, { seed: i % 5 });
        try {
          while (!machine.outcome) {
            machine.run(1 + d.below(400));
            // In the kernel a task may be between two queues, and an idle CPU be about to see what it has been given.
            const quiet = machine.cpus.every(({ mode, halted, pending }) => mode === USER || (halted && pending === 0));
            if (!machine.outcome && quiet) checkQueues(machine, !text.includes(' cpu '));
            if (machine.steps > 20_000_000) throw new Error('it does not end');
          }
          assert.equal(machine.outcome.kind, 'finished', machine.outcome.report.join('\n'));
        } catch (error) {
          (error as Error).message = `program ${i}: ${(error as Error).message}\n${text}`;
          throw error;
        }
      }
    });
  }
});
