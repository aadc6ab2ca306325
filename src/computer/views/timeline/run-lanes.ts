/**
 * The lanes of a run, made of its events as they come: for each CPU and for each task, who ran, in which mode, and who
 * waited for what. Everything follows from tracepoints; only two intervals have an end that none of them marks, and
 * last as long as the kernel is known to spend at least: a switch (the costs of choosing, of the contexts, of another
 * address space), and a page fault.
 */
import type { CostTable } from '../../../machine/costs.js';
import { isText } from '../../../machine/long-string.js';
import { textOf } from '../../../machine/text.js';
import { ListValue, type Value } from '../../../machine/values.js';
import type { TraceEvent } from '../../events/event.js';
import { field, flag, integer, kernelEvent, text, type KernelRecord } from '../../kernel-records.js';
import { activityNumber, LINK_KINDS, MARK_KINDS, type Activity, type MarkKind } from './activity.js';
import { Lane } from './lane.js';
import { Moments } from './moments.js';
import { Texts } from './texts.js';

/** The idle task of each CPU. */
const IDLE = 0;
/** A task that has been told of by nobody. */
const NOBODY = -1;
/** Calls whose first argument is a descriptor: which one is waited for is worth knowing. */
const ON_DESCRIPTORS = new Set(
  (
    'read write readv writev pread64 pwrite64 accept accept4 connect recvfrom sendto recvmsg sendmsg epoll_wait ' +
    'epoll_pwait fsync fdatasync sendfile splice io_uring_enter flock'
  ).split(' '),
);

export interface CpuLane {
  readonly id: number;
  readonly lane: Lane;
  /** Who has the CPU. */
  pid: number;
  /** How many interrupt handlers run, one inside of the other. */
  interrupts: number;
  interrupt: number;
  /** Whose address space is loaded: a process's number. */
  space: number;
  /** When what is shown ends by itself, unless an event comes first. */
  due: number;
}

export interface TaskLane {
  readonly pid: number;
  readonly lane: Lane;
  name: string;
  /** Its process. */
  tgid: number;
  /** Never in user mode: init, and threads of the kernel. */
  isKernels: boolean;
  /** The call that it is in; -1: it is in user mode. */
  call: number;
  /** The call, with what it waits for. */
  wait: number;
  inFault: boolean;
  cpu: number;
}

/** What the kernel says of a task's state in a switch (src/kernel/sched/task.osim). */
export interface StateNumbers {
  stopped: number;
  zombie: number;
  dead: number;
}

export class RunLanes {
  readonly cpus: CpuLane[] = [];
  /** By pid, in the order in which they came. */
  readonly tasks = new Map<number, TaskLane>();
  readonly texts = new Texts();
  /** pid; kind and text; number of the event; bytes. */
  readonly marks = new Moments();
  /** kind; pid, or NOBODY in an interrupt; CPU; pid. */
  readonly links = new Moments();
  /** The time of the latest event. */
  end = 0;
  private readonly fault: number;

  constructor(
    cpus: number,
    private readonly costs: CostTable,
    private readonly states: StateNumbers,
    /** Names of signals by number. */
    private readonly signals: ReadonlyMap<number, string>,
  ) {
    this.fault = this.texts.numberOf('page fault');
    for (let id = 0; id < cpus; id++) {
      const cpu = { id, lane: new Lane(), pid: IDLE, interrupts: 0, interrupt: NOBODY, space: 0, due: Infinity };
      cpu.lane.push(0, activityNumber('idle'), NOBODY, NOBODY);
      this.cpus.push(cpu);
    }
  }

