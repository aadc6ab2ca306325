/**
 * The common case of library functions that are called all the time: no allocation, no failure, nothing of the machine
 * touched. Whatever is not that case gets `undefined` here, and goes the full way (library.ts).
 */
import { isText } from './long-string.js';
import { ListValue, type Value } from './values.js';

/** The arguments are `slots[at]` and on. */
export type Quick = (slots: readonly Value[], at: number, count: number) => Value | undefined;

export const QUICK: Record<string, Quick> = {
  len(slots, at, count) {
    const value = slots[at];
    return count === 1 && (value instanceof ListValue || isText(value)) ? value.length : undefined;
  },

  min(slots, at, count) {
    const a = slots[at];
    const b = slots[at + 1];
    return count === 2 && typeof a === 'number' && typeof b === 'number' ? (b < a ? b : a) : undefined;
  },

  max(slots, at, count) {
    const a = slots[at];
    const b = slots[at + 1];
    return count === 2 && typeof a === 'number' && typeof b === 'number' ? (b > a ? b : a) : undefined;
  },

  assert: (slots, at) => (slots[at] === true ? null : undefined),
};
