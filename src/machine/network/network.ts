/**
 * The network: our card, the link, and the computers on its far side.
 *
 *   kernel ── card ──── wire ────▶ far side
 *               ◀──── wire of remote 0, 1, 2 … ────
 *
 * Each remote has a wire of its own to us. Which event of the queue belongs to whom is told by its kind.
 */
import type { Choices } from '../choices.js';
import type { Counters } from '../counters.js';
import { DEVICE } from '../devices.js';
import { MachineError } from '../errors.js';
import type { EventQueue } from '../events.js';
import type { History } from '../history.js';
import type { RemoteEntry } from '../link.js';
import type { PhysicalMemory } from '../memory.js';
import { NetworkCard } from './card.js';
import { FarSide } from './far-side.js';
import { Wire, type WireParts } from './wire.js';

export interface NetworkParts {
  history: History;
  memory: PhysicalMemory;
  events: EventQueue;
  counters: Counters;
  /** The time of whoever uses the card, ticks. */
  now: () => number;
  choices: Choices;
  /** Ticks one way. */
  latency: number;
  /** Ticks for each 16 bytes. */
  per16Bytes: number;
  /** Ticks until a remote's TCP sends again what was not acknowledged. */
  rto: number;
  outputLimit?: number | undefined;
  remotes: readonly RemoteEntry[];
  /** The machine's position. */
  steps: () => number;
  /** Shows a line to whoever watches the run. */
  show: (line: string) => void;
}

export class Network {
  readonly card: NetworkCard;
  readonly farSide: FarSide;
  /** Ticks one way. */
  readonly latency: number;
  /** From us to the far side. */
  private readonly up: Wire;

  constructor(parts: NetworkParts) {
    const { history, memory, events, counters, now, choices, latency, per16Bytes } = parts;
    const { rto, outputLimit, remotes, steps, show } = parts;
    const link: WireParts = { history, events, choices, latency, per16Bytes };
    this.latency = latency;
    this.up = new Wire(link, DEVICE.FAR_FRAME, 0);
    this.card = new NetworkCard({ history, memory, events, counters, wire: this.up, kind: DEVICE.CARD_SENT, now });
    this.farSide = new FarSide({ link, rto, remotes, outputLimit, steps, show });
  }

  /**
   * An event of one of the network's kinds is due, at a time in ticks. Returns whether the card raises its interrupt.
   */
  act(kind: number, payload: number, time: number): boolean {
    switch (kind) {
      case DEVICE.CARD_SENT:
        this.card.complete();
        return true;
      case DEVICE.CARD_FRAME: {
        const frame = this.farSide.frameFrom(payload);
        return frame !== undefined && this.card.receive(frame);
      }
      case DEVICE.FAR_FRAME: {
        const frame = this.up.arrive();
        if (frame !== undefined) this.farSide.receive(frame, time);
        return false;
      }
      case DEVICE.REMOTE:
        this.farSide.wake(payload, time);
        return false;
      case DEVICE.REMOTE_TIMER:
        this.farSide.timeout(payload, time);
        return false;
      default:
        throw new MachineError(`no device of kind ${kind}`);
    }
  }

  /** Frames on the link: from us first, then to us, by remote. For inspection. */
  underWay(): readonly Uint8Array[] {
    return [...this.up.underWay, ...this.farSide.underWay()];
  }

  hashParts(): unknown[] {
    return [this.card, this.up, this.farSide];
  }
}
