/**
 * Runs the code of remotes: a kind of CPU, one for all of them, outside of our machine: no ticks, no steps, no
 * breakpoints, no memory and no kernel. A remote runs from where it waited to where it waits again; a call that has to
 * wait throws, and is executed again later (remote-calls.ts).
 *
 * Top-level constants with parts (`const sizes = [1, 2]`) lie in each process's memory. A remote has copies of its own:
 * its access faults, as it has no memory, and is served here.
 */
import { ATTENTION } from '../attention.js';
import type { Board } from '../board.js';
import { startOn } from '../calls.js';
import { Cpu, USER, type CpuKind } from '../cpu.js';
import { framesOfCpu, type Frame } from '../frames.js';
import { OP, WORDS } from '../../isa/isa.js';
import type { KernelHost } from '../kernel-host.js';
import { Tlb } from '../mmu.js';
import { Fault, PageFault, SIGILL } from '../native.js';
import { Stack } from '../stack.js';
import { textOf } from '../text.js';
import { execute } from '../generated/interpreter.js';
import type { RemoteRunner } from './far-side.js';
import { Wait, type Remote } from './remote.js';

/** Instructions between two waits before they are taken for an endless loop. */
const MOST_INSTRUCTIONS = 10_000_000;

/** Why it stopped: it waits, its function has returned, or it did something wrong. */
type Stop = 'wait' | 'end' | Fault;

export class RemoteCpu implements CpuKind, RemoteRunner {
  readonly interruptible = false;
  readonly isNew = false;
  readonly runsTranslated = false;
  readonly isOfRun = true;
  private readonly cpu: Cpu;
  private readonly board: Board;
  /** The remote that runs. */
  private remote: Remote | null = null;
  private executed = 0;
  private stop: Stop | null = null;

  constructor(private readonly host: KernelHost) {
    this.board = host.board;
    const stack = this.newStack();
    this.cpu = new Cpu(-1, this, stack, stack, new Tlb(this.board.history));
    this.cpu.mode = USER;
  }

  run(remote: Remote, now: number): void {
    const { board, cpu } = this;
    const { cpu: ours, attention } = board;
    remote.touch();
    // Nothing of this CPU outlasts the call: there is nothing for the history to keep.
    cpu.epoch = board.history.epoch;
    this.remote = remote;
    board.cpu = cpu;
    board.attention = 0;
    try {
      this.finish(remote, this.goOn(remote), now);
    } finally {
      this.remote = null;
      board.cpu = ours;
      board.attention = attention;
    }
  }

  // ---- for the interpreter ------------------------------------------------------------------------------------------

  allowance(_cpu: Cpu, budget: number): number {
    return this.stop === null ? Math.min(budget, 1 << 29) : 0;
  }

  settle(_cpu: Cpu, executed: number): void {
    this.executed += executed;
  }

  settleFree(): void {
    this.executed++;
  }

  trap(): void {
    throw this.noSystemCall();
  }

  compute(): number {
    throw new Fault(SIGILL, 'a remote uses no CPU of ours: it can sleep()');
  }

  /** Returns whether the remote goes on all the same. */
  handle(_cpu: Cpu, thrown: unknown): boolean {
    this.board.extra = 0;
    this.board.attention &= ~ATTENTION.CHARGE;
    if (thrown instanceof Wait) {
      this.stop = 'wait';
      return false;
    }
    if (thrown instanceof PageFault) {
      if (this.serveConstant()) return true;
      this.stop = new Fault(0, this.noMemory(thrown.address));
      return false;
    }
    if (!(thrown instanceof Fault)) throw thrown;
    this.stop = this.libraryCall() === undefined ? thrown : this.noSystemCall();
    return false;
  }

  /** Its outermost function has returned. */
  bottomReached(): void {
    this.stop = 'end';
  }

  log(text: string): void {
    this.board.network.farSide.say(text);
  }

  /** A system call, from a function that our processes and the remote share. */
  private noSystemCall(): Fault {
    return new Fault(0, this.strangeCall());
  }

  // ---- a remote's turn ----------------------------------------------------------------------------------------------

