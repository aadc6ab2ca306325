/**
 * Where a forward run shall stop by itself: the stepping rules. A goal is asked before each instruction that is about
 * to be executed: at every one while the run is young (a step is mostly short), later only at those that it names,
 * which then carry temporary breakpoints.
 */
import type { Cpu } from '../machine/cpu.js';
import { KERNEL, USER } from '../machine/cpu.js';
import { WORDS } from '../isa/isa.js';
import type { Stack } from '../machine/stack.js';
import type { Value } from '../machine/values.js';
import type { KernelFunction } from '../computer/kernel-layout.js';
import { field, kernelRecord, type KernelEvent } from '../computer/kernel-records.js';
import { Code, type CodeMap } from './code-map.js';
import type { Frame } from '../machine/frames.js';
import type { LinkedFunction } from '../machine/link.js';

export type Verdict =
  /** Stop before this instruction. */
  | { kind: 'stop'; description?: string }
  /** Stop at an earlier step, remembered by the goal: only now is it clear that it matters. */
  | { kind: 'seek'; step: number; description?: string };

export interface Goal {
  /** @param resumed the instruction was about to be executed before, and an interrupt or a page fault came between */
  at(cpu: Cpu, step: number, resumed: boolean): Verdict | null;
  /** Instructions at which to ask, once the run is no longer young. Asked again when `changed` says so. */
  pcs(): Iterable<number>;
  /** A tracepoint was passed; true when `pcs` has changed. */
  onTrace?(event: KernelEvent): boolean;
  /** The stop's reason for the client. */
  readonly reason: 'step' | 'entry' | 'goto' | 'pause';
}

const STOP: Verdict = { kind: 'stop' };

/** What a step may stop in. The user library is passed through unless the launch asks for it. */
export class Visibility {
  constructor(
    readonly code: CodeMap,
    readonly libc: boolean,
  ) {}

  shows(pc: number): boolean {
    const owner = this.code.ownerOf(pc);
    return owner === Code.PROGRAM || owner === Code.KERNEL || (owner === Code.LIBRARY && this.libc);
  }

  stopsAt(pc: number): boolean {
    return this.code.isStatement(pc) && this.shows(pc);
  }

  /** All places where a step may stop; of the user's code only, if asked. */
  statements(userOnly = false): number[] {
    return this.code.statements.filter((pc) => this.shows(pc) && !(userOnly && this.code.program.isKernel(pc)));
  }
}

/** A frame, to be recognised while its task runs on. An interrupt may put another one in its place. */
interface FrameKey {
  stack: Stack;
  fp: number;
  function: LinkedFunction;
}

/**
 * The frames that a step forward may come back to. In a coroutine those of whoever has resumed it count only when the
 * coroutine has returned, or the frame that steps has yielded itself: a call that yields further down, such as
 * await_read(), is stepped over like one that blocks.
 */
class Frames {
  private readonly own: readonly FrameKey[];
  private readonly resumers: readonly FrameKey[];
  /** The innermost frame of the coroutine. */
  private readonly inner: FrameKey | undefined;

  /** @param active all frames of the task; @param frames those to come back to, these or the outer ones of them */
  constructor(active: readonly Frame[], frames: readonly Frame[]) {
    this.inner = active.find(({ mode, stack }) => mode === USER && stack.coroutine !== null);
    const inner = this.inner?.stack;
    const end = inner ? frames.findIndex(({ mode, stack }) => mode === USER && stack !== inner) : -1;
    this.own = end < 0 ? frames : frames.slice(0, end);
    this.resumers = end < 0 ? [] : frames.slice(end);
  }

  stoodIn(cpu: Cpu, task: Value): boolean {
    return standsIn(cpu, task, this.own) || (this.hasLeft() && standsIn(cpu, task, this.resumers));
  }

  private hasLeft(): boolean {
    const c = this.inner?.stack.coroutine;
    // Without a frame of its own to come back to, each yield leaves it.
    if (!c || this.own.length === 0) return true;
    const stays = this.own.some(({ fp, stack }) => fp === this.inner?.fp && stack === this.inner.stack);
    return c.state === 'done' || (c.state === 'suspended' && stays && c.fp === this.inner?.fp);
  }
}

/** Whose frames a step stays with, and whether that task has ended already: it is a zombie, on its way out. */
export interface Stepper {
  task: Value;
  ended: boolean;
}

/**
 * Whether a CPU stands in one of these frames of a task. In the kernel the stack alone tells: in the middle of the
 * context switch another task is current already.
 */
function standsIn(cpu: Cpu, task: Value, frames: readonly FrameKey[]): boolean {
  if (cpu.mode === USER && cpu.task !== task) return false;
  return frames.some(
    ({ stack, fp, function: { entry, end } }) =>
      stack === cpu.stack && fp === cpu.fp && cpu.pc >= entry && cpu.pc < end,
  );
}

