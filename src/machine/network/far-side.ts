/** The computers on the far side of the network card. An address where nobody is answers with a reset. */
import { decode, encode, resetFor } from './frame.js';
import { Wire, type WireParts } from './wire.js';

export interface FarSideParts {
  link: WireParts;
  /** The event kind of a frame's arrival at our card. */
  kind: number;
}

export class FarSide {
  /** The wire on which resets come from addresses where nobody is. */
  private readonly nobody: Wire;

  constructor(parts: FarSideParts) {
    this.nobody = new Wire(parts.link, parts.kind, 0);
  }

  /** A frame from us has arrived, at a time in ticks. */
  receive(frame: Uint8Array, time: number): void {
    const segment = decode(frame);
    const answer = segment && resetFor(segment);
    if (answer) this.nobody.send(encode(answer), time);
  }

  /** The frame that arrives at our card now, on wire number `wire`. */
  frameFrom(_wire: number): Uint8Array | undefined {
    return this.nobody.arrive();
  }

  hashParts(): unknown[] {
    return [this.nobody];
  }
}
