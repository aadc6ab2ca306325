/** `osim test FILE|DIR…`: runs programs and checks their `expect`s. */
import { Option, type Command } from 'commander';
import type { Problem } from '../language/problem.js';
import type { BuiltSystem } from '../debugger/host.js';
import { KERNEL_FILE } from '../computer/computer.js';
import { verdictOf } from '../computer/verdict.js';
import { Failure, STATUS } from './failure.js';
import { watchEndings } from './endings.js';
import { prepare, runToEnd } from './finished-run.js';
import { openSink } from './output.js';
import { briefly } from './problems.js';
import { withRunOptions, type RunOptions } from './run-options.js';
import { programsIn } from './sources.js';
import { REPORTERS } from './test-reporters.js';
import type { FileResult } from './test-result.js';

interface TestOptions extends RunOptions {
  reporter: string;
  output?: string;
}

export function testCommand(program: Command, system: BuiltSystem, finish: (status: number) => void): void {
  const command = program.command('test').argument('<paths...>', 'programs, or folders of programs');
  withRunOptions(command.description('runs programs and checks their expects'))
    .addOption(new Option('--reporter <form>', 'form of the report').choices(Object.keys(REPORTERS)).default('spec'))
    .option('-o, --output <file>', 'writes the report there instead of standard output')
    .action((paths: string[], options: TestOptions) => finish(test(system, paths, options)));
}

function test(system: BuiltSystem, paths: readonly string[], options: TestOptions): number {
  const files = programsIn(paths);
  const name = options.record !== undefined ? '--record' : '--replay';
  if (files.length > 1 && (options.record ?? options.replay) !== undefined) {
    throw new Failure(`${name} is for one program, and here are ${files.length}.`);
  }
  const sink = openSink(options.output);
  try {
    const reporter = REPORTERS[options.reporter]((text) => sink.write(text));
    const results = files.map((file) => {
      const result = resultOf(system, file, options);
      reporter.file(result);
      return result;
    });
    reporter.end(results);
    sink.close();
    if (results.some(({ status }) => status === STATUS.ERRORS)) return STATUS.ERRORS;
    return results.every(({ ok }) => ok) ? STATUS.OK : STATUS.EXPECT_FAILED;
  } catch (error) {
    sink.discard();
    throw error;
  }
}

function resultOf(system: BuiltSystem, file: string, options: RunOptions): FileResult {
  const none: FileResult = {
    file,
    ok: false,
    outcome: null,
    time: 0,
    expects: [],
    endings: [],
    problems: [],
    notes: [],
    status: STATUS.ERRORS,
  };
  const { computer, problems, recording } = prepare(system, file, options);
  const lines = briefly(problems);
  // A part of the kernel, a scheduler for one, has nothing to run either.
  const isPart = problems.some(({ code }) => code === KERNEL_FILE);
  if (isPart) return { ...none, ok: true, problems: briefly(without(problems)), status: STATUS.OK };
  if (!computer) return { ...none, problems: lines };
  // A file without a process has nothing to run, and passes.
  if (computer.compiled.image.processes.length === 0 && computer.compiled.expects.length === 0) {
    return { ...none, ok: true, problems: lines, status: STATUS.OK };
  }
  const notes: string[] = [];
  watchEndings(computer, (line) => void (notes.length < 20 && notes.push(line)));
  runToEnd(computer, recording, options);
  const { expects, endings, ...verdict } = verdictOf(computer);
  const status = verdict.status === STATUS.OK && endings.length > 0 ? STATUS.EXPECT_FAILED : verdict.status;
  const { kind, report } = computer.machine.outcome ?? { kind: 'limit', report: [] };
  if (status !== STATUS.OK && status !== STATUS.EXPECT_FAILED) notes.unshift(`the run ended with ${kind}`, ...report);
  const ok = status === STATUS.OK;
  return {
    file,
    ok,
    outcome: kind,
    time: computer.machine.time,
    expects,
    endings,
    problems: lines,
    notes: ok ? [] : notes,
    status,
  };
}

function without(problems: readonly Problem[]): Problem[] {
  return problems.filter(({ code }) => code !== KERNEL_FILE);
}
