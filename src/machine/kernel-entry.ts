/**
 * How the CPU gets into the kernel and out of it: traps, interrupts, faults; and the returns that are more than a
 * return to the caller. The bottom of a task's kernel stack holds where user mode goes on (USER_STATE).
 */
import { ATTENTION } from './attention.js';
import type { Board } from './board.js';
import { beginFrame, growStack } from './calls.js';
import { KERNEL, USER, type Cpu } from './cpu.js';
import { HEADER } from '../isa/isa.js';
import { IRQ } from './devices.js';
import { INTERNAL } from './internal-opcodes.js';
import { Fault, SIGILL, SIGSEGV } from './native.js';
import { aKindOf } from './operators.js';
import { KERNEL_BASE, RETURN, Stack, USER_STATE } from './stack.js';
import type { Value } from './values.js';

/** Most arguments that a trap hands over, the call's number included. */
const TRAP_ARGUMENTS = 7;
const NO_ARGUMENTS: Value[] = [];

/**
 * From user mode: saves where it goes on, and begins f() on the kernel stack. Its arguments are yet to be put there, in
 * the slots from KERNEL_BASE on; which it returns.
 */
export function enterKernel(board: Board, cpu: Cpu, f: number, resumeAt: number, result: number): Value[] {
  const { history, program } = board;
  const user = cpu.stack;
  user.fp = cpu.fp;
  const stack = cpu.kernelStack;
  saveUserState(board, stack);
  const top = KERNEL_BASE + program.registers[f];
  if (top > stack.slots.length) growStack(stack, top);
  const slots = stack.slots;
  slots[USER_STATE.STACK] = user;
  slots[USER_STATE.PC] = resumeAt;
  slots[USER_STATE.FP] = cpu.fp;
  slots[USER_STATE.RESULT] = result;
  slots[USER_STATE.KIND] = null;
  beginFrame(slots, KERNEL_BASE, RETURN.TO_USER, 0, f, NO_ARGUMENTS, top);
  history.touch(cpu);
  cpu.stack = stack;
  cpu.fp = KERNEL_BASE;
  cpu.pc = program.entry[f];
  cpu.mode = KERNEL;
  board.counters.modeSwitch();
  return slots;
}

/** Makes the slots of a kernel stack's user state safe to write in this epoch. */
export function saveUserState(board: Board, stack: Stack): void {
  if (stack.epoch !== board.history.epoch) stack.enter(board.history, stack.fp);
  if (stack.saved > 0) stack.extend(0);
}

/**
 * What an argument's register holds at most. Integers have 53 bits; the kernel adds a length to an address, or takes a
 * flag out of a word, and a program must not be able to make that overflow. No call has a use for more.
 */
const WIDEST = 2 ** 51;

/** A system call: `count` values from slots[base]: its number, then its arguments. */
export function trap(board: Board, cpu: Cpu, slots: Value[], base: number, count: number, resumeAt: number): void {
  const given = Math.min(count, TRAP_ARGUMENTS);
  for (let i = 0; i < given; i++) {
    const value = slots[base + i];
    if (typeof value !== 'number') throw new Fault(SIGILL, notAnInteger(board, cpu, i, value));
  }
  const kernel = enterKernel(board, cpu, board.entries.syscall, resumeAt, base);
  for (let i = 0; i < given; i++) {
    const value = slots[base + i] as number;
    kernel[KERNEL_BASE + i] = value > WIDEST ? WIDEST : value < -WIDEST ? -WIDEST : value;
  }
  for (let i = given; i < TRAP_ARGUMENTS; i++) kernel[KERNEL_BASE + i] = 0;
}

/** Whoever called the library with a wrong argument reads this. */
function notAnInteger(board: Board, cpu: Cpu, argument: number, value: Value): string {
  const name = board.program.functions[cpu.stack.slots[cpu.fp - 1] as number]?.name ?? 'this call';
  return `${name}() got ${aKindOf(value)} where it needs an integer (argument ${argument} of the system call)`;
}

/** User instructions for which a timer's interrupt may wait where they are free. */
export const PATIENCE = 10_000;

/**
 * Whether a CPU in user mode may take a pending interrupt now. Where instructions are free (costs = none) a timer's
 * waits for the next compute(), or for PATIENCE instructions: so a burst that ends exactly with its quantum ends
 * first, as in the textbook's tables.
 */
export function takesInterrupts({ costs, program, steps }: Board, cpu: Cpu): boolean {
  if (costs.instruction > 0 || (cpu.pending & ~(1 << IRQ.TIMER)) !== 0) return true;
  return program.plain[cpu.pc] === INTERNAL.COMPUTE || steps - cpu.raisedAt >= PATIENCE;
}

