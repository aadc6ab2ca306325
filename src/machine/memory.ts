/**
 * Physical memory: bytes in frames of 4096, made when first needed, so that a large memory costs what is used of it.
 *
 * A frame that nobody has written is no object at all and reads as zeros. When one is made while history is on, its
 * epoch is 0 (before every epoch), so its first write saves that it was blank, and going back empties it.
 *
 * Bytes are little-endian, as the typed arrays of every host that runs JavaScript today.
 */
import { MOST_MEMORY, spelledBytes } from '../language/limits.js';
import { MachineError } from './errors.js';
import type { History, Saveable } from './history.js';

export { MachineError } from './errors.js';

/** Bytes in a page, a frame and a disk sector. */
export const PAGE_SIZE = 4096;
const PAGE_BITS = 12;
const PAGE_MASK = PAGE_SIZE - 1;

/** How many characters String.fromCharCode is given at a time (its arguments stand on the host's stack). */
const TEXT_PIECE = 8192;

/** One page of physical memory. */
export class Frame implements Saveable {
  bytes: Uint8Array = new Uint8Array(PAGE_SIZE);
  words: Int32Array = new Int32Array(this.bytes.buffer);

  /** @param blank whether the content is known to be all zeros until the first save */
  constructor(
    public epoch: number,
    private blank: boolean,
  ) {}

  /** The bytes; null for a frame that was never written. */
  copyContent(): Uint8Array | null {
    if (!this.blank) return this.bytes.slice();
    this.blank = false;
    return null;
  }

  swapContent(content: unknown): Uint8Array | null {
    const old = this.blank ? null : this.bytes;
    this.blank = content === null;
    this.bytes = (content as Uint8Array | null) ?? new Uint8Array(PAGE_SIZE);
    this.words = new Int32Array(this.bytes.buffer);
    return old;
  }

  weigh(content: unknown): number {
    return content === null ? 150 : PAGE_SIZE + 400;
  }

  /** A 32-bit hash of the content; 0 for a frame of zeros, whether or not it was ever written. FNV-1a over words. */
  contentHash(): number {
    let hash = 0x811c9dc5;
    let any = 0;
    for (const word of this.words) {
      hash = Math.imul(hash ^ word, 0x01000193);
      hash ^= hash >>> 15;
      any |= word;
    }
    return any === 0 ? 0 : hash >>> 0 || 1;
  }

  /** Whether each byte is zero. */
  isZero(): boolean {
    return this.blank || this.words.every((word) => word === 0);
  }
}

export class PhysicalMemory {
  readonly frameCount: number;
  /** By frame number; undefined where nothing was written yet. */
  readonly frames: (Frame | undefined)[];

  /** @param bytes the size; rounded down to whole frames */
  constructor(
    private readonly history: History,
    readonly bytes: number,
  ) {
    if (!Number.isSafeInteger(bytes) || bytes < PAGE_SIZE || bytes > MOST_MEMORY) {
      throw new MachineError(`a machine's memory is 4 KiB to ${spelledBytes(MOST_MEMORY)}, not ${bytes} bytes`);
    }
    this.frameCount = Math.floor(bytes / PAGE_SIZE);
    this.frames = new Array<Frame | undefined>(this.frameCount).fill(undefined);
  }

  /** The frame with this number, made if need be. Call history.touch(frame) before changing it. */
  frame(pfn: number): Frame {
    return this.frames[pfn] ?? this.make(pfn);
  }

  /** An unsigned little-endian integer of 1, 2 or 4 bytes; of 8 bytes the signed low 54 bits (exact in JavaScript). */
  load(pa: number, size: 1 | 2 | 4 | 8): number {
    this.check(pa, size);
    const at = pa & PAGE_MASK;
    if (at + size > PAGE_SIZE) return this.loadAcross(pa, size);
    const frame = this.frames[pa >>> PAGE_BITS];
    return frame === undefined ? 0 : loadFrom(frame.bytes, at, size);
  }

  /** Stores the low `size` bytes of an integer, in two's complement. */
  store(pa: number, size: 1 | 2 | 4 | 8, value: number): void {
    this.check(pa, size);
    const at = pa & PAGE_MASK;
    if (at + size <= PAGE_SIZE) {
      storeInto(this.writable(pa).bytes, at, size, value);
      return;
    }
    const piece = new Uint8Array(8);
    storeInto(piece, 0, size, value);
    for (let i = 0; i < size; i++) this.writable(pa + i).bytes[(pa + i) & PAGE_MASK] = piece[i];
  }

