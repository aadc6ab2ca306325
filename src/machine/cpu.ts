/** A CPU's registers: what it is doing now. Saved by history at each epoch in which it runs. */
import type { Saveable } from './history.js';
import type { PageTable, Tlb } from './mmu.js';
import type { Stack } from './stack.js';
import type { Value } from './values.js';

export const USER = 0;
export const KERNEL = 1;
export type Mode = typeof USER | typeof KERNEL;

type Content = [
  number, Mode, number, number, Stack, Stack, PageTable | null, Value, boolean, number, number, number, number, number,
  number, number, number,
]; // prettier-ignore

export class Cpu implements Saveable {
  epoch = 0;
  /** Ticks since power-on, as far as this CPU has come. */
  clock = 0;
  mode: Mode = KERNEL;
  /** Word offset of the next instruction. */
  pc = 0;
  /** Stack slot of register 0. */
  fp = 0;
  /** The page-table register. */
  pageTable: PageTable | null = null;
  /** What set_current() put here: the running task. */
  task: Value = null;
  /** Waiting for an interrupt. */
  halted = false;
  /** Interrupts that wait to be taken, one bit each. */
  pending = 0;
  /** The armed timer's event, -1: none. */
  timer = -1;
  /** Ticks spent in user mode, in the kernel, and halted. */
  userTicks = 0;
  kernelTicks = 0;
  idleTicks = 0;
  /** Kernel instructions since the last spend(), or since the kernel last said that it owes time for its work. */
  lockup = 0;
  /** Kernel instructions before that, since the last spend(): time is owed for them, and has not passed. */
  owing = 0;
  /** The step at which the first of the pending interrupts was raised. */
  raisedAt = 0;

  constructor(
    readonly id: number,
    /** The stack it runs on. */
    public stack: Stack,
    /** The stack that a trap or an interrupt from user mode will use. */
    public kernelStack: Stack,
    readonly tlb: Tlb,
  ) {}

  copyContent(): Content {
    return [
      this.clock, this.mode, this.pc, this.fp, this.stack, this.kernelStack, this.pageTable, this.task, this.halted,
      this.pending, this.timer, this.userTicks, this.kernelTicks, this.idleTicks, this.lockup,
      this.raisedAt, this.owing,
    ]; // prettier-ignore
  }
  swapContent(content: unknown): Content {
    const old = this.copyContent();
    [
      this.clock, this.mode, this.pc, this.fp, this.stack, this.kernelStack, this.pageTable, this.task, this.halted,
      this.pending, this.timer, this.userTicks, this.kernelTicks, this.idleTicks, this.lockup,
      this.raisedAt, this.owing,
    ] = content as Content; // prettier-ignore
    return old;
  }
}
