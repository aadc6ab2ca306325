/**
 * The machine: CPUs, memory, devices and the order in which they act. It knows nothing of processes.
 *
 * Its position is a count of instructions (`steps`). Order, published: the CPU with the earliest clock runs (ties: the
 * lower number); an event that is due fires before the instruction at its time; events at the same time fire in the
 * order in which they were scheduled. So the same input gives the same run, step for step. Where these rules break ties
 * (but for the kernel's) they are what holds as written: another run may choose otherwise (choices.ts).
 */
import type { Image } from '../compiler/image.js';
import { END_OF_TIME, spelled } from '../language/limits.js';
import * as calls from './calls.js';
import { Choices, SeededChoices, type ChoiceListener } from './choices.js';
import type { ContextValue } from './context.js';
import { ContextValue as Context } from './context.js';
import type { CoroutineValue } from './coroutine.js';
import { costTable, deviceTimes, type CostTable, type DeviceTimes } from './costs.js';
import { Counters } from './counters.js';
import { Cpu, KERNEL, USER } from './cpu.js';
import { DEVICE, IRQ } from './devices.js';
import { Disk } from './disk.js';
import { HostTrouble, MachineError, MachineLimit } from './errors.js';
import { EventQueue, type DueEvent } from './events.js';
import { FUSED_BEFORE } from './fuse.js';
import { stateHash } from './hash.js';
import { History } from './history.js';
import { INTRINSICS } from './intrinsics.js';
import { HEADER, WORDS } from '../isa/isa.js';
import * as entry from './kernel-entry.js';
import { LIBRARY } from './library.js';
import { THREAD_LIBRARY } from './thread-library.js';
import { ADDRESS, Linked } from './link.js';
import { byteCost } from './library-arguments.js';
import { isText, SHORT } from './long-string.js';
import { liveSizeInPieces } from './live-size.js';
import { PhysicalMemory } from './memory.js';
import { Tlb } from './mmu.js';
import { Fault, PageFault, privileged, SIGILL, type NativeContext } from './native.js';
import { Network } from './network/network.js';
import { REMOTE_NATIVES } from './network/remote-calls.js';
import * as operators from './operators.js';
import { missingField } from './parts.js';
import { INTERNAL } from './internal-opcodes.js';
import { RETURN, Stack } from './stack.js';
import { ReplayedChoices, type ChoiceRecord } from './replayed-choices.js';
import { KernelData, MEASURE_EVERY, Registers, type Outcome, type OutcomeKind } from './state.js';
import { Terminal } from './terminal.js';
import { textOf } from './text.js';
import * as userMemory from './user-memory.js';
import type { FunctionValue } from './values.js';
import { ListValue, RecordValue, type Value } from './values.js';
import { execute, Exit } from './vm.js';
import { toEnd, Unfinished, Work, type Pieces } from './work.js';

/** Kernel instructions without a spend() before they are taken for an endless loop, unless an option says otherwise. */
const SOFT_LOCKUP = 10_000_000;

/** Instructions between two moments at which a long seek may be interrupted. */
const SEEK_PIECE = 50_000;

/**
 * Instructions that the kernel may take while no time passes: for the verdict on ten thousand processes that all wait, for what one
 * call does with a million descriptors.
 */
const MOST_ASIDE = 500_000_000;

/** User instructions for which a timer's interrupt may wait where they are free. */
const PATIENCE = 10_000;

/** What run() returns after at the latest, besides instructions: work in units of some 10 ns (see `Work`). */
const WORK_AT_ONCE = 200_000;
/** The work of one device's event. */
const EVENT_WORK = 500;
const MOST_ARRIVALS = 500;
export type RunResult = 'budget' | 'breakpoint' | 'ended' | 'event';

export interface MachineOptions {
  seed: number;
  cpus: number;
  /** `machine { … }` and what overrides it. */
  settings: Record<string, number | string>;
  /** Kernel instructions without a spend() that are taken for an endless loop. */
  softLockup?: number;
  /** The choices of an earlier run, to be made again in place of the seed's. */
  replay?: ChoiceRecord | undefined;
  /** Is told each choice; again, when it is made again after going back. */
  onChoice?: ChoiceListener | undefined;
}

/** Something from outside that happens at a step: a kill, a value set in the debugger. */
export interface Input {
  step: number;
  apply(machine: Machine): void;
}

/** A user fault, told to a listener before the kernel hears of it. */
export interface FaultInfo {
  signal: number;
  message: string;
  address: number;
  /** Word offset of the faulting instruction. */
  pc: number;
  task: Value;
}

/**
 * Of two CPUs at the same time: the one in the kernel, else the lower number. Kernel code is atomic until it lets time
 * pass: an interrupt that it sends to a halted CPU must not let that one run in its middle.
 */
function comesFirst(a: Cpu, b: Cpu): boolean {
  const aInside = a.mode === KERNEL && !a.halted;
  const bInside = b.mode === KERNEL && !b.halted;
  return aInside === bInside ? a.id < b.id : aInside;
}

