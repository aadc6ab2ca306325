/**
 * Instructions that are begun twice. A page fault, or an interrupt in the kernel's idle loop, takes the CPU away before
 * an instruction has had any effect; afterwards it is executed again. For the user that is one arrival, not two: a
 * breakpoint on it counts once, and a step does not end where it began.
 */
import { KERNEL, USER, type Cpu } from '../machine/cpu.js';
import type { Machine } from '../machine/machine.js';
import { RETURN, USER_STATE, type Stack } from '../machine/stack.js';
import type { Value } from '../machine/values.js';

interface Point {
  stack: Stack;
  fp: number;
  pc: number;
}

export class Resumptions {
  /** By task. */
  private readonly expected = new Map<Value, Point>();

  /** Executes one instruction, and remembers it if it will be executed again. */
  step(machine: Machine): void {
    const { cpu } = machine;
    const { task, mode, stack, fp, pc } = cpu;
    machine.step();
    if (cpu.mode === KERNEL && wasInterrupted(cpu, mode, stack, fp, pc)) this.expected.set(task, { stack, fp, pc });
  }

  /** Whether the instruction that a CPU is about to execute was begun before. Asked once for each arrival. */
  isSecond(cpu: Cpu): boolean {
    if (this.expected.size === 0) return false;
    const point = this.expected.get(cpu.task);
    if (!point || point.pc !== cpu.pc || point.stack !== cpu.stack || point.fp !== cpu.fp) return false;
    this.expected.delete(cpu.task);
    return true;
  }

  forget(): void {
    this.expected.clear();
  }
}

/** Whether the CPU left the instruction at `pc` for the kernel, and will come back to that same instruction. */
function wasInterrupted({ stack: now, fp: at }: Cpu, mode: number, stack: Stack, fp: number, pc: number): boolean {
  const { slots } = now;
  if (mode === USER) {
    return slots[USER_STATE.PC] === pc && slots[USER_STATE.RESULT] === -1 && slots[USER_STATE.FP] === fp;
  }
  return now === stack && at > fp && slots[at - 3] === RETURN.TO_KERNEL && slots[at - 5] === pc;
}
