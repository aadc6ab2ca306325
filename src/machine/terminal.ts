/**
 * The terminal: what programs show, and what someone types.
 *
 * Output is a row of chunks that only grows; going back in time cuts its tail off, and keeps it for going forward
 * again. Typed text arrives by events of the event queue and waits until the kernel reads it.
 */
import type { History, Saveable } from './history.js';
import { MachineLimit } from './errors.js';
import type { EventQueue } from './events.js';

/** What one console_write() showed. */
export interface OutputChunk {
  /** Ticks. */
  readonly time: number;
  readonly step: number;
  readonly pid: number;
  readonly bytes: string;
}

/** Something typed: `text` is bytes, or null for end of file (Ctrl-D). `at` in ticks. */
export interface Typed {
  readonly at: number;
  readonly text: string | null;
}

/** The byte of Ctrl-D. */
export const END_OF_FILE = '\x04';
/** What a chunk costs of the limit besides its bytes, so that millions of one-byte writes are bounded too. */
const CHUNK_OVERHEAD = 64;
export const OUTPUT_LIMIT = 64 * 2 ** 20;

interface Content {
  /** How many chunks there are, and those to be put back after them. */
  length: number;
  tail: OutputChunk[];
  held: number;
  typed: string;
}

export class Terminal implements Saveable {
  epoch: number;
  private readonly chunks: OutputChunk[] = [];
  /** Indices of each process's chunks, ascending. */
  private readonly byPid = new Map<number, number[]>();
  /** Bytes that count towards the limit. */
  private held = 0;
  /** Typed and not yet read. */
  private typed = '';

  /**
   * @param keys what will be typed; their events are put into the queue as `kind`, with the index as payload
   * @param limit bytes of output that are kept, 64 for each write included
   */
  constructor(
    private readonly history: History,
    events: EventQueue,
    kind: number,
    private readonly keys: readonly Typed[] = [],
    private readonly limit = OUTPUT_LIMIT,
  ) {
    this.epoch = history.epoch;
    keys.forEach((key, index) => events.schedule(key.at, kind, index));
  }

  /** @throws MachineLimit when the terminal holds too much */
  write(chunk: OutputChunk): void {
    if (chunk.bytes.length === 0) return;
    const held = this.held + chunk.bytes.length + CHUNK_OVERHEAD;
    if (held > this.limit) {
      throw new MachineLimit(
        `the output passed the limit of ${this.limit} bytes (${CHUNK_OVERHEAD} counted for each write): ` +
          'machine { output_limit = … } sets another',
      );
    }
    this.history.touch(this);
    this.held = held;
    this.append(chunk);
  }

  /** The event of keys[index] is due: its text is there to be read. */
  keyPressed(index: number): void {
    this.type(this.keys[index]?.text ?? END_OF_FILE);
  }

  /** Someone types these bytes now. */
  type(bytes: string): void {
    this.history.touch(this);
    this.typed += bytes;
  }

  /** What was typed since the last call. */
  read(): string {
    const { typed } = this;
    if (typed === '') return '';
    this.history.touch(this);
    this.typed = '';
    return typed;
  }

  /** What was typed and not yet read. */
  get waiting(): string {
    return this.typed;
  }

  /** All output in order, or that of one process. */
  text(pid?: number): string {
    return this.output(pid)
      .map((chunk) => chunk.bytes)
      .join('');
  }

  output(pid?: number): readonly OutputChunk[] {
    if (pid === undefined) return this.chunks;
    return (this.byPid.get(pid) ?? []).map((index) => this.chunks[index]);
  }

  copyContent(): Content {
    return { length: this.chunks.length, tail: [], held: this.held, typed: this.typed };
  }

  swapContent(content: unknown): Content {
    const { length, tail, held, typed } = content as Content;
    const old = this.copyContent();
    old.tail = this.chunks.splice(length);
    for (const chunk of old.tail) this.byPid.get(chunk.pid)?.pop();
    for (const chunk of tail) this.append(chunk);
    this.held = held;
    this.typed = typed;
    return old;
  }

  weigh(content: unknown): number {
    return 300 + (content as Content).typed.length;
  }

  private append(chunk: OutputChunk): void {
    const own = this.byPid.get(chunk.pid);
    if (own === undefined) this.byPid.set(chunk.pid, [this.chunks.length]);
    else own.push(this.chunks.length);
    this.chunks.push(chunk);
  }
}
