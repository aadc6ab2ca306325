/**
 * Runs the machine forward until a goal is reached, a breakpoint or an exception stops it, somebody pauses it, or it
 * ends. The first instructions are executed one by one at once, so that a step answers without delay; then come slices
 * of a few milliseconds with the host's own work in between, so that a pause always gets through. Where a slice ends has
 * no influence on the run.
 */
import type { Cpu } from '../machine/cpu.js';
import { KERNEL, USER } from '../machine/cpu.js';
import { RETURN, USER_STATE, type Stack } from '../machine/stack.js';
import type { RecordValue, Value } from '../machine/values.js';
import type { Goal } from './goals.js';
import type { FaultInfo, Machine } from '../machine/machine.js';

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
  /** The CPU to look at. */
  cpu: Cpu;
  description?: string;
  hitBreakpointIds?: number[];
  exception?: ExceptionStop;
}

export interface ExceptionStop {
  /** The filter that caused it. */
  id: string;
  /** One sentence that says what happened and why. */
  description: string;
  details: string[];
}

/** What stops any run, whatever its goal. */
export interface Watch {
  /** Instructions with breakpoints. */
  readonly pcs: ReadonlySet<number>;
  /** A breakpoint's instruction is about to be executed: counts, logs, decides. */
  at(cpu: Cpu): Stop | null;
  /** Whether tracepoints must be reported. */
  readonly tracing: boolean;
  onTrace(name: string, fields: RecordValue): Stop | null;
  onFault(fault: FaultInfo): Stop | null;
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
const FIRST_BUDGET = 20_000;
const LARGEST_BUDGET = 5_000_000;

interface ResumePoint {
  stack: Stack;
  fp: number;
  pc: number;
}

export class Runner {
  running = false;
  private pauseWanted = false;
  private goal: Goal | null = null;
  private armed: ReadonlySet<number> = new Set();
  private rearm = false;
  /** A stop raised by a listener in the middle of an instruction. */
  private raised: Stop | null = null;
  /** By task: an instruction that was interrupted before it had any effect, and will be executed again. */
  private readonly resuming = new Map<Value, ResumePoint>();

  constructor(
    private readonly machine: Machine,
    private readonly watch: Watch,
    private readonly host: Host,
    /** Called between slices. */
    private readonly onSlice: () => void = () => {},
  ) {}

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
    this.resuming.clear();
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
          this.finish({ reason: 'pause', cpu: this.machine.cpu, description: `The debugger failed: ${String(error)}` }, done);
        },
      );
  }

  private finish(stop: Stop, done: (stop: Stop) => void): void {
    this.running = false;
    this.machine.onTrace = null;
    this.machine.onFault = null;
    this.machine.setBreakpoints([]);
    done(stop);
  }

  private listen(): void {
    const { goal, watch, machine } = this;
    machine.onTrace =
      watch.tracing || goal?.onTrace
        ? (name, fields) => {
            if (goal?.onTrace?.(name, fields)) this.rearm = true;
            this.raised ??= watch.onTrace(name, fields);
            return this.raised !== null || this.rearm;
          }
        : null;
    machine.onFault = (fault) => {
      this.raised ??= watch.onFault(fault);
      return this.raised !== null;
    };
  }

  private young(): Stop | null {
    if (!this.goal) return null;
    for (let i = 0; i < YOUNG; i++) {
      const stop = this.stepOne() ?? this.ask();
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
      budget = Math.min(LARGEST_BUDGET, Math.max(1000, Math.round((rate * SLICE_MS) / 2)));
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
    if (this.armed.has(machine.cpu.pc)) return this.ask();
    machine.run(budget);
    if (this.raised) return this.raised;
    if (machine.outcome) return this.ended();
    return this.armed.has(machine.cpu.pc) ? this.ask() : null;
  }

  private stepOne(): Stop | null {
    const { machine } = this;
    const cpu = machine.cpu;
    const { task, mode, stack, fp, pc } = cpu;
    machine.step();
    if (this.raised) return this.raised;
    if (machine.outcome) return this.ended();
    if (wasInterrupted(cpu, mode, stack, fp, pc)) this.resuming.set(task, { stack, fp, pc });
    return null;
  }

  /** The instruction at machine.cpu is about to be executed: is this a place to stop? */
  private ask(): Stop | null {
    const { machine, watch, goal } = this;
    const cpu = machine.cpu;
    const resumed = this.isResumed(cpu);
    if (!resumed && watch.pcs.has(cpu.pc)) {
      const stop = watch.at(cpu);
      if (stop) return stop;
    }
    const verdict = goal?.at(cpu, machine.steps, resumed);
    if (!goal || !verdict) return null;
    if (verdict.kind === 'seek') {
      machine.onTrace = null;
      machine.onFault = null;
      machine.seek(verdict.step);
      this.forget();
    }
    return { reason: goal.reason, cpu: machine.cpu, description: verdict.description };
  }

  private isResumed(cpu: Cpu): boolean {
    if (this.resuming.size === 0) return false;
    const point = this.resuming.get(cpu.task);
    if (!point || point.pc !== cpu.pc || point.stack !== cpu.stack || point.fp !== cpu.fp) return false;
    this.resuming.delete(cpu.task);
    return true;
  }

  private arm(): void {
    this.rearm = false;
    const pcs = new Set(this.watch.pcs);
    for (const pc of this.goal?.pcs() ?? []) pcs.add(pc);
    this.armed = pcs;
    this.machine.setBreakpoints(pcs);
  }

  private ended(): Stop {
    return { reason: 'ended', cpu: this.machine.cpu };
  }
}

/**
 * Whether the instruction that stood at `pc` was not executed, because an interrupt or a fault took the CPU into the
 * kernel (or, in the kernel, into a handler on top of the frame) and will come back to the same place.
 */
function wasInterrupted(cpu: Cpu, mode: number, stack: Stack, fp: number, pc: number): boolean {
  if (cpu.mode !== KERNEL) return false;
  if (mode === USER) {
    const { slots } = cpu.stack;
    return slots[USER_STATE.PC] === pc && slots[USER_STATE.RESULT] === -1 && slots[USER_STATE.FP] === fp;
  }
  const { slots } = cpu.stack;
  return cpu.stack === stack && cpu.fp > fp && slots[cpu.fp - 3] === RETURN.TO_KERNEL && slots[cpu.fp - 5] === pc;
}
