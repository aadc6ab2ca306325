/**
 * The machine: a board with CPUs that run. It knows nothing of processes. Its position is a count of instructions
 * (`steps`). This file puts its rooms together, and is what the outside drives it by:
 *
 *   board.ts         the parts, and the state
 *   scheduler.ts     the loop over the CPUs
 *   instructions/    what a CPU does; own-cpu.ts, outside-call.ts and network/remote-cpu.ts are its kinds
 *   bus.ts           events, devices, interrupts
 *   kernel-host.ts   what library and kernel may ask of the machine
 *   time-travel.ts   back and forth; inputs.ts what came from outside
 */
import type { Image } from '../compiler/image.js';
import { END_OF_TIME } from '../language/limits.js';
import { Board, type MachineOptions } from './board.js';
import { startOn } from './calls.js';
import { CodeBreakpoints } from './code-breakpoints.js';
import { Cpu } from './cpu.js';
import { stateHash } from './hash.js';
import { Inputs } from './inputs.js';
import { ENTRIES } from './kernel-entries.js';
import { KernelHost } from './kernel-host.js';
import { Tlb } from './mmu.js';
import { NATIVES } from './natives.js';
import { RemoteCpu } from './network/remote-cpu.js';
import { callKernel } from './outside-call.js';
import { OwnCpu } from './own-cpu.js';
import { Scheduler, type RunResult } from './scheduler.js';
import { Stack } from './stack.js';
import { entriesOf } from './translated/entries.js';
import { boundaries, seeking } from './time-travel.js';
import type { Value } from './values.js';

export class Machine extends Board {
  private readonly host = new KernelHost(this);
  private readonly inputs = new Inputs(this);
  private readonly scheduler = new Scheduler(this.host, this.inputs);
  private readonly breakpoints = new CodeBreakpoints(this.program);

  constructor(images: readonly Image[], options: MachineOptions) {
    super(images, options, NATIVES);
    if (options.translated !== false) this.program.translated = this.program.enterable = entriesOf(this.program);
    this.network.farSide.runner = new RemoteCpu(this.host);
    const kind = new OwnCpu(this);
    for (let id = 0; id < options.cpus; id++) {
      const stack = new Stack(this.history.epoch, this.program.registers, this.limits.kernelStackSlots);
      const cpu = new Cpu(id, kind, stack, stack, new Tlb(this.history));
      const begin = id === 0 ? ENTRIES.boot : ENTRIES.bootCpu;
      startOn(this, cpu, stack, this.program.kernelFunction(begin), []);
      this.cpus.push(cpu);
    }
    this.cpu = this.cpus[0];
    if (this.program.functionNamed('$init', 'kernel')) this.callKernel('$init', []);
  }

  // ---- running ------------------------------------------------------------------------------------------------------

  /**
   * Executes at most `maxSteps` instructions; fewer when they are long. Stops before an instruction with a breakpoint,
   * unless it is the first one of this call. Afterwards `cpu` is the CPU that will execute next.
   */
  run(maxSteps: number): RunResult {
    return this.scheduler.run(maxSteps);
  }

  /** Executes one instruction, without regard to breakpoints; a long one perhaps in part (see `midway`). */
  step(): RunResult {
    return this.scheduler.step();
  }

  /**
   * Whether the last run() or step() came back in the middle of something long: an instruction of which nothing is to
   * be seen yet, or the events before it. The next one goes on there.
   */
  get midway(): boolean {
    return this.work.isMidway;
  }

  /** Does what is left before the next instruction; of events that come without end, as many as take a second or so. */
  arrive(): void {
    this.scheduler.arrive();
  }

  /** Ends the run with outcome `limit` when simulated time reaches `ticks`. */
  limitTime(ticks: number): void {
    this.maxTicks = Math.min(ticks, END_OF_TIME);
  }

  /** Instructions (word offsets) before which run() stops. */
  setBreakpoints(pcs: Iterable<number>): void {
    this.breakpoints.set(pcs);
  }

  // ---- back and forth -----------------------------------------------------------------------------------------------

  /** From now on the run can go back. Call before the first step. */
  enableHistory(): void {
    this.history.enable(this.steps);
  }

  /** Goes to an exact step, back or forth; not beyond the end of the run. */
  seek(step: number): void {
    const way = this.seeking(step);
    while (!way.next().done);
  }

  /**
   * seek() in pieces of some thousand instructions: yields how much of the way is done, 0 to 1. Nothing else may run
   * the machine before it has come to its end, or is given up.
   */
  seeking(step: number): Generator<number, void> {
    return seeking(this, this.scheduler, this.breakpoints, step);
  }

  /** Steps at which the history can put the machine without executing anything again, ascending. */
  boundaries(): number[] {
    return boundaries(this);
  }

  // ---- from outside -------------------------------------------------------------------------------------------------

  /** Something from outside happens now. Drops the recorded future. */
  input(apply: (machine: Machine) => void): void {
    this.work.finish();
    this.arrive();
    this.work.forget();
    this.history.future = [];
    this.horizon = this.steps;
    this.network.farSide.forgetFuture();
    this.inputs.give(() => apply(this));
    this.arrive();
  }

  /** Calls a kernel function on a CPU of its own, which takes no machine time and counts no steps. */
  callKernel(name: string, args: Value[]): Value {
    return callKernel(this.host, name, args, this.inputs.applying);
  }

  /** A hash of the whole state: equal states have equal hashes. */
  stateHash(): string {
    this.work.finish();
    this.syncStacks();
    const { registers } = this;
    return stateHash([
      ...this.cpus,
      this.kernelData.values,
      registers.nextAddress,
      registers.inputsDone,
      registers.allocated,
      registers.measureAt,
      registers.turn.time,
      registers.turn.members,
      registers.turn.cpu,
      registers.outcome?.kind ?? null,
      registers.outcome?.report ?? null,
      this.memory,
      this.events,
      this.disk,
      this.network,
      this.terminal,
      this.counters,
      this.choices,
      this.steps,
    ]);
  }
}