  /** An unsigned integer in the order of the network: the high byte first. */
  loadNet(pa: number, size: 2 | 4): number {
    return swapped(this.load(pa, size), size);
  }

  /** Stores the low `size` bytes of an integer in the order of the network. */
  storeNet(pa: number, size: 2 | 4, value: number): void {
    this.store(pa, size, swapped(value % 2 ** 32, size));
  }

  /** Copies n bytes; the ranges may overlap, as memmove's. */
  copy(to: number, from: number, n: number): void {
    this.check(to, n);
    this.check(from, n);
    if (to === from) return;
    if (to > from && to < from + n) return this.copyBackwards(to, from, n);
    for (let done = 0; done < n;) {
      const piece = Math.min(n - done, roomAt(to + done), roomAt(from + done));
      this.copyPiece(to + done, from + done, piece);
      done += piece;
    }
  }

  fill(pa: number, byte: number, n: number): void {
    this.check(pa, n);
    for (let done = 0; done < n;) {
      const piece = Math.min(n - done, roomAt(pa + done));
      const present = this.frames[(pa + done) >>> PAGE_BITS];
      if (present !== undefined || (byte & 255) !== 0) {
        const at = (pa + done) & PAGE_MASK;
        this.writable(pa + done).bytes.fill(byte, at, at + piece);
      }
      done += piece;
    }
  }

  /** n bytes as a string, each char 0..255. */
  string(pa: number, n: number): string {
    this.check(pa, n);
    let text = '';
    for (let done = 0; done < n;) {
      const piece = Math.min(n - done, roomAt(pa + done));
      const frame = this.frames[(pa + done) >>> PAGE_BITS];
      const at = (pa + done) & PAGE_MASK;
      text += frame === undefined ? '\0'.repeat(piece) : byteString(frame.bytes, at, at + piece);
      done += piece;
    }
    return text;
  }

  /** Stores the bytes of a string (each char 0..255). */
  write(pa: number, bytes: string): void {
    this.check(pa, bytes.length);
    for (let done = 0; done < bytes.length;) {
      const piece = Math.min(bytes.length - done, roomAt(pa + done));
      const into = this.writable(pa + done).bytes;
      const at = (pa + done) & PAGE_MASK;
      for (let i = 0; i < piece; i++) into[at + i] = bytes.charCodeAt(done + i);
      done += piece;
    }
  }

  /** The distance from pa to the first such byte within n; -1 if there is none. */
  find(pa: number, byte: number, n: number): number {
    this.check(pa, n);
    for (let done = 0; done < n;) {
      const piece = Math.min(n - done, roomAt(pa + done));
      const frame = this.frames[(pa + done) >>> PAGE_BITS];
      const at = (pa + done) & PAGE_MASK;
      if (frame !== undefined) {
        const found = frame.bytes.subarray(at, at + piece).indexOf(byte & 255);
        if (found >= 0) return done + found;
      } else if ((byte & 255) === 0) return done;
      done += piece;
    }
    return -1;
  }

  /** Bytes from a typed array (DMA). */
  writeBytes(pa: number, source: Uint8Array): void {
    this.check(pa, source.length);
    for (let done = 0; done < source.length;) {
      const piece = Math.min(source.length - done, roomAt(pa + done));
      this.writable(pa + done).bytes.set(source.subarray(done, done + piece), (pa + done) & PAGE_MASK);
      done += piece;
    }
  }

  /** Copies bytes into a typed array (DMA). */
  readBytes(pa: number, target: Uint8Array): void {
    this.check(pa, target.length);
    for (let done = 0; done < target.length;) {
      const piece = Math.min(target.length - done, roomAt(pa + done));
      const frame = this.frames[(pa + done) >>> PAGE_BITS];
      const at = (pa + done) & PAGE_MASK;
      if (frame === undefined) target.fill(0, done, done + piece);
      else target.set(frame.bytes.subarray(at, at + piece), done);
      done += piece;
    }
  }

