/** State of the machine that is no device's and no CPU's. History saves and restores it like all other state. */
import type { Saveable } from './history.js';
import { ADDRESS } from './link.js';
import type { Value } from './values.js';

/** Slots of 8 bytes that are allocated between two measurements of what is alive: 32 MiB. */
export const MEASURE_EVERY = 4 * 1024 * 1024;

export type OutcomeKind = 'finished' | 'idle' | 'deadlock' | 'panic' | 'limit';

export interface Outcome {
  kind: OutcomeKind;
  /** Lines for a person: the cycle of a deadlock, the line of a panic, the limit and how to raise it. */
  report: string[];
}

/** The kernel's globals. */
export class KernelData implements Saveable {
  values: Value[];
  constructor(
    public epoch: number,
    count: number,
  ) {
    this.values = new Array<Value>(count).fill(null);
  }
  copyContent(): Value[] {
    return this.values.slice();
  }
  swapContent(content: unknown): Value[] {
    const old = this.values;
    this.values = content as Value[];
    return old;
  }
}

/**
 * Which of the CPUs that were at the same time goes on: so was chosen, and holds while it is these CPUs and this time.
 */
export interface Turn {
  /** Ticks. */
  readonly time: number;
  /** Bit n: CPU n. */
  readonly members: number;
  readonly cpu: number;
}

type RegistersContent = [number, Outcome | null, number, number, number, Turn, number];

/** What else can change. The CPU loop saves it at the start of each epoch, so that it may be written freely there. */
export class Registers implements Saveable {
  /** The next kernel struct's address. */
  nextAddress: number = ADDRESS.KERNEL_HEAP;
  outcome: Outcome | null = null;
  /** How many inputs have been applied. */
  inputsDone = 0;
  /** Slots of 8 bytes that user code has allocated in all, and at which count the live ones are to be measured. */
  allocated = 0;
  measureAt = MEASURE_EVERY;
  /** Coroutines made so far. */
  coroutines = 0;
  turn: Turn = { time: 0, members: 0, cpu: 0 };
  constructor(public epoch: number) {}

  /** The address of a new kernel struct of so many fields. */
  addressFor(fields: number): number {
    const address = this.nextAddress;
    const next = address + Math.max(16, fields * 8);
    this.nextAddress = next < 0xffff_0000 ? next : ADDRESS.KERNEL_HEAP;
    return address;
  }

  copyContent(): RegistersContent {
    return [
      this.nextAddress,
      this.outcome,
      this.inputsDone,
      this.allocated,
      this.measureAt,
      this.turn,
      this.coroutines,
    ];
  }
  swapContent(content: unknown): RegistersContent {
    const old = this.copyContent();
    [this.nextAddress, this.outcome, this.inputsDone, this.allocated, this.measureAt, this.turn, this.coroutines] =
      content as RegistersContent;
    return old;
  }
}
