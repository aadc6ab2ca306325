/**
 * A computer: hardware, the kernel's image and a program's, ready to run. What the command line, the tests and the
 * debugger start.
 */
import { compileProgram, type Compiled } from '../compiler/compile-program.js';
import type { Image } from '../compiler/image.js';
import { checkProgram } from '../language/checks.js';
import type { LibraryIndex } from '../language/library.js';
import { loadProgram, type LoadedProgram, type ReadFile } from '../language/names.js';
import { rangeOf } from '../language/parse.js';
import { hasErrors, type Problem } from '../language/problem.js';
import { numberFault, SETTINGS, settingShape, wordFault } from '../language/settings.js';
import { MachineError, MachineLimit, SettingError } from '../machine/errors.js';
import { LinkError } from '../machine/link.js';
import type { FaultInfo } from '../machine/board.js';
import { Machine } from '../machine/machine.js';
import type { Outcome } from '../machine/state.js';
import type { EventConsumer } from './events/event.js';
import { PassingEvent } from './events/passing.js';
import { integer, kernelRecord } from './kernel-records.js';
import {
  compileOwnKernel,
  isPolicy,
  policyProblems,
  schedulerSetting,
  type KernelFile,
  type ParsedKernel,
} from './own-kernel.js';
import { explainWaits, LockCycles } from './lock-waits.js';
import { ProcessTable } from './processes.js';
import { Recorder, Recording } from './recording.js';
import { identityOf, RecordingFault, requireSame } from './recording-identity.js';

/** What is made at build time: the operating system. */
export interface System {
  kernel: Image;
  library: Image;
  libraryIndex: LibraryIndex;
  /** Where to keep the kernel's parsed files, for who makes many kernels with files of their own: some 80 MB. */
  parsedKernel?: ParsedKernel;
}

export interface ComputerOptions {
  /** The program's file, as `read` knows it. */
  uri: string;
  read: ReadFile;
  /** For `file … from "…"`: the bytes of a file beside the program, or why there are none. */
  readHostFile?: Parameters<typeof compileProgram>[1]['readHostFile'];
  /** `--set`, launch.json's "params". */
  params?: Record<string, number | string | boolean | null>;
  /** 0 is exact; others jitter quanta and latencies by a published rule. */
  seed?: number;
  /** These override `machine { … }`. A scheduler of the user's is a path that `read` knows. */
  settings?: Record<string, number | string>;
  /** Kernel files of the user's, in place of the kernel's own of the same names. */
  kernelFiles?: readonly KernelFile[];
  history?: boolean;
  /** A recording of another run's choices, to be made again; its seed then counts. */
  replay?: { readonly uri: string; readonly text: string };
  /**
   * Gets the lines of a recording of this run's choices; only without history, since what is done again is told again.
   */
  record?: (lines: string) => void;
  /**
   * After this many kernel instructions without a spend() the watchdog reports an endless loop. A smaller number than
   * usual finds loops that pay nothing.
   */
  softLockup?: number;
  /** false: the kernel and the library are interpreted instruction by instruction. The run is the same. */
  translated?: boolean;
}

export type Creation =
  { computer: Computer; problems: readonly Problem[] } | { computer: null; problems: readonly Problem[] };

/** Compiles a program; with errors there is no image, nor of a kernel file. */
export function compile(
  system: System,
  options: ComputerOptions,
): { loaded: LoadedProgram; compiled: Compiled | null; problems: Problem[] } {
  const loaded = loadProgram(options.uri, options.read, system.libraryIndex);
  const problems = checkProgram(loaded, system.libraryIndex);
  if (loaded.isKernel) problems.push(...policyProblems(loaded.entry));
  // A part of the kernel is compiled with the rest of it, when a program runs there.
  if (hasErrors(problems) || loaded.isKernel) return { loaded, compiled: null, problems };
  const compiled = compileProgram(loaded, {
    kind: 'program',
    library: system.libraryIndex,
    ...(options.params ? { params: options.params } : {}),
    ...(options.readHostFile ? { readHostFile: options.readHostFile } : {}),
  });
  problems.push(...compiled.problems);
  return { loaded, compiled: hasErrors(problems) ? null : compiled, problems };
}