  /** @param number of the run's events */
  take(event: TraceEvent, number: number): void {
    const { time } = event;
    const cpu = this.cpus[event.cpu];
    if (!cpu) return;
    if (time > this.end) this.end = time;
    if (time >= cpu.due) this.settle(cpu, cpu.due);
    const task = this.tasks.get(cpu.pid);
    const told = kernelEvent(event);
    switch (told.name) {
      case 'sched_switch':
        return this.switched(cpu, time, told.fields);
      case 'sched_wakeup':
        return this.wakes(cpu, time, integer(told.fields, 'pid'), text(told.fields, 'comm'));
      case 'irq_handler_entry':
        if (task?.inFault) cpu.due = Infinity;
        cpu.interrupts++;
        cpu.interrupt = this.texts.numberOf(text(told.fields, 'name'));
        return this.show(cpu, time, 'interrupt', cpu.interrupt);
      case 'irq_handler_exit':
        cpu.interrupts = Math.max(0, cpu.interrupts - 1);
        if (task?.inFault) cpu.due = time;
        return this.showBase(cpu, time);
      case 'sys_enter': {
        if (!task) return;
        const call = text(told.fields, 'name');
        task.call = this.texts.numberOf(call);
        task.wait = this.texts.numberOf(waitText(call, field(told.fields, 'args')));
        task.inFault = false;
        this.mark(time, task.pid, 'call', call, number);
        return this.showBase(cpu, time);
      }
      case 'sys_exit':
        if (!task) return;
        task.call = NOBODY;
        return this.showBase(cpu, time);
      case 'page_fault_user':
        if (!task) return;
        task.inFault = true;
        cpu.due = time + this.costs.page_fault;
        this.mark(time, task.pid, 'fault', 'page fault', number);
        return this.show(cpu, time, 'kernel', this.fault);
      case 'sched_process_fork':
        return this.begins(
          cpu,
          time,
          number,
          integer(told.fields, 'child_pid'),
          text(told.fields, 'child_comm'),
          integer(told.fields, 'child_pid'),
        );
      case 'task_newtask':
        return this.begins(
          cpu,
          time,
          number,
          integer(told.fields, 'pid'),
          text(told.fields, 'comm'),
          integer(told.fields, 'tgid'),
        );
      case 'sched_process_exec': {
        const done = this.task(integer(told.fields, 'pid'), '');
        done.name = text(told.fields, 'filename') || done.name;
        return this.mark(time, done.pid, 'exec', done.name, number);
      }
      case 'sched_process_exit': {
        if (!task) return;
        task.call = NOBODY;
        const status = integer(told.fields, 'status');
        const last = flag(told.fields, 'group_dead') ? 'the process ends' : 'the thread ends';
        return this.mark(time, task.pid, 'end', `${last}, status ${status}`, number);
      }
      case 'sched_process_wait': {
        const child = this.tasks.get(integer(told.fields, 'pid'));
        if (child && child.lane.activity(child.lane.last) === activityNumber('zombie'))
          child.lane.push(time, activityNumber('absent'), NOBODY, NOBODY);
        return;
      }
      case 'signal_generate':
        if (flag(told.fields, 'ignored')) return;
        return this.mark(
          time,
          integer(told.fields, 'pid'),
          'signal',
          this.signalText(integer(told.fields, 'sig'), 'sent'),
          number,
        );
      case 'signal_deliver':
        this.mark(
          time,
          integer(told.fields, 'pid'),
          'signal',
          this.signalText(integer(told.fields, 'sig'), 'delivered'),
          number,
        );
        break;
      case 'copy_to_user':
      case 'copy_from_user':
      case 'copy_kernel':
      case 'copy_dma': {
        const way = COPY_WAYS[told.name] + text(told.fields, 'call');
        this.mark(time, integer(told.fields, 'pid'), 'copy', way, number, integer(told.fields, 'bytes'));
        break;
      }
    }
    // The fault is not over yet.
    if (task?.inFault && cpu.interrupts === 0) cpu.due = Math.max(cpu.due, time);
  }

  /** What has ended by itself until now, without an event. */
  settleUntil(time: number): void {
    if (time > this.end) this.end = time;
    for (const cpu of this.cpus) if (time > cpu.due) this.settle(cpu, cpu.due);
  }

  private settle(cpu: CpuLane, time: number): void {
    cpu.due = Infinity;
    const task = this.tasks.get(cpu.pid);
    if (task) task.inFault = false;
    this.showBase(cpu, time);
  }

  private switched(cpu: CpuLane, time: number, told: KernelRecord<'sched_switch'>): void {
    const [prevPid, nextPid] = [integer(told, 'prev_pid'), integer(told, 'next_pid')];
    if (prevPid > IDLE) {
      const prev = this.task(prevPid, text(told, 'prev_comm'));
      const [activity, what] = this.afterwards(prev, integer(told, 'prev_state'));
      prev.lane.push(time, activityNumber(activity), cpu.id, what);
    }
    cpu.pid = nextPid;
    cpu.interrupts = 0;
    let cost = this.costs.schedule + this.costs.context_switch;
    if (nextPid > IDLE) {
      const next = this.task(nextPid, text(told, 'next_comm'));
      next.cpu = cpu.id;
      if (!next.isKernels && next.tgid !== cpu.space) {
        cpu.space = next.tgid;
        cost += this.costs.address_space_switch;
      }
    }
    this.show(cpu, time, 'switching', NOBODY);
    cpu.due = time + cost;
  }

