/**
 * The event queue: what devices will do, ordered by (time, sequence), so that the same input makes the same run.
 *
 * A binary heap over typed arrays. A heap position holds an event's time and the number of its slot; a slot holds the
 * rest and stays where it is while the event waits, so that an event can be found again by the number that schedule()
 * gave. Cancelling only marks the slot; marked events leave when they reach the top, or all at once when they
 * outnumber the live ones.
 *
 * For the history the arrays are cut into chunks of 64 entries, each saved before its first change in an epoch.
 */
import type { History, Saveable } from './history.js';
import { MachineError, MachineLimit } from './errors.js';

/** An event that is due. */
export interface DueEvent {
  /** Ticks. */
  time: number;
  /** What schedule() was told: which device, and a number that means something to it. */
  kind: number;
  payload: number;
}

const CHUNK_BITS = 6;
const CHUNK = 1 << CHUNK_BITS;
/** Of the events at the same time, so many are told apart; those behind them come next. */
const MOST_TIED = 8;
/**
 * A number given by schedule() is sequence * SLOTS + slot: exact as long as no more than MOST_EVENTS were scheduled.
 */
const SLOTS = 1 << 20;
const MOST_EVENTS = 2 ** 32;
const CANCELLED = -1;

export class EventQueue implements Saveable {
  epoch: number;
  /** Time of the first event in ticks; Infinity when there is none. */
  nextTime = Infinity;

  /** Events in the heap, cancelled ones included. */
  private size = 0;
  private cancelled = 0;
  private nextSequence = 0;
  /** First of the free slots, which are linked by `sequences`; -1 at the end. */
  private free = -1;
  /** Slots that were ever used. */
  private used = 0;

  private heapTimes = new Float64Array(CHUNK);
  private heapSlots = new Int32Array(CHUNK);
  private sequences = new Float64Array(CHUNK);
  private kinds = new Int32Array(CHUNK);
  private payloads = new Float64Array(CHUNK);
  private readonly heapChunks: HeapChunk[] = [];
  private readonly slotChunks: SlotChunk[] = [];

  constructor(private readonly history: History) {
    this.epoch = history.epoch;
    this.addChunk();
  }

  /** How many events wait. */
  get length(): number {
    return this.size - this.cancelled;
  }

  /**
   * @param time ticks
   * @param kind which device: an integer ≥ 0
   * @returns a number by which the event can be cancelled
   */
  schedule(time: number, kind: number, payload: number): number {
    if (!(time >= 0 && time < Infinity) || kind < 0) throw new MachineError(`event ${kind} at time ${time}`);
    if (this.epoch !== this.history.epoch) this.history.keep(this);
    if (this.nextSequence >= MOST_EVENTS) throw new MachineLimit(`the devices have had ${MOST_EVENTS} events`);
    const slot = this.takeSlot();
    const sequence = this.nextSequence++;
    this.touchSlot(slot);
    this.sequences[slot] = sequence;
    this.kinds[slot] = kind;
    this.payloads[slot] = payload;
    const at = this.size++;
    if (at === this.heapTimes.length) this.grow();
    this.siftUp(at, time, slot);
    this.nextTime = this.heapTimes[0];
    return sequence * SLOTS + slot;
  }

  /** Takes an event out, by the number that schedule() gave. One that is over or cancelled is left alone. */
  cancel(event: number): void {
    const slot = event % SLOTS;
    if (!(event >= 0) || slot >= this.used || this.kinds[slot] === CANCELLED) return;
    if (this.sequences[slot] !== Math.floor(event / SLOTS)) return;
    if (this.epoch !== this.history.epoch) this.history.keep(this);
    this.touchSlot(slot);
    this.kinds[slot] = CANCELLED;
    this.cancelled++;
    if (this.cancelled > CHUNK && this.cancelled * 2 > this.size) this.compact();
    this.settle();
  }

  /** Takes out the first event. */
  pop(): DueEvent {
    if (this.size === 0) throw new MachineError('no event is pending');
    if (this.epoch !== this.history.epoch) this.history.keep(this);
    const slot = this.heapSlots[0];
    const due = {
      time: this.heapTimes[0],
      kind: this.kinds[slot],
      payload: this.payloads[slot],
    };
    this.removeTop();
    if (this.cancelled > 0) this.settle();
    else this.nextTime = this.size === 0 ? Infinity : this.heapTimes[0];
    return due;
  }

  /** How many events are due at the time of the first, that one included; no more than 8 are counted. */
  get tied(): number {
    return this.firstTied().length;
  }

