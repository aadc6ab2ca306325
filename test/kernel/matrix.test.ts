/**
 * The kernel's tests and the examples hold on other machines, too: 1 to 8 CPUs, other seeds, a time slice of one tick,
 * each set of costs, little memory; but for what a program fixes itself. Where an outcome may differ, DIFFERS says so,
 * and why; any other difference is a fault of the kernel's. OSIM_LONG runs all of the matrix, OSIM_MATRIX=n each n-th
 * seed of it; else each program runs once.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { LazySystem } from '../../src/cli/built-system.js';
import { compile, createComputer, type ComputerOptions } from '../../src/computer/computer.js';
import { evaluateExpects } from '../../src/computer/expects.js';
import { programs, root } from '../std/program-run.js';

/** Each so many seeds are tried with each number of CPUs; 0: each program runs once. */
const SEED_STEP = Number(process.env['OSIM_MATRIX'] ?? (process.env['OSIM_LONG'] ? 1 : 0));
const LONG = SEED_STEP > 0;
const MOST_STEPS = 1_000_000_000;

type Settings = Record<string, number | string>;

/** What is changed, beside the CPUs and the seed. */
const VARIANTS: Readonly<Record<string, Settings>> = {
  cpus: {},
  quantum: { quantum: 1 },
  linux: { costs: 'linux' },
  none: { costs: 'none' },
  memory: { memory: 2 << 20 },
};
type Variant = keyof typeof VARIANTS;

const TICKS = 'it waits, or times out, by ticks that are right for the teaching costs, and expects who comes first';
const FREE = 'where calls take no time, what comes first by a few ticks may come later';
const TURNS = 'it expects the exact turns of one CPU';
const AT_ONCE = 'it expects an order of processes that run at once on two CPUs';
const COSTS = 'it compares what things cost';
const MEETINGS = 'it compares CPU times, and how often the two ends of a pipe sleep is up to the seed';
const RACES = 'it is about a race, which other turns may win';
const FRAMES = 'it needs more memory, or prints how much there is';
const SLOW = 'with a slice of one tick the process is too slow for the ticks that it waits';

/** Programs whose outcome may differ: where, and why. */
const DIFFERS: Readonly<Record<string, Partial<Record<Variant, string>>>> = {
  'sched-fifo': { cpus: TURNS },
  'sched-fifo-arrivals': { cpus: TURNS },
  'sched-mlfq': { cpus: TURNS },
  'sched-priority': { cpus: TURNS },
  'sched-rr': { cpus: TURNS },
  'sched-rr-arrivals': { cpus: TURNS },
  'sched-yield': { cpus: TURNS },
  events: { cpus: AT_ONCE },
  timers: { cpus: AT_ONCE },
  priorities: { cpus: AT_ONCE },
  aio: { linux: TICKS },
  copies: { linux: TICKS },
  epoll: { linux: TICKS },
  'event-files': { linux: TICKS },
  'file-locks': { linux: TICKS },
  'listener-closed': { linux: TICKS },
  'mmap-pressure': { linux: TICKS },
  'network-connect': { quantum: SLOW, linux: TICKS, none: FREE },
  network: { linux: TICKS },
  'network-idle': { memory: FRAMES },
  'page-cache': { linux: TICKS, none: FREE },
  pipes: { linux: TICKS },
  poll: { linux: TICKS },
  proc: { linux: TICKS, none: FREE, memory: FRAMES },
  process: { linux: TICKS, none: FREE },
  'remote-crowd': { linux: TICKS, none: FREE, memory: FRAMES },
  'remote-endings': { linux: TICKS },
  'remote-many': { none: FREE },
  'remote-refused': { linux: TICKS },
  remote: { linux: TICKS },
  select: { linux: TICKS },
  'sendfile-socket': { quantum: SLOW, linux: TICKS },
  'sigio-sockets': { memory: FRAMES },
  'signal-waits': { linux: TICKS },
  signals: { linux: TICKS },
  'socket-options': { linux: TICKS, memory: FRAMES },
  'sockets-pair': { memory: FRAMES },
  'sockets-tcp': { none: FREE },
  'job-control': { linux: TICKS },
  terminal: { linux: TICKS },
  uring: { quantum: SLOW, memory: FRAMES },
  'tlb-shootdown': { cpus: AT_ONCE, quantum: AT_ONCE, linux: TICKS, none: FREE },
  futex: { cpus: AT_ONCE },
  'futex-pi': { linux: TICKS },
  'priority-donation': { cpus: TURNS },
  'priority-inversion': { cpus: TURNS, linux: TICKS },
  threads: { linux: TICKS },
  atomic: { cpus: RACES },
  'lost-update': { cpus: RACES },
  'multi-thread': { linux: TICKS, none: FREE },
  'io-1-blocking': { linux: TICKS },
  'io-2-nonblocking': { linux: TICKS, none: FREE },
  'io-3-epoll': { linux: TICKS },
  'io-3-epoll-edge': { linux: TICKS },
  'io-3-poll': { linux: TICKS },
  'io-3-select': { linux: TICKS },
  'io-4-signal': { linux: TICKS },
  'io-5-aio': { linux: TICKS },
  'io-5-uring': { linux: TICKS },
  'page-fault': { linux: TICKS },
  'stdio-buffering': { linux: TICKS, none: FREE },
  'process-states': { linux: TICKS },
  'zero-copy': { linux: MEETINGS, none: COSTS },
  'zero-copy-network': { linux: COSTS, none: COSTS },
};