export class Machine implements NativeContext {
  readonly history = new History();
  readonly program: Linked;
  readonly memory: PhysicalMemory;
  readonly choices: Choices;
  /** When the run repeats the choices of another. */
  readonly replayed: ReplayedChoices | null;
  readonly costs: CostTable;
  readonly deviceTimes: DeviceTimes;
  readonly counters: Counters;
  readonly events: EventQueue;
  readonly disk: Disk;
  readonly network: Network;
  readonly terminal: Terminal;
  readonly cpus: Cpu[] = [];
  readonly kernelData: KernelData;
  readonly registers: Registers;
  readonly limits: { threadStackSlots: number; kernelStackSlots: number; coroutineStackSlots: number };
  /** Function numbers of the kernel's entries. */
  readonly entries: { syscall: number; interrupt: number; pageFault: number; fault: number };

  /** Instructions executed in all: the position. */
  steps = 0;
  /** The furthest position reached; before it everything is re-execution and silent. */
  horizon = 0;
  /** The CPU that executes, or will execute next. */
  cpu: Cpu;
  /**
   * Set by natives that need the loop's attention: 1 a charge, 2 an outcome, 4 a listener asked to stop (or there was
   * work enough), 8 who comes next may have changed, 16 objects are to be measured.
   */
  attention = 0;
  /** While a device acts: the time at which it does. */
  private deviceTime: number | null = null;
  private extra = 0;
  private readonly inputs: Input[] = [];
  private readonly softLockup: number;
  private breakpointPcs = new Set<number>();
  /** An input is being applied: for the first time, or again. */
  private applying: 'new' | 'again' | null = null;
  /** What run() and step() have done beyond single instructions, so that they return in time. No part of the state. */
  readonly work = new Work(WORK_AT_ONCE);
  /** Of a call from outside: the step at which it is made, and what it returned. */
  private scratchResult: { step: number; value: Value } | null = null;

  /** A tracepoint was passed. Returning true stops the run after the instruction. Not called while re-executing. */
  onTrace: ((name: string, fields: RecordValue) => boolean | void) | null = null;
  /** A user program did something wrong. Returning true stops the run. Not called while re-executing. */
  onFault: ((fault: FaultInfo) => boolean | void) | null = null;
  onLog: ((text: string) => void) | null = null;
  /**
   * A tracepoint was passed, by the run or in an input: called each time that the run comes by, while re-executing, too.
   */
  onEvent: ((name: string, fields: RecordValue) => void) | null = null;

  constructor(
    readonly images: readonly Image[],
    readonly options: MachineOptions,
  ) {
    const { settings } = options;
    this.softLockup = options.softLockup ?? SOFT_LOCKUP;
    this.program = new Linked(images, { ...LIBRARY, ...THREAD_LIBRARY, ...REMOTE_NATIVES, ...INTRINSICS });
    const bytes = (name: string, normal: number): number =>
      typeof settings[name] === 'number' ? settings[name] : normal;
    this.memory = new PhysicalMemory(this.history, bytes('memory', 256 * 1024 * 1024));
    const seeded = new SeededChoices(options.seed, this.history);
    this.replayed = options.replay
      ? new ReplayedChoices(options.replay, seeded, this.history, (message) => this.leaveRecord(message))
      : null;
    this.choices = new Choices(this.replayed ?? seeded, options.onChoice);
    this.costs = costTable(settings);
    this.counters = new Counters(this.history, options.cpus);
    this.events = new EventQueue(this.history);
    const image = images[images.length - 1];
    const times = deviceTimes(settings);
    this.deviceTimes = times;
    const parts = {
      history: this.history,
      memory: this.memory,
      events: this.events,
      counters: this.counters,
      now: () => this.deviceTime ?? this.cpu.clock,
      choices: this.choices,
    };
    this.disk = new Disk(
      { ...parts, kind: DEVICE.DISK },
      { files: image.disk, latency: times.disk_latency, sectorTime: times.disk_sector_time },
    );
    const outputLimit = typeof settings['output_limit'] === 'number' ? settings['output_limit'] : undefined;
    this.terminal = new Terminal(this.history, this.events, DEVICE.KEYBOARD, image.keyboard, outputLimit);
    this.limits = {
      threadStackSlots: Math.floor(bytes('thread_stack', 64 * 1024) / 8),
      kernelStackSlots: 4096,
      coroutineStackSlots: Math.floor(bytes('coroutine_stack', 8 * 1024) / 8),
    };
    this.network = new Network(this, {
      ...parts,
      latency: times.network_latency,
      per16Bytes: times.network_per_16_bytes,
      rto: times.tcp_rto,
      outputLimit,
    });
    this.kernelData = new KernelData(this.history.epoch, this.program.kernelGlobals.length);
    this.program.kernelGlobals.forEach((g, i) => (this.kernelData.values[i] = g.initial));
    this.registers = new Registers(this.history.epoch);
    this.entries = {
      syscall: this.kernelFunction(entry.ENTRIES.syscall),
      interrupt: this.kernelFunction(entry.ENTRIES.interrupt),
      pageFault: this.kernelFunction(entry.ENTRIES.pageFault),
      fault: this.kernelFunction(entry.ENTRIES.fault),
    };
    for (let id = 0; id < options.cpus; id++) this.cpus.push(this.createCpu(id));
    this.cpu = this.cpus[0];
    if (this.program.functionNamed('$init', 'kernel')) this.callKernel('$init', []);
  }

