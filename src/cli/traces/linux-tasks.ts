/** Tasks as Linux's tracepoints have them: their states and their priorities. */
import type { Computer } from '../../computer/computer.js';
import { taskByTid } from '../../computer/inspect.js';
import { constant, integer } from '../../computer/kernel-records.js';

const EXIT_DEAD = 16;
const LETTERS: Readonly<Record<number, string>> = { 0: 'R', 1: 'S', 2: 'D', 4: 'T', 16: 'X', 32: 'Z' };
/** What Linux counts before the priorities of ordinary tasks: those of real-time ones. */
const REAL_TIME = 100;
const NORMAL = 20;

export type TaskState = 'ready' | 'blocked' | 'ended';

/** Where a task is that has left its CPU in this state. */
export function placeOf({ machine }: Computer, state: number): TaskState {
  if (state === constant(machine, 'TASK_RUNNING')) return 'ready';
  return state & (constant(machine, 'TASK_ZOMBIE') | constant(machine, 'TASK_DEAD')) ? 'ended' : 'blocked';
}

/** Ours are Linux's but for the one of a task that nobody will ask for. */
export function linuxState({ machine }: Computer, state: number): number {
  return state === constant(machine, 'TASK_DEAD') ? EXIT_DEAD : state;
}

/** @param state Linux's */
export function stateLetter(state: number): string {
  return LETTERS[state] ?? 'D';
}

/** 120 for a task of nice 0. */
export function priorityOf({ machine }: Computer, tid: number): number {
  const task = taskByTid(machine, tid);
  return REAL_TIME + integer(task, 'priority', NORMAL) + integer(task, 'nice');
}
