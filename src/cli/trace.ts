/** `osim trace FILE`: the events of a run, in the format asked for. */
import { Option, type Command } from 'commander';
import { runReport } from '../computer/report.js';
import type { Computer } from '../computer/computer.js';
import { namesLike } from '../computer/events/filter.js';
import type { BuiltSystem } from '../debugger/host.js';
import { visible } from '../language/visible.js';
import { verdictOf } from '../computer/verdict.js';
import { Failure, STATUS } from './failure.js';
import { watchEndings } from './endings.js';
import { prepare, runToEnd } from './finished-run.js';
import { bounded, openSink, printError, type Sink } from './output.js';
import { briefly } from './problems.js';
import { printSummary } from './run.js';
import { withRunOptions, type RunOptions } from './run-options.js';
import { jsonLines, plainText, type TraceFormat, type TraceWriter } from './trace-formats.js';
import { straceText } from './strace.js';
import { ChromeDrawing } from './traces/chrome.js';
import { nanosecondsPerTick } from './traces/clock.js';
import { ftraceText } from './traces/ftrace.js';
import { PerfettoDrawing } from './traces/perfetto.js';
import { Story } from './traces/story.js';
import { TraceDat } from './traces/trace-dat.js';

interface Format {
  /** For the help. */
  says: string;
  isBinary?: boolean;
  writer: (computer: Computer, sink: Sink) => TraceWriter;
}

const FORMATS: Readonly<Record<string, Format>> = {
  text: { says: 'an event a line, for people', writer: inLines(plainText) },
  strace: { says: 'system calls, as strace -f prints them', writer: inLines(straceText) },
  jsonl: { says: 'an event a line, as JSON', writer: inLines(jsonLines) },
  ftrace: { says: "the text of Linux's /sys/kernel/tracing/trace", writer: inLines(ftraceText) },
  perfetto: {
    says: 'for https://ui.perfetto.dev: CPUs, states of tasks, calls, who woke whom (binary)',
    isBinary: true,
    writer: (computer, sink) =>
      new Story(computer, new PerfettoDrawing((bytes) => sink.write(bytes), nanosecondsPerTick(computer))),
  },
  chrome: {
    says: 'JSON for chrome://tracing, Perfetto, Speedscope …',
    writer: (computer, sink) =>
      new Story(computer, new ChromeDrawing((line) => sink.write(`${line}\n`), nanosecondsPerTick(computer))),
  },
  'trace-dat': {
    says: 'trace.dat for trace-cmd report and KernelShark (binary)',
    isBinary: true,
    writer: (computer, sink) => new TraceDat(computer, (bytes) => sink.write(bytes)),
  },
};

function inLines(format: TraceFormat): Format['writer'] {
  return (computer, sink) => format(computer, (line) => sink.write(`${visible(line)}\n`));
}

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
    .addHelpText('after', `\nFormats:\n${formatsHelp()}\n`)
    .action((file: string, options: TraceOptions) => finish(trace(system, file, options)));
}

function formatsHelp(): string {
  return Object.entries(FORMATS)
    .map(([name, { says }]) => `  ${name.padEnd(10)} ${says}`)
    .join('\n');
}

function trace(system: BuiltSystem, file: string, options: TraceOptions): number {
  if (FORMATS[options.format]?.isBinary && options.output === undefined && process.stdout.isTTY) {
    throw new Failure(`A trace of the format ${options.format} is no text: name a file for it with -o FILE.`);
  }
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
  const writer = (FORMATS[options.format] ?? FORMATS['text']).writer(computer, sink);
  const wanted = namesLike(options.syscalls ? 'sys_*' : (options.events ?? '*'));
  const print = bounded(printError);
  computer.machine.onLog = print;
  watchEndings(computer, print);
  const seen = new Set<string>();
  computer.eventConsumers.push((event) => {
    seen.add(event.name);
    if (wanted(event.name)) writer.event(event);
  });
  try {
    runToEnd(computer, recording, options);
    writer.end?.();
  } catch (error) {
    writer.discard?.();
    throw error;
  }
  if (options.events !== undefined && ![...seen].some(wanted)) {
    printError(`osim: no event is called ${options.events}. This run had: ${[...seen].sort().join(', ')}`);
  }
}
