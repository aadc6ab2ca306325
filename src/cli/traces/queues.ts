/** How long the queues of a run are, counted from its events. */
import type { Computer } from '../../computer/computer.js';
import type { TraceEvent } from '../../computer/events/event.js';
import { integer, kernelEvent } from '../../computer/kernel-records.js';
import { placeOf, type TaskState } from './linux-tasks.js';

export type QueueName =
  'ready tasks' | 'blocked tasks' | 'requests at the disk' | 'pages in the cache' | 'asynchronous requests';

type State = TaskState | 'running';

export class Queues {
  private readonly lengths = new Map<QueueName, number>();
  private readonly states = new Map<number, State>();

  constructor(
    private readonly computer: Computer,
    private readonly changed: (queue: QueueName, time: number, length: number) => void,
  ) {}

  event(traced: TraceEvent): void {
    const event = kernelEvent(traced);
    const { time } = event;
    switch (event.name) {
      case 'sched_process_fork':
        return this.become(integer(event.fields, 'child_pid'), 'ready', time);
      case 'task_newtask':
        return this.become(integer(event.fields, 'pid'), 'ready', time);
      case 'sched_wakeup':
        return this.become(integer(event.fields, 'pid'), 'ready', time);
      case 'sched_switch': {
        const place = placeOf(this.computer, integer(event.fields, 'prev_state'));
        this.become(integer(event.fields, 'prev_pid'), place, time);
        return this.become(integer(event.fields, 'next_pid'), 'running', time);
      }
      case 'block_rq_insert':
        return this.add('requests at the disk', 1, time);
      case 'block_rq_complete':
        return this.add('requests at the disk', -1, time);
      case 'mm_filemap_add_to_page_cache':
        return this.add('pages in the cache', 1, time);
      case 'mm_filemap_delete_from_page_cache':
        return this.add('pages in the cache', -1, time);
      case 'aio_submit':
      case 'io_uring_submit_req':
        return this.add('asynchronous requests', 1, time);
      case 'aio_complete':
      case 'io_uring_complete':
        return this.add('asynchronous requests', -1, time);
    }
  }

  private become(tid: number, state: State, time: number): void {
    // The idle tasks are in no queue.
    if (tid === 0) return;
    const before = this.states.get(tid);
    if (before === state) return;
    if (state === 'ended') this.states.delete(tid);
    else this.states.set(tid, state);
    for (const [queue, of] of [
      ['ready tasks', 'ready'],
      ['blocked tasks', 'blocked'],
    ] as const) {
      const change = Number(state === of) - Number(before === of);
      if (change !== 0) this.add(queue, change, time);
    }
  }

  private add(queue: QueueName, change: number, time: number): void {
    // A request of io_uring may give several results, or none: it never counts below zero.
    const length = Math.max(0, (this.lengths.get(queue) ?? 0) + change);
    this.lengths.set(queue, length);
    this.changed(queue, time, length);
  }
}
