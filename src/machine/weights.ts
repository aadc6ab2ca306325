/** How many bytes of the host's memory saved values take, about: what the history's limit counts. */
import { LongString } from './long-string.js';

/** Bytes of an array with its header, and of each of its elements. */
const ARRAY = 50;
const ELEMENT = 8;
/** Shorter strings are not worth looking at. */
const LONG = 64;

/** An array of values: the strings that it alone may still know are counted, other objects are saved for themselves. */
export function weightOfValues(values: readonly unknown[]): number {
  let bytes = ARRAY + values.length * ELEMENT;
  for (const value of values) {
    if (typeof value === 'string' ? value.length > LONG : value instanceof LongString)
      bytes += (value as string).length;
  }
  return bytes;
}
