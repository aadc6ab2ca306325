/** Which threads are listed, and what the client is told of those that come and go. */
import { stateOf, taskCount, tasksOf, tidOf, type Task } from '../computer/inspect.js';
import type { Board } from '../machine/board.js';
import type { Client } from './client.js';

/** Threads that are listed; editors get slow above. */
const MOST_THREADS = 500;

/** Of very many tasks: the one stopped in, those that run, then those that are ready, then the others by pid. */
export function listedOf(tasks: readonly Task[], machine: Board, stopped: number): readonly Task[] {
  if (tasks.length <= MOST_THREADS) return tasks;
  const ranks: [first: Task[], running: Task[], ready: Task[], others: Task[]] = [[], [], [], []];
  for (const task of tasks) {
    const state = stateOf(machine, task);
    const rank = tidOf(task) === stopped ? 0 : state === 'running' ? 1 : state === 'ready' ? 2 : 3;
    if (ranks[rank].length < MOST_THREADS) ranks[rank].push(task);
  }
  const chosen = ranks.flat().slice(0, MOST_THREADS);
  return chosen.sort((a, b) => tidOf(a) - tidOf(b));
}

/**
 * `thread` events: the client hears of threads and processes that have come and gone since it last heard, so that its
 * list is right before it asks for it. Going back in time lets them come again. Of very many tasks nothing is told: not
 * all are listed, a step must not take longer for them, and a client asks for the list at each stop.
 */
export class ThreadEvents {
  private known: ReadonlySet<number> = new Set();

  constructor(private readonly client: Pick<Client, 'event'>) {}

  /** Looks who is there now. */
  look(machine: Board): void {
    if (taskCount(machine) <= MOST_THREADS) this.tell(tasksOf(machine));
  }

  /** These are there now. */
  tell(listed: readonly Task[]): void {
    const now = new Set(listed.map(tidOf));
    for (const threadId of this.known) {
      if (!now.has(threadId)) this.client.event('thread', { reason: 'exited', threadId });
    }
    for (const threadId of now) {
      if (!this.known.has(threadId)) this.client.event('thread', { reason: 'started', threadId });
    }
    this.known = now;
  }
}
