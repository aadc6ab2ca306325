/**
 * What has been seen of the run. Going back and forth repeats steps; what a program printed, a log point said or a
 * breakpoint counted shall be told once. `frontier` is the furthest step that was ever executed in this history.
 */
import type { Board } from '../machine/board.js';

export class Timeline {
  private frontier = 0;

  constructor(private readonly machine: Board) {}

  /** Whether what happens now happens for the first time. */
  get isNew(): boolean {
    return this.machine.steps > this.frontier;
  }

  /** Call before each forward run: the machine reports to its listeners from here on, whether it is new or not. */
  listen(): void {
    this.machine.horizon = this.machine.steps;
  }

  /** Call after each forward run, and before the machine is put elsewhere: what is executed again is silent. */
  reached(): void {
    this.frontier = Math.max(this.frontier, this.machine.steps);
    this.machine.horizon = this.frontier;
  }

  /** An input has replaced what lies ahead. */
  diverged(): void {
    this.frontier = this.machine.steps;
  }

  /** The furthest step that was ever executed. */
  get furthest(): number {
    return Math.max(this.frontier, this.machine.steps);
  }

  /** Whether there is something ahead that has been seen. */
  get hasFuture(): boolean {
    return this.machine.steps < this.frontier;
  }
}
