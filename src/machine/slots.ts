/**
 * How a user's global lies in memory: an 8-byte slot of .data.
 *
 * An integer is itself, a 64-bit two's complement number. Any other value has a tag in its high word that no 54-bit
 * integer has, 0x7FF00000 + kind: null, false, true, a function's index, a handle into the process's object heap, or a
 * lock's address.
 * So a slot of zeros is the integer 0, bytes can be watched and compared, and fork copies them like any others.
 */
import type { History, Saveable } from './history.js';
import { MachineLimit } from './errors.js';
import { joinWords } from './memory.js';
import { weightOfValues } from './weights.js';
import { FunctionValue, HardwareValue, SyncValue, type Value } from './values.js';
import { SYNC_KINDS } from '../language/sync-objects.js';

/** The high word of a slot that holds no integer, without its kind. */
export const SLOT_TAG = 0x7ff0_0000;
export const SLOT_NULL = SLOT_TAG;
export const SLOT_FALSE = SLOT_TAG | 1;
export const SLOT_TRUE = SLOT_TAG | 2;
export const SLOT_FUNCTION = SLOT_TAG | 3;
export const SLOT_HANDLE = SLOT_TAG | 4;
/** A lock or the like: its kind is added, and its address is the low word. */
export const SLOT_SYNC = SLOT_TAG | 16;

const CHUNK_BITS = 6;
const CHUNK = 1 << CHUNK_BITS;
const MOST_HANDLES = 10_000_000;
/** No sweep is due before so many handles were given. */
const SWEEP_LEAST = 1024;

/**
 * The object heap of an address space: what its globals refer to, by handle. The same object, or an equal string, has
 * one handle. Handles go from 1; those of values that no slot names any more are taken back by sweep().
 *
 * The table is saved by chunks of 64 handles. The map from values to handles follows from it and is kept in step when
 * the history swaps a chunk.
 */
export class HeapValue extends HardwareValue implements Saveable {
  readonly kind = 'heap';
  epoch: number;
  /** The epoch in which it was made. */
  private readonly born: number;
  /** The last handle ever given. */
  private last = 0;
  /** First of the free handles, linked by their chunks' `links`; 0 at the end. */
  private free = 0;
  /** Handles in use. */
  private count = 0;
  /** Handles given since the last sweep: when to sweep is the machine's decision. */
  private fresh = 0;
  private readonly chunks: HandleChunk[] = [];
  private readonly handles = new Map<Value, number>();

  constructor(private readonly history: History) {
    super();
    this.epoch = this.born = history.epoch;
  }

  get size(): number {
    return this.count;
  }

  /** How many handles were given out since the last sweep. */
  get givenSinceSweep(): number {
    return this.fresh;
  }

  /** Whether so many handles are new that looking for unused ones pays: see sweepHandles(). */
  get sweepDue(): boolean {
    return this.fresh > SWEEP_LEAST && this.fresh * 2 > this.count;
  }

  /** The handle of a value; a new one if it has none. */
  handleOf(value: Value): number {
    return this.handles.get(value) ?? this.give(value);
  }

  /** The value of a handle; undefined if nobody has been given it. */
  valueAt(handle: number): Value | undefined {
    return this.chunks[handle >> CHUNK_BITS]?.values[handle & (CHUNK - 1)];
  }

  /** Each handle in use with its value, by ascending handle. */
  *entries(): Generator<[handle: number, value: Value]> {
    for (let handle = 1; handle <= this.last; handle++) {
      const value = this.valueAt(handle);
      if (value !== undefined) yield [handle, value];
    }
  }

  /** Handles that were taken back, in the order in which they will be given again. */
  freeHandles(): number[] {
    const free: number[] = [];
    for (let handle = this.free; handle !== 0;) {
      free.push(handle);
      handle = this.chunks[handle >> CHUNK_BITS].links[handle & (CHUNK - 1)];
    }
    return free;
  }

  /** Takes back every handle that is not in `marked` (those found in the slots of the address space). */
  sweep(marked: ReadonlySet<number>): void {
    this.history.touch(this);
    this.fresh = 0;
    for (let handle = this.last; handle >= 1; handle--) {
      const value = this.valueAt(handle);
      if (value === undefined || marked.has(handle)) continue;
      const chunk = this.writable(handle);
      chunk.values[handle & (CHUNK - 1)] = undefined;
      chunk.links[handle & (CHUNK - 1)] = this.free;
      this.handles.delete(value);
      this.free = handle;
      this.count--;
    }
  }

  /** Becomes a copy of another heap: the same handles for what `copy` makes of the values. This one must be empty. */
  copyFrom(other: HeapValue, copy: (value: Value) => Value): void {
    this.history.touch(this);
    for (let handle = 1; handle <= other.last; handle++) {
      const chunk = this.writable(handle);
      const [theirs, at] = [other.chunks[handle >> CHUNK_BITS], handle & (CHUNK - 1)];
      chunk.links[at] = theirs.links[at];
      const value = theirs.values[at];
      if (value === undefined) continue;
      const mine = copy(value);
      chunk.values[at] = mine;
      this.handles.set(mine, handle);
    }
    const { last, free, count, fresh } = other;
    Object.assign(this, { last, free, count, fresh });
  }

