/**
 * The registers of the CPU while translated code has it: what the interpreter keeps in local variables
 * (instructions/running.ts). There is one set, since only one CPU executes at a time; the interpreter fills it, and
 * takes it back (driver.ts).
 */
import type { Board } from '../board.js';
import type { Cpu, CpuKind } from '../cpu.js';
import type { History } from '../history.js';
import type { KernelHost } from '../kernel-host.js';
import type { Linked } from '../link.js';
import type { Stack } from '../stack.js';
import type { KernelData, Registers } from '../state.js';
import type { Value } from '../values.js';

export class TranslatedRunning {
  /** Whether translated code has the CPU. A kernel function called from outside in its midst is interpreted. */
  busy = false;
  board = null as unknown as Board;
  host = null as unknown as KernelHost;
  history = null as unknown as History;
  /** The history's: it does not change while a CPU executes. */
  epoch = 0;
  program = null as unknown as Linked;
  constants: Value[] = [];
  kernelData = null as unknown as KernelData;
  /** The kernel's globals. */
  globals: Value[] = [];
  machineRegisters = null as unknown as Registers;
  cpu = null as unknown as Cpu;
  kind = null as unknown as CpuKind;
  stack = null as unknown as Stack;
  slots: Value[] = [];
  /** As the interpreter has them. `fp` and `pc` are exact only where translated code is left, and in natives. */
  fp = 0;
  pc = 0;
  budget = 0;
  limit = 0;
  left = 0;
}

export const R = new TranslatedRunning();

/** What a translated function returns in place of its result when it is left before its end: R.pc says where. */
export const UNWIND = { kind: 'unwind' } as unknown as Value;

/**
 * A translated function: runs the frame at slot `fp` from block `at` on, to its return.
 * @returns the result, which is in register 0, too; or UNWIND
 */
export type Translated = (fp: number, at: number) => Value;
