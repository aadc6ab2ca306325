/**
 * One direction of a link: it sends one frame after another, and each arrives `latency` ticks after its last bit has
 * left. The latency is a choice (choices.ts): with jitter 75 … 125 hundredths of it, rounded down. A frame never
 * overtakes the one before it.
 */
import type { Choices } from '../choices.js';
import type { EventQueue } from '../events.js';
import type { History, Saveable } from '../history.js';

export interface WireParts {
  history: History;
  events: EventQueue;
  choices: Choices;
  /** Ticks one way. */
  latency: number;
  /** Ticks for each 16 bytes: what the link's speed is. */
  per16Bytes: number;
}

interface Content {
  freeAt: number;
  lastArrival: number;
  frames: Uint8Array[];
}

export class Wire implements Saveable {
  epoch: number;
  /** When the last frame's last bit leaves, ticks. */
  private freeAt = 0;
  private lastArrival = 0;
  /** Frames under way, in order. They are never changed. */
  private frames: Uint8Array[] = [];

  /**
   * @param kind the event kind of an arrival
   * @param payload its payload
   */
  constructor(
    private readonly parts: WireParts,
    private readonly kind: number,
    private readonly payload: number,
  ) {
    this.epoch = parts.history.epoch;
  }

  /** Sends a frame as soon as the wire is free. Returns the time at which it has left, ticks. */
  send(frame: Uint8Array, now: number): number {
    const { history, events, choices, per16Bytes } = this.parts;
    history.touch(this);
    const latency = choices.jitter('network', this.parts.latency);
    this.freeAt = Math.max(now, this.freeAt) + Math.ceil((frame.length * per16Bytes) / 16);
    this.lastArrival = Math.max(this.lastArrival, this.freeAt + latency);
    this.frames.push(frame);
    events.schedule(this.lastArrival, this.kind, this.payload);
    return this.freeAt;
  }

  /** The frame that arrives: call when its event is due. */
  arrive(): Uint8Array | undefined {
    this.parts.history.touch(this);
    return this.frames.shift();
  }

  /** When the last frame's last bit leaves, or has left, ticks. */
  get busyUntil(): number {
    return this.freeAt;
  }

  /** Frames that have been sent and have not arrived. */
  get underWay(): readonly Uint8Array[] {
    return this.frames;
  }

  hashParts(): unknown[] {
    return [this.freeAt, this.lastArrival, this.frames];
  }

  weigh(content: unknown): number {
    return (content as Content).frames.reduce((bytes, frame) => bytes + 200 + frame.length, 300);
  }

  copyContent(): Content {
    const { freeAt, lastArrival, frames } = this;
    return { freeAt, lastArrival, frames: frames.slice() };
  }

  swapContent(content: unknown): Content {
    const { freeAt, lastArrival, frames } = this;
    Object.assign(this, content);
    return { freeAt, lastArrival, frames };
  }
}
