/**
 * What came from outside: kills, values set in the debugger, each at its step. Part of the run when it is executed
 * again.
 */
import type { Board } from './board.js';

/** Something from outside that happens at a step. */
interface Input {
  step: number;
  apply(): void;
}

export class Inputs {
  private readonly all: Input[] = [];
  /** An input is being applied: for the first time, or again. */
  applying: 'new' | 'again' | null = null;

  constructor(private readonly board: Board) {}

  /** Something happens now, for the first time. What came later before is forgotten. */
  give(apply: () => void): void {
    const { all, board } = this;
    all.length = board.registers.inputsDone;
    all.push({ step: board.steps, apply });
    this.applyNext('new');
  }

  /** Applies the next input of this step; false when there is none, or the run is over. */
  applyNext(how: 'new' | 'again'): boolean {
    const { all, board } = this;
    const { registers } = board;
    const next = all[registers.inputsDone];
    if (board.outcome || next?.step !== board.steps) return false;
    board.history.touch(registers);
    registers.inputsDone++;
    this.applying = how;
    next.apply();
    this.applying = null;
    return true;
  }

  /** Instructions until the next input; Infinity when there is none. */
  get rest(): number {
    const { all, board } = this;
    const next = all[board.registers.inputsDone];
    return next ? Math.max(1, next.step - board.steps) : Infinity;
  }
}