  /** Throws unless the n bytes from pa are all there. */
  check(pa: number, n: number): void {
    if (pa >= 0 && n >= 0 && pa + n <= this.frameCount * PAGE_SIZE && Number.isInteger(pa) && Number.isInteger(n))
      return;
    throw new MachineError(`physical address ${hex(pa)}, ${n} bytes: the machine's memory ends at ${hex(this.bytes)}`);
  }

  private make(pfn: number): Frame {
    if (!(pfn >= 0 && pfn < this.frameCount && Number.isInteger(pfn))) {
      throw new MachineError(`there is no page frame ${pfn}: the machine has ${this.frameCount}`);
    }
    const on = this.history.enabled;
    return (this.frames[pfn] = new Frame(on ? 0 : this.history.epoch, on));
  }

  /** The frame of a physical address, saved for the history. */
  private writable(pa: number): Frame {
    const frame = this.frames[pa >>> PAGE_BITS] ?? this.make(pa >>> PAGE_BITS);
    if (frame.epoch !== this.history.epoch) this.history.keep(frame);
    return frame;
  }

  /** Within one frame each. */
  private copyPiece(to: number, from: number, n: number): void {
    const source = this.frames[from >>> PAGE_BITS];
    if (source === undefined) return this.fill(to, 0, n);
    const at = from & PAGE_MASK;
    const target = this.writable(to);
    target.bytes.set(source.bytes.subarray(at, at + n), to & PAGE_MASK);
  }

  private copyBackwards(to: number, from: number, n: number): void {
    for (let left = n; left > 0;) {
      const piece = Math.min(left, ((to + left - 1) & PAGE_MASK) + 1, ((from + left - 1) & PAGE_MASK) + 1);
      left -= piece;
      this.copyPiece(to + left, from + left, piece);
    }
  }

  private loadAcross(pa: number, size: number): number {
    const piece = new Uint8Array(8);
    for (let i = 0; i < size; i++) {
      piece[i] = this.frames[(pa + i) >>> PAGE_BITS]?.bytes[(pa + i) & PAGE_MASK] ?? 0;
    }
    return loadFrom(piece, 0, size);
  }
}

/** The integer that two little-endian words spell: the signed low 54 bits of the 64. */
export function joinWords(lo: number, hi: number): number {
  return ((hi << 10) >> 10) * 0x1_0000_0000 + (lo >>> 0);
}

function loadFrom(bytes: Uint8Array, at: number, size: number): number {
  switch (size) {
    case 1:
      return bytes[at];
    case 2:
      return bytes[at] | (bytes[at + 1] << 8);
    case 4:
      return word(bytes, at) >>> 0;
    case 8:
      return joinWords(word(bytes, at), word(bytes, at + 4));
    default:
      throw new MachineError(`an integer in memory has 1, 2, 4 or 8 bytes, not ${size}`);
  }
}

function storeInto(bytes: Uint8Array, at: number, size: number, value: number): void {
  if (size !== 1 && size !== 2 && size !== 4 && size !== 8) {
    throw new MachineError(`an integer in memory has 1, 2, 4 or 8 bytes, not ${size}`);
  }
  // `value | 0` is the low word for every integer up to 2^53 in size: ToInt32 is modulo 2^32.
  const words = [value | 0, Math.floor(value / 0x1_0000_0000) | 0];
  for (let i = 0; i < size; i++) bytes[at + i] = words[i >> 2] >> ((i & 3) * 8);
}

function word(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}

/** Bytes from an address to the end of its frame. */
function roomAt(pa: number): number {
  return PAGE_SIZE - (pa & PAGE_MASK);
}

/** bytes[from … to) as a string, each char 0..255. */
export function byteString(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at += TEXT_PIECE) {
    text += String.fromCharCode.apply(null, bytes.subarray(at, Math.min(to, at + TEXT_PIECE)) as unknown as number[]);
  }
  return text;
}

function hex(address: number): string {
  return Number.isInteger(address) && address >= 0 ? `0x${address.toString(16)}` : String(address);
}

/** The low 2 or 4 bytes in the opposite order, unsigned. */
function swapped(value: number, size: 2 | 4): number {
  if (size === 2) return ((value & 0xff) << 8) | ((value >> 8) & 0xff);
  return ((value << 24) | ((value & 0xff00) << 8) | ((value >> 8) & 0xff00) | (value >>> 24)) >>> 0;
}
