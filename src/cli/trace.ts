/** `osim trace FILE`: the events of a run, in the format asked for. */
import { Option, type Command } from 'commander';
import { runReport } from '../computer/report.js';
import type { Computer } from '../computer/computer.js';
import { namesLike } from '../computer/events/filter.js';
import type { BuiltSystem } from '../debugger/host.js';
import { visible } from '../language/visible.js';
import { verdictOf } from '../computer/verdict.js';
import { STATUS } from './failure.js';
import { watchEndings } from './endings.js';
import { prepare, runToEnd } from './finished-run.js';
import { bounded, openSink, printError, type Sink } from './output.js';
import { briefly } from './problems.js';
import { printSummary } from './run.js';
import { withRunOptions, type RunOptions } from './run-options.js';
import { jsonLines, plainText, type TraceFormat } from './trace-formats.js';
import { straceText } from './strace.js';

const FORMATS: Readonly<Record<string, TraceFormat>> = { text: plainText, strace: straceText, jsonl: jsonLines };

interface TraceOptions extends RunOptions {
  format: string;
  syscalls?: boolean;
  events?: string;
  output?: string;
}

export function traceCommand(program: Command, system: BuiltSystem, finish: (status: number) => void): void {
  withRunOptions(program.command('trace').argument('<file>', 'the program').description("prints a run's events"))
    .addOption(new Option('--format <format>', 'how events are written').choices(Object.keys(FORMATS)).default('text'))
    .addOption(new Option('--syscalls', 'system calls only').conflicts('events'))
    .option('--events <pattern>', 'these tracepoints only: sched_*,irq_*')
    .option('-o, --output <file>', 'writes there instead of standard output')
    .action((file: string, options: TraceOptions) => finish(trace(system, file, options)));
}

function trace(system: BuiltSystem, file: string, options: TraceOptions): number {
  const { computer, problems, recording } = prepare(system, file, options);
  for (const text of briefly(problems)) printError(text);
  if (!computer) return STATUS.ERRORS;
  const sink = openSink(options.output);
  try {
    follow(computer, recording, options, sink);
  } catch (error) {
    sink.discard();
    throw error;
  }
  sink.close();
  const { expects, status } = verdictOf(computer);
  printSummary(runReport(computer), expects);
  return status;
}

/** Runs the program with every event that is wanted going to `sink`. */
function follow(computer: Computer, recording: Sink | null, options: TraceOptions, sink: Sink): void {
  const writer = (FORMATS[options.format] ?? plainText)(computer, (line) => sink.write(`${visible(line)}\n`));
  const wanted = namesLike(options.syscalls ? 'sys_*' : (options.events ?? '*'));
  const print = bounded(printError);
  computer.machine.onLog = print;
  watchEndings(computer, print);
  const seen = new Set<string>();
  computer.eventConsumers.push((event) => {
    seen.add(event.name);
    if (wanted(event.name)) writer.event(event);
  });
  runToEnd(computer, recording, options);
  writer.end?.();
  if (options.events !== undefined && ![...seen].some(wanted)) {
    printError(`osim: no event is called ${options.events}. This run had: ${[...seen].sort().join(', ')}`);
  }
}