  // ---- running ----------------------------------------------------------------------------------------------------

  get outcome(): Outcome | null {
    return this.registers.outcome;
  }

  /** The step that the machine stands at; what a call from outside executes does not count. */
  get position(): number {
    return this.scratchResult?.step ?? this.steps;
  }

  /** Ticks that the furthest CPU has come to. */
  get time(): number {
    return this.cpus.reduce((latest, cpu) => Math.max(latest, cpu.clock), 0);
  }

  /**
   * Executes at most `maxSteps` instructions; fewer when they are long. Stops before an instruction with a breakpoint,
   * unless it is the first one of this call. Afterwards `cpu` is the CPU that will execute next.
   */
  run(maxSteps: number): RunResult {
    const target = this.steps + maxSteps;
    let first = true;
    this.work.begin();
    if (!this.work.goOn()) return 'budget';
    for (;;) {
      const deadline = this.prepare();
      if (this.outcome) return 'ended';
      if (this.steps >= target || this.work.isEnough) return 'budget';
      const { cpu } = this;
      const budget = Math.min(target - this.steps, Math.max(1, this.history.rest(this.steps)), this.inputRest());
      const skip = first && this.program.code[cpu.pc] === INTERNAL.BREAK;
      const exit = execute(this, cpu, skip ? 1 : budget, deadline, skip);
      first = false;
      if (this.steps > this.horizon) this.horizon = this.steps;
      if (exit === Exit.Breakpoint) {
        return 'breakpoint';
      }
      if (exit === Exit.Requested) {
        if (!this.work.hasNext) this.prepare();
        return this.outcome ? 'ended' : 'event';
      }
      if (cpu.lockup > this.softLockup)
        this.panic(`soft lockup: ${this.softLockup} kernel instructions without a spend(); an endless loop?`);
    }
  }

  /** Executes one instruction, without regard to breakpoints; a long one perhaps in part (see `midway`). */
  step(): RunResult {
    this.work.begin();
    if (!this.work.goOn()) return 'budget';
    const deadline = this.prepare();
    if (this.outcome) return 'ended';
    if (this.work.isEnough) return 'budget';
    execute(this, this.cpu, 1, deadline, true);
    if (this.steps > this.horizon) this.horizon = this.steps;
    if (!this.work.hasNext) this.prepare();
    return this.outcome ? 'ended' : 'budget';
  }

  /**
   * Whether the last run() or step() came back in the middle of something long: an instruction of which nothing is to
   * be seen yet, or the events before it. The next one goes on there.
   */
  get midway(): boolean {
    return this.work.isMidway;
  }

  /**
   * Brings the machine to where `cpu` executes the next instruction: fires due events, takes interrupts, then applies
   * the inputs of this step. Returns the time until which that CPU may run. Doing it twice is doing it once. Where
   * events come without end it is cut short, and `work.isEnough`.
   */
  prepare(): number {
    if (this.outcome) return 0;
    if (this.history.rest(this.steps) <= 0) this.history.begin(this.steps);
    for (;;) {
      const deadline = this.untilReady();
      // Inputs come last: whoever gave one saw the machine with its events fired and its interrupt taken.
      if (this.work.isMidway || !this.applyInput('again')) return deadline;
    }
  }

  /** Fires due events and takes interrupts until `cpu` can execute the next instruction. */
  private untilReady(): number {
    for (;;) {
      if (this.outcome) return 0;
      const cpu = this.earliest();
      if (!cpu) {
        if (this.events.nextTime === Infinity) {
          this.endIdle();
          return 0;
        }
        if (this.events.nextTime > this.maxTicks) return this.timeIsUp();
      } else if (cpu.clock >= this.maxTicks) return this.timeIsUp();
      if (!cpu || this.events.nextTime <= cpu.clock) {
        this.fire();
        if (this.work.add(EVENT_WORK)) {
          this.work.interrupt();
          return 0;
        }
        continue;
      }
      this.cpu = cpu;
      if (cpu.pending !== 0 && (cpu.halted || (cpu.mode === USER && this.takesInterrupts(cpu))))
        entry.takeInterrupt(this, cpu);
      return Math.min(this.events.nextTime, this.othersClock(cpu), this.maxTicks);
    }
  }

