/** Our CPUs: their instructions move the machine on, and what goes wrong in user mode enters the kernel. */
import { ATTENTION } from './attention.js';
import type { Board } from './board.js';
import { KERNEL, USER, type Cpu, type CpuKind } from './cpu.js';
import { HostTrouble, MachineError, MachineLimit } from './errors.js';
import { enterKernel, PATIENCE, trap } from './kernel-entry.js';
import { Fault, PageFault, SIGILL } from './native.js';
import { THE_CALL } from './parts.js';
import { KERNEL_BASE } from './stack.js';
import { textOf } from './text.js';
import type { Value } from './values.js';
import { Unfinished } from './work.js';

export class OwnCpu implements CpuKind {
  constructor(protected readonly board: Board) {}

  get interruptible(): boolean {
    return true;
  }

  get isNew(): boolean {
    return this.board.steps > this.board.horizon;
  }

  get runsTranslated(): boolean {
    return true;
  }

  get isOfRun(): boolean {
    return true;
  }

  allowance(cpu: Cpu, budget: number): number {
    const { board } = this;
    if (cpu.clock >= cpu.until || budget <= 0) return 0;
    const most = Math.min(budget, 1 << 29);
    if (cpu.mode === KERNEL) return Math.min(most, board.softLockup + 1 - cpu.lockup);
    const tick = board.costs.instruction;
    if (tick === 0 && cpu.pending !== 0) return Math.max(1, Math.min(most, PATIENCE - (board.steps - cpu.raisedAt)));
    return tick === 0 ? most : Math.min(most, Math.ceil((cpu.until - cpu.clock) / tick));
  }

  settle(cpu: Cpu, executed: number): void {
    const { board } = this;
    board.steps += executed;
    if (cpu.mode === USER) {
      const ticks = executed * board.costs.instruction;
      cpu.clock += ticks;
      cpu.userTicks += ticks;
    } else cpu.lockup += executed;
  }

  settleFree(): void {
    this.board.steps++;
  }

  trap(cpu: Cpu, slots: Value[], base: number, count: number, resumeAt: number): void {
    trap(this.board, cpu, slots, base, count, resumeAt);
  }

  compute(cpu: Cpu, ticks: Value): number | null {
    if (typeof ticks !== 'number' || ticks < 0) throw new Fault(SIGILL, 'compute() takes a number of ticks, 0 or more');
    if (cpu.mode === KERNEL) throw new Fault(SIGILL, 'the kernel says what it uses with spend()');
    const now = Math.min(ticks, Math.max(0, cpu.until - cpu.clock));
    cpu.clock += now;
    cpu.userTicks += now;
    return now === ticks ? null : ticks - now;
  }

  /** Returns false when the machine has ended. */
  handle(cpu: Cpu, thrown: unknown): boolean {
    const { board } = this;
    board.extra = 0;
    if (thrown instanceof HostTrouble) throw thrown;
    if (thrown instanceof Unfinished) {
      // The instruction is not over: it has not been executed at all.
      this.settle(cpu, -1);
      board.work.interrupt();
      board.attention |= ATTENTION.STOP;
      return true;
    }
    if (cpu.mode === USER && (thrown instanceof PageFault || thrown instanceof Fault)) {
      if (thrown instanceof PageFault) this.pageFault(cpu, thrown);
      else this.fault(cpu, thrown);
      return true;
    }
    if (thrown instanceof MachineLimit) board.end('limit', [thrown.message]);
    else if (thrown instanceof Fault || thrown instanceof MachineError) board.panic(textOf(thrown.message));
    else if (thrown instanceof PageFault)
      board.panic(`the kernel touched user address 0x${thrown.address.toString(16)} by itself`);
    else board.panic(`the machine failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    board.attention = 0;
    return false;
  }

  private pageFault(cpu: Cpu, { address, write, present }: PageFault): void {
    const slots = enterKernel(this.board, cpu, this.board.entries.pageFault, cpu.pc, -1);
    slots[KERNEL_BASE] = address;
    slots[KERNEL_BASE + 1] = write;
    slots[KERNEL_BASE + 2] = present;
  }

  private fault(cpu: Cpu, { signal, message, address }: Fault): void {
    const { board } = this;
    const call = board.program.callBehind(cpu.pc);
    const told = call === undefined ? message : message.replace(THE_CALL, `${call}()`);
    const info = { signal, message: textOf(told), address, pc: cpu.pc, task: cpu.task };
    if (this.isNew && board.onFault?.(info)) board.attention |= ATTENTION.STOP;
    const slots = enterKernel(board, cpu, board.entries.fault, cpu.pc, -1);
    slots[KERNEL_BASE] = signal;
    slots[KERNEL_BASE + 1] = address;
  }

  bottomReached(_cpu: Cpu, _result: Value): void {
    throw new Fault(SIGILL, 'the function at the bottom of the stack returned');
  }

  log(text: string): void {
    if (this.isNew) this.board.onLog?.(text);
  }
}
