/**
 * Work beyond single instructions: what a library function does to a list of a million elements, a fork to as many
 * objects, a device in an event. It is counted in units of some 10 ns of any host's time (one element, 16 bytes), so
 * that run() comes back when it has done enough of it: whoever drives the machine can then let others have their turn.
 *
 * Where run() comes back has no influence on the run. Something long is a generator: it yields the units of each piece,
 * and changes nothing that can be seen before it returns. An instruction that is interrupted in it has not been
 * executed; executed again, it goes on with the same generator. None of this is state of the machine: after going back
 * or forth in time what was half done is done anew.
 */

/** Something long. Yields the work of each piece, some thousand units; has effects only when it returns. */
export type Pieces<Result> = Generator<number, Result, void>;

/** Thrown to interrupt a long instruction: it is executed again. */
export class Unfinished {}

/** Units of one piece. */
export const PIECE = 10_000;

export class Work {
  private done = 0;
  /** The instruction that is half done, by its step. */
  private long: { step: number; pieces: Pieces<unknown> } | null = null;
  private interrupted = false;
  /** What belongs to the instruction before, and comes before everything else. */
  private next: Pieces<void> | null = null;

  /** @param most units after which it is enough */
  constructor(public most: number) {}

  /** The machine begins to run. */
  begin(): void {
    this.done = 0;
    this.interrupted = false;
  }

  /** Counts work; returns whether it is enough for now. */
  add(units: number): boolean {
    this.done += units;
    return this.done > this.most;
  }

  get isEnough(): boolean {
    return this.done > this.most;
  }

  /** Whether the machine came to rest in the middle of something. */
  get isMidway(): boolean {
    return this.interrupted || this.next !== null;
  }

  get hasNext(): boolean {
    return this.next !== null;
  }

  interrupt(): void {
    this.interrupted = true;
  }

  /** All of an instruction's long work, or its next pieces: then it throws Unfinished, and waits to be called again. */
  inPieces<Result>(step: number, begin: () => Pieces<Result>, interruptible: boolean): Result {
    if (!interruptible) return toEnd(begin());
    if (this.long?.step !== step) this.long = { step, pieces: begin() };
    const pieces = this.long.pieces as Pieces<Result>;
    for (;;) {
      const piece = pieces.next();
      if (piece.done) {
        this.long = null;
        return piece.value;
      }
      if (this.add(piece.value)) throw new Unfinished();
    }
  }

  /** Something that is to be done before the next instruction. Returns whether it is done. */
  follow(pieces: Pieces<void>): boolean {
    this.next = pieces;
    return this.goOn();
  }

  /**
   * Goes on with what comes before the next instruction, as far as there is time. Returns whether nothing is left of
   * it.
   */
  goOn(): boolean {
    while (this.next !== null) {
      if (this.isEnough) return false;
      const piece = this.next.next();
      if (piece.done) this.next = null;
      else this.add(piece.value);
    }
    return true;
  }

  /** Does all that comes before the next instruction, however long it takes. */
  finish(): void {
    const { next } = this;
    this.next = null;
    if (next !== null) toEnd(next);
  }

  /** The machine is put elsewhere, or changed from outside: nothing is half done any more. */
  forget(): void {
    this.long = null;
    this.next = null;
    this.interrupted = false;
  }
}

/** The result of something long, without a break. */
export function toEnd<Result>(pieces: Pieces<Result>): Result {
  for (;;) {
    const piece = pieces.next();
    if (piece.done) return piece.value;
  }
}