  /**
   * Whether a CPU in user mode may take a pending interrupt now. Where instructions are free (costs = none) a timer's
   * waits for the next compute(), or for PATIENCE instructions: so a burst that ends exactly with its quantum ends
   * first, as in the textbook's tables.
   */
  takesInterrupts(cpu: Cpu): boolean {
    if (this.costs.instruction > 0 || (cpu.pending & ~(1 << IRQ.TIMER)) !== 0) return true;
    return this.program.plain[cpu.pc] === INTERNAL.COMPUTE || this.steps - cpu.raisedAt >= PATIENCE;
  }

  private timeIsUp(): number {
    const end =
      this.maxTicks === END_OF_TIME
        ? `simulated time came to its end, ${spelled(END_OF_TIME)} ticks: no clock goes further`
        : `simulated time reached ${this.maxTicks} ticks; --max-ticks N sets another limit`;
    this.end('limit', [end]);
    return 0;
  }

  /** From now on the run can go back. Call before the first step. */
  enableHistory(): void {
    this.history.enable(this.steps);
  }

  /** Ends the run with outcome `limit` when simulated time reaches `ticks`. */
  limitTime(ticks: number): void {
    this.maxTicks = Math.min(ticks, END_OF_TIME);
  }
  private maxTicks = END_OF_TIME;

  /** Goes to an exact step, back or forth; not beyond the end of the run. */
  seek(step: number): void {
    const way = this.seeking(step);
    while (!way.next().done);
  }

  /** seek() in pieces of some thousand instructions: yields how much of the way is done, 0 to 1. Nothing else may run the machine
   * before it has come to its end, or is given up. */
  *seeking(step: number): Generator<number, void> {
    const { history } = this;
    if (!history.enabled) throw new Error('history is off');
    const target = Math.max(0, step);
    this.work.finish();
    const ahead = history.future[history.future.length - 1];
    if (target < this.steps || (ahead && ahead.end <= target)) {
      this.syncStacks();
      this.work.forget();
      history.rewindCurrent();
      while (history.boundary > target && history.back());
      for (;;) {
        const next = history.future[history.future.length - 1];
        if (!next || next.end > target) break;
        history.forward();
      }
      this.steps = history.boundary;
    }
    const wanted = this.breakpointPcs;
    this.setBreakpoints([]);
    const from = this.steps;
    while (this.steps < target && !this.outcome) {
      this.run(Math.min(target - this.steps, SEEK_PIECE));
      if (this.steps < target) yield (this.steps - from) / (target - from);
    }
    this.arrive();
    this.setBreakpoints(wanted);
  }

  /** Steps at which the history can put the machine without executing anything again, ascending. */
  boundaries(): number[] {
    const { past, current, future } = this.history;
    return [...past.map(({ step }) => step), current.step, ...future.map(({ end }) => end).reverse()];
  }

  /** Does what is left before the next instruction; of events that come without end, as many as take a second or so. */
  arrive(): void {
    this.work.finish();
    for (let i = 0; i < MOST_ARRIVALS; i++) {
      this.work.begin();
      this.prepare();
      if (!this.work.isMidway) return;
    }
  }

  /** Instructions (word offsets) before which run() stops. */
  setBreakpoints(pcs: Iterable<number>): void {
    const { code, fast, plain } = this.program;
    const reach = FUSED_BEFORE * WORDS;
    for (const pc of this.breakpointPcs)
      for (let at = Math.max(0, pc - reach); at <= pc; at += WORDS) code[at] = fast[at];
    this.breakpointPcs = new Set(pcs);
    // A fused form that begins before a breakpoint would run over it.
    for (const pc of this.breakpointPcs)
      for (let at = Math.max(0, pc - reach); at < pc; at += WORDS) code[at] = plain[at];
    for (const pc of this.breakpointPcs) code[pc] = INTERNAL.BREAK;
  }

  /** Something from outside happens now. Drops the recorded future. */
  input(apply: (machine: Machine) => void): void {
    this.work.finish();
    this.arrive();
    this.work.forget();
    this.inputs.length = this.registers.inputsDone;
    this.inputs.push({ step: this.steps, apply });
    this.history.future = [];
    this.horizon = this.steps;
    this.network.farSide.forgetFuture();
    this.applyInput('new');
    this.arrive();
  }

  /** Applies the next input of this step; false when there is none, or the run is over. */
  private applyInput(how: 'new' | 'again'): boolean {
    const next = this.inputs[this.registers.inputsDone];
    if (this.outcome || next?.step !== this.steps) return false;
    this.history.touch(this.registers);
    this.registers.inputsDone++;
    this.applying = how;
    next.apply(this);
    this.applying = null;
    return true;
  }

  private inputRest(): number {
    const next = this.inputs[this.registers.inputsDone];
    return next ? Math.max(1, next.step - this.steps) : Infinity;
  }

  /** The running CPU with the earliest clock; ties: see comesFirst(). Undefined when all wait for an interrupt. */
  private earliest(): Cpu | undefined {
    let best: Cpu | undefined;
    for (const cpu of this.cpus) {
      if (cpu.halted && cpu.pending === 0) continue;
      if (!best || cpu.clock < best.clock || (cpu.clock === best.clock && comesFirst(cpu, best))) best = cpu;
    }
    return best && this.choices.isOpen ? this.chosenLike(best) : best;
  }

