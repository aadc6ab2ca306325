/** The local variables of the loop, as the instructions see them. */
import type { Board } from '../board.js';
import type { Cpu, CpuKind } from '../cpu.js';
import type { History } from '../history.js';
import type { KernelHost } from '../kernel-host.js';
import type { Linked } from '../link.js';
import type { Stack } from '../stack.js';
import type { KernelData, Registers } from '../state.js';
import type { Value } from '../values.js';

export interface Running extends Pick<Linked, 'constants' | 'entry' | 'registers' | 'shapes' | 'natives' | 'quick'> {
  board: Board;
  host: KernelHost;
  history: History;
  program: Linked;
  kernelData: KernelData;
  machineRegisters: Registers;
  cpu: Cpu;
  kind: CpuKind;
  /** The plain code, or the fast one. */
  code: Int32Array;
  /** Ticks. */
  /** Instructions that may still be executed, without those since `limit` was set. */
  budget: number;
  stack: Stack;
  slots: Value[];
  /** Slot of register 0. */
  fp: number;
  /** Word offset of the instruction that is executed. */
  pc: number;
  /**
   * Instructions that could be executed when that was last looked at, and how many of them are left. Where translated
   * code begins, `left` is made negative, so that the loop looks there before the next instruction.
   */
  limit: number;
  left: number;
  /** Where translated code may be entered: not 0. */
  entries: Int32Array;
}

/** Stands for the `case`s of the instructions in the loop. */
export declare function instructions(running: Running): void;