/** A computer for a program, or the problems that keep it from running. */
export function createComputer(system: System, options: ComputerOptions): Creation {
  const { loaded, compiled, problems } = compile(system, options);
  if (loaded.isKernel && !hasErrors(problems)) problems.push(noProgram(loaded));
  if (!compiled) return { computer: null, problems };
  const settings = { ...compiled.image.machine, ...options.settings };
  const chosen = chooseKernel(system, options, loaded, settings['scheduler']);
  problems.push(...chosen.problems);
  if (!chosen.kernel) return { computer: null, problems };
  const outOfRange = Object.entries(options.settings ?? {}).flatMap(([name, value]) => {
    const shape = settingShape(name);
    const fault = typeof value === 'number' && shape && shape.kind !== 'word' ? numberFault(name, shape, value) : null;
    return fault ? settingProblem(loaded, 'bad-setting', fault.message, fault.hint) : [];
  });
  if (outOfRange.length > 0) return { computer: null, problems: [...problems, ...outOfRange] };
  const cpus = settings['cpus'] ?? 1;
  try {
    const images = [chosen.kernel, system.library, compiled.image];
    const { replay, recorder, seed } = choicesOf(options, images, settings);
    const machine = new Machine(images, {
      seed,
      cpus: typeof cpus === 'number' ? cpus : 1,
      settings,
      replay,
      onChoice: recorder?.listener,
      ...(options.translated === undefined ? {} : { translated: options.translated }),
      ...(options.softLockup === undefined ? {} : { softLockup: options.softLockup }),
    });
    const computer = new Computer(machine, loaded, compiled, recorder);
    if (options.history) machine.enableHistory();
    return { computer, problems };
  } catch (error) {
    if (error instanceof RecordingFault)
      return { computer: null, problems: [...problems, recordingProblem(options, error)] };
    if (error instanceof MachineError || error instanceof LinkError) {
      return { computer: null, problems: [...problems, settingProblem(loaded, 'kernel-incomplete', error.message)] };
    }
    if (!(error instanceof SettingError || error instanceof MachineLimit)) throw error;
    return { computer: null, problems: [...problems, settingProblem(loaded, 'machine-setting', error.message)] };
  }
}

/** The code of the problem that a file is no program, but a part of the kernel. */
export const KERNEL_FILE = 'kernel-file';

function noProgram({ entry }: LoadedProgram): Problem {
  return {
    uri: entry.uri,
    ...entry.lines.range(0, 0),
    severity: 'error',
    code: KERNEL_FILE,
    message: 'This is a part of the kernel, not a program: by itself it does not run.',
    hint: isPolicy(entry)
      ? `A program runs under this scheduler: machine { scheduler = "./${nameOf(entry.uri)}"; }`
      : 'A program runs with it: osim run PROGRAM --kernel FOLDER, or "kernel" in launch.json.',
  };
}

/** Who answers the run's choices, and who hears of them. Throws a RecordingFault. */
function choicesOf(
  options: ComputerOptions,
  images: readonly Image[],
  settings: Record<string, number | string>,
): { replay?: Recording; recorder: Recorder | null; seed: number } {
  const identity = options.replay || options.record ? identityOf(images, settings) : new Map<string, string>();
  const { seed = 0 } = options;
  const recorder = options.record ? new Recorder(options.record, nameOf(options.uri), identity, seed) : null;
  if (!options.replay) return { recorder, seed };
  const replay = new Recording(options.replay.uri, options.replay.text);
  requireSame(replay.identity, identity, replay.line - 1);
  return { replay, recorder, seed: replay.seed };
}

function nameOf(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1);
}

function recordingProblem({ replay }: ComputerOptions, { line, message, hint }: RecordingFault): Problem {
  const at = { line, column: 1, offset: 0 };
  return { uri: replay?.uri ?? '', from: at, to: at, severity: 'error', code: 'recording', message, hint };
}

