/**
 * Locks and their like, as values: what makes each, and the words of 4 bytes that it is made of. The meaning of the
 * words is the library's business (src/std/libc_mutex.osim and its neighbours); here is what `shared var m = mutex();`
 * needs, whose words are laid out before any code runs, and what the debugger shows. All words begin as 0, but for the
 * one that the argument of the making call goes into; there is an even number of them.
 */
import { spelled } from './limits.js';

export interface SyncKind {
  /** The kind of the value, and the call that makes one. */
  readonly name: string;
  readonly words: readonly string[];
  /** What the argument sets; `normal` where it may be left out. */
  readonly argument?: {
    readonly word: number;
    readonly least: number;
    readonly most: number;
    /** A bit that may be set beside it (abi.osim: MUTEX_PRIO_INHERIT). */
    readonly flag?: number;
    readonly normal?: number;
  };
}

/** In this order they are numbered: a slot of memory holds the number. */
export const SYNC_KINDS: readonly SyncKind[] = [
  {
    name: 'mutex',
    words: ['owner', 'type', 'depth', 'unused'],
    argument: { word: 1, least: 0, most: 2, flag: 32, normal: 0 },
  },
  { name: 'cond', words: ['sequence', 'waiters', 'mutex', 'unused'] },
  { name: 'semaphore', words: ['value', 'waiters'], argument: { word: 0, least: 0, most: 0x7fff_ffff } },
  { name: 'rwlock', words: ['state', 'waiters'] },
  { name: 'barrier', words: ['arrived', 'size'], argument: { word: 1, least: 1, most: 65_535 } },
  { name: 'once', words: ['state', 'unused'] },
];

export function syncKind(name: string): SyncKind | undefined {
  return SYNC_KINDS.find((kind) => kind.name === name);
}

const WAITERS = 0x8000_0000;
const TID = 0x3fff_ffff;
export const DESTROYED = 0xffff_ffff;

/** How an object stands, by its words: `mutex (held by thread 3)`. */
export function syncText(kind: string, [first = 0, second = 0]: readonly number[]): string {
  switch (kind) {
    case 'mutex':
      if (first === DESTROYED) return 'mutex (destroyed)';
      return first === 0 ? 'mutex (free)' : `mutex (held by thread ${first & TID})`;
    case 'cond':
      return second === DESTROYED ? 'cond (destroyed)' : `cond (${second} waiting)`;
    case 'semaphore':
      return first === DESTROYED ? 'semaphore (destroyed)' : `semaphore (${first})`;
    case 'rwlock':
      if (first === DESTROYED) return 'rwlock (destroyed)';
      if (first === 0) return 'rwlock (free)';
      if (first >= WAITERS) return `rwlock (held by thread ${first & TID} for writing)`;
      return `rwlock (${first} reading)`;
    case 'barrier':
      return second === 0 ? 'barrier (destroyed)' : `barrier (${first & 0xffff} of ${second})`;
    default:
      return `once (${['to be done', 'running', 'done'][first] ?? first})`;
  }
}

/** Why an object can not be made with this argument, where that must be known before the run; null if it can. */
export function syncArgumentFault(
  { name, argument }: SyncKind,
  value: unknown,
  given: boolean,
): { message: string; hint: string } | null {
  if (!argument) {
    return given ? { message: `${name}() takes no argument.`, hint: `Write ${name}().` } : null;
  }
  if (!given && argument.normal !== undefined) return null;
  const limits = `from ${spelled(argument.least)} to ${spelled(argument.most)}`;
  if (typeof value !== 'number') {
    return {
      message: `In a shared var the argument of ${name}() is an integer that is known before the run.`,
      hint: 'Use a number, a const or a param.',
    };
  }
  const proper = value & (argument.flag ?? 0) ? value - (argument.flag ?? 0) : value;
  if (proper >= argument.least && proper <= argument.most) return null;
  return {
    message: `The argument of ${name}() is ${limits}; ${spelled(value)} is not.`,
    hint: `Write a number ${limits}.`,
  };
}
