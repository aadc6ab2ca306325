/**
 * The board: the parts that a machine consists of, and the state that is no part's own. Whatever acts on them lies
 * above (scheduler.ts, bus.ts, kernel-host.ts, time-travel.ts); whoever only looks at a machine needs no more than
 * this.
 */
import { SettingError } from './errors.js';
import type { Image } from '../compiler/image.js';
import { END_OF_TIME } from '../language/limits.js';
import { ATTENTION } from './attention.js';
import { Choices, SeededChoices, type ChoiceListener } from './choices.js';
import { costTable, deviceTimes, type CostTable, type DeviceTimes } from './costs.js';
import { Counters } from './counters.js';
import { KERNEL, type Cpu } from './cpu.js';
import { DEVICE } from './devices.js';
import { Disk } from './disk.js';
import { EventQueue } from './events.js';
import { History } from './history.js';
import { ENTRIES } from './kernel-entries.js';
import type { Linked } from './link.js';
import { link } from './link-again.js';
import { PhysicalMemory } from './memory.js';
import type { Native, PageFault } from './native.js';
import { Network } from './network/network.js';
import { ReplayedChoices, type ChoiceRecord } from './replayed-choices.js';
import { KernelData, Registers, type Outcome, type OutcomeKind } from './state.js';
import { Terminal } from './terminal.js';
import type { RecordValue, Value } from './values.js';
import { Work } from './work.js';

/** Kernel instructions without a spend() before they are taken for an endless loop, unless an option says otherwise. */
const SOFT_LOCKUP = 10_000_000;

/** What run() returns after at the latest, besides instructions: work in units of some 10 ns (see `Work`). */
const WORK_AT_ONCE = 200_000;

export interface MachineOptions {
  seed: number;
  cpus: number;
  /** `machine { … }` and what overrides it. */
  settings: Record<string, number | string>;
  /** Kernel instructions without a spend() that are taken for an endless loop. */
  softLockup?: number;
  /** The choices of an earlier run, to be made again in place of the seed's. */
  replay?: ChoiceRecord | undefined;
  /** false: kernel and library are interpreted, too. The run is the same. */
  translated?: boolean;
  /** Is told each choice; again, when it is made again after going back. */
  onChoice?: ChoiceListener | undefined;
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

/** Stacks' limits, in slots of 8 bytes. */
export interface StackLimits {
  threadStackSlots: number;
  kernelStackSlots: number;
  coroutineStackSlots: number;
}

export class Board {
  readonly history = new History();
  readonly program: Linked;
  readonly memory: PhysicalMemory;
  readonly choices: Choices;
  /** When the run repeats the choices of another. */
  readonly replayed: ReplayedChoices | null;
  /** Which CPU takes the interrupts of the disk, the network card and the terminal. Each CPU's timer is its own. */
  readonly irqCpu: number;
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
  readonly limits: StackLimits;
  /** Function numbers of the kernel's entries. */
  readonly entries: { syscall: number; interrupt: number; pageFault: number; fault: number };
  /** Kernel instructions without a spend() that are taken for an endless loop. */
  readonly softLockup: number;

  /** Instructions executed in all: the position. */
  steps = 0;
  /** The furthest position reached; before it everything is re-execution and silent. */
  horizon = 0;
  /** The CPU that executes, or will execute next; null until the board has one. */
  cpu: Cpu = null as unknown as Cpu;
  /** The time at which the run ends with outcome `limit`, ticks. */
  maxTicks = END_OF_TIME;
  /** Bits of ATTENTION, set by what needs the loop between two instructions. */
  attention = 0;
  /** With ATTENTION.PAGE_FAULT: which page the running instruction needs. */
  pageFault: PageFault | null = null;
  /** Ticks that the running instruction costs besides its own: see charge(). */
  extra = 0;
  /** While a device acts: the time at which it does, ticks. */
  deviceTime: number | null = null;
  /** What run() and step() have done beyond single instructions, so that they return in time. No part of the state. */
  readonly work = new Work(WORK_AT_ONCE);

  /** A tracepoint was passed. Returning true stops the run after the instruction. Not called while re-executing. */
  onTrace: ((name: string, fields: RecordValue) => boolean | void) | null = null;
  /** A user program did something wrong. Returning true stops the run. Not called while re-executing. */
  onFault: ((fault: FaultInfo) => boolean | void) | null = null;
  onLog: ((text: string) => void) | null = null;
  /** Whoever can say more of what the kernel's lines at the end name: addresses, threads. */
  explain: ((lines: readonly string[]) => string[]) | null = null;
  /**
   * A tracepoint was passed, by the run or in an input: called each time that the run comes by, while re-executing,
   * too.
   */
  onEvent: ((name: string, fields: RecordValue) => void) | null = null;

