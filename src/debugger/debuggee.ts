/** A program that is being debugged: its computer, and what the debugger knows about it. One a launch. */
import { KERNEL, type Cpu } from '../machine/cpu.js';
import { framesOfCpu, framesOfTask, type Frame } from '../machine/frames.js';
import type { Machine } from '../machine/machine.js';
import { ListValue, type Value } from '../machine/values.js';
import { EventLog } from '../computer/events/log.js';
import type { Computer } from '../computer/computer.js';
import { ContextValue } from '../machine/context.js';
import { cpuOf, isIdle, tidOf, taskByTid, taskOn, tasksOf, type Task } from '../computer/inspect.js';
import { field, kernelGlobal, kernelRecord } from '../computer/kernel-records.js';
import type { LaunchArguments } from './arguments.js';
import { tracepointsOf } from './breakpoints.js';
import { CodeMap } from './code-map.js';
import { Evaluator } from './evaluate.js';
import { EventRecord } from './event-record.js';
import { Visibility } from './goals.js';
import { Timeline } from './timeline.js';

/** Thread ids: a task's is its pid; a CPU's idle task, or one that boots, has no pid of its own. */
const CPU_THREADS = 1_000_000_000;
/** The line that sums up tasks which are not listed. */
export const SUMMARY_THREAD = CPU_THREADS - 1;

/** What a thread id stands for: a task, the CPU that executes it, or both. */
export interface Thread {
  cpu: Cpu | null;
  task: Task | null;
}

export class Debuggee {
  readonly machine: Machine;
  readonly code: CodeMap;
  readonly view: Visibility;
  readonly evaluator: Evaluator;
  readonly timeline: Timeline;
  /** Its events; null of a run that is not recorded. */
  readonly record: EventRecord | null;
  private events: ReadonlySet<string> | null = null;

  constructor(
    readonly computer: Computer,
    readonly launch: LaunchArguments,
  ) {
    this.machine = computer.machine;
    this.code = new CodeMap(this.machine.program);
    this.view = new Visibility(this.code, launch.libc === true);
    this.evaluator = new Evaluator(computer);
    this.timeline = new Timeline(this.machine);
    const log = new EventLog(launch.eventLog ?? undefined);
    this.record = this.machine.history.enabled ? new EventRecord(this.machine, log) : null;
  }

  /** All tracepoints of the kernel that runs. Found when first asked for. */
  get tracepoints(): ReadonlySet<string> {
    return (this.events ??= tracepointsOf(this.machine.program));
  }

  threadOfCpu(cpu: Cpu): number {
    return cpu.task === null || isIdle(cpu.task) ? CPU_THREADS + cpu.id : tidOf(cpu.task);
  }

  threadOfTask(task: Task): number {
    const cpu = isIdle(task) ? cpuOf(this.machine, task) : undefined;
    return cpu ? CPU_THREADS + cpu.id : tidOf(task);
  }

  /** What a thread id stands for; null when there is no such thread (any more). */
  thread(id: number): Thread | null {
    if (id >= CPU_THREADS) {
      const cpu = this.machine.cpus[id - CPU_THREADS];
      const task = cpu?.task ?? null;
      // The CPU may be busy with a task; its idle task then rests on its own stack.
      if (cpu && task !== null && !isIdle(task)) return { cpu: null, task: this.idleTask(cpu.id) };
      return cpu ? { cpu, task: taskOn(cpu) } : null;
    }
    const task = taskByTid(this.machine, id) ?? this.runningTask(id);
    return task ? { cpu: cpuOf(this.machine, task) ?? null, task } : null;
  }

  /** A task that has been taken off the list and has not left its CPU yet. */
  private runningTask(pid: number): Task | null {
    const cpu = this.machine.cpus.find(({ task }) => pid > 0 && tidOf(task) === pid);
    return cpu ? taskOn(cpu) : null;
  }

  private idleTask(cpu: number): Task | null {
    const idle = kernelGlobal(this.machine, 'idle_tasks');
    return idle instanceof ListValue ? kernelRecord(idle.toArray()[cpu]) : null;
  }

  /** The frames of a thread, innermost first. */
  framesOf(thread: Thread): Frame[] {
    if (thread.cpu) return framesOfCpu(this.machine, thread.cpu);
    return thread.task ? framesOfTask(this.machine, thread.task) : [];
  }

  /**
   * Whose frames these are: the task whose kernel stack the innermost is on. In the middle of the context switch, from
   * set_current() on, that is not the current task any more: its code still stands on the stack of the one before.
   */
  ownerOf(thread: Thread, frames: readonly Frame[]): Value {
    const current = thread.cpu ? thread.cpu.task : thread.task;
    const [top] = frames;
    if (top?.mode !== KERNEL) return current;
    const isOwner = (task: Value): boolean => {
      const context = field(kernelRecord<'Task'>(task), 'context');
      return context instanceof ContextValue && context.stack === top.stack;
    };
    if (isOwner(current)) return current;
    const idle = this.machine.cpus.map(({ id }) => this.idleTask(id));
    return [...tasksOf(this.machine), ...idle].find(isOwner) ?? current;
  }
}
