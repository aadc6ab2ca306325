/**
 * What library functions have in common: their arguments, checked, and what their work costs.
 *
 * The rule of cost: a call costs its own instruction, and one tick more for every 16 bytes that it reads or writes, or
 * for every element of a list or map that it goes through. What takes the same time at any size (push, len …) costs
 * nothing more.
 */
import { LONGEST_STRING } from '../language/limits.js';
import { LongString } from './long-string.js';
import { Fault, SIGILL, type NativeContext } from './native.js';
import { aKindOf } from './operators.js';
import { ListValue, MapValue, type Value } from './values.js';

/** Elements of the longest list, and entries of the largest map. */
export const MOST_ELEMENTS = 10_000_000;

const ORDINALS = ['first', 'second', 'third', 'fourth'];

/** The arguments of one call, by position from 0. One that was left out is null. */
export class Arguments {
  constructor(
    readonly name: string,
    private readonly slots: Value[],
    private readonly at: number,
    readonly count: number,
  ) {}

  value(i: number): Value {
    return i < this.count ? this.slots[this.at + i] : null;
  }

  from(i: number): Value[] {
    return this.slots.slice(this.at + i, this.at + Math.max(i, this.count));
  }

  integer(i: number): number {
    const value = this.value(i);
    if (typeof value === 'number') return value;
    if (typeof value === 'boolean') return value ? 1 : 0;
    throw this.wrong(i, 'an integer');
  }

  string(i: number): string {
    const value = this.value(i);
    if (typeof value === 'string') return value;
    if (value instanceof LongString) return value.toString();
    throw this.wrong(i, 'a string');
  }

  list(i: number): ListValue {
    const value = this.value(i);
    if (value instanceof ListValue) return value;
    throw this.wrong(i, 'a list');
  }

  map(i: number): MapValue {
    const value = this.value(i);
    if (value instanceof MapValue) return value;
    throw this.wrong(i, 'a map');
  }

  /** An integer that counts something: 0 or more. */
  size(i: number): number {
    const size = this.integer(i);
    if (size >= 0) return size;
    throw this.fault(`the ${ordinal(i)} argument is ${size}: did the call that gave it fail?`);
  }

  /** The fault for an argument of the wrong kind. */
  wrong(i: number, wanted: string): Fault {
    return this.fault(`the ${ordinal(i)} argument must be ${wanted}, not ${aKindOf(this.value(i))}`);
  }

  fault(message: string): Fault {
    return new Fault(SIGILL, `${this.name}: ${message}`);
  }

  /** Checks the length of a string that is about to be made. */
  limitBytes(bytes: number): void {
    if (bytes > LONGEST_STRING) throw this.fault('a string may have 16 MiB at most');
  }

  /** Checks the length of a list that is about to grow. */
  limitElements(elements: number): void {
    if (elements > MOST_ELEMENTS) throw this.fault('a list may have 10 million elements at most');
  }
}

/** Makes the call cost `ticks` more. To tell the CPU takes time of the host, so it is not told of 0. */
export function charge(machine: NativeContext, ticks: number): void {
  if (ticks > 0) machine.charge(ticks);
}

/** Ticks for going through so many bytes. */
export function byteCost(bytes: number): number {
  return bytes >> 4;
}

function ordinal(i: number): string {
  return ORDINALS[i] ?? `${i + 1}th`;
}
