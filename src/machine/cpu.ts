/** A CPU's registers: what it is doing now. Saved by history at each epoch in which it runs. */
import type { Saveable } from './history.js';
import type { PageTable, Tlb } from './mmu.js';
import type { Stack } from './stack.js';
import type { Value } from './values.js';

export const USER = 0;
export const KERNEL = 1;
export type Mode = typeof USER | typeof KERNEL;

/** Why a CPU stopped executing. */
export const enum Exit {
  /** The budget is used up, or the deadline was reached. */
  Budget,
  /** Before an instruction with a breakpoint. */
  Breakpoint,
  /** halt(): nothing to do until an interrupt. */
  Halted,
  /** The machine has an outcome: power off, panic. */
  Ended,
  /** A listener asked to stop after this instruction. */
  Requested,
}

/**
 * What differs between the kinds of CPU that execute code: ours (own-cpu.ts), one for calls of the kernel from outside
 * (outside-call.ts), that of the remotes (network/remote-cpu.ts).
 */
export interface CpuKind {
  /** Whether its long work is interrupted, so that whoever drives the machine can let others have their turn. */
  readonly interruptible: boolean;
  /** Whether what the running instruction does happens for the first time: false while re-executing. */
  readonly isNew: boolean;
  /** Whether it executes translated code where there is some. */
  readonly runsTranslated: boolean;
  /** Whether what it does is a part of the run, and will be done again with it. */
  readonly isOfRun: boolean;
  /**
   * How many instructions it may execute, of `budget`, before something else comes first, such as the time `until`.
   */
  allowance(cpu: Cpu, budget: number): number;
  /** Accounts for executed instructions, that many steps and ticks; -1 takes one back. */
  settle(cpu: Cpu, executed: number): void;
  /** Accounts for an instruction that costs no tick of its own. */
  settleFree(cpu: Cpu): void;
  /** A system call: `count` values from slots[base]. */
  trap(cpu: Cpu, slots: Value[], base: number, count: number, resumeAt: number): void;
  /** compute(): uses up to `ticks`, not beyond `until`; returns what is left, null when done. */
  compute(cpu: Cpu, ticks: Value): number | null;
  /** An instruction could not be completed. Returns whether the CPU goes on, at its `pc`. */
  handle(cpu: Cpu, thrown: unknown): boolean;
  /** The function at the bottom of the stack has returned. */
  bottomReached(cpu: Cpu, result: Value): void;
  /** A line of a program's log(). */
  log(text: string): void;
}

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
  /** While it executes: the time at which something else comes first, ticks. No part of the state. */
  until = 0;

  constructor(
    readonly id: number,
    readonly kind: CpuKind,
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
