/**
 * A run as other tools draw it: tasks and CPUs are tracks, a system call is a slice with what it waits for inside it, a
 * wake-up is an arrow. story.ts makes that of the kernel's events, one after another; perfetto.ts and chrome.ts write
 * it down.
 */
import type { Computer } from '../../computer/computer.js';
import type { TraceEvent } from '../../computer/events/event.js';
import { plainValue } from '../../computer/events/json.js';
import { taskByTid } from '../../computer/inspect.js';
import { integer, kernelEvent, text, type KernelEvent } from '../../computer/kernel-records.js';
import { textOf } from '../../machine/text.js';
import type { TraceWriter } from '../trace-formats.js';
import { linuxState, placeOf, priorityOf } from './linux-tasks.js';
import { Queues, type QueueName } from './queues.js';

export type Track = { kind: 'task'; tid: number } | { kind: 'cpu'; cpu: number } | { kind: 'run' };
export type Arg = number | string | boolean | null;
export type Args = readonly (readonly [name: string, value: Arg])[];

/** Arrows by their numbers: those that begin at an event, and those that end there. */
export interface Arrows {
  from?: number[];
  to?: number[];
}

export interface Switch {
  time: number;
  cpu: number;
  /** `state` and priorities are Linux's. */
  prev: { tid: number; name: string; priority: number; state: number };
  next: { tid: number; name: string; priority: number };
}

export interface Wakeup {
  time: number;
  cpu: number;
  /** Who the CPU was at: the waker, unless an interrupt is. */
  by: number;
  byInterrupt: boolean;
  tid: number;
  name: string;
  priority: number;
  target: number;
}

/** Where a story is written. Times are in ticks; those of a track never go back. */
export interface Drawing {
  /** A task has come, or has another name. */
  task(tid: number, pid: number, name: string): void;
  begin(track: Track, time: number, category: string, name: string, args: Args): void;
  end(track: Track, time: number, args: Args): void;
  instant(track: Track, time: number, category: string, name: string, args: Args, arrows: Arrows): void;
  count(queue: QueueName, time: number, value: number): void;
  switched(change: Switch): void;
  woken(wakeup: Wakeup): void;
  close(time: number): void;
}

interface Task {
  tid: number;
  pid: number;
  name: string;
  /** The slices that are open, outermost first. */
  open: ('call' | 'wait')[];
  /** Wake-ups since it last ran. */
  arrows: number[];
  waker: string;
}

const NO_ARROWS: Arrows = {};

export class Story implements TraceWriter {
  private readonly tasks = new Map<number, Task>();
  /** By CPU: the interrupt that it handles. */
  private readonly interrupts: (string | undefined)[] = [];
  private readonly queues: Queues;
  private arrows = 0;

  constructor(
    private readonly computer: Computer,
    private readonly drawing: Drawing,
  ) {
    this.queues = new Queues(computer, (queue, time, value) => drawing.count(queue, time, value));
  }

  event(traced: TraceEvent): void {
    const event = kernelEvent(traced);
    const { time, cpu } = event;
    this.queues.event(event);
    switch (event.name) {
      case 'sched_process_fork': {
        const tid = integer(event.fields, 'child_pid');
        this.born(tid, tid, text(event.fields, 'child_comm'));
        break;
      }
      case 'task_newtask':
        this.born(integer(event.fields, 'pid'), integer(event.fields, 'tgid'), text(event.fields, 'comm'));
        break;
      case 'sched_switch':
        return this.switched(event);
      case 'sched_wakeup':
        return this.woken(event);
      case 'sys_enter':
        return this.entered(event);
      case 'sys_exit':
        return this.left(event);
      case 'irq_handler_entry':
        this.interrupts[cpu] = text(event.fields, 'name');
        return this.drawing.begin({ kind: 'cpu', cpu }, time, 'irq', this.interrupts[cpu], argsOf(event));
      case 'irq_handler_exit':
        if (this.interrupts[cpu] === undefined) return;
        this.interrupts[cpu] = undefined;
        return this.drawing.end({ kind: 'cpu', cpu }, time, []);
    }
    this.drawing.instant(this.trackOf(event), time, categoryOf(event.name), event.name, argsOf(event), NO_ARROWS);
    if (event.name === 'sched_process_exec') this.executed(this.task(integer(event.fields, 'pid')), time);
    if (event.name === 'sched_process_exit') this.closeAll(this.task(integer(event.fields, 'pid')), time);
  }

  end(): void {
    const { machine } = this.computer;
    for (const task of this.tasks.values()) {
      const track: Track = { kind: 'task', tid: task.tid };
      if (task.arrows.length > 0) {
        const to = task.arrows;
        this.drawing.instant(track, machine.time, 'sched', `woken by ${task.waker}, has not run yet`, [], { to });
      }
      this.closeAll(task, machine.time);
    }
    this.interrupts.forEach((name, cpu) => {
      if (name !== undefined) this.drawing.end({ kind: 'cpu', cpu }, machine.time, []);
    });
    const outcome = machine.outcome?.kind ?? 'limit';
    this.drawing.instant({ kind: 'run' }, machine.time, 'run', `the run ends: ${outcome}`, [], NO_ARROWS);
    this.drawing.close(machine.time);
  }

  // ---- Who runs ----