  /** Takes out the event that is the n-th of those at the time of the first, from 0. */
  popTied(n: number): DueEvent {
    if (n === 0) return this.pop();
    const slot = this.heapSlots[this.firstTied()[n]];
    const due = { time: this.nextTime, kind: this.kinds[slot], payload: this.payloads[slot] };
    this.cancel(this.sequences[slot] * SLOTS + slot);
    return due;
  }

  /** All waiting events in order, with their sequence numbers. For inspection; costs a sort. */
  pending(): (DueEvent & { sequence: number })[] {
    const events = [];
    for (let i = 0; i < this.size; i++) {
      const slot = this.heapSlots[i];
      const [kind, payload, sequence] = [this.kinds[slot], this.payloads[slot], this.sequences[slot]] as const;
      if (kind === CANCELLED) continue;
      events.push({ time: this.heapTimes[i], kind, payload, sequence });
    }
    return events.sort((a, b) => a.time - b.time || a.sequence - b.sequence);
  }

  /** How many events were ever scheduled. */
  get scheduled(): number {
    return this.nextSequence;
  }

  copyContent(): EventQueueContent {
    const { nextTime, size, cancelled, nextSequence, free, used } = this;
    return { nextTime, size, cancelled, nextSequence, free, used };
  }

  swapContent(content: unknown): EventQueueContent {
    const old = this.copyContent();
    Object.assign(this, content);
    return old;
  }

  // -- the heap ------------------------------------------------------------------------------------------------------

  /**
   * Heap positions of the first events at the time of the first, in order. They are below each other, and those below
   * one come after it: so the next is always one of a few candidates.
   */
  private firstTied(): number[] {
    const isTied = (at: number): boolean => at < this.size && this.heapTimes[at] === this.nextTime;
    let candidates = [0].filter(isTied);
    const tied: number[] = [];
    while (candidates.length > 0 && tied.length < MOST_TIED) {
      const first = candidates.reduce((least, at) => (this.precedes(at, least) ? at : least));
      if (this.kinds[this.heapSlots[first]] !== CANCELLED) tied.push(first);
      const below = [2 * first + 1, 2 * first + 2].filter(isTied);
      candidates = candidates.filter((at) => at !== first).concat(below);
    }
    return tied;
  }

  private removeTop(): void {
    this.giveSlot(this.heapSlots[0]);
    const last = --this.size;
    if (last > 0) this.siftDown(0, this.heapTimes[last], this.heapSlots[last]);
  }

  /** Takes cancelled events off the top, so that nextTime is that of a live one. */
  private settle(): void {
    while (this.size > 0 && this.kinds[this.heapSlots[0]] === CANCELLED) {
      this.removeTop();
      this.cancelled--;
    }
    this.nextTime = this.size === 0 ? Infinity : this.heapTimes[0];
  }

  /** Rebuilds the heap without the cancelled events. */
  private compact(): void {
    let kept = 0;
    for (let i = 0; i < this.size; i++) {
      const slot = this.heapSlots[i];
      if (this.kinds[slot] === CANCELLED) this.giveSlot(slot);
      else this.place(kept++, this.heapTimes[i], slot);
    }
    this.size = kept;
    this.cancelled = 0;
    for (let i = (kept >> 1) - 1; i >= 0; i--) {
      this.siftDown(i, this.heapTimes[i], this.heapSlots[i]);
    }
  }

