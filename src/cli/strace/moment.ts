/**
 * A call's arguments at one moment: at its beginning, when they point to what the kernel shall take, or at its end,
 * when they point to what it has put there. Memory is read through the caller's page table, and nothing is changed by
 * that.
 */
import { areaAt, readBytes } from '../../computer/inspect-memory.js';
import type { Task } from '../../computer/inspect.js';
import { integer } from '../../computer/kernel-records.js';
import type { Board } from '../../machine/board.js';
import { isError } from './errors.js';
import { hex, unsigned } from './names.js';

/** Strings of data are cut here, lists too. strace's own default (-s). */
const SHOWN = 32;
const LONGEST_PATH = 4096;

export class Moment {
  constructor(
    private readonly machine: Board,
    readonly task: Task,
    private readonly args: readonly number[],
    /** What the call returned; 0 at its beginning. */
    readonly result: number,
    /** What the call has kept of its beginning. */
    readonly before: number | null = null,
    /** Ticks since it began. */
    readonly elapsed = 0,
  ) {}

  get failed(): boolean {
    return isError(this.result);
  }

  value(i: number): number {
    return this.args[i] ?? 0;
  }

  // ---- Arguments as they are ----

  int(i: number): string {
    return String(this.value(i));
  }

  size(i: number): string {
    return unsigned(this.value(i));
  }

  address(i: number): string {
    return pointer(this.value(i));
  }

  // ---- What they point to ----

  /** A string that ends in 0. */
  path(i: number): string {
    const at = this.value(i);
    const bytes = this.memory(at, LONGEST_PATH);
    const length = bytes.indexOf(0);
    if (at === 0 || bytes.length === 0) return pointer(at);
    return length < 0 ? `${quoted(bytes)}...` : quoted(bytes.subarray(0, length));
  }

  /** `length` bytes at an address. */
  data(at: number, length: number): string {
    if (length === 0 && at !== 0) return '""';
    const wanted = Math.min(length, SHOWN);
    const bytes = at === 0 || length < 0 ? new Uint8Array() : this.memory(at, wanted);
    if (bytes.length < wanted || length < 0 || at === 0) return pointer(at);
    return `${quoted(bytes)}${length > SHOWN ? '...' : ''}`;
  }

  /** A number of 1 to 8 bytes; null where there is no memory. */
  load(at: number, bytes: number): number | null {
    const found = at <= 0 ? new Uint8Array() : this.memory(at, bytes);
    if (found.length < bytes) return null;
    const view = new DataView(found.buffer, found.byteOffset, bytes);
    switch (bytes) {
      case 1:
        return view.getUint8(0);
      case 2:
        return view.getUint16(0, true);
      case 4:
        return view.getInt32(0, true);
      default:
        return Number(view.getBigInt64(0, true));
    }
  }

  /**
   * Argument i as `text` says it, or as an address when that has no memory, when the call failed, or when it is NULL.
   */
  at(i: number, text: (address: number) => string | null): string {
    const address = this.value(i);
    return (address <= 0 ? null : text(address)) ?? pointer(address);
  }

  /** The same for what the call puts there: an address if it failed. */
  filled(i: number, text: (address: number) => string | null): string {
    return this.failed ? this.address(i) : this.at(i, text);
  }

  /** Pages that were promised, but never touched, read as zeros, as they would if they were brought in. */
  memory(at: number, count: number): Uint8Array {
    const bytes = readBytes(this.machine, this.task, at, count);
    if (bytes.length === count) return bytes;
    const whole = new Uint8Array(count);
    let end = 0;
    while (end < count) {
      const piece = readBytes(this.machine, this.task, at + end, count - end);
      whole.set(piece, end);
      end += piece.length;
      if (end === count || !this.isMapped(at + end)) break;
      end = Math.min(count, end + PAGE - ((at + end) % PAGE));
    }
    return whole.subarray(0, end);
  }

  private isMapped(address: number): boolean {
    return integer(areaAt(this.task, address), 'prot') !== 0;
  }
}

const PAGE = 4096;

/** `0x9001048`, `NULL`. */
export function pointer(address: number): string {
  return address === 0 ? 'NULL' : hex(address);
}

/** As many members as strace shows of a list. */
export function listed(items: readonly string[], count = items.length): string {
  return `[${[...items.slice(0, SHOWN), ...(count > SHOWN ? ['...'] : [])].join(', ')}]`;
}

/** A string of the kernel's, or of a block of arguments, cut like data. */
export function quotedText(bytes: Uint8Array): string {
  return `${quoted(bytes.subarray(0, SHOWN))}${bytes.length > SHOWN ? '...' : ''}`;
}

/** A string that ends in a zero byte, or with the bytes. */
export function quotedPath(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return quoted(end < 0 ? bytes : bytes.subarray(0, end));
}

const LETTERS: Readonly<Record<number, string>> = {
  0x09: '\\t',
  0x0a: '\\n',
  0x0b: '\\v',
  0x0c: '\\f',
  0x0d: '\\r',
  0x22: '\\"',
  0x5c: '\\\\',
};

/** A byte that is no printable ASCII is shown in octal, with three digits where the next byte is a digit. */
export function quoted(bytes: Uint8Array): string {
  let shown = '';
  bytes.forEach((byte, i) => {
    const next = bytes[i + 1] ?? 0;
    if (LETTERS[byte] !== undefined) shown += LETTERS[byte];
    else if (byte >= 0x20 && byte < 0x7f) shown += String.fromCharCode(byte);
    else shown += `\\${byte.toString(8).padStart(next >= 0x30 && next <= 0x37 ? 3 : 1, '0')}`;
  });
  return `"${shown}"`;
}
