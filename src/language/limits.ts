/** The ends of time and space: what checks, compiler, machine and command line all tell in the same figures. */

/**
 * When simulated time ends, ticks. An integer is exact to 53 bits; all sums that the kernel and the devices make of a
 * time, what eight CPUs have used and the longest wait must stay below. With 1 tick = 1 ns it is eleven days.
 */
export const END_OF_TIME = 1_000_000_000_000_000;

/** The longest time that a setting may be, ticks. */
export const LONGEST_SETTING = 1_000_000_000_000;

/**
 * The most that one cost may be, ticks: the kernel multiplies it by what a call moves, up to 2^28 pieces of 16 bytes.
 */
export const HIGHEST_COST = 10_000_000;

/** The most memory that a machine can have, bytes: physical addresses are kept in 32-bit words with a sign. */
export const MOST_MEMORY = 2047 * 1024 ** 2;

/** Bytes of the longest string, and of the longest file on the disk. */
export const LONGEST_STRING = 16 * 1024 ** 2;

/** Characters of one line of log(), and of other lines for a person. */
export const LONGEST_LINE = 128 * 1024;

/** What an attribute of a process or a remote may be. */
export const ATTRIBUTE_RANGES = {
  count: [0, 100_000],
  at: [0, END_OF_TIME],
  nice: [-20, 19],
  priority: [0, 139],
  burst: [0, END_OF_TIME],
  tickets: [1, 1_000_000],
  cpu: [0, 7],
  every: [0, LONGEST_SETTING],
} as const satisfies Record<string, readonly [min: number, max: number]>;

/** Elements of the longest `shared var a[n]`. */
const LONGEST_ARRAY = 1_000_000;

/**
 * Why `shared var a[n]` can not have so many elements; null if it can. `length` is what n comes to, if that is known.
 */
export function arrayLengthFault(length: unknown): { message: string; hint: string } | null {
  const limits = `from 1 to ${spelled(LONGEST_ARRAY)}`;
  if (typeof length !== 'number') {
    return {
      message: 'How many elements an array has is an integer that is known before the run.',
      hint: 'Use a number, a const or a param.',
    };
  }
  if (length >= 1 && length <= LONGEST_ARRAY) return null;
  return { message: `An array has ${limits} elements; ${spelled(length)} is not.`, hint: `Write a number ${limits}.` };
}

/** An integer as programs write it: 1_000_000. */
export function spelled(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, '_');
}

const UNITS = [
  ['GiB', 1024 ** 3],
  ['MiB', 1024 ** 2],
  ['KiB', 1024],
] as const;

/** A size as programs write it, in the largest unit that it is a multiple of: 64 KiB. */
export function spelledBytes(bytes: number): string {
  const unit = bytes === 0 ? undefined : UNITS.find(([, size]) => bytes % size === 0);
  return unit ? `${bytes / unit[1]} ${unit[0]}` : spelled(bytes);
}