/**
 * After the task is gone (exit) or its program is (exec), a step that waits for one of its frames would wait forever.
 * It then stops at the next statement of a user program: of the new program, or of whoever gets the CPU.
 */
class Aftermath {
  private ended: 'exit' | 'exec' | null;
  private readonly task: Value;
  private readonly tid: Value;

  constructor(
    private readonly view: Visibility,
    { task, ended }: Stepper,
  ) {
    this.task = task;
    this.tid = field(kernelRecord<'Task'>(task), 'tid');
    this.ended = ended ? 'exit' : null;
  }

  get active(): boolean {
    return this.ended !== null;
  }

  onTrace({ name, fields }: KernelEvent): boolean {
    if (this.ended || this.tid === null) return false;
    if (name === 'sched_process_exit' && field(fields, 'pid') === this.tid) this.ended = 'exit';
    else if (name === 'sched_process_exec' && field(fields, 'pid') === this.tid) this.ended = 'exec';
    return this.ended !== null;
  }

  at(cpu: Cpu): Verdict | null {
    if (cpu.mode !== USER || !this.view.stopsAt(cpu.pc)) return null;
    if (this.ended === 'exec')
      return cpu.task === this.task ? { kind: 'stop', description: 'A new program begins' } : null;
    return { kind: 'stop', description: `Task ${String(this.tid)} has ended` };
  }

  pcs(): number[] {
    return this.view.statements(true);
  }
}

/** Step Over: the next statement of this frame or of one that called it, in the same task; others run meanwhile. */
export class StepOver implements Goal {
  readonly reason = 'step';
  private readonly aftermath: Aftermath;
  private readonly keys: Frames;
  /** Whether no frame that is shown lies below: a task that begins, and has only to come out of the kernel. */
  private readonly begins: boolean;

  constructor(
    private readonly view: Visibility,
    private readonly stepper: Stepper,
    private readonly frames: readonly Frame[],
  ) {
    this.aftermath = new Aftermath(view, stepper);
    this.keys = new Frames(frames, frames);
    this.begins = frames.every(({ mode, pc }) => mode === KERNEL || !view.shows(pc));
  }

  at(cpu: Cpu, _step: number, resumed: boolean): Verdict | null {
    if (!resumed && this.view.stopsAt(cpu.pc)) {
      if (this.keys.stoodIn(cpu, this.stepper.task)) return STOP;
      if (this.begins && cpu.mode === USER && cpu.task === this.stepper.task) return STOP;
    }
    return this.aftermath.active ? this.aftermath.at(cpu) : null;
  }

  pcs(): Iterable<number> {
    const functions = new Set(this.frames.map((frame) => frame.function));
    const own = [...functions].flatMap((f) => this.view.code.statementsIn(f)).filter((pc) => this.view.shows(pc));
    return this.begins || this.aftermath.active ? [...own, ...this.view.statements(true)] : own;
  }

  onTrace(event: KernelEvent): boolean {
    return this.aftermath.onTrace(event);
  }
}

/** Step Out: back in a frame further out, right behind the call. */
export class StepOut implements Goal {
  readonly reason = 'step';
  private readonly aftermath: Aftermath;
  private readonly keys: Frames;

  constructor(
    view: Visibility,
    private readonly stepper: Stepper,
    active: readonly Frame[],
    /** The frames to come back to, the nearest first. */
    private readonly frames: readonly Frame[],
  ) {
    this.aftermath = new Aftermath(view, stepper);
    this.keys = new Frames(active, frames);
  }

  at(cpu: Cpu): Verdict | null {
    if (this.keys.stoodIn(cpu, this.stepper.task)) return STOP;
    return this.aftermath.active ? this.aftermath.at(cpu) : null;
  }

  pcs(): Iterable<number> {
    const own = this.frames.flatMap(resumePoints);
    return this.aftermath.active ? [...own, ...this.aftermath.pcs()] : own;
  }

  onTrace(event: KernelEvent): boolean {
    return this.aftermath.onTrace(event);
  }
}

/** The kernel's function that the hardware enters at a system call. */
export const SYSCALL_ENTRY = 'syscall_entry' satisfies KernelFunction;

/**
 * Step Into: the next statement that this CPU executes, in whatever function and on behalf of whichever task: so it
 * goes through schedule() and the switch, and comes out in the next process.
 *
 * From user mode two things are passed over that the statement did not ask for. The entry path of a system call: the
 * stop is in the call's own function (sys_read). And an interrupt or a page fault that returns to the task as if
 * nothing had happened; if it takes the CPU away instead, the stop is at its beginning, to which the run then goes
 * back.
 */
export class StepInto implements Goal {
  readonly reason = 'step';
  private readonly startedInUser: boolean;
  /** Where the kernel was entered: known to matter only later. */
  private entered: { step: number; how: string } | null = null;

