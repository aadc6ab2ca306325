/** The stretch of time that is in sight. It can be no longer than the run, and no shorter than a few ticks. */

/** Ticks. */
const SHORTEST = 8;
/** Of the run, what is left free behind its end. */
const MARGIN = 0.02;

export class Viewport {
  from = 0;
  to = SHORTEST;
  /** The run's end, as far as it is known. */
  private end = 0;
  /** The whole run is in sight, and stays so when it becomes longer. */
  isWhole = true;

  get length(): number {
    return this.to - this.from;
  }

  /** All that there is. */
  private get longest(): number {
    return Math.max(SHORTEST, this.end * (1 + MARGIN));
  }

  /** The run has come so far. */
  reach(end: number): void {
    this.end = end;
    if (this.isWhole) this.fit();
    else this.show(this.from, this.to);
  }

  fit(): void {
    [this.from, this.to, this.isWhole] = [0, this.longest, true];
  }

  /** @param about stays where it is */
  zoom(factor: number, about: number): void {
    const length = Math.min(Math.max(this.length * factor, SHORTEST), this.longest);
    const from = about - ((about - this.from) / this.length) * length;
    this.show(from, from + length);
  }

  /** @param share of what is in sight */
  pan(share: number): void {
    this.show(this.from + share * this.length, this.to + share * this.length);
  }

  /** As nearly as it goes. */
  show(from: number, to: number): void {
    const length = Math.min(Math.max(to - from, SHORTEST), this.longest);
    this.from = Math.min(Math.max(0, from), this.longest - length);
    this.to = this.from + length;
    this.isWhole = length === this.longest;
  }

  /** An instant comes into sight, if it is not. */
  reveal(time: number): void {
    if (time >= this.from && time <= this.to) return;
    this.show(time - this.length / 2, time + this.length / 2);
  }
}
