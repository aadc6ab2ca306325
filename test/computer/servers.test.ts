/**
 * What docs/servers.md says of the servers in examples/, laid side by side: the same clients, the `linux` costs as they
 * are. Times are in nanoseconds.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { figuresOf } from '../../src/computer/figures.js';
import { computerFor } from '../system.js';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));
const std = fileURLToPath(new URL('../../src/std/', import.meta.url));
const read = (uri: string): string => readFileSync(uri.replace(/^std:\//, std), 'utf8');

const PER_REQUEST = ['process-per-request', 'thread-per-request'];

type Figures = Record<string, number | null>;
/** Each client comes, asks once and goes; the next comes before a thread for this one could be made and ended. */
const BUSY = { clients: 1000, requests: 1, think: 1, every: 15_000 };
/** Most connections are quiet most of the time. */
const THINKING = { clients: 1000, requests: 3, think: 1_000_000, every: 20_000 };
/** An answer takes more time than the calls around it, and more clients come than one CPU can serve. */
const WORKING = { ...BUSY, work: 20_000, every: 10_000 };

function serve(name: string, params: Record<string, number> = BUSY, cpus = 1): Record<string, number> {
  const uri = `${examples}server-${name}.osim`;
  const settings = { costs: 'linux', cpus };
  const computer = computerFor('', { uri, read, params, settings });
  const { kind, report } = computer.run();
  assert.equal(kind, 'finished', report.join('\n'));
  const figures: Figures = figuresOf(computer);
  assert.equal(figures['replies'], params['clients'] * params['requests'], `${name}: each client has its answers`);
  return Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, value ?? 0]));
}

/** Bytes of what a server has for its clients: stacks, control blocks, coroutines, the pages of its processes. */
const memory = (run: Record<string, number>): number =>
  run['memoryStacks'] + run['memoryControlBlocks'] + run['memoryCoroutines'] + run['memoryPages'];

describe('a busy server with 1,000 clients', function () {
  this.timeout(120_000);
  const runs: Record<string, Record<string, number>> = {};
  before(() => {
    const names = [...PER_REQUEST, 'thread-pool', 'async', 'event-loop'];
    for (const name of names) runs[name] = serve(name);
  });

  const order = (names: string[], figure: (run: Record<string, number>) => number): [string, number][] =>
    names.map((name) => [name, figure(runs[name])]);
  const falls = (list: [string, number][], orEqual = -1): void => {
    list.slice(1).forEach(([, value], i) => {
      const before = list[i][1];
      assert.ok(i === orEqual ? before >= value : before > value, JSON.stringify(list));
    });
  };

  it('takes less memory from a process for each request to an event loop', () => {
    falls(order([...PER_REQUEST, 'thread-pool', 'async', 'event-loop'], memory), 2);
  });

  it('switches less from a process or a thread for each request to an event loop', () => {
    const switches = (run: Record<string, number>): number => run['contextSwitches'];
    falls(order(['process-per-request', 'thread-pool', 'event-loop'], switches));
    falls(order(['thread-per-request', 'thread-pool', 'event-loop'], switches));
  });

  it('makes fewer system calls with io_uring than in an event loop', () => {
    assert.ok(serve('uring')['callsPerRequest'] < runs['event-loop']['callsPerRequest']);
  });

  it('serves more with prefork on four CPUs than with an event loop on one', () => {
    const [prefork, loop] = [serve('prefork', WORKING, 4), serve('event-loop', WORKING)];
    assert.ok(prefork['throughput'] > loop['throughput'], `${prefork['throughput']} and ${loop['throughput']}`);
  });
});

describe('a server whose 1,000 clients think', function () {
  this.timeout(120_000);

  it('makes fewer system calls with io_uring than in an event loop, and most when it polls', () => {
    const calls = ['uring', 'event-loop', 'polling'].map((name) => serve(name, THINKING)['callsPerRequest']);
    assert.ok(calls[0] < calls[1] && calls[1] < calls[2], `${calls.join(', ')} calls for each reply`);
  });
});

describe('a switch from one to the other, with one CPU', () => {
  /** Nanoseconds from one side to the other, of a program that prints them. */
  const hop = (text: string): number => {
    const whole = `machine { costs = linux; quantum = 10000000; } const ROUNDS = 200; ${text}`;
    const uri = '/program.osim';
    const computer = computerFor('', { uri, read: (file) => (file === uri ? whole : read(file)) });
    assert.equal(computer.run().kind, 'finished');
    return Number(computer.machine.terminal.text());
  };
  const sides = (readOne: string, writeOne: string): string => `
    fn answer(from, to) { let buf = alloc(1); for (i in 0..ROUNDS) { ${readOne}(from, buf, 1); ${writeOne}(to, "x"); } }
    fn ask(from, to) { let buf = alloc(1); for (i in 0..ROUNDS) { ${writeOne}(to, "x"); ${readOne}(from, buf, 1); } }`;

  it('is no cheaper for tasks than for threads when a pipe causes it, and far cheaper when nobody asks the kernel', () => {
    const threads = hop(`${sides('read', 'write')}
      process p { let a = pipe(); let b = pipe(); let other = thread(answer, a[0], b[1]);
        let start = clock(); ask(b[0], a[1]); print((clock() - start) / (2 * ROUNDS)); join(other); }`);
    const tasks = hop(`import "std/async"; ${sides('await_read', 'await_write')}
      process p { let a = pipe2(O_NONBLOCK); let b = pipe2(O_NONBLOCK);
        spawn_task(ask, b[0], a[1]); spawn_task(answer, a[0], b[1]);
        let start = clock(); run_tasks(); print((clock() - start) / (2 * ROUNDS)); }`);
    const alone = hop(`fn turns() { while (true) { yield; } }
      process p { let c = coroutine(turns); let start = clock();
        for (i in 0..ROUNDS) { resume(c); } print((clock() - start) / (2 * ROUNDS)); }`);
    assert.ok(tasks > 0.9 * threads && tasks < 1.5 * threads, `tasks ${tasks} ns, threads ${threads} ns`);
    assert.ok(alone * 20 < threads, `coroutines alone ${alone} ns, threads ${threads} ns`);
  });
});

/** The kernel's and the program's work for a client, which is what the host's time goes to. */
describe('a client costs as much among very many', function () {
  this.timeout(300_000);
  const many = process.env['OSIM_LONG'] ? 10_000 : 500;

  for (const name of ['c10k', 'c10k-async', 'c10k-uring'])
    it(`in ${name}, up to ${many} at a time`, () => {
      const stepsOf = (clients: number): number => {
        const computer = computerFor('', { uri: `${examples}${name}.osim`, read, params: { clients } });
        assert.equal(computer.run().kind, 'finished');
        assert.equal(
          computer.machine.terminal.text(),
          `served ${clients} of ${clients} clients, at most ${clients} at a time\n`,
        );
        return computer.machine.steps;
      };
      const alone = stepsOf(1);
      const [few, all] = [(stepsOf(100) - alone) / 99, (stepsOf(many) - alone) / (many - 1)];
      assert.ok(all < 1.5 * few, `${few} instructions for each of 100, ${all} for each of ${many}`);
    });
});
