/**
 * A VM stack: the frames of a thread in user mode, of a task in the kernel, or of a coroutine; and the coroutine, which
 * is little more. Layout: isa.ts.
 *
 * A stack is the most written thing of all, so history does not save it whole. When it is entered in a new epoch only
 * its top frame is saved; each return to an older frame then saves that one (`saved` is the slot down to which this has
 * been done). Whoever takes a frame away must enter the stack first. What lies above the top at the epoch's start need
 * not be saved: it was not there.
 */
import type { History, Saveable } from './history.js';
import { HardwareValue, type Value } from './values.js';
import { HEADER } from '../isa/isa.js';
import { weightOfValues } from './weights.js';
import type { HeapValue } from './slots.js';

/** Return addresses that mean something else than "the caller". */
export const RETURN = {
  /** From the kernel to the user state at the bottom of the kernel stack. */
  TO_USER: -1,
  /** From an interrupt taken in the kernel (halt) back to where it was. */
  TO_KERNEL: -2,
  /** The end of a coroutine's function. */
  COROUTINE_END: -3,
  /** The bottom of a user stack; its function calls exit() and never returns. */
  BOTTOM: -4,
  /** From a signal handler to what it interrupted. */
  FROM_HANDLER: -5,
} as const;

/** Slots at the bottom of a kernel stack: where user mode goes on. */
export const USER_STATE = { STACK: 0, PC: 1, FP: 2, RESULT: 3, KIND: 4, SLOTS: 5 } as const;
/** The first frame's registers on a kernel stack that was entered from user mode. */
export const KERNEL_BASE = USER_STATE.SLOTS + HEADER;

interface Segment {
  low: number;
  values: Value[];
}
interface StackContent {
  segments: Segment[];
  top: number;
  fp: number;
  sp: number;
}

/**
 * The register of a CPU that user mode reads to learn which thread it is (x86: the base of segment fs). Which task has
 * the CPU decides what is in it, so it belongs to the task's kernel stack.
 */
export class ThreadPointer implements Saveable {
  tid = 0;
  /** Bytes from where the first thread has its thread-local variables to where this one has them. */
  offset = 0;
  constructor(public epoch: number) {}
  copyContent(): [number, number] {
    return [this.tid, this.offset];
  }
  swapContent(content: unknown): [number, number] {
    const old = this.copyContent();
    [this.tid, this.offset] = content as [number, number];
    return old;
  }
}

/** What new stacks are copied from. */
const FRESH: Value[] = [];
while (FRESH.length < 128) FRESH.push(null);

export class Stack extends HardwareValue implements Saveable {
  readonly kind = 'stack';
  slots: Value[];
  /** The innermost frame, 0 when there is none. Exact only while the stack is not running: a CPU has it then. */
  fp = 0;
  /** Slots from here up have been saved in this epoch, or came into being in it. */
  saved = 0;
  private content: StackContent | null = null;
  /** The coroutine that runs on it, if it is a coroutine's. */
  coroutine: CoroutineValue | null = null;
  /** The object heap of its address space; null for a kernel stack. */
  heap: HeapValue | null = null;
  /** On a task's kernel stack: the thread pointer of its user mode. On the stack that this begins on: the same. */
  thread: ThreadPointer | null = null;
  /** User address of the arguments that boot or exec laid out; 0: none. */
  argumentsAt = 0;

  /**
   * @param frameSizes registers of each function, by its index
   * @param limit the most slots it may have
   * @param sp the user address just above the thread's byte stack (grows down)
   */
  constructor(
    public epoch: number,
    private readonly frameSizes: Int32Array,
    readonly limit: number,
    public sp = 0,
    /** Slots to begin with: a copy of a list takes just as much room, one that was pushed to a good deal more. */
    room = 32,
  ) {
    super();
    this.slots = FRESH.slice(0, room);
    this.grow(room);
  }

  /** Makes room for slots 0 … size-1. */
  grow(size: number): void {
    if (size <= this.slots.length) return;
    const wanted = Math.min(Math.max(size, this.slots.length * 2), Math.max(size, this.limit));
    while (this.slots.length < wanted) this.slots.push(null);
  }

  /**
   * The slot after the last one that any active frame has. A caller's registers may reach further up than its callee's,
   * since a call's window need not be the caller's highest one.
   */
  get top(): number {
    let top = 0;
    for (let fp = this.fp; fp >= HEADER;) {
      top = Math.max(top, fp + this.frameSizes[this.slots[fp - 1] as number]);
      const back = this.slots[fp - 3] as number;
      if (back >= 0) fp = this.slots[fp - 2] as number;
      else if (back === RETURN.TO_KERNEL || back === RETURN.FROM_HANDLER) fp = this.slots[fp - HEADER - 1] as number;
      else break;
    }
    return top;
  }