/** Takes the pending interrupt with the lowest number. The CPU is in user mode, or halted in the kernel. */
export function takeInterrupt(board: Board, cpu: Cpu): void {
  board.history.touch(cpu);
  const irq = 31 - Math.clz32(cpu.pending & -cpu.pending);
  cpu.pending &= ~(1 << irq);
  board.counters.interrupt(irq);
  const f = board.entries.interrupt;
  if (cpu.mode === USER) {
    enterKernel(board, cpu, f, cpu.pc, -1)[KERNEL_BASE] = irq;
    return;
  }
  cpu.halted = false;
  const { stack, fp } = cpu;
  const { program } = board;
  stack.run(board.history, fp);
  const from = fp + program.registers[stack.slots[fp - 1] as number];
  const base = from + 2 + HEADER;
  const top = base + program.registers[f];
  if (top > stack.slots.length) growStack(stack, top);
  stack.slots[from] = cpu.pc;
  stack.slots[from + 1] = fp;
  beginFrame(stack.slots, base, RETURN.TO_KERNEL, fp, f, [irq], top);
  cpu.fp = base;
  cpu.pc = program.entry[f];
}

/** A return whose return address is one of RETURN's. */
export function returnBeyond(board: Board, cpu: Cpu, back: number, result: Value): void {
  switch (back) {
    case RETURN.TO_USER:
      return returnToUser(board, cpu, result);
    case RETURN.TO_KERNEL: {
      const { stack } = cpu;
      const from = cpu.fp - HEADER - 2;
      cpu.pc = stack.slots[from] as number;
      cpu.fp = stack.slots[from + 1] as number;
      if (cpu.fp - HEADER < stack.saved) stack.extend(cpu.fp - HEADER);
      return;
    }
    case RETURN.COROUTINE_END:
      return endCoroutine(board, cpu, result);
    case RETURN.FROM_HANDLER: {
      const { stack } = cpu;
      const from = cpu.fp - HEADER - 2;
      cpu.pc = stack.slots[from] as number;
      cpu.fp = stack.slots[from + 1] as number;
      if (cpu.fp - HEADER < stack.saved) stack.extend(cpu.fp - HEADER);
      if (cpu.pc < board.program.userCode) refuseKernelCode(board, cpu);
      return;
    }
    default:
      cpu.kind.bottomReached(cpu, result);
  }
}

function returnToUser(board: Board, cpu: Cpu, result: Value): void {
  const kernel = cpu.stack;
  const user = kernel.slots[USER_STATE.STACK];
  if (!(user instanceof Stack))
    throw new Fault(SIGILL, 'a kernel thread returned from its function, and has no user mode to go to');
  const fp = kernel.slots[USER_STATE.FP] as number;
  const resultSlot = kernel.slots[USER_STATE.RESULT] as number;
  user.enter(board.history, fp);
  if (resultSlot >= 0) {
    if (resultSlot < user.saved) user.extend(Math.min(resultSlot, fp - HEADER));
    user.slots[resultSlot] = result;
  }
  // The user state is dead from here on, and may be overwritten in a later epoch: this one must still know it.
  if (kernel.saved > 0) kernel.extend(0);
  kernel.fp = 0;
  cpu.stack = user;
  cpu.fp = fp;
  cpu.pc = kernel.slots[USER_STATE.PC] as number;
  cpu.mode = USER;
  // Another CPU at the same time now comes first.
  if (board.cpus.length > 1) board.attention |= ATTENTION.ORDER;
  board.counters.modeSwitch();
  if (cpu.pc < board.program.userCode) return refuseKernelCode(board, cpu);
  if (cpu.pending !== 0 && takesInterrupts(board, cpu)) takeInterrupt(board, cpu);
}

/** Whatever user mode was to go on with, it is not the kernel's code. */
function refuseKernelCode(board: Board, cpu: Cpu): void {
  const address = board.program.addressOf(cpu.pc);
  cpu.kind.handle(cpu, new Fault(SIGSEGV, "this is the kernel's code: user mode can not execute it", address));
}

function endCoroutine(board: Board, cpu: Cpu, result: Value): void {
  const c = cpu.stack.coroutine!;
  board.history.touch(c);
  c.state = 'done';
  if (c.bytes > 0) board.counters.coroutine(-1, -c.bytes);
  board.chargeCoroutine();
  cpu.stack.fp = 0;
  const stack = c.resumer!;
  c.resumer = null;
  stack.enter(board.history, c.resumerFp);
  cpu.stack = stack;
  cpu.fp = c.resumerFp;
  if (c.resumerEnd >= 0) {
    // The loop that has walked it ends. Nobody looks at what it returned.
    cpu.pc = c.resumerEnd;
    return;
  }
  stack.slots[c.resumerResult] = result;
  cpu.pc = c.resumerPc;
}