  /** Of the CPUs at the time of `best`, which comes first by rule, the chosen one. It is chosen once for these CPUs and this time. */
  private chosenLike(best: Cpu): Cpu {
    if (best.mode === KERNEL && !best.halted) return best;
    const tied = this.cpus.filter((cpu) => cpu.clock === best.clock && !(cpu.halted && cpu.pending === 0));
    if (tied.length < 2) return best;
    const { registers } = this;
    const members = tied.reduce((mask, cpu) => mask | (1 << cpu.id), 0);
    if (registers.turn.time !== best.clock || registers.turn.members !== members) {
      this.history.touch(registers);
      registers.turn = { time: best.clock, members, cpu: tied[this.choices.choose('cpu', tied.length)].id };
    }
    return this.cpus[registers.turn.cpu];
  }

  /** The time until which the earliest CPU runs before the others; where one of them comes to the same time, it is a choice. */
  private othersClock(cpu: Cpu): number {
    let least = Infinity;
    for (const other of this.cpus) {
      if (other === cpu || (other.halted && other.pending === 0)) continue;
      least = Math.min(least, Math.max(other.clock, cpu.clock + 1));
    }
    return least;
  }

  private fire(): void {
    const tied = this.choices.isOpen ? this.events.tied : 1;
    const due = this.events.popTied(tied > 1 ? this.choices.choose('event', tied) : 0);
    try {
      this.act(due);
    } catch (thrown) {
      if (thrown instanceof MachineLimit) this.end('limit', [thrown.message]);
      else if (thrown instanceof MachineError) this.panic(thrown.message);
      else throw thrown;
    } finally {
      this.deviceTime = null;
    }
  }

  private act({ time, kind, payload }: DueEvent): void {
    const first = this.cpus[0];
    switch (kind) {
      case DEVICE.TIMER: {
        const cpu = this.cpus[payload];
        this.history.touch(cpu);
        cpu.timer = -1;
        return this.raise(cpu, IRQ.TIMER, time);
      }
      case DEVICE.DISK:
        this.deviceTime = time;
        this.disk.complete();
        return this.raise(first, IRQ.DISK, time);
      case DEVICE.KEYBOARD:
        this.terminal.keyPressed(payload);
        return this.raise(first, IRQ.KEYBOARD, time);
      default:
        this.deviceTime = time;
        if (this.network.act(kind, payload, time)) this.raise(first, IRQ.NETWORK, time);
    }
  }

  /** Raises an interrupt at a time; a halted CPU wakes at that time. */
  raise(cpu: Cpu, irq: number, time: number): void {
    this.history.touch(cpu);
    if (cpu.pending === 0) cpu.raisedAt = this.steps;
    cpu.pending |= 1 << irq;
    if (cpu.halted && cpu.clock < time) {
      cpu.idleTicks += time - cpu.clock;
      cpu.clock = time;
    }
  }

  // ---- endings ----------------------------------------------------------------------------------------------------

  end(kind: OutcomeKind, report: string[]): void {
    if (this.registers.outcome) return;
    this.history.touch(this.registers);
    this.registers.outcome = { kind, report };
    this.attention |= 2;
  }

  /** The run is not the recorded one any more: it ends, unless something from outside has made it so. */
  private leaveRecord(message: string): boolean {
    if (this.registers.inputsDone > 0) return true;
    this.end('limit', [message]);
    return false;
  }

  /** The kernel (or the hardware it drives) cannot go on: the machine stops and names the line. */
  panic(message: string): void {
    const where = this.program.positionAt(this.cpu.pc);
    const place = where ? `${where.uri}:${where.line}:${where.column}: ` : '';
    this.end('panic', [`kernel panic: ${place}${message}`]);
  }

  private endIdle(): void {
    if (!this.program.functionNamed(entry.ENTRIES.idle, 'kernel')) return this.end('idle', []);
    const result = this.callKernel(entry.ENTRIES.idle, []);
    if (this.outcome) return;
    if (result === null)
      return this.end('idle', [
        'Nothing can happen any more. The processes that wait are too many to say for whom they do.',
      ]);
    const outcome = result instanceof RecordValue ? result.fieldNamed('outcome') : 'idle';
    const report = result instanceof RecordValue ? result.fieldNamed('report') : null;
    const lines = report instanceof ListValue ? report.toArray().map(String) : [];
    const kind = outcome === 'deadlock' || outcome === 'finished' ? outcome : 'idle';
    this.end(kind, kind === 'idle' ? [...lines, ...this.network.farSide.waiting()] : lines);
  }

