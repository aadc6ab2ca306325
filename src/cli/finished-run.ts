/** One run of a program, from its file to what became of it: what `run`, `trace` and `test` have in common. */
import { compile, createComputer, type Computer, type ComputerOptions } from '../computer/computer.js';
import type { Problem } from '../language/problem.js';
import type { BuiltSystem } from '../debugger/host.js';
import { kernelFilesIn } from './kernel-files.js';
import type { RunOptions } from './run-options.js';
import { ProgramFiles, uriOf } from './sources.js';

/** A program that compiled, or the problems that keep it from running. */
export type Preparation =
  { computer: Computer; problems: readonly Problem[] } | { computer: null; problems: readonly Problem[] };

export function prepare(system: BuiltSystem, path: string, options: RunOptions): Preparation {
  const computing = computerOptions(system, path, options);
  const kernelFiles = options.kernel === undefined ? [] : kernelFilesIn(options.kernel);
  return createComputer(system, { ...computing, kernelFiles });
}

/** The problems of a program, compiled and not run. */
export function problemsOf(system: BuiltSystem, path: string, workspace?: string): readonly Problem[] {
  const where = workspace === undefined ? {} : { workspace };
  return compile(system, computerOptions(system, path, { set: {}, ...where })).problems;
}

function computerOptions(system: BuiltSystem, path: string, options: RunOptions): ComputerOptions {
  const { set, seed, cpus, scheduler, workspace } = options;
  const policyFile = scheduler?.endsWith('.osim') ? [scheduler] : [];
  const files = new ProgramFiles(() => system.modules, path, workspace, policyFile);
  return {
    uri: uriOf(path),
    read: files.read,
    readHostFile: files.readBytes,
    params: set,
    settings: { ...(cpus !== undefined && { cpus }), ...(scheduler !== undefined && { scheduler: uriOf(scheduler) }) },
    ...(seed !== undefined && { seed }),
  };
}

/** Runs to the end. */
export function runToEnd(computer: Computer, { maxTicks, maxSteps }: RunOptions): void {
  computer.run({ ...(maxTicks !== undefined && { maxTicks }), ...(maxSteps !== undefined && { maxSteps }) });
}
