/**
 * Runs the code of remotes. It is a CPU of their own, outside of our machine: no ticks, no steps, no breakpoints, no
 * memory and no kernel. A remote runs from where it waited to where it waits again; a call that has to wait throws, and
 * is executed again later (remote-calls.ts).
 *
 * Top-level constants with parts (`const sizes = [1, 2]`) lie in each process's memory. A remote has copies of its own:
 * its access faults, as it has no memory, and is served here.
 */
import { Cpu, USER } from '../cpu.js';
import { framesOfCpu, type Frame } from '../frames.js';
import { HEADER, OP, WORDS } from '../../isa/isa.js';
import { beginFrame } from '../kernel-entry.js';
import type { Machine } from '../machine.js';
import { Tlb } from '../mmu.js';
import { Fault, PageFault } from '../native.js';
import { RETURN, Stack } from '../stack.js';
import { textOf } from '../text.js';
import { execute } from '../vm.js';
import type { Remote } from './remote.js';

/** Instructions between two waits before they are taken for an endless loop. */
const MOST_INSTRUCTIONS = 10_000_000;

/** What a call of a remote throws that has to wait. */
export class Wait {}

/** Why it stopped: it waits, its function has returned, or it did something wrong. */
type Stop = 'wait' | 'end' | Fault;

export class RemoteCpu {
  readonly cpu: Cpu;
  /** The remote that runs, and when. */
  remote: Remote | null = null;
  now = 0;
  /** The machine's position, which its instructions do not move. */
  private position = 0;
  private stop: Stop | null = null;

  constructor(private readonly machine: Machine) {
    const stack = this.newStack();
    this.cpu = new Cpu(-1, stack, stack, new Tlb(machine.history));
    this.cpu.mode = USER;
  }

  /** Lets a remote run until it waits or ends, at a time in ticks. */
  run(remote: Remote, now: number): void {
    const { machine, cpu } = this;
    const { steps, cpu: ours, attention } = machine;
    remote.touch();
    // Nothing of this CPU outlasts the call: there is nothing for the history to keep.
    cpu.epoch = machine.history.epoch;
    this.remote = remote;
    this.now = now;
    this.position = steps;
    machine.cpu = cpu;
    machine.attention = 0;
    try {
      this.finish(remote, this.goOn(remote));
    } finally {
      this.remote = null;
      machine.cpu = ours;
      machine.steps = steps;
      machine.attention = attention;
    }
  }

  /** The machine's position in instructions. */
  get steps(): number {
    return this.remote === null ? this.machine.steps : this.position;
  }

  /** An instruction could not be completed. Returns whether the remote goes on all the same. */
  handle(thrown: unknown): boolean {
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
  returned(): void {
    this.stop = 'end';
    this.cpu.clock = Infinity;
  }

  /** A system call, from a function that our processes and the remote share. */
  noSystemCall(): Fault {
    return new Fault(0, this.strangeCall());
  }

  private goOn(remote: Remote): Stop {
    const { machine, cpu } = this;
    const { f } = remote;
    if (f.stack !== null) {
      [cpu.stack, cpu.pc, cpu.fp] = [f.stack, f.pc, f.fp];
      return this.execute();
    }
    const entry = machine.program.remotes[remote.number];
    if (entry === undefined) return 'end';
    if (entry.init >= 0) {
      const stop = this.call(entry.init, []);
      if (stop !== 'end') return stop;
    }
    return this.call(entry.body, entry.params > 0 ? [entry.index] : []);
  }

  private call(f: number, args: number[]): Stop {
    const { cpu, machine } = this;
    const stack = this.newStack();
    const top = HEADER + machine.program.registers[f];
    stack.grow(top);
    beginFrame(stack.slots, HEADER, RETURN.BOTTOM, 0, f, args, top);
    cpu.stack = stack;
    cpu.fp = HEADER;
    cpu.pc = machine.program.entry[f];
    return this.execute();
  }

  private execute(): Stop {
    const { machine, cpu } = this;
    const end = machine.steps + MOST_INSTRUCTIONS;
    cpu.clock = 0;
    this.stop = null;
    while (this.stop === null) {
      if (machine.steps >= end)
        return new Fault(0, `${MOST_INSTRUCTIONS} instructions without a wait: an endless loop?`);
      execute(machine, cpu, end - machine.steps, Infinity, true);
      if (machine.outcome) return 'end';
    }
    return this.stop;
  }

  private finish(remote: Remote, stop: Stop): void {
    const { cpu, machine } = this;
    if (stop === 'wait') {
      cpu.stack.fp = cpu.fp;
      Object.assign(remote.f, { stack: cpu.stack, pc: cpu.pc, fp: cpu.fp });
      return;
    }
    const failed = stop instanceof Fault;
    if (failed) machine.network.farSide.fail(`${this.place()}${remote.label} was ended: ${textOf(stop.message)}`);
    Object.assign(remote.f, { state: failed ? 'failed' : 'ended', on: null, stack: null, pc: 0, fp: 0 });
    remote.closeAll(failed, this.now);
  }

  /** GLD of a constant, or GST by the function that sets the constants. */
  private serveConstant(): boolean {
    const { cpu, remote } = this;
    const { plain, functions } = this.machine.program;
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
    const { plain, userGlobals } = this.machine.program;
    const op = plain[this.cpu.pc];
    const global = op === OP.GLD || op === OP.GST ? userGlobals.find((each) => each.address === address) : undefined;
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
    const position = this.machine.program.positionAt(frame?.pc ?? this.cpu.pc);
    return position ? `${position.uri}:${position.line}:${position.column}: ` : '';
  }

  private frames(): Frame[] {
    return framesOfCpu(this.machine, this.cpu);
  }

  private newStack(): Stack {
    const { history, program, limits } = this.machine;
    return new Stack(history.epoch, program.registers, limits.threadStackSlots);
  }
}