  /** What becomes of a task that has lost the CPU. */
  private afterwards(task: TaskLane, state: number): [Activity, number] {
    if (state === 0) return ['ready', NOBODY];
    if (state & this.states.dead) return ['absent', NOBODY];
    if (state & this.states.zombie) return ['zombie', NOBODY];
    if (state & this.states.stopped) return ['stopped', NOBODY];
    return ['blocked', task.inFault ? this.fault : task.call === NOBODY ? NOBODY : task.wait];
  }

  private wakes(cpu: CpuLane, time: number, pid: number, name: string): void {
    const task = this.task(pid, name);
    const inInterrupt = cpu.interrupts > 0 || cpu.pid === IDLE;
    this.links.push(time, LINK_KINDS.indexOf('wakeup'), inInterrupt ? NOBODY : cpu.pid, cpu.id, pid);
    // One that has not left its CPU yet goes on there.
    if (this.cpus.some((other) => other.pid === pid)) return;
    task.lane.push(time, activityNumber('ready'), cpu.id, NOBODY);
  }

  private begins(cpu: CpuLane, time: number, number: number, pid: number, name: string, tgid: number): void {
    const task = this.task(pid, name);
    Object.assign(task, { name, tgid, isKernels: false });
    task.lane.push(time, activityNumber('ready'), cpu.id, NOBODY);
    this.links.push(time, LINK_KINDS.indexOf('fork'), cpu.pid, cpu.id, pid);
    this.mark(time, pid, 'begin', tgid === pid ? 'a new process' : 'a new thread', number);
  }

  /** What the CPU does when no interrupt is served, and no switch is under way. */
  private showBase(cpu: CpuLane, time: number): void {
    if (cpu.interrupts > 0) return this.show(cpu, time, 'interrupt', cpu.interrupt);
    if (cpu.pid === IDLE) return this.show(cpu, time, 'idle', NOBODY);
    const task = this.tasks.get(cpu.pid);
    if (task?.inFault) this.show(cpu, time, 'kernel', this.fault);
    else if (task && task.call === NOBODY && !task.isKernels) this.show(cpu, time, 'user', NOBODY);
    else this.show(cpu, time, 'kernel', task?.call ?? NOBODY);
  }

  private show(cpu: CpuLane, time: number, activity: Activity, what: number): void {
    const number = activityNumber(activity);
    cpu.lane.push(time, number, cpu.pid, what);
    this.tasks.get(cpu.pid)?.lane.push(time, number, cpu.id, what);
  }

  private task(pid: number, name: string): TaskLane {
    let task = this.tasks.get(pid);
    if (!task) {
      const nothing = { call: NOBODY, wait: NOBODY, inFault: false, cpu: 0 };
      task = { pid, lane: new Lane(), name, tgid: pid, isKernels: true, ...nothing };
      task.lane.push(0, activityNumber('absent'), NOBODY, NOBODY);
      this.tasks.set(pid, task);
    }
    return task;
  }

  private mark(time: number, pid: number, kind: MarkKind, what: string, number: number, bytes = 0): void {
    const kindAndText = MARK_KINDS.indexOf(kind) + MARK_KINDS.length * this.texts.numberOf(what);
    this.marks.push(time, pid, kindAndText, number, bytes);
  }

  private signalText(sig: number, what: string): string {
    return `${this.signals.get(sig) ?? `signal ${sig}`} ${what}`;
  }
}

const COPY_WAYS = {
  copy_to_user: 'to user memory in ',
  copy_from_user: 'from user memory in ',
  copy_kernel: 'within the kernel in ',
  copy_dma: 'by a device for ',
};

/** `read(3)`: what a task in this call waits for. */
function waitText(call: string, args: Value): string {
  if (!ON_DESCRIPTORS.has(call) || !(args instanceof ListValue)) return call;
  const fd = args.items[args.head];
  return typeof fd === 'number' ? `${call} on fd ${fd}` : isText(fd) ? textOf(fd.toString()) : call;
}
