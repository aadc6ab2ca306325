/**
 * Runs the machine forward until a goal is reached, a breakpoint or an exception stops it, somebody pauses it, or it
 * ends. The first instructions are executed one by one at once, so that a step answers without delay; then come slices
 * of a few milliseconds with the host's own work in between, so that a pause always gets through. Where a slice ends
 * has no influence on the run.
 */
import type { Cpu } from '../machine/cpu.js';
import type { Task } from '../computer/inspect.js';
import { kernelEvent, type KernelEvent } from '../computer/kernel-records.js';
import type { ExceptionStop } from './exceptions.js';
import type { Goal } from './goals.js';
import { Resumptions } from './resumption.js';
import type { Timeline } from './timeline.js';
import type { FaultInfo } from '../machine/board.js';
import type { Machine } from '../machine/machine.js';

/** Why the machine stands still, in the protocol's words where it has some. */
export interface Stop {
  reason:
    | 'step'
    | 'entry'
    | 'goto'
    | 'pause'
    | 'breakpoint'
    | 'function breakpoint'
    | 'instruction breakpoint'
    | 'data breakpoint'
    | 'exception'
    /** The machine has an outcome. */
    | 'ended';
  /** The CPU to look at; in its place, a task that runs on none. */
  cpu: Cpu;
  task?: Task;
  /** Go back to the beginning of the instruction in which this happened. */
  before?: true;
  description?: string;
  hitBreakpointIds?: number[];
  exception?: ExceptionStop;
}

/** What stops any run, whatever its goal. */
export interface Watch {
  /** Instructions with breakpoints. */
  readonly pcs: ReadonlyMap<number, unknown>;
  /** A breakpoint's instruction is about to be executed: counts, logs, decides. */
  at(cpu: Cpu): Stop | null;
  /** Whether tracepoints must be reported. */
  readonly tracing: boolean;
  onTrace(event: KernelEvent): Stop | null;
  onFault(fault: FaultInfo): Stop | null;
  /** The machine has an outcome. */
  onOutcome(): Stop;
}

export interface Host {
  /** Milliseconds, for the length of slices only. */
  now(): number;
  /** Resolves after other work of the host had its turn. */
  turn(): Promise<void>;
}

/** Instructions executed one by one before temporary breakpoints are set. */
const YOUNG = 3000;
const SLICE_MS = 5;
const FIRST_BUDGET = 256;
/**
 * Instructions between two looks at the clock. Those that come next may cost a hundred times what the last ones did, so
 * it stays small: the look itself costs a few microseconds.
 */
const LARGEST_BUDGET = 50_000;
const LEAST_BUDGET = 16;

export class Runner {
  running = false;
  private pauseWanted = false;
  private goal: Goal | null = null;
  private armed: ReadonlySet<number> = new Set();
  private rearm = false;
  /** A stop raised by a listener in the middle of an instruction. */
  private raised: Stop | null = null;
  private readonly resumptions = new Resumptions();
  /** The step of a fault that has been shown: the instruction is executed again, and shall fault now. */
  private shownFault = -1;
  /** The computer's own listeners: told what is new, once. */
  private readonly observeTrace: Machine['onTrace'];
  private readonly observeFault: Machine['onFault'];

  constructor(
    private readonly machine: Machine,
    private readonly watch: Watch,
    private readonly timeline: Timeline,
    private readonly host: Host,
    /** The run ends as one that reached a limit after so many instructions. */
    private readonly maxSteps: number,
    /** Called between slices. */
    private readonly onSlice: () => void = () => {},
  ) {
    this.observeTrace = machine.onTrace;
    this.observeFault = machine.onFault;
  }

  /** Asks the run to stop between two slices. */
  pause(): void {
    if (this.running) this.pauseWanted = true;
  }

  /** Breakpoints have changed: they count from the next slice on. */
  breakpointsChanged(): void {
    this.rearm = true;
  }

  /** What was remembered about interrupted instructions does not hold any more: the machine was put elsewhere. */
  forget(): void {
    this.resumptions.forget();
    this.shownFault = -1;
  }

  /**
   * Runs; `done` is called once, at the stop: before this returns, if the run is short.
   * @param goal null: no goal of its own
   */
  start(goal: Goal | null, done: (stop: Stop) => void): void {
    this.running = true;
    this.pauseWanted = false;
    this.goal = goal;
    this.raised = null;
    this.listen();
    const stop = this.machine.outcome ? this.ended() : this.young();
    if (stop) this.finish(stop, done);
    else
      void this.old().then(
        (later) => this.finish(later, done),
        (error: unknown) => {
          this.finish(
            { reason: 'pause', cpu: this.machine.cpu, description: `The debugger failed: ${String(error)}` },
            done,
          );
        },
      );
  }

