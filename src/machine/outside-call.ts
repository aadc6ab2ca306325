/**
 * Kernel functions called from outside of the run: by the hardware (initialisation, the verdict at the end) and by
 * inputs. Such a call has a CPU of its own, takes no machine time and counts no steps.
 */
import { startOn } from './calls.js';
import { Cpu } from './cpu.js';
import type { KernelHost } from './kernel-host.js';
import { Tlb } from './mmu.js';
import { OwnCpu } from './own-cpu.js';
import { Stack } from './stack.js';
import type { Value } from './values.js';
import { execute } from './generated/interpreter.js';
import { MOST_ASIDE } from './watchdog.js';

/** Instructions in one go. */
const PIECE = 10_000_000;

class OutsideCpu extends OwnCpu {
  result: Value = null;
  executed = 0;
  over = false;

  constructor(
    host: KernelHost,
    private readonly input: 'new' | 'again' | null,
  ) {
    super(host.board);
  }

  /** The caller has a result at once, whatever it takes. */
  override get interruptible(): boolean {
    return false;
  }

  override get isNew(): boolean {
    return this.input === 'new';
  }

  override get isOfRun(): boolean {
    return this.input !== null;
  }

  override allowance(cpu: Cpu, budget: number): number {
    return this.over ? 0 : super.allowance(cpu, budget);
  }

  override settle(cpu: Cpu, executed: number): void {
    this.executed += executed;
    cpu.lockup += executed;
  }

  override bottomReached(_cpu: Cpu, result: Value): void {
    this.result = result;
    this.over = true;
  }
}

/**
 * Calls a kernel function; its result, null when the machine has ended in it or it came to no end.
 * @param input whether an input calls it, for the first time or again; null: a question to the kernel, which is no part
 * of the run
 */
export function callKernel(host: KernelHost, name: string, args: Value[], input: 'new' | 'again' | null): Value {
  const { board } = host;
  const stack = new Stack(board.history.epoch, board.program.registers, board.limits.kernelStackSlots);
  const kind = new OutsideCpu(host, input);
  const cpu = new Cpu(0, kind, stack, stack, new Tlb(board.history));
  startOn(board, cpu, stack, board.program.kernelFunction(name), args);
  const running = board.cpu;
  cpu.clock = running.clock;
  cpu.task = running.task;
  cpu.pageTable = running.pageTable;
  board.cpu = cpu;
  while (!kind.over && !board.outcome && kind.executed < MOST_ASIDE) {
    cpu.lockup = cpu.owing = 0;
    execute(host, cpu, PIECE, Infinity, true);
  }
  board.cpu = running;
  return kind.result;
}