  copyContent(): HeapContent {
    const { last, free, count, fresh } = this;
    return { last, free, count, fresh };
  }

  swapContent(content: unknown): HeapContent {
    const old = this.copyContent();
    Object.assign(this, content);
    return old;
  }

  private give(value: Value): number {
    this.history.touch(this);
    if (this.count >= MOST_HANDLES) throw new MachineLimit(`globals name more than ${MOST_HANDLES} objects`);
    const handle = this.free === 0 ? ++this.last : this.free;
    const chunk = this.writable(handle);
    if (handle === this.free) this.free = chunk.links[handle & (CHUNK - 1)];
    chunk.values[handle & (CHUNK - 1)] = value;
    this.handles.set(value, handle);
    this.count++;
    this.fresh++;
    return handle;
  }

  /** The chunk of a handle, made if need be and saved for the history. */
  private writable(handle: number): HandleChunk {
    const number = handle >> CHUNK_BITS;
    let chunk = this.chunks[number];
    if (chunk === undefined) {
      // As old as the heap: in a later epoch the first write saves the empty chunk, and going back empties it again.
      this.chunks[number] = chunk = new HandleChunk(this.born, number * CHUNK, this.handles);
    }
    if (chunk.epoch !== this.history.epoch) this.history.keep(chunk);
    return chunk;
  }
}

interface HeapContent {
  last: number;
  free: number;
  count: number;
  fresh: number;
}

interface ChunkContent {
  values: (Value | undefined)[];
  links: Int32Array;
}

/** The values of 64 handles, and for free ones the next free handle. */
class HandleChunk implements Saveable {
  values = new Array<Value | undefined>(CHUNK).fill(undefined);
  links: Int32Array = new Int32Array(CHUNK);

  constructor(
    public epoch: number,
    private readonly from: number,
    private readonly handles: Map<Value, number>,
  ) {}

  weigh(content: unknown): number {
    return 1500 + weightOfValues((content as ChunkContent).values);
  }

  copyContent(): ChunkContent {
    return { values: this.values.slice(), links: this.links.slice() };
  }

  swapContent(content: unknown): ChunkContent {
    const old: ChunkContent = { values: this.values, links: this.links };
    ({ values: this.values, links: this.links } = content as ChunkContent);
    // A value may have moved between chunks: forget it here only if it has not been found elsewhere already.
    old.values.forEach((value, i) => {
      if (value !== undefined && this.handles.get(value) === this.from + i) this.handles.delete(value);
    });
    this.values.forEach((value, i) => {
      if (value !== undefined) this.handles.set(value, this.from + i);
    });
    return old;
  }
}

/**
 * Puts a value into the slot at word index `at` of a frame's words (saved for the history by the caller).
 * `heap` is the address space's.
 */
export function encode(value: Value, heap: HeapValue, words: Int32Array, at: number): void {
  if (typeof value === 'number') {
    words[at] = value;
    words[at + 1] = (value | 0) === value ? value >> 31 : Math.floor(value / 0x1_0000_0000);
    return;
  }
  let [lo, hi] = [0, SLOT_NULL];
  if (value === false) hi = SLOT_FALSE;
  else if (value === true) hi = SLOT_TRUE;
  else if (value instanceof FunctionValue) [lo, hi] = [value.index, SLOT_FUNCTION];
  else if (value instanceof SyncValue) [lo, hi] = [value.address, SLOT_SYNC + value.number];
  else if (value !== null) [lo, hi] = [heap.handleOf(value), SLOT_HANDLE];
  words[at] = lo;
  words[at + 1] = hi;
}

/**
 * The value of a slot, from its two words. A slot whose bytes were tampered with so that it names no function or
 * object reads as null; an integer beyond 54 bits loses its upper ones. `functions` are those that user mode may name.
 */
export function decode(
  lo: number,
  hi: number,
  heap: HeapValue,
  functions: readonly (FunctionValue | undefined)[],
): Value {
  if (hi === lo >> 31) return lo;
  switch (hi) {
    case SLOT_NULL:
      return null;
    case SLOT_FALSE:
      return false;
    case SLOT_TRUE:
      return true;
    case SLOT_FUNCTION:
      return functions[lo] ?? null;
    case SLOT_HANDLE:
      return heap.valueAt(lo) ?? null;
    default:
      if (hi >= SLOT_SYNC && hi < SLOT_SYNC + SYNC_KINDS.length) return new SyncValue(hi - SLOT_SYNC, lo >>> 0);
      return joinWords(lo, hi);
  }
}
