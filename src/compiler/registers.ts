/**
 * The registers of one function, handed out as a stack: parameters, then the locals of the open blocks, then
 * temporaries of the expression at hand. `most` is the size of the frame.
 */
export class Registers {
  private next = 0;
  most = 0;

  /** The first free register. */
  get top(): number {
    return this.next;
  }

  /** Takes `count` registers in a row; returns the first. */
  take(count = 1): number {
    const first = this.next;
    this.next += count;
    if (this.next > this.most) this.most = this.next;
    return first;
  }

  /** Gives back every register from `top` on. */
  release(top: number): void {
    this.next = top;
  }
}
