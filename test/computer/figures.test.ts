import assert from 'node:assert/strict';
import { FIGURE_INFOS, figuresOf } from '../../src/computer/figures.js';
import { readFileSync } from 'node:fs';
import { computerFor } from '../system.js';

function figures(text: string, options: Parameters<typeof computerFor>[1] = {}): Record<string, number | null> {
  const computer = computerFor(text, options);
  computer.run();
  return figuresOf(computer);
}

const SERVER = `
param clients = 4;
remote r count clients every 1000 (i) { let s = connect(80); send(s, "hi"); recv(s, 10); close(s); }
process main {
  let l = tcp_listen(80); let b = alloc(10);
  for (let i = 0; i < clients; i++) { let c = accept(l); read(c, b, 10); sleep(100); write(c, "yo"); close(c); }
}`;

describe('figures of a run', () => {
  it('are those of the docs, in their order', () => {
    const docs = readFileSync(new URL('../../docs/compare.md', import.meta.url), 'utf8');
    const told = [...docs.matchAll(/^\| `(\w+)`/gm)].map(([, key]) => key);
    assert.deepEqual(
      told,
      FIGURE_INFOS.map(({ key }) => key),
    );
  });

  it('measure replies where remotes wait for them', () => {
    const run = figures(SERVER);
    assert.deepEqual([run['connections'], run['requests'], run['replies'], run['failedConnections']], [4, 4, 4, 0]);
    // Each is served alone: two latencies of the network, the sleep, and the work of the kernel.
    assert.ok((run['latencyP50'] ?? 0) >= 100 && (run['latencyMax'] ?? 0) < 1000, JSON.stringify(run));
    const [p50, p99, longest] = [run['latencyP50'], run['latencyP99'], run['latencyMax']];
    assert.ok((p50 ?? 0) <= (p99 ?? 0) && (p99 ?? 0) <= (longest ?? 0));
    // Four replies in a little more than three seconds of a thousand ticks.
    assert.ok(Math.abs((run['throughput'] ?? 0) - 4 / 3200) < 4 / 3200 / 10, `${run['throughput']}`);
  });

  it('count requests that nobody answers, and those who could not connect', () => {
    const run = figures(`
      remote r (i) { let s = connect(80); send(s, "hi"); send(s, "again"); recv(s, 10); close(s); }
      remote lost (i) { connect(81); }
      process main { let c = accept(tcp_listen(80)); let b = alloc(10); read(c, b, 10); close(c); sleep(100_000); }`);
    assert.deepEqual([run['connections'], run['failedConnections'], run['requests'], run['replies']], [1, 1, 1, 0]);
    assert.deepEqual([run['latencyP50'], run['throughput'], run['callsPerRequest']], [null, null, null]);
  });

  it('say nothing of remotes where there are none, and share out the time of all CPUs', () => {
    const run = figures('process main { compute(1000); sleep(3000); }', { settings: { cpus: 2 } });
    assert.deepEqual([run['connections'], run['latencyP50']], [null, null]);
    const shares = ['cpuUser', 'cpuKernel', 'cpuSwitch', 'cpuIdle'].map((key) => run[key] ?? NaN);
    assert.ok(Math.abs(shares.reduce((sum, each) => sum + each) - 1) < 1e-9, shares.join());
    assert.ok((shares[0] ?? 0) > 0.1 && (shares[0] ?? 0) < 0.14, shares.join());
  });

  it('split switches into voluntary and involuntary ones, and count what they cost', () => {
    const busy = 'process a { compute(200); } process b { compute(200); } machine { quantum = 20; }';
    const run = figures(busy);
    assert.ok((run['involuntarySwitches'] ?? 0) >= 18, JSON.stringify(run));
    assert.ok((run['cpuSwitch'] ?? 0) > 0.1);
    assert.equal(figures(busy, { settings: { costs: 'none' } })['cpuSwitch'], 0);
  });

  it('count memory at its peak: a process costs more than what it shares', () => {
    const one = figures('process main { sleep(10); }');
    const family = figures(
      'process main { for (let i = 0; i < 10; i++) { if (fork() == 0) { sleep(1000); exit(0); } } while (wait() != -1) { } }',
    );
    assert.equal(family['peakTasks'], (one['peakTasks'] ?? 0) + 10);
    // Of ten more: a kernel stack each, two structs, at least.
    const more = (key: string): number => (family[key] ?? 0) - (one[key] ?? 0);
    assert.ok(more('memoryStacks') >= 10 * 16_384, `${more('memoryStacks')}`);
    assert.ok(more('memoryControlBlocks') > 10 * 300, `${more('memoryControlBlocks')}`);
    assert.equal(
      more('memory'),
      ['Stacks', 'ControlBlocks', 'Buffers', 'Coroutines', 'Pages'].reduce(
        (sum, each) => sum + more(`memory${each}`),
        0,
      ),
    );
  });

  it('give frames back: what comes and goes a hundred times has the peak of once', () => {
    const loop = (n: number): number | null =>
      figures(
        `process main { for (let i = 0; i < ${n}; i++) { let p = pipe(); write(p[1], repeat("x", 20000)); close(p[0]); close(p[1]); } }`,
      )['memoryBuffers'] ?? null;
    assert.equal(loop(100), loop(1));
    const alone = figures('process main { }')['memoryBuffers'] ?? 0;
    assert.equal(loop(1), alone + 5 * 4096);
  });

  it('count coroutines that are there at the same time', () => {
    const run = (n: number, together: boolean): number =>
      figures(`fn gen() { yield 1; }
        process main { let all = []; for (let i = 0; i < ${n}; i++) { let c = coroutine(gen); resume(c); ${together ? '' : 'resume(c);'} push(all, c); } }`)[
        'memoryCoroutines'
      ] ?? 0;
    assert.ok(run(1, true) > 64);
    assert.equal(run(50, true), 50 * run(1, true));
    assert.equal(run(50, false), run(1, true));
  });

  it('count the frames with which coroutines have waited, and not the copies that fork() makes', () => {
    const bytes = (depth: number, forks = false): number =>
      figures(`fn deep(n) { if (n == 0) { yield 1; return 0; } let a = n; let b = n; return deep(n - 1) + a + b; }
        process main { let c = coroutine(deep, ${depth}); resume(c); ${forks ? 'if (fork() == 0) { resume(c); exit(0); } wait();' : ''} resume(c); }`)[
        'memoryCoroutines'
      ] ?? 0;
    const frame = bytes(1) - bytes(0);
    assert.ok(frame > 24, `${frame}`);
    assert.equal(bytes(20), bytes(0) + 20 * frame);
    assert.equal(bytes(20, true), bytes(20));
  });
});
