/** One run of a program, from its file to what became of it: what `run`, `trace` and `test` have in common. */
import { compile, createComputer, type Computer, type ComputerOptions } from '../computer/computer.js';
import { LARGEST_RECORDING, recordingText } from '../computer/recording.js';
import type { Problem } from '../language/problem.js';
import type { BuiltSystem } from '../debugger/host.js';
import { kernelFilesIn } from './kernel-files.js';
import { Failure } from './failure.js';
import { openSink, type Sink } from './output.js';
import type { RunOptions } from './run-options.js';
import { ProgramFiles, requireFile, uriOf } from './sources.js';

/** A program that compiled, or the problems that keep it from running; and where its choices are written. */
export type Preparation =
  | { computer: Computer; problems: readonly Problem[]; recording: Sink | null }
  | { computer: null; problems: readonly Problem[]; recording: null };

export function prepare(system: BuiltSystem, path: string, options: RunOptions): Preparation {
  const computing = computerOptions(system, path, options);
  const kernelFiles = options.kernel === undefined ? [] : kernelFilesIn(options.kernel);
  const recording = options.record === undefined ? null : openSink(options.record);
  const creation = createComputer(system, {
    ...computing,
    kernelFiles,
    ...(recording && { record: bounded(recording) }),
    ...(options.replay !== undefined && { replay: recordingIn(options.replay) }),
  });
  if (creation.computer) return { ...creation, recording };
  recording?.discard();
  return { ...creation, recording: null };
}

/** What is larger can not be read again. */
function bounded(sink: Sink): (lines: string) => void {
  let size = 0;
  return (lines) => {
    size += lines.length;
    if (size > LARGEST_RECORDING) {
      throw new Failure(
        `The recording would have more than ${LARGEST_RECORDING} bytes, and could not be replayed. A smaller --max-ticks ends the run earlier.`,
      );
    }
    sink.write(lines);
  };
}

function recordingIn(path: string): { uri: string; text: string } {
  return { uri: uriOf(path), text: recordingText(requireFile(path)) };
}

/** The problems of a program, compiled and not run. */
export function problemsOf(system: BuiltSystem, path: string, workspace?: string): readonly Problem[] {
  const where = workspace === undefined ? {} : { workspace };
  return compile(system, computerOptions(system, path, { set: {}, ...where })).problems;
}

function computerOptions(system: BuiltSystem, path: string, options: RunOptions): ComputerOptions {
  const { set, seed, cpus, scheduler, costs, workspace } = options;
  const policyFile = scheduler?.endsWith('.osim') ? [scheduler] : [];
  const files = new ProgramFiles(() => system.modules, path, workspace, policyFile);
  return {
    uri: uriOf(path),
    read: files.read,
    readHostFile: files.readBytes,
    params: set,
    settings: {
      ...(cpus !== undefined && { cpus }),
      ...(scheduler !== undefined && { scheduler: uriOf(scheduler) }),
      ...(costs !== undefined && { costs }),
    },
    ...(seed !== undefined && { seed }),
  };
}

/** Runs to the end. Throws a Failure when a recording could not be replayed. */
export function runToEnd(
  computer: Computer,
  recording: Sink | null,
  { maxTicks, maxSteps }: Pick<RunOptions, 'maxTicks' | 'maxSteps'>,
): void {
  try {
    computer.run({
      ...(maxTicks !== undefined && { maxTicks }),
      ...(maxSteps !== undefined && { maxSteps }),
    });
    if (computer.replayFault !== null) throw new Failure(computer.replayFault);
    computer.recorder?.end();
    recording?.close();
  } catch (error) {
    recording?.discard();
    throw error;
  }
}
