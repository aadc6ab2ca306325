/**
 * Pages of Linux's ring buffer: the time of the first event, how many bytes are used, and the events, each with the
 * time since the one before (Documentation/trace/ring-buffer-map.rst, include/linux/ring_buffer.h).
 */
export const PAGE = 4096;
const HEAD = 16;
const TIME_BITS = 27;
/** A word of its own holds what a time has more: types 0 to 28 are events. */
const TIME_EXTEND = 30;
const LONGEST_SHORT = 28;

export class RingPages {
  private page = Buffer.alloc(PAGE);
  private used = HEAD;
  private last = 0;

  constructor(private readonly send: (page: Uint8Array) => void) {}

  /** @param time nanoseconds, never less than that of the event before */
  add(time: number, payload: Uint8Array): void {
    const bytes = Math.ceil(payload.length / 4) * 4;
    const isShort = bytes > 0 && bytes / 4 <= LONGEST_SHORT;
    const needed = (isShort ? 4 : 8) + bytes;
    if (needed + 8 > PAGE - HEAD) throw new Error(`an event of ${payload.length} bytes is larger than a page`);
    if (this.used > HEAD && this.used + needed + 8 > PAGE) this.close();
    if (this.used === HEAD) this.begin(time);
    const since = time - this.last;
    let delta = since;
    if (since >= 2 ** TIME_BITS) {
      this.word(TIME_EXTEND, since % 2 ** TIME_BITS);
      this.page.writeUInt32LE(Math.floor(since / 2 ** TIME_BITS), this.used);
      this.used += 4;
      delta = 0;
    }
    this.word(isShort ? bytes / 4 : 0, delta);
    if (!isShort) {
      this.page.writeUInt32LE(bytes + 4, this.used);
      this.used += 4;
    }
    this.page.set(payload, this.used);
    this.used += bytes;
    this.last = time;
  }

  /** The page is full, or the last one. */
  close(): void {
    if (this.used === HEAD) return;
    this.page.writeBigUInt64LE(BigInt(this.used - HEAD), 8);
    this.send(this.page);
    this.page.fill(0);
    this.used = HEAD;
  }

  private begin(time: number): void {
    this.page.writeBigUInt64LE(BigInt(time), 0);
    this.last = time;
  }

  private word(type: number, delta: number): void {
    this.page.writeUInt32LE(type + delta * 32, this.used);
    this.used += 4;
  }
}
