/**
 * What the hardware counts. The numbers are state: going back in time puts them back.
 */
import type { History, Saveable } from './history.js';

/** Where a CPU's ticks went. */
export type CpuUse = 'user' | 'kernel' | 'idle';
const USES: readonly CpuUse[] = ['user', 'kernel', 'idle'];

/** The plain counts; each starts at 0. */
const COUNTS = {
  /** Entries into the kernel and returns from it: by system call, interrupt or fault. */
  modeSwitches: 0,
  interrupts: 0,
  pageFaults: 0,
  tlbMisses: 0,
  tlbFlushes: 0,
  /** Flushes of a page, or of all, in another CPU's TLB: it ran in an address space whose page table was changed. */
  tlbShootdowns: 0,
  /** Transfers between a device and memory, and their bytes. */
  dmaCopies: 0,
  dmaBytes: 0,
  diskReads: 0,
  diskWrites: 0,
  /** Frames that the network card has put into memory, has sent, and has dropped for want of a buffer. */
  netReceived: 0,
  netSent: 0,
  netDropped: 0,
  /** Bytes shown on the terminal. */
  terminalBytes: 0,
  /** Coroutines that were made and have not returned, and their bytes (see coroutine()); the most of either. */
  coroutines: 0,
  coroutineBytes: 0,
  peakCoroutines: 0,
  peakCoroutineBytes: 0,
};

export type CountName = keyof typeof COUNTS;

interface Content {
  counts: typeof COUNTS;
  irqs: Float64Array;
  ticks: Float64Array;
}

const IRQS = 32;

export class Counters implements Saveable {
  epoch: number;
  private counts = { ...COUNTS };
  private irqs = new Float64Array(IRQS);
  /** Three numbers a CPU: user, kernel, idle. */
  private ticks: Float64Array;

  constructor(
    private readonly history: History,
    readonly cpus: number,
  ) {
    this.epoch = history.epoch;
    this.ticks = new Float64Array(cpus * USES.length);
  }

  add(name: CountName, amount = 1): void {
    if (this.epoch !== this.history.epoch) this.history.keep(this);
    this.counts[name] += amount;
  }

  modeSwitch(): void {
    if (this.epoch !== this.history.epoch) this.history.keep(this);
    this.counts.modeSwitches++;
  }

  interrupt(irq: number): void {
    if (this.epoch !== this.history.epoch) this.history.keep(this);
    this.counts.interrupts++;
    this.irqs[irq & (IRQS - 1)]++; // the index is within the array
  }

  /**
   * A coroutine was made (1), has returned (-1), or waits with more frames than ever before (0).
   * @param bytes that they have more, or less
   */
  coroutine(change: 1 | 0 | -1, bytes: number): void {
    this.add('coroutines', change);
    this.add('coroutineBytes', bytes);
    const { counts } = this;
    counts.peakCoroutines = Math.max(counts.peakCoroutines, counts.coroutines);
    counts.peakCoroutineBytes = Math.max(counts.peakCoroutineBytes, counts.coroutineBytes);
  }

  /** @param ticks that CPU number `cpu` has spent so */
  spend(cpu: number, use: CpuUse, ticks: number): void {
    if (this.epoch !== this.history.epoch) this.history.keep(this);
    this.ticks[cpu * USES.length + USES.indexOf(use)] += ticks;
  }

  get(name: CountName): number {
    return this.counts[name];
  }

  /** How often an interrupt request was taken. */
  interruptsOf(irq: number): number {
    return this.irqs[irq & (IRQS - 1)];
  }

  /** Ticks that a CPU has spent so. */
  ticksOf(cpu: number, use: CpuUse): number {
    return this.ticks[cpu * USES.length + USES.indexOf(use)];
  }

  /** All plain counts, by name. */
  all(): Readonly<Record<CountName, number>> {
    return { ...this.counts };
  }

  /** Every number, in a fixed order: for hashing and comparing. */
  numbers(): number[] {
    return [...Object.values(this.counts), ...this.irqs, ...this.ticks];
  }

  copyContent(): Content {
    return { counts: { ...this.counts }, irqs: this.irqs.slice(), ticks: this.ticks.slice() };
  }

  swapContent(content: unknown): Content {
    const { counts, irqs, ticks } = this;
    Object.assign(this, content);
    return { counts, irqs, ticks };
  }
}
