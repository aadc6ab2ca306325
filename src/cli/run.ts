/** `osim run FILE`: prints what the program prints, then a summary on standard error. */
import type { Command } from 'commander';
import type { Computer } from '../computer/computer.js';
import { kernelEvent } from '../computer/kernel-records.js';
import { nothingToRun } from '../computer/nothing-to-run.js';
import { runReport, type KernelFigure, type RunReport } from '../computer/report.js';
import type { BuiltSystem } from '../debugger/host.js';
import type { ExpectResult } from '../computer/expects.js';
import { visibleJson } from '../language/visible.js';
import { verdictOf } from '../computer/verdict.js';
import { copyTable } from './copies.js';
import { STATUS } from './failure.js';
import { watchEndings } from './endings.js';
import { prepare, runToEnd } from './finished-run.js';
import { bounded, openSink, printError, writeOutput } from './output.js';
import { plural, briefly } from './problems.js';
import { withRunOptions, type RunOptions } from './run-options.js';

export function runCommand(program: Command, system: BuiltSystem, finish: (status: number) => void): void {
  withRunOptions(program.command('run').argument('<file>', 'the program').description('runs a program'))
    .option('--json', 'prints one object: the outcome, the processes, statistics, expects')
    .option('--stats', 'prints the copies as well: how many, of how many bytes, by call and kind')
    .action((file: string, options: ShowOptions) => finish(run(system, file, options)));
}

interface ShowOptions extends RunOptions {
  json?: boolean;
  stats?: boolean;
}

function run(system: BuiltSystem, file: string, options: ShowOptions): number {
  const { computer, problems, recording } = prepare(system, file, options);
  for (const text of briefly(problems)) printError(text);
  if (!computer) return STATUS.ERRORS;
  const nothing = nothingToRun(computer);
  if (nothing !== null) printError(`osim: ${file} ${nothing}`);
  const output = new TerminalOutput(computer);
  if (!options.json) output.follow();
  // What was printed before stands before it.
  const print = bounded((line) => {
    if (!options.json) output.flush();
    printError(line);
  });
  computer.machine.onLog = print;
  watchEndings(computer, print);
  try {
    runToEnd(computer, recording, options);
  } finally {
    // What was printed stands before the reason why the run could not go on.
    if (!options.json) output.flush();
  }
  const { expects, status } = verdictOf(computer);
  if (options.json) {
    printJson(computer, expects);
  } else {
    output.flush();
    const report = runReport(computer);
    printSummary(report, expects);
    if (options.stats) copyTable(report.stats).forEach(printError);
  }
  return status;
}

/** How often the terminal is brought up to date while the program runs, in milliseconds of the host. */
const PERIOD = 50;

/** The terminal's bytes, written as the run goes on. */
class TerminalOutput {
  private shown = 0;
  private last = Date.now();

  constructor(private readonly computer: Computer) {}

  follow(): void {
    this.computer.eventConsumers.push((event) => {
      if (kernelEvent(event).name !== 'sys_exit' || Date.now() - this.last < PERIOD) return;
      this.flush();
      this.last = Date.now();
    });
  }

  flush(): void {
    const chunks = this.computer.machine.terminal.output();
    const bytes = chunks
      .slice(this.shown)
      .map((chunk) => chunk.bytes)
      .join('');
    this.shown = chunks.length;
    if (bytes !== '') writeOutput(Buffer.from(bytes, 'latin1'));
  }
}

/** The object that `--json` promises, and nothing else, on standard output. */
function printJson(computer: Computer, expects: readonly ExpectResult[]): void {
  const { report, ...rest } = runReport(computer);
  const sink = openSink(undefined);
  const results = expects.map(({ text, ok, actual, error }) => ({
    text,
    ok,
    actual,
    ...(error !== undefined && { error }),
  }));
  sink.write(`${visibleJson({ ...rest, report, expects: results }, 2)}\n`);
  sink.close();
}

export function printSummary(run: RunReport, expects: readonly ExpectResult[]): void {
  const number = (name: KernelFigure): number => (typeof run.stats[name] === 'number' ? run.stats[name] : 0);
  const parts = [
    `${run.outcome} at tick ${run.time}`,
    plural(run.processes.length, 'process', 'processes'),
    plural(number('contextSwitches'), 'context switch', 'context switches'),
    plural(number('syscalls'), 'system call'),
  ];
  printError(parts.join(', '));
  for (const line of run.report) printError(`  ${line}`);
  for (const expect of expects.filter(({ ok }) => !ok)) printError(`  ${failureText(expect)}`);
  if (expects.length > 0) {
    const failed = expects.filter(({ ok }) => !ok).length;
    printError(
      failed === 0
        ? `${plural(expects.length, 'expect')} met`
        : `${failed} of ${plural(expects.length, 'expect')} failed`,
    );
  }
}

/** One line for an `expect` that failed. */
export function failureText({ text, actual, error, why, line }: ExpectResult): string {
  const found = error ?? `actual: ${JSON.stringify(actual)}`;
  return `line ${line}: expect ${text} failed; ${found}${why === null ? '' : ` (${why})`}`;
}