  constructor(
    readonly images: readonly Image[],
    readonly options: MachineOptions,
    natives: Readonly<Record<string, Native>>,
  ) {
    const { settings } = options;
    this.softLockup = options.softLockup ?? SOFT_LOCKUP;
    this.program = link(images, natives);
    const bytes = (name: string, normal: number): number =>
      typeof settings[name] === 'number' ? settings[name] : normal;
    this.memory = new PhysicalMemory(this.history, bytes('memory', 256 * 1024 * 1024));
    const seeded = new SeededChoices(options.seed, this.history);
    this.replayed = options.replay
      ? new ReplayedChoices(options.replay, seeded, this.history, (message) => this.leaveRecord(message))
      : null;
    this.choices = new Choices(this.replayed ?? seeded, options.onChoice);
    this.costs = costTable(settings);
    this.irqCpu = irqCpu(settings['irq_cpu'], options.cpus);
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
    this.network = new Network({
      ...parts,
      latency: times.network_latency,
      per16Bytes: times.network_per_16_bytes,
      rto: times.tcp_rto,
      outputLimit,
      remotes: this.program.remotes,
      steps: () => this.steps,
      show: (line) => this.onLog?.(line),
    });
    this.kernelData = new KernelData(this.history.epoch, this.program.kernelGlobals.length);
    this.program.kernelGlobals.forEach((g, i) => (this.kernelData.values[i] = g.initial));
    this.registers = new Registers(this.history.epoch);
    this.entries = {
      syscall: this.program.kernelFunction(ENTRIES.syscall),
      interrupt: this.program.kernelFunction(ENTRIES.interrupt),
      pageFault: this.program.kernelFunction(ENTRIES.pageFault),
      fault: this.program.kernelFunction(ENTRIES.fault),
    };
  }

  get outcome(): Outcome | null {
    return this.registers.outcome;
  }

  /** Ticks that the furthest CPU has come to. */
  get time(): number {
    return this.cpus.reduce((latest, cpu) => Math.max(latest, cpu.clock), 0);
  }

  kernelGlobal(name: string): Value {
    const index = this.program.kernelGlobals.findIndex((g) => g.name === name);
    return index < 0 ? null : this.kernelData.values[index];
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

  /** The run is over, unless it was before. */
  end(kind: OutcomeKind, report: string[]): void {
    if (this.registers.outcome) return;
    this.history.touch(this.registers);
    this.registers.outcome = { kind, report };
    this.attention |= ATTENTION.OUTCOME;
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

  /** Lets the running instruction cost `ticks` more in user mode; in the kernel only spend() takes time. */
  charge(ticks: number): void {
    this.worked(ticks);
    if (this.cpu.mode === KERNEL) return;
    this.extra += this.costs.instruction === 0 ? 0 : ticks;
    this.attention |= ATTENTION.CHARGE;
  }

  /** The running instruction goes on on another stack of user mode's, as the cost table says. */
  chargeCoroutine(): void {
    if (this.costs.coroutine_switch === 0) return;
    this.extra += this.costs.coroutine_switch;
    this.attention |= ATTENTION.CHARGE;
  }

  /**
   * The kernel has put something into the queue of events, or taken it out. A CPU that is alone need not leave its loop
   * for that, unless it is due now: what comes first after all is then just what the scheduler would find.
   */
  orderChanged(): void {
    const { cpu, cpus, events } = this;
    if (cpu === cpus[0] && cpus.length === 1 && events.nextTime > cpu.clock) {
      cpu.until = Math.min(events.nextTime, this.maxTicks);
    } else this.attention |= ATTENTION.ORDER;
  }

  /** Counts work of the running instruction, which costs no ticks by itself. */
  worked(units: number): void {
    if (this.work.add(units) && this.cpu.kind.interruptible) this.attention |= ATTENTION.STOP;
  }

  /** The running code has made something of so many slots of 8 bytes; the kernel's own is not counted. */
  allocate(slots: number): void {
    if (this.cpu.mode === KERNEL) return;
    const { registers } = this;
    registers.allocated += slots;
    if (registers.allocated > registers.measureAt) this.attention |= ATTENTION.MEASURE;
  }

  /** Notes the frame of each stack that a CPU stands on, for whoever looks at it or saves it. */
  syncStacks(): void {
    for (const { stack, fp } of this.cpus) stack.fp = fp;
  }
}

/** @throws SettingError when there is no such CPU */
function irqCpu(setting: number | string | undefined, cpus: number): number {
  if (setting === undefined) return 0;
  if (typeof setting === 'number' && setting >= 0 && setting < cpus) return setting;
  const has = cpus === 1 ? 'one CPU, 0' : `${cpus} CPUs, 0 to ${cpus - 1}`;
  throw new SettingError(
    `irq_cpu is the number of a CPU that takes interrupts: this machine has ${has}; not ${setting}`,
  );
}
