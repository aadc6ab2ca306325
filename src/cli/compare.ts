/** `osim compare FILE…`: several programs, or one under several options, measured side by side. */
import { availableParallelism } from 'node:os';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { comparisonOf, worstStatus } from './compare/comparison.js';
import { FORMATS } from './compare/formats.js';
import type { JobResult } from './compare/job.js';
import { Progress } from './compare/progress.js';
import { jobsOf, listOf, seedsIn, variantsOf, type Choices, type Job } from './compare/variants.js';
import { Workers } from './compare/workers.js';
import { STATUS } from './failure.js';
import { openSink, printError } from './output.js';
import { costsName, integer, schedulerName, workspaceOption } from './run-options.js';

interface CompareOptions {
  set: Map<string, string[]>;
  seed?: number[];
  cpus?: number[];
  scheduler?: string[];
  costs?: string[];
  jobs?: number;
  json?: boolean;
  csv?: boolean;
  md?: boolean;
  output?: string;
  maxTicks?: number;
  maxSteps?: number;
  kernel?: string;
  workspace?: string;
}

/** The status that a shell gives to a command that Ctrl-C ended. */
const INTERRUPTED = 130;

export function compareCommand(program: Command, directory: string, finish: (status: number) => void): void {
  const list =
    <T>(each: (text: string) => T[]) =>
    (text: string, before: T[] = []) => [...before, ...each(text)];
  const cpus = integer('--cpus', 1, 8);
  program
    .command('compare')
    .argument('<files...>', 'programs')
    .description('runs programs, or one under several options, and prints a table of figures')
    .addOption(
      new Option('--set <name=a,b>', 'a param and its values: one run each (may be repeated)')
        .argParser(addValues)
        .default(new Map<string, string[]>(), 'none'),
    )
    .addOption(new Option('--seed <a..b>', 'one run a seed; figures are medians then').argParser(list(seedsIn)))
    .addOption(
      new Option('--cpus <n,m>', 'numbers of CPUs').argParser(list((text) => listOf(text).map((each) => cpus(each)))),
    )
    .addOption(
      new Option('--scheduler <a,b>', 'policies, or files of them').argParser(
        list((text) => listOf(text).map(schedulerName)),
      ),
    )
    .addOption(
      new Option('--costs <a,b>', 'sets of costs').argParser(
        list((text) => listOf(text).map((each) => costsName(each))),
      ),
    )
    .addOption(new Option('--max-ticks <n>', 'stops each run at this time').argParser(integer('--max-ticks', 1)))
    .addOption(
      new Option('--max-steps <n>', 'stops each run after so many instructions').argParser(integer('--max-steps', 1)),
    )
    .addOption(new Option('--jobs <n>', 'runs at a time; one a core').argParser(integer('--jobs', 1, 256)))
    .addOption(new Option('--kernel <dir>', "kernel files of one's own, in place of the built ones"))
    .addOption(workspaceOption())
    .addOption(new Option('--json', 'prints an object').conflicts(['csv', 'md']))
    .addOption(new Option('--csv', 'prints a line for each program and option').conflicts('md'))
    .addOption(new Option('--md', 'prints a table in Markdown'))
    .option('-o, --output <file>', 'writes the table there instead of standard output')
    .action(async (files: string[], options: CompareOptions) => finish(await compare(directory, files, options)));
}

/** `--set clients=10,100`: a list of values. A comma that belongs to a value is written `\,`. */
function addValues(text: string, before: Map<string, string[]>): Map<string, string[]> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('--set takes a name and values: --set clients=10,100.');
  const values = text.slice(at + 1).match(/(?:\\,|[^,])+/g) ?? [''];
  const name = text.slice(0, at);
  return new Map(before).set(name, [...(before.get(name) ?? []), ...values.map((each) => each.replaceAll('\\,', ','))]);
}

async function compare(directory: string, files: readonly string[], options: CompareOptions): Promise<number> {
  const choices: Choices = {
    files,
    set: options.set,
    schedulers: options.scheduler ?? [],
    cpus: options.cpus ?? [],
    costs: options.costs ?? [],
    seeds: options.seed ?? [],
  };
  const variants = variantsOf(choices);
  const jobs = variants.flatMap((variant) => jobsOf(variant, choices.seeds, limitsOf(options)));
  const sink = openSink(options.output);
  const results: (JobResult | undefined)[] = jobs.map(() => undefined);
  const stopped = await runAll(directory, jobs, options.jobs ?? availableParallelism(), results);
  tellTroubles(jobs, results);
  const perVariant = Math.max(1, choices.seeds.length);
  const grouped = variants.map((_, i) => results.slice(i * perVariant, (i + 1) * perVariant));
  const comparison = comparisonOf(variants, choices.seeds, grouped);
  if (comparison.columns.length > 0) sink.write(FORMATS[formatOf(options)](comparison));
  sink.close();
  return stopped ? INTERRUPTED : worstStatus(results);
}

function limitsOf({ maxTicks, maxSteps, kernel, workspace }: CompareOptions): Job['limits'] {
  return {
    ...(maxTicks !== undefined && { maxTicks }),
    ...(maxSteps !== undefined && { maxSteps }),
    ...(kernel !== undefined && { kernel }),
    ...(workspace !== undefined && { workspace }),
  };
}

function formatOf({ json, csv, md }: CompareOptions): keyof typeof FORMATS {
  return json ? 'json' : csv ? 'csv' : md ? 'md' : 'text';
}

/** Fills in the results. Returns whether Ctrl-C has stopped it: then what is done is kept. */
async function runAll(
  directory: string,
  jobs: readonly Job[],
  count: number,
  results: (JobResult | undefined)[],
): Promise<boolean> {
  const workers = new Workers(directory);
  const progress = new Progress(jobs.length);
  let stopped = false;
  const interrupt = (): void => {
    stopped = true;
    workers.stop();
  };
  process.once('SIGINT', interrupt);
  try {
    await workers.run(jobs, count, (number, result) => {
      results[number] = result;
      progress.done();
    });
  } finally {
    process.off('SIGINT', interrupt);
    progress.end();
  }
  const done = results.filter((result) => result !== undefined).length;
  if (stopped) printError(`osim: interrupted: ${done} of ${jobs.length} runs were made.`);
  return stopped;
}

/** What could not be run, and what did not end well: each once, with the options of the run. */
function tellTroubles(jobs: readonly Job[], results: readonly (JobResult | undefined)[]): void {
  const lines = results.flatMap((result, i) => {
    const job = jobs[i];
    if (result === undefined || job === undefined) return [];
    if (result.failure !== undefined) return result.failure.map((line) => `osim: ${line}`);
    const isWell = result.status === STATUS.OK;
    return isWell ? [] : [`osim: ${job.file}${optionsOf(job)}: ${[result.outcome, ...result.notes].join('; ')}`];
  });
  for (const line of new Set(lines)) printError(line);
}

function optionsOf({ set, scheduler, cpus, costs, seed }: Job): string {
  const parts = Object.entries({ ...set, scheduler, cpus, costs, seed }).filter(([, value]) => value !== undefined);
  return parts.length === 0 ? '' : ` (${parts.map(([name, value]) => `${name}=${value}`).join(', ')})`;
}
