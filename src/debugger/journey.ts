/**
 * A way to another instant: executed again in slices of a few milliseconds with the host's own work in between, so that
 * a pause gets through, and told in per cent when it takes long. A short way is gone at once.
 */
import type { Board } from '../machine/board.js';
import type { Client } from './client.js';

const SLICE_MS = 5;
/** A way that takes longer is shown to the user. */
const PATIENCE_MS = 500;
const TOLD_EVERY_MS = 250;

export class Journey {
  private cancelled = false;
  private begun = 0;
  private told = 0;
  private shown: string | null = null;
  private static count = 0;

  constructor(
    private readonly client: Client,
    private readonly machine: Board,
    /** For the user: where it goes. */
    private readonly title: string,
  ) {}

  /** Stop where it is. */
  cancel(): void {
    this.cancelled = true;
  }

  /**
   * Goes `way`, whose values say how much of it is done, 0 to 1. Calls `done` when there, or, cancelled, where it was:
   * before this returns, if the way is short.
   */
  go(way: Iterator<number, void>, done: (arrived: boolean) => void): void {
    this.begun = this.client.host.now();
    if (this.slice(way)) return done(true);
    void this.later(way).then(done, () => done(false));
  }

  private async later(way: Iterator<number, void>): Promise<boolean> {
    try {
      for (;;) {
        await this.client.host.turn();
        if (this.cancelled) return false;
        if (this.slice(way)) return true;
      }
    } finally {
      if (this.shown !== null) this.client.event('progressEnd', { progressId: this.shown });
    }
  }

  /** One slice; true at the end. */
  private slice(way: Iterator<number, void>): boolean {
    const began = this.client.host.now();
    for (;;) {
      const { done, value } = way.next();
      if (done) return true;
      const now = this.client.host.now();
      if (now - began < SLICE_MS) continue;
      this.tell(now, value);
      return false;
    }
  }

  private tell(now: number, part: number): void {
    if (!this.client.tellsProgress || now - this.begun < PATIENCE_MS || now - this.told < TOLD_EVERY_MS) return;
    this.told = now;
    const percentage = Math.floor(100 * Math.min(1, part));
    const message = `step ${this.machine.steps}`;
    if (this.shown !== null) {
      this.client.event('progressUpdate', { progressId: this.shown, message, percentage });
      return;
    }
    this.shown = `journey-${++Journey.count}`;
    this.client.event('progressStart', { progressId: this.shown, title: this.title, message, percentage });
  }
}
