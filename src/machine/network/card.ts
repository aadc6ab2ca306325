/**
 * The network card: frames of at most 1500 bytes, moved between memory and the link by DMA.
 *
 * Receiving: the kernel posts buffers (the receive ring). A frame that arrives fills the oldest one, and the card
 * raises its interrupt; with no buffer posted, or one that is too small, the frame is dropped. Sending: frames are
 * queued; the card reads one when its turn comes, from one piece of memory or from two (headers, data), and raises the
 * same interrupt when it has left. The kernel then asks which buffers are full, and which frames have gone.
 */
import type { Counters } from '../counters.js';
import { MachineError } from '../errors.js';
import type { EventQueue } from '../events.js';
import type { History, Saveable } from '../history.js';
import type { PhysicalMemory } from '../memory.js';
import { MTU } from './frame.js';
import type { Wire } from './wire.js';

export interface CardParts {
  history: History;
  memory: PhysicalMemory;
  events: EventQueue;
  counters: Counters;
  /** From us to the far side. */
  wire: Wire;
  /** The event kind of a frame that has left. */
  kind: number;
  /** The time of whoever uses the card, ticks. */
  now: () => number;
}

/** A piece of memory: a posted buffer, a filled one, the beginning of a frame to send. */
export interface CardBuffer {
  /** Physical address. */
  readonly pa: number;
  /** Bytes. */
  readonly length: number;
}

/** A frame to send: the card puts it together from its pieces ("scatter-gather DMA"). */
export interface CardFrame extends CardBuffer {
  /** The rest of it is somewhere else: physical address. */
  readonly dataPa: number;
  /** Bytes there; 0: there is no such rest. */
  readonly dataLength: number;
}

interface Content {
  posted: CardBuffer[];
  filled: CardBuffer[];
  sending: CardFrame[];
  sent: number[];
}

export class NetworkCard implements Saveable {
  epoch: number;
  /** Empty buffers, in the order in which they will be filled. */
  private posted: CardBuffer[] = [];
  /** Buffers with a frame that the kernel has not asked for. */
  private filled: CardBuffer[] = [];
  /** Frames not yet sent; the first one is under way. */
  private sending: CardFrame[] = [];
  /** Addresses of sent frames that the kernel has not asked for. */
  private sent: number[] = [];

  constructor(private readonly parts: CardParts) {
    this.epoch = parts.history.epoch;
  }

  /**
   * Puts a buffer at the end of the receive ring.
   * @throws MachineError when it is not in memory
   */
  post(pa: number, length: number): void {
    if (!(length >= 1)) throw new MachineError(`the network card was given a buffer of ${length} bytes`);
    this.parts.memory.check(pa, length);
    this.parts.history.touch(this);
    this.posted.push({ pa, length });
  }

  /** A frame has come in. Returns whether there was room: then the interrupt is to be raised. */
  receive(frame: Uint8Array): boolean {
    const { history, memory, counters } = this.parts;
    const buffer = this.posted[0];
    if (buffer === undefined || buffer.length < frame.length) {
      counters.add('netDropped');
      return false;
    }
    history.touch(this);
    this.posted.shift();
    memory.writeBytes(buffer.pa, frame);
    this.filled.push({ pa: buffer.pa, length: frame.length });
    this.count('netReceived', frame.length);
    return true;
  }

  /** The oldest filled buffer, with the length of its frame; null: there is none. */
  received(): CardBuffer | null {
    if (this.filled.length === 0) return null;
    this.parts.history.touch(this);
    return this.filled.shift() ?? null;
  }

  /**
   * Queues a frame: the bytes at `pa`, then those at `dataPa`.
   * @throws MachineError when it is too long, or not in memory
   */
  transmit(pa: number, length: number, dataPa = 0, dataLength = 0): void {
    const total = length + dataLength;
    if (!(length >= 1 && dataLength >= 0 && total <= MTU)) {
      throw new MachineError(`a frame has 1 to ${MTU} bytes, not ${total}`);
    }
    this.parts.memory.check(pa, length);
    if (dataLength > 0) this.parts.memory.check(dataPa, dataLength);
    this.parts.history.touch(this);
    this.sending.push({ pa, length, dataPa, dataLength });
    if (this.sending.length === 1) this.start();
  }

  /** The frame under way has left: call when its event is due. */
  complete(): void {
    this.parts.history.touch(this);
    const frame = this.sending.shift();
    if (frame === undefined) throw new MachineError('the network card has sent a frame that nobody gave it');
    this.sent.push(frame.pa);
    if (this.sending.length > 0) this.start();
  }

  /** The address of the oldest sent frame that was not asked for; -1: there is none. */
  transmitted(): number {
    if (this.sent.length === 0) return -1;
    this.parts.history.touch(this);
    return this.sent.shift() ?? -1;
  }

  /** For inspection: the ring and the queue. Not to be changed. */
  get buffers(): { readonly [part in keyof Content]: Readonly<Content[part]> } {
    const { posted, filled, sending, sent } = this;
    return { posted, filled, sending, sent };
  }

  hashParts(): unknown[] {
    const flat = (buffers: readonly CardBuffer[]): number[] => buffers.flatMap(({ pa, length }) => [pa, length]);
    const data = this.sending.flatMap(({ dataPa, dataLength }) => [dataPa, dataLength]);
    return [flat(this.posted), flat(this.filled), flat(this.sending), data, this.sent];
  }

  copyContent(): Content {
    const { posted, filled, sending, sent } = this;
    return { posted: posted.slice(), filled: filled.slice(), sending: sending.slice(), sent: sent.slice() };
  }

  swapContent(content: unknown): Content {
    const { posted, filled, sending, sent } = this;
    Object.assign(this, content);
    return { posted, filled, sending, sent };
  }

  /** The first frame of the queue begins to leave. */
  private start(): void {
    const { memory, events, wire, kind, now } = this.parts;
    const { pa, length, dataPa, dataLength } = this.sending[0];
    const frame = new Uint8Array(length + dataLength);
    memory.readBytes(pa, frame.subarray(0, length));
    if (dataLength > 0) memory.readBytes(dataPa, frame.subarray(length));
    this.count('netSent', frame.length);
    events.schedule(wire.send(frame, now()), kind, 0);
  }

  private count(what: 'netReceived' | 'netSent', bytes: number): void {
    const { counters } = this.parts;
    counters.add(what);
    counters.add('dmaCopies');
    counters.add('dmaBytes', bytes);
  }
}