  private siftUp(at: number, time: number, slot: number): void {
    const { heapTimes, heapSlots, sequences } = this;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const parentTime = heapTimes[parent];
      if (parentTime < time) break;
      const parentSlot = heapSlots[parent];
      if (parentTime === time && sequences[parentSlot] < sequences[slot]) break;
      this.place(at, parentTime, parentSlot);
      at = parent;
    }
    this.place(at, time, slot);
  }

  private siftDown(at: number, time: number, slot: number): void {
    const { heapTimes, heapSlots, size, sequences } = this;
    const sequence = sequences[slot];
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      let childTime = heapTimes[child];
      if (child + 1 < size) {
        const rightTime = heapTimes[child + 1];
        if (rightTime < childTime || (rightTime === childTime && this.precedes(child + 1, child))) {
          child++;
          childTime = rightTime;
        }
      }
      if (time < childTime) break;
      const childSlot = heapSlots[child];
      if (time === childTime && sequence < sequences[childSlot]) break;
      this.place(at, childTime, childSlot);
      at = child;
    }
    this.place(at, time, slot);
  }

  /** Whether the event at heap position a was scheduled before the one at b. */
  private precedes(a: number, b: number): boolean {
    const { sequences, heapSlots } = this;
    return sequences[heapSlots[a]] < sequences[heapSlots[b]];
  }

  private place(at: number, time: number, slot: number): void {
    const chunk = this.heapChunks[at >> CHUNK_BITS];
    if (chunk.epoch !== this.history.epoch) this.history.keep(chunk);
    this.heapTimes[at] = time;
    this.heapSlots[at] = slot;
  }

  // -- slots ---------------------------------------------------------------------------------------------------------

  private takeSlot(): number {
    const slot = this.free;
    if (slot < 0) {
      if (this.used === SLOTS) throw new MachineLimit(`${SLOTS} events are pending: the machine's queue is full`);
      if (this.used === this.kinds.length) this.grow();
      return this.used++;
    }
    this.free = this.sequences[slot];
    return slot;
  }

  private giveSlot(slot: number): void {
    this.touchSlot(slot);
    this.kinds[slot] = CANCELLED;
    this.sequences[slot] = this.free;
    this.free = slot;
  }

  private touchSlot(slot: number): void {
    const chunk = this.slotChunks[slot >> CHUNK_BITS];
    if (chunk.epoch !== this.history.epoch) this.history.keep(chunk);
  }

  /** Doubles all arrays. */
  private grow(): void {
    this.heapTimes = doubled(this.heapTimes, Float64Array);
    this.heapSlots = doubled(this.heapSlots, Int32Array);
    this.sequences = doubled(this.sequences, Float64Array);
    this.kinds = doubled(this.kinds, Int32Array);
    this.payloads = doubled(this.payloads, Float64Array);
    while (this.heapChunks.length * CHUNK < this.heapTimes.length) this.addChunk();
  }

  /** A chunk's epoch is that of now: what lies beyond `size` and `used` before now matters to nobody. */
  private addChunk(): void {
    const from = this.heapChunks.length * CHUNK;
    const arrays = (): HeapArrays => ({ times: this.heapTimes, slots: this.heapSlots });
    const slots = (): SlotArrays => ({ sequences: this.sequences, kinds: this.kinds, payloads: this.payloads });
    this.heapChunks.push(new HeapChunk(this.history.epoch, from, arrays));
    this.slotChunks.push(new SlotChunk(this.history.epoch, from, slots));
  }
}

interface EventQueueContent {
  nextTime: number;
  size: number;
  cancelled: number;
  nextSequence: number;
  free: number;
  used: number;
}

interface HeapArrays {
  times: Float64Array;
  slots: Int32Array;
}

interface SlotArrays {
  sequences: Float64Array;
  kinds: Int32Array;
  payloads: Float64Array;
}

/** Bytes of a chunk's saved content. */
const CHUNK_WEIGHT = CHUNK * 20 + 700;

/** 64 positions of the heap. */
class HeapChunk implements Saveable {
  weigh(): number {
    return CHUNK_WEIGHT;
  }
  constructor(
    public epoch: number,
    private readonly from: number,
    private readonly arrays: () => HeapArrays,
  ) {}
  copyContent(): HeapArrays {
    const { times, slots } = this.arrays();
    const end = this.from + CHUNK;
    return { times: times.slice(this.from, end), slots: slots.slice(this.from, end) };
  }
  swapContent(content: unknown): HeapArrays {
    const old = this.copyContent();
    const [present, saved] = [this.arrays(), content as HeapArrays];
    present.times.set(saved.times, this.from);
    present.slots.set(saved.slots, this.from);
    return old;
  }
}

/** 64 slots. */
class SlotChunk implements Saveable {
  weigh(): number {
    return CHUNK_WEIGHT;
  }
  constructor(
    public epoch: number,
    private readonly from: number,
    private readonly arrays: () => SlotArrays,
  ) {}
  copyContent(): SlotArrays {
    const { sequences, kinds, payloads } = this.arrays();
    const [from, end] = [this.from, this.from + CHUNK];
    return {
      sequences: sequences.slice(from, end),
      kinds: kinds.slice(from, end),
      payloads: payloads.slice(from, end),
    };
  }
  swapContent(content: unknown): SlotArrays {
    const old = this.copyContent();
    const [present, saved] = [this.arrays(), content as SlotArrays];
    present.sequences.set(saved.sequences, this.from);
    present.kinds.set(saved.kinds, this.from);
    present.payloads.set(saved.payloads, this.from);
    return old;
  }
}

function doubled<T extends Float64Array | Int32Array>(array: T, make: new (length: number) => T): T {
  const larger = new make(array.length * 2);
  larger.set(array);
  return larger;
}
