/**
 * The intervals of one lane, in columns that grow: when each begins, and what it is. An interval lasts to the beginning
 * of the next. Intervals without length are not kept.
 */
import type { ActivityNumber } from './activity.js';

const FIRST_CAPACITY = 8;

export class Lane {
  count = 0;
  private capacity = FIRST_CAPACITY;
  private begins = new Float64Array(FIRST_CAPACITY);
  private activities = new Uint8Array(FIRST_CAPACITY);
  private whos = new Int32Array(FIRST_CAPACITY);
  private whats = new Int32Array(FIRST_CAPACITY);

  begin(at: number): number {
    return this.begins[at];
  }
  activity(at: number): ActivityNumber {
    return this.activities[at];
  }
  who(at: number): number {
    return this.whos[at];
  }
  what(at: number): number {
    return this.whats[at];
  }
  get last(): number {
    return this.count - 1;
  }

  /** From this time on it is this. Between CPUs clocks differ a little: what seems to be earlier happens now. */
  push(time: number, activity: ActivityNumber, who: number, what: number): void {
    const { last } = this;
    if (last >= 0) {
      const begin = this.begins[last];
      if (time <= begin) {
        time = begin;
        this.count--;
      }
      if (this.isLast(activity, who, what)) return;
    }
    if (this.count === this.capacity) this.grow();
    const at = this.count++;
    this.begins[at] = time;
    this.activities[at] = activity;
    this.whos[at] = who;
    this.whats[at] = what;
  }

  /** The interval at a time: the last that has begun; -1 before the first. */
  find(time: number): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.begins[middle] <= time) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  private isLast(activity: ActivityNumber, who: number, what: number): boolean {
    const { last } = this;
    return last >= 0 && this.activities[last] === activity && this.whos[last] === who && this.whats[last] === what;
  }

  private grow(): void {
    this.capacity *= 2;
    const resized = <A extends Float64Array | Uint8Array | Int32Array>(from: A, to: A): A => {
      to.set(from);
      return to;
    };
    this.begins = resized(this.begins, new Float64Array(this.capacity));
    this.activities = resized(this.activities, new Uint8Array(this.capacity));
    this.whos = resized(this.whos, new Int32Array(this.capacity));
    this.whats = resized(this.whats, new Int32Array(this.capacity));
  }
}