  constructor(
    private readonly view: Visibility,
    private readonly cpu: Cpu,
    private readonly task: Value,
    /** The name of the function at the bottom of the kernel stack: how the kernel was entered. */
    private readonly entryOf: (cpu: Cpu) => string,
  ) {
    this.startedInUser = cpu.mode === USER;
  }

  at(cpu: Cpu, step: number, resumed: boolean): Verdict | null {
    if (cpu !== this.cpu || !this.view.code.isStatement(cpu.pc)) return null;
    if (!this.startedInUser) return resumed || !this.view.shows(cpu.pc) ? null : STOP;
    return cpu.mode === KERNEL ? this.inKernel(cpu, step) : this.inUser(cpu, resumed);
  }

  private inKernel(cpu: Cpu, step: number): Verdict | null {
    this.entered ??= { step, how: this.entryOf(cpu) };
    const { how } = this.entered;
    if (cpu.task !== this.task) {
      return {
        kind: 'seek',
        step: this.entered.step,
        description: how === SYSCALL_ENTRY ? undefined : 'Loses the CPU',
      };
    }
    if (how !== SYSCALL_ENTRY) return null;
    return this.view.code.program.functionAt(cpu.pc)?.name.startsWith('sys_') ? STOP : null;
  }

  private inUser(cpu: Cpu, resumed: boolean): Verdict | null {
    const entered = this.entered;
    this.entered = null;
    // A call that is served on the entry path itself, without a function of its own.
    if (entered?.how === SYSCALL_ENTRY) return { kind: 'seek', step: entered.step };
    return resumed || !this.view.shows(cpu.pc) ? null : STOP;
  }

  pcs(): Iterable<number> {
    return this.view.code.statements;
  }
}

/** One instruction of this CPU. */
export class StepInstruction implements Goal {
  readonly reason = 'step';
  constructor(private readonly cpu: Cpu) {}

  at(cpu: Cpu): Verdict | null {
    return cpu === this.cpu ? STOP : null;
  }

  pcs(): Iterable<number> {
    return [this.cpu.pc];
  }
}

/** One instruction of this frame; what it calls, and the kernel, in one go. */
export class StepOverInstruction implements Goal {
  readonly reason = 'step';
  private readonly aftermath: Aftermath;
  private readonly from: number;

  constructor(
    view: Visibility,
    private readonly stepper: Stepper,
    private readonly frames: readonly Frame[],
  ) {
    this.aftermath = new Aftermath(view, stepper);
    this.from = frames[0]?.pc ?? 0;
  }

  at(cpu: Cpu, _step: number, resumed: boolean): Verdict | null {
    if (!resumed && standsIn(cpu, this.stepper.task, this.frames)) return STOP;
    return this.aftermath.active ? this.aftermath.at(cpu) : null;
  }

  pcs(): Iterable<number> {
    const own = [this.from + WORDS, ...this.frames.slice(1).flatMap(resumePoints)];
    return this.aftermath.active ? [...own, ...this.aftermath.pcs()] : own;
  }

  onTrace(event: KernelEvent): boolean {
    return this.aftermath.onTrace(event);
  }
}

/** The first statement of a user program: stopOnEntry. */
export class ReachUser implements Goal {
  readonly reason = 'entry';
  private readonly entries: ReadonlySet<number>;

  constructor(view: Visibility) {
    this.entries = new Set(view.code.statements.filter((pc) => view.code.ownerOf(pc) === Code.PROGRAM));
  }

  at(cpu: Cpu): Verdict | null {
    return this.entries.has(cpu.pc) ? { kind: 'stop', description: 'The first process begins' } : null;
  }

  pcs(): Iterable<number> {
    return this.entries;
  }
}

/** The first statement at which a condition holds: `until EXPR`. */
export class Until implements Goal {
  readonly reason = 'goto';
  constructor(
    private readonly view: Visibility,
    private readonly holds: (cpu: Cpu) => boolean,
  ) {}

  at(cpu: Cpu, _step: number, resumed: boolean): Verdict | null {
    return !resumed && this.view.stopsAt(cpu.pc) && this.holds(cpu) ? STOP : null;
  }

  pcs(): Iterable<number> {
    return this.view.statements();
  }
}

/** The first statement at or after an instant. */
export class AtTime implements Goal {
  readonly reason = 'goto';
  constructor(
    private readonly view: Visibility,
    private readonly clock: { readonly time: number },
    private readonly time: number,
  ) {}

  at(cpu: Cpu): Verdict | null {
    return this.clock.time >= this.time && this.view.stopsAt(cpu.pc)
      ? { kind: 'stop', description: `Tick ${this.time}` }
      : null;
  }

  pcs(): Iterable<number> {
    return this.view.statements();
  }
}

/** Where a frame can go on: behind the call that it waits in, or, interrupted, where it stands. */
function resumePoints(frame: Frame): number[] {
  return [frame.pc, frame.pc + WORDS];
}
