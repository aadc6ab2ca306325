/**
 * What the remotes see of our computer: connections, requests, and how long they wait for replies. The clients' side of
 * a measurement: a server that is slow to accept() or to answer does not know how long its clients have waited.
 *
 * A request begins when a remote sends on a connection on which it waits for nothing; its reply is the first byte that
 * comes back. The time between is kept in classes, so that ten million replies take no more room than ten: up to 1023
 * ticks exactly, above with three digits (a class is 1/512 of its values wide, or less).
 */
import type { History, Saveable } from '../history.js';

interface Counts {
  /** Connections that were made, and attempts that came to nothing: refused for good, or never answered. */
  connected: number;
  failed: number;
  requests: number;
  replies: number;
  /** The longest time until a reply, exactly, ticks. */
  longest: number;
  /** When the first request was sent, and when the last reply came, ticks; -1: never. */
  first: number;
  last: number;
}

interface Content {
  counts: Counts;
  classes: Map<number, number>;
}

/** Times below are classes of their own. Above, a class is a multiple of a power of two, with 512 … 1023 before it. */
const EXACT = 1024;

export class Traffic implements Saveable {
  epoch: number;
  private n: Counts = { connected: 0, failed: 0, requests: 0, replies: 0, longest: 0, first: -1, last: -1 };
  /** How many replies took so long: by the smallest time of the class. */
  private classes = new Map<number, number>();

  constructor(private readonly history: History) {
    this.epoch = history.epoch;
  }

  get counts(): Readonly<Counts> {
    return this.n;
  }

  connection(made: boolean): void {
    this.history.touch(this);
    if (made) this.n.connected++;
    else this.n.failed++;
  }

  /** A remote has sent a request, at a time in ticks. */
  request(now: number): void {
    this.history.touch(this);
    this.n.requests++;
    if (this.n.first < 0) this.n.first = now;
  }

  /** The reply has come to the request that was sent at time `asked`. */
  reply(asked: number, now: number): void {
    this.history.touch(this);
    const { n, classes } = this;
    const ticks = now - asked;
    n.replies++;
    n.last = now;
    n.longest = Math.max(n.longest, ticks);
    const least = ticks - (ticks % widthFor(ticks));
    classes.set(least, (classes.get(least) ?? 0) + 1);
  }

  /**
   * The time within which so many percent of the replies came, ticks ("nearest rank": the smallest time that will do);
   * of a class its longest time. Null without replies.
   */
  percentile(percent: number): number | null {
    const { n, classes } = this;
    if (n.replies === 0) return null;
    let left = Math.ceil((n.replies * percent) / 100);
    for (const least of [...classes.keys()].sort((a, b) => a - b)) {
      left -= classes.get(least) ?? 0;
      if (left <= 0) return Math.min(n.longest, least + widthFor(least) - 1);
    }
    return n.longest;
  }

  hashParts(): unknown[] {
    return [...Object.values(this.n), this.classes];
  }

  weigh(content: unknown): number {
    return 300 + 48 * (content as Content).classes.size;
  }

  copyContent(): Content {
    return { counts: { ...this.n }, classes: new Map(this.classes) };
  }

  swapContent(content: unknown): Content {
    const old = { counts: this.n, classes: this.classes };
    const saved = content as Content;
    this.n = saved.counts;
    this.classes = saved.classes;
    return old;
  }
}

/** How wide the class of a time is, ticks: a power of two. */
function widthFor(ticks: number): number {
  let width = 1;
  while (ticks / width >= EXACT) width *= 2;
  return width;
}
