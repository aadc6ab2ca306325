/**
 * Where in a very long list one is. A browser draws no box of more than some 30 million pixels: of a longer list, a
 * pixel of the scroll bar stands for more than one.
 */
const TALLEST = 15_000_000;

export class RowScroll {
  /** The first row in sight. */
  top = 0;

  constructor(
    readonly rowHeight: number,
    readonly count: number,
    /** Of what can be seen of the list, pixels. */
    readonly height: number,
  ) {}

  /** Rows that fit, the last one perhaps in part. */
  get inSight(): number {
    return Math.ceil(this.height / this.rowHeight) + 1;
  }

  /** Of the box that is scrolled, pixels. */
  get whole(): number {
    return Math.min(this.count * this.rowHeight, TALLEST);
  }

  /** Pixels to scroll so that a row is the first in sight. */
  pixels(row: number): number {
    const { whole, count, rowHeight, height } = this;
    if (whole < TALLEST) return row * rowHeight;
    return (row / Math.max(1, count - height / rowHeight)) * (whole - height);
  }

  row(pixels: number): number {
    const { whole, count, rowHeight, height } = this;
    if (whole < TALLEST) return Math.floor(pixels / rowHeight);
    return Math.floor((pixels / (whole - height)) * (count - height / rowHeight));
  }
}