/** Some seconds each: only in the long tests, and there with fewer seeds. */
const HEAVY = ['mmap-pressure', 'remote-crowd', 'remote-many'];

const system = new LazySystem(path.join(root, 'dist'));
const files = [...programs('test/kernel'), ...programs('examples')];
const nameOf = (file: string): string => path.basename(file, '.osim');

function optionsOf(file: string): ComputerOptions {
  const textOf = (uri: string): string | undefined => {
    try {
      return readFileSync(uri, 'utf8');
    } catch {
      return undefined;
    }
  };
  return {
    uri: file,
    // The ten thousand of the lesson take long; what is to hold holds for fewer, too.
    params: nameOf(file).startsWith('c10k') ? { clients: 300 } : {},
    read: (uri) => (uri.startsWith('std:') ? system.modules[uri] : textOf(uri)),
    readHostFile: (uri) => readFileSync(uri).toString('latin1'),
  };
}

/** The settings but for those that the program fixes itself. */
function free(wanted: Settings, fixed: Readonly<Record<string, unknown>>): Settings {
  return Object.fromEntries(Object.entries(wanted).filter(([name]) => !(name in fixed)));
}

/** Fails unless all that a program expects holds on this machine. */
function holds(file: string, variant: Variant, cpus: number, seed: number): void {
  const options = optionsOf(file);
  const compiled = compile(system, options).compiled;
  assert.ok(compiled, file);
  if (compiled.image.processes.length === 0) return;
  const settings = free({ cpus, ...VARIANTS[variant] }, compiled.image.machine);
  const { computer } = createComputer(system, { ...options, seed, settings });
  assert.ok(computer);
  const { kind, report } = computer.run({ maxSteps: MOST_STEPS });
  const told = `${nameOf(file)} with ${JSON.stringify(settings)} and seed ${seed}: ${kind}`;
  assert.ok(kind !== 'panic' && kind !== 'limit', `${told}\n${report.join('\n')}`);
  const failed = evaluateExpects(computer).filter(({ ok }) => !ok);
  assert.deepEqual(
    failed.map(({ text, actual, error }) => `${text} is ${error ?? JSON.stringify(actual)}`),
    [],
    told,
  );
}

/** The variants in which a program has to hold. */
function variantsOf(file: string): Variant[] {
  const differs = DIFFERS[nameOf(file)] ?? {};
  return differs.cpus ? [] : Object.keys(VARIANTS).filter((variant) => differs[variant] === undefined);
}

/** One run, on a machine that its name chooses: a program that is added changes nothing for the others. */
function once(file: string, variants: readonly Variant[]): void {
  const pick = [...nameOf(file)].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  holds(file, variants[pick % variants.length] ?? 'cpus', 2 + (pick % 7), pick % 21);
}

describe('on other machines', function () {
  this.timeout(7_200_000);

  it('each exception is a program’s that is there', () => {
    assert.deepEqual(
      Object.keys(DIFFERS).filter((name) => !files.some((file) => nameOf(file) === name)),
      [],
    );
  });

  for (const file of files) {
    const variants = variantsOf(file);
    if (variants.length === 0 || (!LONG && HEAVY.includes(nameOf(file)))) continue;
    it(nameOf(file), () => {
      if (!LONG) return once(file, variants);
      for (let cpus = 1; cpus <= 8; cpus++) {
        for (let seed = 0; seed <= 20; seed += SEED_STEP * (HEAVY.includes(nameOf(file)) ? 10 : 1)) {
          holds(file, variants[(seed + 3 * cpus) % variants.length] ?? 'cpus', cpus, seed);
        }
      }
    });
  }
});
