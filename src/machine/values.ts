/**
 * What a register can hold. Integers, strings (bytes: each char 0..255), booleans and null are JS values, but for long
 * strings (long-string.ts); everything with parts is one of the classes below.
 *
 * Every class that can change carries `epoch`: the history's number when its content was last saved (history.ts).
 * Whoever writes one calls `history.touch(object)` first. Buffers and functions never change.
 */
import { SYNC_KINDS } from '../language/sync-objects.js';
import type { Saveable } from './history.js';
import type { LongString } from './long-string.js';
import { weightOfValues } from './weights.js';

export type Value =
  | number
  | string
  | LongString
  | boolean
  | null
  | RecordValue
  | ListValue
  | MapValue
  | BufferValue
  | WordsValue
  | SyncValue
  | FunctionValue
  | HardwareValue;

/** The layout of a struct or of a record literal. */
export class Shape {
  /** Slot of the field with name number n (an index into the linked program's names); negative when there is none. */
  readonly slotOf: Int16Array;
  constructor(
    readonly id: number,
    /** Null for a record literal. */
    readonly name: string | null,
    readonly fields: readonly string[],
    nameIds: readonly number[],
    nameCount: number,
  ) {
    this.slotOf = new Int16Array(nameCount).fill(-1);
    nameIds.forEach((id, slot) => (this.slotOf[id] = slot));
  }
}

/**
 * A struct or a record. Kernel structs have a stable address and a size of 8 bytes a field; a user's have address 0.
 */
export class RecordValue implements Saveable {
  constructor(
    public epoch: number,
    readonly shape: Shape,
    public fields: Value[],
    readonly address: number,
  ) {}
  copyContent(): Value[] {
    return this.fields.slice();
  }
  swapContent(content: unknown): Value[] {
    const old = this.fields;
    this.fields = content as Value[];
    return old;
  }
  weigh(content: unknown): number {
    return 150 + 2 * weightOfValues(content as Value[]);
  }
  /** The field's value, or undefined when there is no such field. */
  fieldNamed(name: string): Value | undefined {
    return this.fields[this.shape.fields.indexOf(name)];
  }
}

/** A list: items[head …]. Taking the first element moves `head`, so that it costs the same at any length. */
export class ListValue implements Saveable {
  head = 0;
  constructor(
    public epoch: number,
    public items: Value[],
  ) {}
  get length(): number {
    return this.items.length - this.head;
  }
  weigh(content: unknown): number {
    return 150 + weightOfValues(content as Value[]) + 8 * this.items.length;
  }
  /** The live elements, as a new array. */
  toArray(): Value[] {
    return this.head === 0 ? this.items.slice() : this.items.slice(this.head);
  }
  copyContent(): Value[] {
    return this.toArray();
  }
  swapContent(content: unknown): Value[] {
    const old = this.toArray();
    this.items = content as Value[];
    this.head = 0;
    return old;
  }
}

export type MapKey = number | string | boolean;

/** A map in order of insertion. A JS Map has just that order; saving copies it whole. */
export class MapValue implements Saveable {
  constructor(
    public epoch: number,
    public entries: Map<MapKey, Value>,
  ) {}
  weigh(content: unknown): number {
    const saved = content as Map<MapKey, Value>;
    return 200 + 40 * (saved.size + this.entries.size) + weightOfValues([...saved.keys(), ...saved.values()]);
  }
  copyContent(): Map<MapKey, Value> {
    return new Map(this.entries);
  }
  swapContent(content: unknown): Map<MapKey, Value> {
    const old = this.entries;
    this.entries = content as Map<MapKey, Value>;
    return old;
  }
}

/** A user address and a length in bytes. */
export class BufferValue {
  constructor(
    readonly address: number,
    readonly length: number,
  ) {}
}

/**
 * Slots of 8 bytes in user memory, each a variable of its own: a `shared var a[n]`, or the one global that an atomic
 * operation works on.
 */
export class WordsValue {
  constructor(
    readonly address: number,
    readonly length: number,
  ) {}
}

/** A mutex, a condition variable …: its words lie at a user address. By value, so it fits a slot of shared memory. */
export class SyncValue {
  constructor(
    /** Its index among SYNC_KINDS. */
    readonly number: number,
    readonly address: number,
  ) {}
  get kind(): string {
    return SYNC_KINDS[this.number].name;
  }
}

/** A top-level function; one object per function of the linked program. */
export class FunctionValue {
  constructor(
    readonly index: number,
    readonly name: string,
  ) {}
}

/** What the hardware hands out and the language cannot look into: contexts, page tables, heaps, coroutines. */
export abstract class HardwareValue {
  abstract readonly kind: string;
}