  /** What the loop does after an instruction that set `attention`. */
  attend(cpu: Cpu): Exit | null {
    const why = this.attention;
    this.attention = 0;
    if (this.extra > 0) {
      if (cpu.mode === USER) {
        cpu.clock += this.extra;
        cpu.userTicks += this.extra;
      }
      this.extra = 0;
    }
    if (why & 16 && !this.measureObjects(cpu)) return Exit.Requested;
    if ((why | this.attention) & 2) return Exit.Ended;
    if (why & 4) return Exit.Requested;
    return why & 8 ? Exit.Budget : null;
  }

  /** An instruction could not be completed. False when the machine has ended. */
  handle(cpu: Cpu, thrown: unknown): boolean {
    this.extra = 0;
    if (thrown instanceof HostTrouble) throw thrown;
    if (thrown instanceof Unfinished) {
      // The instruction is not over: it has not been executed at all.
      this.settle(cpu, -1);
      this.work.interrupt();
      this.attention |= 4;
      return true;
    }
    if (cpu === this.network.remoteCpu.cpu) {
      this.attention &= ~1;
      return this.network.remoteCpu.handle(thrown);
    }
    if (thrown instanceof PageFault && cpu.mode === USER) {
      const args = [thrown.address, thrown.write, thrown.present];
      entry.enterKernel(this, cpu, this.entries.pageFault, args, cpu.pc, -1);
      return true;
    }
    if (thrown instanceof Fault && cpu.mode === USER) {
      const { signal, address } = thrown;
      const info = { signal, message: textOf(thrown.message), address, pc: cpu.pc, task: cpu.task };
      if (this.live && this.onFault?.(info)) this.attention |= 4;
      entry.enterKernel(this, cpu, this.entries.fault, [signal, address], cpu.pc, -1);
      return true;
    }
    if (thrown instanceof MachineLimit) this.end('limit', [thrown.message]);
    else if (thrown instanceof Fault || thrown instanceof MachineError) this.panic(textOf(thrown.message));
    else if (thrown instanceof PageFault)
      this.panic(`the kernel touched user address 0x${thrown.address.toString(16)} by itself`);
    else this.panic(`the machine failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    this.attention = 0;
    return false;
  }

  // ---- for the CPU loop -------------------------------------------------------------------------------------------

  /** How many instructions the CPU may execute before something else comes first. */
  allowance(cpu: Cpu, budget: number, deadline: number): number {
    if (cpu.clock >= deadline || budget <= 0) return 0;
    const most = Math.min(budget, 1 << 29);
    if (cpu.mode === KERNEL) return Math.min(most, this.softLockup + 1 - cpu.lockup);
    const tick = this.costs.instruction;
    if (tick === 0 && cpu.pending !== 0) return Math.max(1, Math.min(most, PATIENCE - (this.steps - cpu.raisedAt)));
    return tick === 0 ? most : Math.min(most, Math.ceil((deadline - cpu.clock) / tick));
  }

  /** Accounts for executed instructions. */
  settle(cpu: Cpu, executed: number): void {
    this.steps += executed;
    if (cpu.mode === USER) {
      const ticks = executed * this.costs.instruction;
      cpu.clock += ticks;
      cpu.userTicks += ticks;
    } else cpu.lockup += executed;
  }

  spend(cpu: Cpu, ticks: Value): void {
    if (cpu.mode !== KERNEL) throw privileged('spend');
    if (typeof ticks !== 'number' || ticks < 0) throw new Fault(SIGILL, 'spend() takes a number of ticks, 0 or more');
    const state = cpu.task instanceof RecordValue ? cpu.task.fieldNamed('state') : 0;
    if (state !== 0 && state !== undefined) {
      throw new Fault(
        SIGILL,
        'spend while not RUNNING: between prepare_wait() and schedule(), or in the switch, no time may pass',
      );
    }
    cpu.clock += ticks;
    cpu.kernelTicks += ticks;
    cpu.lockup = 0;
    cpu.owing = 0;
  }

  /** compute(): uses up to `ticks`, as far as the deadline lets it; returns what is left, null when done. */
  compute(cpu: Cpu, ticks: Value, deadline: number): number | null {
    if (typeof ticks !== 'number' || ticks < 0) throw new Fault(SIGILL, 'compute() takes a number of ticks, 0 or more');
    if (cpu.mode === KERNEL) throw new Fault(SIGILL, 'the kernel says what it uses with spend()');
    if (cpu === this.network.remoteCpu.cpu) throw new Fault(SIGILL, 'a remote uses no CPU of ours: it can sleep()');
    const now = Math.min(ticks, Math.max(0, deadline - cpu.clock));
    cpu.clock += now;
    cpu.userTicks += now;
    return now === ticks ? null : ticks - now;
  }

  charge(ticks: number): void {
    this.extra += this.costs.instruction === 0 ? 0 : ticks;
    this.attention |= 1;
    this.worked(ticks);
  }

  /** Counts work of the running instruction, which costs no ticks by itself. */
  worked(units: number): void {
    if (this.work.add(units) && this.isOwn) this.attention |= 4;
  }

  /** The result of the running instruction's long work: see `Work`. */
  inPieces<Result>(begin: () => Pieces<Result>): Result {
    return this.work.inPieces(this.steps, begin, this.isOwn);
  }

  /** Whether it is one of our CPUs that runs: a call from outside, or a remote's code, is not interrupted. */
  private get isOwn(): boolean {
    return this.scratchResult === null && this.cpu !== this.network.remoteCpu.cpu;
  }

  /** User code has made something of so many slots of 8 bytes. */
  allocate(slots: number): void {
    if (this.cpu.mode === KERNEL) return;
    const { registers } = this;
    registers.allocated += slots;
    if (registers.allocated > registers.measureAt) this.attention |= 16;
  }

  /**
   * Ends the run when the running process's objects take more than memory has: what is dead costs nothing. Returns
   * whether all have been measured; else that goes on before the next instruction.
   */
  private measureObjects(cpu: Cpu): boolean {
    if (cpu.mode === KERNEL) return true;
    cpu.stack.fp = cpu.fp;
    userMemory.sweepHeap(this, cpu);
    const measured = this.measure(cpu.stack);
    if (this.isOwn) return this.work.follow(measured);
    toEnd(measured);
    return true;
  }

  private *measure(stack: Stack): Pieces<void> {
    const { registers } = this;
    const live = yield* liveSizeInPieces([stack]);
    registers.measureAt = registers.allocated + Math.max(MEASURE_EVERY, live / 8);
    if (live <= this.memory.bytes) return;
    const mebibytes = Math.floor(this.memory.bytes / (1024 * 1024));
    this.end('limit', [
      `the objects (lists, maps, strings …) of one process take more than ${mebibytes} MiB; machine { memory = … } sets another limit`,
    ]);
  }

  /** `a == b`, where that is more than a look: of long strings it costs what it goes through. */
  equal(a: Value, b: Value): boolean {
    if (isText(a) && isText(b) && a.length === b.length) this.chargeBytes(a.length);
    return operators.equal(a, b);
  }

  compare(a: Value, b: Value, symbol: string): number {
    if (isText(a) && isText(b)) this.chargeBytes(Math.min(a.length, b.length));
    return operators.compare(a, b, symbol);
  }

  /** A string of so many bytes is gone through: a short one is part of the instruction. */
  chargeBytes(bytes: number): void {
    if (bytes > SHORT) this.charge(byteCost(bytes));
  }

  /**
   * The kernel works without letting time pass, and owes it: the watchdog waits on. But a loop that only ever owes is endless, too.
   */
  touchWatchdog(cpu: Cpu): void {
    cpu.owing += cpu.lockup;
    cpu.lockup = 0;
    if (cpu.owing > MOST_ASIDE)
      this.panic(`soft lockup: ${MOST_ASIDE} kernel instructions that owe their time; an endless loop?`);
  }

  growStack(stack: Stack, top: number): void {
    calls.growStack(stack, top);
  }
  callee(value: Value): number {
    return calls.callee(this, value);
  }
  arrangeArguments(slots: Value[], base: number, f: number, count: number): void {
    calls.arrangeArguments(this, slots, base, f, count);
  }
  createCoroutine(parent: Stack, slots: Value[], base: number, count: number): CoroutineValue {
    return calls.createCoroutine(this, parent, slots, base, count);
  }
  returnBeyond(cpu: Cpu, back: number, result: Value): void {
    entry.returnBeyond(this, cpu, back, result);
  }
  trap(cpu: Cpu, slots: Value[], base: number, count: number, resumeAt: number): void {
    if (cpu === this.network.remoteCpu.cpu) throw this.network.remoteCpu.noSystemCall();
    entry.trap(this, cpu, slots, base, count, resumeAt);
  }
  translateFor(cpu: Cpu, address: number, write: boolean): number {
    return userMemory.translateFor(this, cpu, address, write);
  }
  loadGlobal(cpu: Cpu, address: number): Value {
    return userMemory.loadGlobal(this, cpu, address);
  }
  storeGlobal(cpu: Cpu, address: number, value: Value): void {
    userMemory.storeGlobal(this, cpu, address, value);
  }

  /** The address of a new kernel struct of so many fields. */
  kernelAddress(fields: number): number {
    const { registers } = this;
    const address = registers.nextAddress;
    const next = address + Math.max(16, fields * 8);
    registers.nextAddress = next < 0xffff_0000 ? next : ADDRESS.KERNEL_HEAP;
    return address;
  }

  checkContext(context: Value): asserts context is ContextValue {
    if (!(context instanceof Context)) throw new Fault(SIGILL, 'this is not a context: make one with new_context()');
  }

  /** A field of what the hardware made. */
  hardwareField(target: Value, name: number): Value {
    const field = this.program.names[name];
    if (target instanceof Context) {
      switch (field) {
        case 'pc':
          return this.program.addressOf(target.pc);
        case 'fp':
          return target.fp * 8;
        case 'sp':
          return target.stack.top * 8;
        case 'mode':
          return 'kernel';
        case 'page_table':
          return target.pageTable;
      }
    }
    throw missingField(target, field);
  }

  // ---- for natives ------------------------------------------------------------------------------------------------

  translate(address: number, write: boolean): number {
    if (this.cpu.mode === KERNEL)
      throw new Fault(SIGILL, 'the kernel reaches user memory through copy_from_user() and copy_to_user() only');
    return userMemory.translateFor(this, this.cpu, address, write);
  }

  record(fields: Record<string, Value>): RecordValue {
    const shape = this.program.shapeOf(Object.keys(fields));
    const address = this.cpu?.mode === KERNEL ? this.kernelAddress(shape.fields.length) : 0;
    return new RecordValue(this.history.epoch, shape, Object.values(fields), address);
  }

  functionValue(index: number): FunctionValue | undefined {
    return this.program.userFunctions[index];
  }

  mostArguments(index: number): number {
    if (!this.program.userFunctions[index]) return 0;
    const f = this.program.functions[index];
    return f?.rest ? Infinity : (f?.params ?? 0);
  }

  /** @param bytes as programs have strings */
  log(bytes: string): void {
    const text = textOf(bytes);
    if (this.network.remoteCpu.remote) this.network.farSide.say(text);
    else if (this.live) this.onLog?.(text);
  }

  trace(name: string, fields: RecordValue): void {
    if (this.onEvent !== null && (this.scratchResult === null || this.applying !== null)) this.onEvent(name, fields);
    if (this.live && this.onTrace?.(name, fields)) this.attention |= 4;
  }

  /** Whether what the running instruction does happens for the first time: false while re-executing. */
  private get live(): boolean {
    return this.scratchResult ? this.applying === 'new' : this.steps > this.horizon;
  }

  // ---- the kernel from outside ------------------------------------------------------------------------------------

  kernelGlobal(name: string): Value {
    const index = this.program.kernelGlobals.findIndex((g) => g.name === name);
    return index < 0 ? null : this.kernelData.values[index];
  }

  /**
   * Calls a kernel function on a CPU of its own, which takes no machine time and counts no steps. For the hardware's
   * own needs (initialisation, the verdict at the end) and for inputs.
   */
  callKernel(name: string, args: Value[]): Value {
    const f = this.kernelFunction(name);
    const stack = new Stack(this.history.epoch, this.program.registers, this.limits.kernelStackSlots);
    const scratch = new Cpu(0, stack, stack, new Tlb(this.history));
    this.startOn(scratch, stack, f, args);
    scratch.clock = this.cpu?.clock ?? 0;
    scratch.task = this.cpu?.task ?? null;
    scratch.pageTable = this.cpu?.pageTable ?? null;
    const { steps, cpu } = this;
    this.cpu = scratch;
    this.scratchResult = { step: steps, value: null };
    while (scratch.clock !== Infinity && !this.outcome && this.steps - steps < MOST_ASIDE) {
      scratch.lockup = scratch.owing = 0;
      execute(this, scratch, SOFT_LOCKUP, Infinity, true);
    }
    const { value } = this.scratchResult;
    this.scratchResult = null;
    this.steps = steps;
    this.cpu = cpu;
    return value;
  }

  /** The frame at the bottom of a stack returned: only a scratch call may. */
  bottomReached(cpu: Cpu, result: Value): void {
    if (cpu === this.network.remoteCpu.cpu) return this.network.remoteCpu.returned();
    if (!this.scratchResult) throw new Fault(SIGILL, 'the function at the bottom of the stack returned');
    this.scratchResult.value = result;
    cpu.clock = Infinity;
  }

  private kernelFunction(name: string): number {
    const f = this.program.functionNamed(name, 'kernel');
    if (!f) throw new MachineError(`the kernel has no function ${name}(): the hardware calls it`);
    return f.index;
  }

  private createCpu(id: number): Cpu {
    const stack = new Stack(this.history.epoch, this.program.registers, this.limits.kernelStackSlots);
    const cpu = new Cpu(id, stack, stack, new Tlb(this.history));
    this.startOn(cpu, stack, this.kernelFunction(id === 0 ? entry.ENTRIES.boot : entry.ENTRIES.bootCpu), []);
    return cpu;
  }

  private startOn(cpu: Cpu, stack: Stack, f: number, args: Value[]): void {
    const top = HEADER + this.program.registers[f];
    stack.grow(top);
    entry.beginFrame(stack.slots, HEADER, RETURN.BOTTOM, 0, f, args, top);
    stack.fp = HEADER;
    cpu.stack = stack;
    cpu.kernelStack = stack;
    cpu.fp = HEADER;
    cpu.pc = this.program.entry[f];
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

  /** Notes the frame of each stack that a CPU stands on, for whoever looks at it or saves it. */
  syncStacks(): void {
    for (const { stack, fp } of this.cpus) stack.fp = fp;
  }
}