  private finish(stop: Stop, done: (stop: Stop) => void): void {
    const { machine } = this;
    this.running = false;
    machine.setBreakpoints([]);
    this.silence();
    if (stop.before) {
      machine.seek(machine.steps - 1);
      this.shownFault = machine.steps;
    }
    done(stop);
  }

  private listen(): void {
    const { goal, watch, machine, timeline } = this;
    timeline.listen();
    const telling = watch.tracing || goal?.onTrace !== undefined;
    machine.onTrace = (name, fields) => {
      if (timeline.isNew) this.observeTrace?.(name, fields);
      if (!telling) return false;
      const event = kernelEvent({ name, fields });
      if (goal?.onTrace?.(event)) this.rearm = true;
      this.raised ??= watch.onTrace(event);
      return this.raised !== null || this.rearm;
    };
    machine.onFault = (fault) => {
      if (timeline.isNew) this.observeFault?.(fault);
      if (machine.steps - 1 === this.shownFault) return false;
      this.raised ??= watch.onFault(fault);
      return this.raised !== null;
    };
  }

  /** What is executed from here on is execution again, and told to nobody. */
  private silence(): void {
    this.timeline.reached();
    this.machine.onTrace = this.observeTrace;
    this.machine.onFault = this.observeFault;
  }

  private young(): Stop | null {
    if (!this.goal) return null;
    const began = this.host.now();
    for (let i = 0; i < YOUNG && this.host.now() - began < SLICE_MS; i++) {
      const stop = this.stepOne() ?? (this.machine.midway ? null : this.ask());
      if (stop) return stop;
    }
    return null;
  }

  private async old(): Promise<Stop> {
    this.arm();
    let budget = FIRST_BUDGET;
    for (;;) {
      const began = this.host.now();
      const from = this.machine.steps;
      let spent: number;
      do {
        const stop = this.turn(budget);
        if (stop) return stop;
        if (this.rearm) this.arm();
        spent = this.host.now() - began;
      } while (spent < SLICE_MS);
      const rate = (this.machine.steps - from) / spent;
      budget = Math.min(LARGEST_BUDGET, Math.max(LEAST_BUDGET, Math.round((rate * SLICE_MS) / 2)));
      await this.host.turn();
      if (this.pauseWanted) return { reason: 'pause', cpu: this.machine.cpu };
      this.onSlice();
      if (this.rearm) this.arm();
    }
  }

  /** Executes the next instruction, which has been asked about, and then up to `budget` more. */
  private turn(budget: number): Stop | null {
    const { machine } = this;
    const stop = this.stepOne();
    if (stop) return stop;
    // A long instruction is done in pieces: this one has been asked about, and is not over.
    if (machine.midway) return null;
    if (this.armed.has(machine.cpu.pc)) return this.ask();
    machine.run(Math.min(budget, Math.max(0, this.maxSteps - machine.steps)));
    if (this.raised) return this.raised;
    if (machine.outcome) return this.ended();
    return this.armed.has(machine.cpu.pc) ? this.ask() : null;
  }

  private stepOne(): Stop | null {
    this.resumptions.step(this.machine);
    if (this.raised) return this.raised;
    const { machine } = this;
    if (machine.steps >= this.maxSteps && !machine.outcome) {
      machine.end('limit', [`The run reached ${this.maxSteps} steps without an end; "maxSteps" sets another limit.`]);
    }
    return machine.outcome ? this.ended() : null;
  }

  /** The instruction at machine.cpu is about to be executed: is this a place to stop? */
  private ask(): Stop | null {
    const { machine, watch, goal } = this;
    const cpu = machine.cpu;
    const resumed = this.resumptions.isSecond(cpu);
    if (!resumed && watch.pcs.has(cpu.pc)) {
      const stop = watch.at(cpu);
      if (stop) return stop;
    }
    const verdict = goal?.at(cpu, machine.steps, resumed);
    if (!goal || !verdict) return null;
    if (verdict.kind === 'seek') {
      this.silence();
      machine.seek(verdict.step);
      this.forget();
    }
    return { reason: goal.reason, cpu: machine.cpu, description: verdict.description };
  }

  private arm(): void {
    this.rearm = false;
    const pcs = new Set(this.watch.pcs.keys());
    for (const pc of this.goal?.pcs() ?? []) pcs.add(pc);
    this.armed = pcs;
    this.machine.setBreakpoints(pcs);
  }

  private ended(): Stop {
    return this.watch.onOutcome();
  }
}
