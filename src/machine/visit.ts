/**
 * A look at another part of the run, behind the present or ahead of it. At its end the machine stands where it stood,
 * and all is the very same: not only equal, as after seek(), which makes objects anew. So whoever holds something of
 * the stopped machine can go on holding it.
 *
 * The running epoch is undone and its record kept; the way goes over whole epochs to the last boundary before what
 * is wanted, which is then executed again. The way back undoes that, goes over the same epochs, and does the running
 * epoch again from its record: nothing is executed on it.
 */
import type { Cpu } from './cpu.js';
import type { EpochRecord } from './history.js';
import type { Machine } from './machine.js';

/** Instructions between two moments at which a visit may be interrupted. */
const PIECE = 50_000;

export class Visit {
  private readonly step: number;
  private readonly cpu: Cpu;
  private readonly left: EpochRecord;
  /** Epochs gone over; behind the present they are negative. */
  private gone = 0;

  /** Leaves the present. The machine stands still, no breakpoint is set, and what it does now is told to nobody. */
  constructor(private readonly machine: Machine) {
    const { history, work } = machine;
    if (!history.enabled) throw new Error('history is off');
    work.finish();
    work.forget();
    machine.syncStacks();
    this.step = machine.steps;
    this.cpu = machine.cpu;
    machine.horizon = Math.max(machine.horizon, machine.steps);
    this.left = history.leave();
  }

  /** Goes to the nearest boundary at or before a step; yields between epochs. Nothing is executed. */
  *toBoundary(step: number): Generator<void, void> {
    const { machine } = this;
    const { history } = machine;
    while (history.boundary > step && history.back()) {
      this.gone--;
      yield;
    }
    for (let next = history.future.at(-1); next && next.end <= step; next = history.future.at(-1)) {
      history.forward();
      this.gone++;
      yield;
    }
    machine.steps = history.boundary;
  }

  /** Executes up to a step, with the inputs that were given there; yields every some thousand instructions. */
  *run(step: number): Generator<void, void> {
    const { machine } = this;
    while (machine.steps < step && !machine.outcome) {
      machine.run(Math.min(step - machine.steps, PIECE));
      yield;
    }
    machine.arrive();
  }

  /** Comes back. */
  end(): void {
    const { machine } = this;
    const { history } = machine;
    machine.work.finish();
    machine.work.forget();
    machine.syncStacks();
    history.rewindCurrent();
    for (; this.gone < 0; this.gone++) history.forward();
    for (; this.gone > 0; this.gone--) history.back();
    history.rejoin(this.left);
    machine.steps = this.step;
    machine.cpu = this.cpu;
    machine.arrive();
  }
}
