/** What happens at instants: marks of tasks' lanes, and who has woken whom. In columns, in the order of the run. */

const FIRST_CAPACITY = 256;

export class Moments {
  count = 0;
  private times = new Float64Array(FIRST_CAPACITY);
  /** What each kind of moment means by these is the affair of who writes and reads them. */
  private columns = Array.from({ length: 4 }, () => new Int32Array(FIRST_CAPACITY));
  /** Clocks of CPUs differ a little: how much earlier than the latest before it a moment can be. */
  private skew = 0;
  private latest = -Infinity;

  push(time: number, a: number, b: number, c: number, d: number): void {
    if (this.count === this.times.length) this.grow();
    const at = this.count++;
    this.times[at] = time;
    this.columns[0][at] = a;
    this.columns[1][at] = b;
    this.columns[2][at] = c;
    this.columns[3][at] = d;
    if (time < this.latest) this.skew = Math.max(this.skew, this.latest - time);
    else this.latest = time;
  }

  time(at: number): number {
    return this.times[at];
  }
  value(column: 0 | 1 | 2 | 3, at: number): number {
    return this.columns[column][at];
  }

  /** The places of those from one time on and before another. */
  *between(from: number, to: number): Generator<number> {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.times[middle] < from - this.skew) low = middle + 1;
      else high = middle;
    }
    for (let at = low; at < this.count; at++) {
      const time = this.times[at];
      if (time >= to + this.skew) return;
      if (time >= from && time < to) yield at;
    }
  }

  private grow(): void {
    const size = 2 * this.times.length;
    const times = new Float64Array(size);
    times.set(this.times);
    this.times = times;
    this.columns = this.columns.map((column) => {
      const larger = new Int32Array(size);
      larger.set(column);
      return larger;
    });
  }
}