/** The built kernel, or one with a user's files in it: an overlay, a scheduler. */
function chooseKernel(
  system: System,
  { read, kernelFiles = [] }: ComputerOptions,
  loaded: LoadedProgram,
  scheduler: string | number | undefined,
): { kernel: Image | null; problems: Problem[] } {
  let policy: KernelFile | undefined;
  if (typeof scheduler === 'string' && scheduler.endsWith('.osim')) {
    const text = read(scheduler);
    if (typeof text !== 'string') {
      const why = text?.problem ?? 'there is no such file.';
      const message = `The scheduler ${scheduler} can not be read: ${why}`;
      return { kernel: null, problems: [settingProblem(loaded, 'no-scheduler', message)] };
    }
    policy = { uri: scheduler, text };
  } else if (scheduler !== undefined) {
    const shape = SETTINGS.get('scheduler');
    const fault = shape?.kind === 'word' ? wordFault('scheduler', shape, String(scheduler)) : null;
    if (fault) return { kernel: null, problems: [settingProblem(loaded, 'no-scheduler', fault.message, fault.hint)] };
  }
  if (!policy && kernelFiles.length === 0) return { kernel: system.kernel, problems: [] };
  return compileOwnKernel(system, { files: kernelFiles, policy });
}

/** A problem with a setting, at the program's `scheduler = …`, or at its very beginning. */
function settingProblem(loaded: LoadedProgram, code: string, message: string, hint?: string): Problem {
  const found = code === 'no-scheduler' ? schedulerSetting(loaded) : undefined;
  return {
    uri: (found?.file ?? loaded.entry).uri,
    ...(found ? rangeOf(found.setting) : loaded.entry.lines.range(0, 0)),
    severity: 'error',
    code,
    message,
    ...(hint !== undefined && { hint }),
  };
}

export class Computer {
  readonly processes = new ProcessTable();
  readonly lockCycles = new LockCycles();
  /** The faults of programs, in order. */
  readonly faults: (FaultInfo & { pid: number })[] = [];
  /** They are told of each event of the run when it happens for the first time. */
  readonly eventConsumers: EventConsumer[] = [];
  readonly faultListeners: ((fault: FaultInfo) => boolean | void)[] = [];

  constructor(
    readonly machine: Machine,
    readonly loaded: LoadedProgram,
    readonly compiled: Compiled,
    /** Whoever writes down the run's choices; end() belongs to the end of the run. */
    readonly recorder: Recorder | null = null,
  ) {
    const event = new PassingEvent(machine);
    machine.onTrace = (name, fields) => {
      event.name = name;
      event.fields = fields;
      this.processes.observe(machine, event);
      this.lockCycles.observe(machine, event);
      let stop = false;
      for (const consumer of this.eventConsumers) if (consumer(event)) stop = true;
      return stop;
    };
    machine.explain = (lines) => explainWaits(machine, lines);
    machine.onFault = (fault) => {
      const pid = integer(kernelRecord<'Task'>(fault.task), 'tid');
      if (this.faults.length < 1000) this.faults.push({ ...fault, pid });
      let stop = false;
      for (const listener of this.faultListeners) if (listener(fault)) stop = true;
      return stop;
    };
  }

  /** Why a replayed run is not the recorded one; null when it is, or was changed from outside. Call at its end. */
  get replayFault(): string | null {
    const { outcome, registers, replayed } = this.machine;
    return replayed?.fault(outcome?.kind === 'limit' || registers.inputsDone > 0) ?? null;
  }

  /** Runs to the end, or to a limit: ticks of simulated time, instructions. Blocks the caller. */
  run(limits: { maxTicks?: number; maxSteps?: number } = {}): Outcome {
    const { machine } = this;
    const maxSteps = limits.maxSteps ?? 1_000_000_000;
    const maxTicks = limits.maxTicks ?? Infinity;
    if (maxTicks !== Infinity) machine.limitTime(maxTicks);
    while (!machine.outcome) {
      const left = maxSteps - machine.steps;
      if (left <= 0) {
        machine.end('limit', [`the run reached ${maxSteps} steps without an end; --max-steps N sets another limit`]);
        break;
      }
      machine.run(left);
    }
    return machine.outcome as Outcome;
  }
}
