/** The States at random instants, in the middle of kernel code too: they are what the kernel's own queues hold. */
import assert from 'node:assert/strict';
import { framesOfCpu } from '../../src/machine/frames.js';
import { KERNEL } from '../../src/machine/cpu.js';
import { tasksOf, tidOf } from '../../src/computer/inspect.js';
import { flag, globalRecords, integer, queuedTasks, text } from '../../src/computer/kernel-records.js';
import { sightOf } from './sight.js';

/** A fixed sequence that looks random: a failure comes again. */
function* numbers(seed: number): Generator<number, never> {
  for (let at = seed; ;) {
    at = (Math.imul(at, 1664525) + 1013904223) >>> 0;
    yield at / 2 ** 32;
  }
}

const INSTANTS = process.env.OSIM_LONG ? 100 : 8;

describe('panel: states', function () {
  this.timeout(process.env.OSIM_LONG ? 300_000 : 60_000);
  const sight = sightOf('states');

  /** What the page shows: `pid state`, the run queues, and what each CPU does. */
  const shown = () =>
    sight.live.page.evaluate<{ tasks: string[]; queues: string[]; cpus: string[]; now: string }>(`({
      tasks: [...document.querySelectorAll('.column .task')].map((card) =>
        card.querySelector('.name b').textContent + ' ' + card.classList[1]),
      queues: [...document.querySelectorAll('.queue')]
        .filter((queue) => queue.querySelector('dt').textContent.startsWith('run queue'))
        .map((queue) => [...queue.querySelectorAll('li b')].map((pid) => pid.textContent).join(' ')),
      cpus: [...document.querySelectorAll('.cpu')].map((cpu) => cpu.classList[1]),
      now: document.querySelector('.step').textContent,
    })`);

  it('show the kernel’s tasks, run queues and CPUs at random instants', async () => {
    const { client } = await sight.toEnd('server-prefork');
    const { machine, timeline } = client.session.debuggee!;
    const random = numbers(7);
    const modes = new Set<string>();
    for (let i = 0; i < INSTANTS; i++) {
      // Interrupts are short: every third instant is in the first steps behind an event of one.
      const step = Math.floor(random.next().value * timeline.furthest);
      const event =
        i % 3 === 0
          ? ((await client.request('osim/events', { step, names: 'irq_handler_entry', count: 1 })) as {
              events: { step: number }[];
            })
          : null;
      await sight.seek({ step: (event?.events[0]?.step ?? step) + (event ? i : 0) });
      const { tasks, queues, cpus, now } = await shown();
      assert.equal(now.replaceAll(/\D/g, ''), String(machine.steps), 'the clock and the views are of one step');
      const states = tasksOf(machine).map((task) => {
        const bits = integer(task, 'state');
        const word = bits >= 32 ? 'zombie' : bits >= 4 ? 'stopped' : bits > 0 ? 'blocked' : null;
        return `${tidOf(task)} ${word ?? (flag(task, 'on_cpu') ? 'running' : 'ready')}`;
      });
      assert.deepEqual(tasks.sort(), states.sort());
      const inKernel = globalRecords(machine, 'run_queues').map((rq) => queuedTasks(rq).map(tidOf).join(' '));
      assert.deepEqual(queues, inKernel);
      const doing = machine.cpus.map((cpu) => {
        const names = framesOfCpu(machine, cpu).map((frame) => frame.function.name);
        if (!cpu.halted && names.includes('irq_entry')) return 'interrupt';
        if (cpu.halted || text<'Task'>(cpu.task as never, 'name').startsWith('swapper')) return 'idle';
        return cpu.mode === KERNEL ? 'kernel' : 'user';
      });
      assert.deepEqual(cpus, doing);
      for (const mode of doing) modes.add(mode);
    }
    assert.ok(modes.has('interrupt') && modes.has('kernel'), [...modes].join());
  });
});
