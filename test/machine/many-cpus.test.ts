/** What several CPUs cost each other: routed interrupts, TLB shoot-downs, waking one that sleeps. */
import assert from 'node:assert/strict';
import { statistics } from '../../src/computer/report.js';
import { integer, kernelEvent } from '../../src/computer/kernel-records.js';
import { computerFor } from '../system.js';

function run(text: string): { stats: ReturnType<typeof statistics>; output: string; irqs: string[] } {
  const computer = computerFor(text);
  const irqs: string[] = [];
  computer.eventConsumers.push((event) => {
    const { name, fields, cpu } = kernelEvent(event);
    if (name === 'irq_handler_entry') irqs.push(`${integer(fields, 'irq')} on CPU ${cpu}`);
  });
  const { kind, report } = computer.run({ maxSteps: 50_000_000 });
  assert.equal(kind, 'finished', report.join('\n'));
  return { stats: statistics(computer), output: computer.machine.terminal.text(), irqs };
}

const DISK = 14;

describe('several CPUs', () => {
  const reader = `file "/data" = repeat("x", 9000);
    process p { let fd = open("/data", O_RDONLY); read(fd, alloc(64), 64); lseek(fd, 8192, SEEK_SET); read(fd, alloc(64), 64); }`;

  it('take the interrupts of devices where irq_cpu says', () => {
    for (const cpu of [0, 1, 3]) {
      const { irqs } = run(`machine { cpus = 4; irq_cpu = ${cpu}; } ${reader}`);
      const ofDisk = irqs.filter((irq) => irq.startsWith(`${DISK} `));
      assert.ok(ofDisk.length >= 1);
      assert.deepEqual([...new Set(ofDisk)], [`${DISK} on CPU ${cpu}`]);
    }
  });

  it('that irq_cpu does not have are told', () => {
    assert.throws(() => run(`machine { cpus = 2; irq_cpu = 2; } ${reader}`), /irq_cpu .* 2 CPUs, 0 to 1; not 2/);
  });

  it('flush each other’s TLBs only where they share an address space', () => {
    const alone = run(`process p { for (let i = 0; i < 5; i++) { let b = mmap(0, 4096, PROT_READ | PROT_WRITE,
      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); b[0] = 1; munmap(b, 4096); } }`);
    assert.equal(alone.stats['tlbShootdowns'], 0);
  });

  /** Simulated ns from one process to another and back, over pipes. */
  function roundTrip(cpus: number, second: number): number {
    const { output } = run(`machine { costs = linux; cpus = ${cpus}; quantum = 1000000000; }
      process p cpu 0 {
        let there = pipe(); let back = pipe(); let buf = alloc(1);
        if (fork() == 0) {
          sched_setaffinity(0, [${second}]);
          for (let i = 0; i < 51; i++) { read(there[0], buf, 1); write(back[1], buf, 1); }
          exit(0);
        }
        write(there[1], buf, 1); read(back[0], buf, 1);
        let start = clock();
        for (let i = 0; i < 50; i++) { write(there[1], buf, 1); read(back[0], buf, 1); }
        print((clock() - start) / 50);
      }`);
    return Number.parseInt(output, 10);
  }

  it('are woken from sleep for some 4 µs, and more than a switch on one CPU takes', () => {
    const [same, other] = [roundTrip(1, 0) / 2, roundTrip(2, 1) / 2];
    console.log(`      a hop on one CPU ${same} ns, to an idle one ${other} ns`);
    assert.ok(Math.abs(other - 4000) <= 0.3 * 4000, `${other} ns`);
    assert.ok(other > 1.5 * same, `${other} and ${same} ns`);
  });

  it('sched_yield() with nobody else takes 250 ns', () => {
    const { output } = run(`machine { costs = linux; }
      process p { sched_yield(); let start = clock(); for (let i = 0; i < 50; i++) { sched_yield(); } print((clock() - start) / 50); }`);
    assert.ok(Math.abs(Number.parseInt(output, 10) - 250) <= 75, output);
  });
});