  private switched({ time, cpu, fields }: KernelEvent & { name: 'sched_switch' } & TraceEvent): void {
    const [prev, next] = [integer(fields, 'prev_pid'), integer(fields, 'next_pid')];
    const state = integer(fields, 'prev_state');
    this.drawing.switched({
      time,
      cpu,
      prev: {
        tid: prev,
        name: text(fields, 'prev_comm'),
        priority: priorityOf(this.computer, prev),
        state: linuxState(this.computer, state),
      },
      next: { tid: next, name: text(fields, 'next_comm'), priority: priorityOf(this.computer, next) },
    });
    if (prev !== 0) this.stopped(this.task(prev), time, state);
    if (next === 0) return;
    const task = this.task(next);
    this.endWait(task, time);
    if (task.arrows.length === 0) return;
    const to = task.arrows;
    this.drawing.instant({ kind: 'task', tid: next }, time, 'sched', `woken by ${task.waker}`, [], { to });
    task.arrows = [];
  }

  /** It has left the CPU: it may wait, be ready, or be dead. */
  private stopped(task: Task, time: number, state: number): void {
    const place = placeOf(this.computer, state);
    if (place === 'ended') {
      this.closeAll(task, time);
      this.tasks.delete(task.tid);
    } else if (place === 'blocked') {
      const what = text(taskByTid(this.computer.machine, task.tid), 'wait_channel');
      task.open.push('wait');
      this.drawing.begin({ kind: 'task', tid: task.tid }, time, 'wait', `waits: ${what || 'to be continued'}`, []);
    }
  }

  private woken(event: KernelEvent & { name: 'sched_wakeup' } & TraceEvent): void {
    const { time, cpu, pid, fields } = event;
    const task = this.task(integer(fields, 'pid'));
    const interrupt = this.interrupts[cpu];
    const arrow = ++this.arrows;
    const from = this.trackOf(event);
    this.drawing.instant(from, time, 'sched', `wakes ${task.name}`, argsOf(event), { from: [arrow] });
    this.drawing.woken({
      time,
      cpu,
      by: Math.max(0, pid),
      byInterrupt: interrupt !== undefined,
      tid: task.tid,
      name: task.name,
      priority: priorityOf(this.computer, task.tid),
      target: integer(fields, 'target_cpu'),
    });
    task.arrows.push(arrow);
    task.waker = interrupt === undefined ? `${textOf(event.task)} ${Math.max(0, pid)}` : `the interrupt ${interrupt}`;
    this.endWait(task, time);
  }

  private endWait(task: Task, time: number): void {
    if (task.open.at(-1) !== 'wait') return;
    task.open.pop();
    this.drawing.end({ kind: 'task', tid: task.tid }, time, []);
  }

  // ---- Calls ----

  private entered({ time, fields }: KernelEvent & { name: 'sys_enter' } & TraceEvent): void {
    const task = this.task(integer(fields, 'pid'));
    this.closeAll(task, time);
    task.open.push('call');
    const args = plainValue(fields) as { args?: unknown };
    const list = Array.isArray(args.args) ? args.args : [];
    this.drawing.begin({ kind: 'task', tid: task.tid }, time, 'syscall', text(fields, 'name'), [
      ...list.map((value, i) => [`arg${i}`, argOf(value)] as const),
    ]);
  }

  private left({ time, fields }: KernelEvent & { name: 'sys_exit' } & TraceEvent): void {
    const task = this.task(integer(fields, 'pid'));
    this.endWait(task, time);
    if (task.open.pop() !== 'call') return;
    this.drawing.end({ kind: 'task', tid: task.tid }, time, [['ret', integer(fields, 'ret')]]);
  }

  /** The call that it is in never returns. */
  private executed(task: Task, time: number): void {
    this.closeAll(task, time);
    const name = text(taskByTid(this.computer.machine, task.tid), 'name');
    if (name === '' || name === task.name) return;
    task.name = name;
    this.drawing.task(task.tid, task.pid, name);
  }

  private closeAll(task: Task, time: number): void {
    while (task.open.pop() !== undefined) this.drawing.end({ kind: 'task', tid: task.tid }, time, []);
  }

  // ---- Tasks ----

  private born(tid: number, pid: number, name: string): Task {
    const task: Task = { tid, pid, name, open: [], arrows: [], waker: '' };
    this.tasks.set(tid, task);
    this.drawing.task(tid, pid, name);
    return task;
  }

  /** One that was there before the first event, or that the kernel has made for itself, is asked for its name. */
  private task(tid: number): Task {
    const known = this.tasks.get(tid);
    return known ?? this.born(tid, tid, text(taskByTid(this.computer.machine, tid), 'name') || String(tid));
  }

  /** What a CPU does in an interrupt, or with no task, is no task's. */
  private trackOf({ cpu, pid }: TraceEvent): Track {
    const isTask = pid > 0 && this.interrupts[cpu] === undefined;
    return isTask ? { kind: 'task', tid: this.task(pid).tid } : { kind: 'cpu', cpu };
  }
}

function argsOf(event: TraceEvent): Args {
  return Object.entries(plainValue(event.fields) as Record<string, unknown>).map(([name, value]) => [
    name,
    argOf(value),
  ]);
}

function argOf(value: unknown): Arg {
  const isPlain = value === null || ['number', 'string', 'boolean'].includes(typeof value);
  return isPlain ? (value as Arg) : JSON.stringify(value);
}

/** `block` for `block_rq_issue`: what Linux calls a system of events, more or less. */
function categoryOf(name: string): string {
  return /^[a-z]+/.exec(name)?.[0] ?? name;
}
