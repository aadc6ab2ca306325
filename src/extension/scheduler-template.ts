/**
 * What `OSim: New Scheduler` writes: a policy that works as it stands, round robin by least time used, with each of the
 * functions that the kernel knows. test/extension/new-scheduler.test.ts runs it.
 */
export const SCHEDULER_TEMPLATE = `kernel;
// A scheduler of my own: of the runnable tasks, the one runs that has used the CPU least; for a quantum.
// To use it: machine { scheduler = "./FILE"; } in a program beside it, or "scheduler" in launch.json.
// docs/schedulers.md describes the functions; those marked with * may be left out.
// Ties: the task that has waited longest.

struct MyTask {
  used = 0;                                          // ticks that it has had the CPU
}

// * What a run queue keeps its tasks in. Each CPU has one.
fn create_queue() { return list_create(); }

// * What this policy keeps for a task: its t.sched.
fn create_task(t) { return MyTask {}; }

// t has become runnable (flags & ENQUEUE_WAKEUP), or it loses the CPU (ENQUEUE_PREEMPTED, ENQUEUE_YIELDED).
fn enqueue_task(rq, t, flags) {
  if (flags & ENQUEUE_PUT_BACK) { list_add_head(rq.queue, t); } else { list_add_tail(rq.queue, t); }
}

// t leaves this queue, to be put on another one, or back with other parameters.
fn dequeue_task(rq, t, flags) { list_remove(t); }

// Takes the task off the queue that shall run now, and says for how long; null: there is none.
fn pick_next_task(rq) {
  let best = rq.queue.first;
  if (best == null) { return null; }
  for (let t = best.next; t != null; t = t.next) {
    worked(1);                                       // a loop over tasks takes time
    if (t.sched.used < best.sched.used) { best = t; }
  }
  list_remove(best);
  best.time_slice = next_quantum();                  // 0: as long as it likes
  return best;
}

// The slice of the running t has ended, and others wait: is its turn over?
fn task_tick(rq, t) { return true; }

// t has just been put on the queue: shall it run before the current one goes on?
fn check_preempt(rq, t) { return false; }

// * The running t has had the CPU for \`ran\` ticks.
fn update_curr(rq, t, ran) { t.sched.used += ran; }

// * The running t goes to sleep, or ends.
fn task_blocked(rq, t) { }

// * t, on no queue, goes from one CPU's queue to another's.
fn migrate_task(t, from, to) { }
`;

/** The text for a file with this name. */
export function newScheduler(fileName: string): string {
  return SCHEDULER_TEMPLATE.replace('./FILE', `./${fileName}`);
}