  private goOn(remote: Remote): Stop {
    const { board, cpu } = this;
    const { f } = remote;
    if (f.stack !== null) {
      [cpu.stack, cpu.pc, cpu.fp] = [f.stack, f.pc, f.fp];
      return this.execute();
    }
    const entry = board.program.remotes[remote.number];
    if (entry === undefined) return 'end';
    if (entry.init >= 0) {
      const stop = this.call(entry.init, []);
      if (stop !== 'end') return stop;
    }
    return this.call(entry.body, entry.params > 0 ? [entry.index] : []);
  }

  private call(f: number, args: number[]): Stop {
    startOn(this.board, this.cpu, this.newStack(), f, args);
    return this.execute();
  }

  private execute(): Stop {
    const { host, board, cpu } = this;
    cpu.clock = 0;
    this.executed = 0;
    this.stop = null;
    while (this.stop === null) {
      const left = MOST_INSTRUCTIONS - this.executed;
      if (left <= 0) return new Fault(0, `${MOST_INSTRUCTIONS} instructions without a wait: an endless loop?`);
      execute(host, cpu, left, Infinity, true);
      if (board.outcome) return 'end';
    }
    return this.stop;
  }

  private finish(remote: Remote, stop: Stop, now: number): void {
    const { cpu, board } = this;
    if (stop === 'wait') {
      cpu.stack.fp = cpu.fp;
      Object.assign(remote.f, { stack: cpu.stack, pc: cpu.pc, fp: cpu.fp });
      return;
    }
    const failed = stop instanceof Fault;
    if (failed) board.network.farSide.fail(`${this.place()}${remote.label} was ended: ${textOf(stop.message)}`);
    Object.assign(remote.f, { state: failed ? 'failed' : 'ended', on: null, stack: null, pc: 0, fp: 0 });
    remote.closeAll(failed, now);
  }

  /** GLD of a constant, or GST by the function that sets the constants. */
  private serveConstant(): boolean {
    const { cpu, remote } = this;
    const { plain, functions } = this.board.program;
    const [op, a, b] = plain.subarray(cpu.pc, cpu.pc + WORDS) as unknown as [number, number, number];
    const { slots } = cpu.stack;
    if (op === OP.GST && functions[slots[cpu.fp - 1] as number]?.role === 'init') {
      remote?.setConstant(a, slots[cpu.fp + b] ?? null);
    } else if (op === OP.GLD) {
      const value = remote?.constant(b);
      if (value === undefined) return false;
      slots[cpu.fp + a] = value;
    } else return false;
    cpu.pc += WORDS;
    return true;
  }

  private noMemory(address: number): string {
    const { plain, userGlobals } = this.board.program;
    const op = plain[this.cpu.pc];
    const global =
      op === OP.GLD || op === OP.GST || op === OP.GARR
        ? userGlobals.find((each) => each.address === address)
        : undefined;
    if (global?.image === 'program') {
      return `\`${global.name}\` is a variable of our computer's processes: a remote is another computer`;
    }
    return this.strangeCall();
  }

  private strangeCall(): string {
    const what = `${this.libraryCall() ?? 'this'}()`;
    return `${what} works on our computer only: a remote has its own calls, in its own body, and no memory of ours`;
  }

  /** The library function in which it is: written in .osim, that is the user's side of a system call. */
  private libraryCall(): string | undefined {
    const frames = this.frames().filter((frame) => frame.function.image === 'library');
    return frames[frames.length - 1]?.function.name;
  }

  /** `file:line:column: ` of the innermost line of the program's own. */
  private place(): string {
    const frame = this.frames().find((each) => each.function.image === 'program' && !each.function.synthetic);
    const position = this.board.program.positionAt(frame?.pc ?? this.cpu.pc);
    return position ? `${position.uri}:${position.line}:${position.column}: ` : '';
  }

  private frames(): Frame[] {
    return framesOfCpu(this.board, this.cpu);
  }

  private newStack(): Stack {
    const { history, program, limits } = this.board;
    return new Stack(history.epoch, program.registers, limits.threadStackSlots);
  }
}
