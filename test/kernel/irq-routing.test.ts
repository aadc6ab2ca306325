/** `machine { irq_cpu = …; }`: which CPU takes the interrupts of disk, card and terminal. A timer's goes to its own. */
import assert from 'node:assert/strict';
import { kernelEvent, text } from '../../src/computer/kernel-records.js';
import { computerFor } from '../system.js';

/** For each kind of interrupt the CPUs that took one. */
function takers(cpus: number, irqCpu: number | null): Record<string, number[]> {
  const computer = computerFor(`
    machine { cpus = ${cpus}; ${irqCpu === null ? '' : `irq_cpu = ${irqCpu};`} quantum = 10; }
    file "/data" = repeat("x", 20000);
    keyboard at 2000 "line\\n";
    remote peer at 500 { let s = connect(80); send(s, "hello"); recv(s, 1); close(s); }
    process hog count ${2 * cpus} { compute(3000); }
    process disk { let fd = open("/data", O_RDONLY); let buf = alloc(4096); while (read(fd, buf, 4096) > 0) { } }
    process card { let s = accept(tcp_listen(80)); let buf = alloc(8); read(s, buf, 8); write(s, "x"); read(s, buf, 8); }
    process terminal { read(0, alloc(16), 16); }`);
  const taken = new Map<string, Set<number>>();
  computer.eventConsumers.push((event) => {
    const { name, fields, cpu } = kernelEvent(event);
    if (name !== 'irq_handler_entry') return;
    const irq = text(fields, 'name');
    taken.set(irq, (taken.get(irq) ?? new Set()).add(cpu));
  });
  computer.run({ maxTicks: 200_000 });
  return Object.fromEntries([...taken].map(([irq, all]) => [irq, [...all].sort()]));
}

describe('interrupts of devices', () => {
  for (const [cpus, irqCpu] of [
    [2, null],
    [2, 0],
    [2, 1],
    [4, 3],
  ] as const) {
    it(`go to CPU ${irqCpu ?? '0, as nothing is said'} of ${cpus}`, () => {
      const { timer, ...devices } = takers(cpus, irqCpu);
      assert.deepEqual(
        timer,
        Array.from({ length: cpus }, (_, i) => i),
        'each CPU has a timer of its own',
      );
      const names = Object.keys(devices).filter((name) => name !== 'ipi' && name !== 'reschedule');
      assert.ok(names.length >= 3, names.join(', '));
      for (const name of names) assert.deepEqual(devices[name], [irqCpu ?? 0], name);
    });
  }

  it('go to no CPU that is not there', () => {
    assert.throws(() => takers(2, 5), /irq_cpu is the number of a CPU that takes interrupts: .* 0 to 1; not 5/);
  });
});