  /** Call when the CPU whose registers know the frame (`fp`) goes on running on this stack. */
  run(history: History, fp: number): void {
    if (this.epoch === history.epoch) return;
    this.fp = fp;
    this.enter(history, fp);
  }

  /**
   * Call when somebody comes (back) to this stack, to the frame at `fp`, which may lie below the one where it was left:
   * what lies between is dead from here on, and will be overwritten.
   */
  enter(history: History, fp: number): void {
    if (this.epoch !== history.epoch) {
      this.saved = Math.max(0, this.fp - HEADER);
      history.keep(this);
    }
    if (fp - HEADER < this.saved) this.extend(fp - HEADER);
  }

  /** Call when a frame below `saved` becomes the running one; its lowest slot is `low`. */
  extend(low: number): void {
    const from = Math.max(0, low);
    this.content?.segments.push({ low: from, values: this.slots.slice(from, this.saved) });
    this.saved = from;
  }

  copyContent(): StackContent {
    const { saved, top, fp, sp } = this;
    this.content = { segments: [{ low: saved, values: this.slots.slice(saved, top) }], top, fp, sp };
    return this.content;
  }

  swapContent(content: unknown): StackContent {
    const old = content as StackContent;
    const low = old.segments.reduce((least, segment) => Math.min(least, segment.low), old.top);
    const { top, fp, sp } = this;
    const present: StackContent = { segments: [{ low, values: this.slots.slice(low, top) }], top, fp, sp };
    this.grow(old.top);
    for (const segment of old.segments) {
      for (let i = 0; i < segment.values.length; i++) this.slots[segment.low + i] = segment.values[i];
    }
    this.fp = old.fp;
    this.sp = old.sp;
    this.saved = 0;
    this.content = null;
    return present;
  }

  weigh(content: unknown): number {
    const { segments } = content as StackContent;
    return segments.reduce((sum, { values }) => sum + 100 + weightOfValues(values), 300);
  }

  /** Frames that only the newer epoch saved had not changed in the older one. */
  mergeContent(older: unknown, newer: unknown): StackContent {
    const old = older as StackContent;
    const low = old.segments.reduce((least, segment) => Math.min(least, segment.low), old.top);
    for (const segment of (newer as StackContent).segments) {
      if (segment.low < low)
        old.segments.push({ low: segment.low, values: segment.values.slice(0, low - segment.low) });
    }
    return old;
  }
}

export type CoroutineState = 'new' | 'suspended' | 'running' | 'done';

type CoroutineContent = [CoroutineState, number, number, number, Stack | null, number, number, number, number, number];

/** A coroutine: a stack of its own in user mode. The kernel knows nothing of it. */
export class CoroutineValue extends HardwareValue implements Saveable {
  readonly kind = 'coroutine';
  state: CoroutineState = 'new';
  /** Where it goes on, and the slot that gets the value sent by resume(). */
  pc = 0;
  fp = 0;
  result = -1;
  /** Who resumed it: stack, pc, fp and the slot that gets the yielded value. */
  resumer: Stack | null = null;
  resumerPc = 0;
  resumerFp = 0;
  resumerResult = -1;
  /** Where the resumer goes on when the coroutine returns instead: behind its loop; -1: as if it had yielded. */
  resumerEnd = -1;
  /** What it counts for in the statistics; 0: nothing, as a copy that fork() has made. */
  bytes = 0;

  constructor(
    public epoch: number,
    readonly stack: Stack,
    /** The function it runs, for the reader. */
    readonly functionIndex: number,
    /** The how manieth of this machine it is, from 1: what one calls it by. A copy that fork() makes has the same. */
    readonly number: number,
    /** The thread that has made it, and in which alone it runs. */
    readonly thread: ThreadPointer | null = null,
  ) {
    super();
    stack.coroutine = this;
  }

  copyContent(): CoroutineContent {
    return [
      this.state,
      this.pc,
      this.fp,
      this.result,
      this.resumer,
      this.resumerPc,
      this.resumerFp,
      this.resumerResult,
      this.resumerEnd,
      this.bytes,
    ];
  }
  swapContent(content: unknown): CoroutineContent {
    const old = this.copyContent();
    const [state, pc, fp, result, resumer, resumerPc, resumerFp, resumerResult, resumerEnd, bytes] =
      content as CoroutineContent;
    Object.assign(this, { state, pc, fp, result, resumer, resumerPc, resumerFp, resumerResult, resumerEnd, bytes });
    return old;
  }
}
