/**
 * Programs of several processes whose outcome is the same whoever runs when: jobs of schedules.osim, picked by dice.
 */
import { SCHEDULER_NAMES } from '../../src/language/schedulers.js';
import { readFileSync } from 'node:fs';
import { Dice } from './programs.js';

const prelude = readFileSync(new URL('./schedules.osim', import.meta.url), 'utf8');

export const JOBS = [...prelude.matchAll(/^fn (job_\w+)\(([^)]*)\)/gm)].map(([, name = '', parameters = '']) => ({
  name,
  parameters: parameters.split(', ').length,
}));

/** A call of a function in OSim takes what it declares: the jobs get as much as they ask for. */
const wrappers = JOBS.map(({ name, parameters }) => {
  const args = ['a', 'b', 'name', 'port'].slice(0, parameters).join(', ');
  return `fn run_${name}(a, b, name, port) { ${name}(${args}); }`;
}).join('\n');

export interface Schedule {
  text: string;
  seed: number;
}

/**
 * The program with this number: a machine that makes its processes meet in ever other ways, and jobs, among them
 * `first`.
 */
export function schedule(number: number, first: string): Schedule {
  const d = new Dice(number * 2654435761 + 11);
  const cpus = d.pick([1, 2, 2, 3, 4, 8, 8]);
  const settings = [
    `cpus = ${cpus}`,
    `scheduler = ${d.pick(['rr', 'rr', ...SCHEDULER_NAMES])}`,
    `quantum = ${d.pick([1, 1, 2, 5, 20, 50])}`,
    `costs = ${d.pick(['teaching', 'teaching', 'teaching', 'none', 'linux'])}`,
    `cost_context_switch = ${d.pick([1, 4, 10, 30])}`,
    // Each is a window in which other CPUs run.
    ...['signal', 'page_zero', 'file_lookup', 'copy_base', 'timer', 'poll_file', 'pipe', 'cache_lookup'].map(
      (name) => `cost_${name} = ${d.pick([0, 1, 5, 20, 60])}`,
    ),
    `disk_latency = ${d.pick([1, 10, 50, 300])}`,
    `memory = ${d.pick([4, 16, 64])} MiB`,
  ];
  const picked = [first, ...Array.from({ length: d.below(4) }, () => d.pick(JOBS).name)];
  const list = picked.map((name) => `{ run: run_${name}, a: ${1 + d.below(5)}, b: ${d.pick([0, 3, 20, 100])} }`);
  const text = `machine { ${settings.join('; ')}; }\n${prelude}\n${wrappers}\nprocess main { run_jobs([${list.join(', ')}]); }
expect stdout("main") == "done\\n";
expect exit_code("main") == 0 && outcome() == "finished";
`;
  return { text, seed: d.below(21) };
}
