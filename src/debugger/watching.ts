/**
 * Decides, wherever a run passes something that the user has set, whether to stop: conditions, hit counts, log points,
 * exceptions.
 */
import type { Cpu } from '../machine/cpu.js';
import type { Board, FaultInfo } from '../machine/board.js';
import { EvaluationError } from '../compiler/evaluate.js';
import { describe } from '../computer/inspect-format.js';
import { tidOf, stateOf, taskOn, tasksOf, type Task } from '../computer/inspect.js';
import { text as textField, type KernelEvent } from '../computer/kernel-records.js';
import { textOf } from '../machine/text.js';
import { topFrame } from '../computer/inspect-frames.js';
import { readBytes } from '../computer/inspect-memory.js';
import type { Breakpoint, Breakpoints, EventPattern } from './breakpoints.js';
import type { Context, Evaluator, KernelNames } from './evaluate.js';
import type { ExceptionFilters, ExceptionStop } from './exceptions.js';
import type { Stop, Watch } from './runner.js';
import type { Timeline } from './timeline.js';

export interface WatchSettings {
  machine: Board;
  breakpoints: Breakpoints;
  exceptions: ExceptionFilters;
  evaluator: Evaluator;
  timeline: Timeline;
  /** False when the program is only to be run: nothing stops it. */
  debugging: boolean;
  /** Prints a log point's line, with the place that it is at. */
  log(message: string, pc: number): void;
  /** Events to print, by `trace` in launch.json. */
  printed: EventPattern[];
  print(line: string): void;
}

const NOWHERE: ReadonlyMap<number, unknown> = new Map();

export class Watching implements Watch {
  constructor(private readonly settings: WatchSettings) {}

  get pcs(): ReadonlyMap<number, unknown> {
    return this.settings.debugging ? this.settings.breakpoints.pcs : NOWHERE;
  }

  get tracing(): boolean {
    const { breakpoints, exceptions, printed, debugging } = this.settings;
    return printed.length > 0 || (debugging && (breakpoints.tracepoints.length > 0 || exceptions.tracing));
  }

  at(cpu: Cpu): Stop | null {
    const { breakpoints, machine } = this.settings;
    const hit: Breakpoint[] = [];
    const descriptions: string[] = [];
    const frame = topFrame(machine, cpu) ?? null;
    const context = { frame, task: taskOn(cpu) };
    for (const breakpoint of breakpoints.pcs.get(cpu.pc) ?? []) {
      const description = this.decide(breakpoint, context, cpu.pc);
      if (description === null) continue;
      hit.push(breakpoint);
      if (description) descriptions.push(description);
    }
    return stopAt(hit, descriptions, cpu);
  }

  onTrace(event: KernelEvent): Stop | null {
    const { machine, breakpoints, exceptions, printed, timeline } = this.settings;
    const { fields } = event;
    const names = namesOfEvent(event);
    if (timeline.isNew && printed.some((pattern) => names.some((n) => pattern.test(n)))) {
      this.settings.print(`${machine.cpu.clock} ${names[names.length - 1]} ${describe(fields)}`);
    }
    if (!this.settings.debugging) return null;
    const hit: Breakpoint[] = [];
    const descriptions: string[] = [];
    const { cpu } = machine;
    for (const breakpoint of breakpoints.tracepoints) {
      if (!names.some((n) => breakpoint.tracepoints?.test(n))) continue;
      const context = { frame: null, task: taskOn(cpu), extra: fields };
      const description = this.decide(breakpoint, context, cpu.pc);
      if (description === null) continue;
      hit.push(breakpoint);
      descriptions.push(description || `Tracepoint ${names[names.length - 1]}`);
    }
    const exception = exceptions.onTrace(machine, event);
    if (exception) return { reason: 'exception', cpu, exception };
    return stopAt(hit, descriptions, cpu);
  }

  onFault(fault: FaultInfo): Stop | null {
    const { machine, exceptions, debugging } = this.settings;
    const exception = debugging ? exceptions.onFault(machine, fault) : null;
    return exception ? { reason: 'exception', cpu: machine.cpu, exception, before: true } : null;
  }

  /** What an outcome looks like: an exception to be shown, or the end. */
  onOutcome(): Stop {
    const { machine, exceptions, debugging } = this.settings;
    const exception = debugging ? exceptions.onOutcome(machine) : null;
    if (!exception) return { reason: 'ended', cpu: machine.cpu };
    const stop: Stop = { reason: 'exception', cpu: machine.cpu, exception };
    const stuck = exception.filter === 'deadlock' ? stuckTask(machine, exception) : null;
    if (stuck) stop.task = stuck;
    return stop;
  }

  /** Null: go on. Else stop, with a description if there is more to say than where. */
  private decide(breakpoint: Breakpoint, context: Context, pc: number): string | null {
    const { evaluator, timeline, machine } = this.settings;
    let description = '';
    if (breakpoint.changed) {
      const change = breakpoint.changed(pc);
      if (change === null) return null;
      description = change;
    }
    if (breakpoint.condition !== null) {
      try {
        if (!evaluator.holds(breakpoint.condition, context)) return null;
      } catch (error) {
        if (!(error instanceof EvaluationError)) throw error;
        if (breakpoint.log) return null;
        description = `The condition has no value here: ${error.message}`;
      }
    }
    if (breakpoint.hitCondition && !breakpoint.hitCondition.holds(countHit(breakpoint, machine.steps))) return null;
    if (!breakpoint.log) return description;
    if (timeline.isNew) this.settings.log(this.message(breakpoint, context), pc);
    return null;
  }

  private message(breakpoint: Breakpoint, context: Context): string {
    return (breakpoint.log ?? [])
      .map((part) => ('text' in part ? part.text : this.valueText(part.expression, context)))
      .join('');
  }

  private valueText(expression: string, context: Context): string {
    try {
      return plainText(this.settings.machine, this.settings.evaluator.evaluate(expression, context), context);
    } catch (error) {
      if (error instanceof EvaluationError) return `<${error.message}>`;
      throw error;
    }
  }
}

/** A value in a log line: a string as itself. */
function plainText(machine: Board, value: ReturnType<Evaluator['evaluate']>, { task }: Context): string {
  if (typeof value === 'string') return textOf(value);
  return describe(value as Exclude<typeof value, KernelNames>, {
    bytesOf: (buffer) => (task ? readBytes(machine, task, buffer.address, buffer.length) : null),
  });
}

/** The names that an event answers to: `sys_enter` of read() is also `sys_enter_read`. */
function namesOfEvent({ name, fields }: KernelEvent): string[] {
  return name === 'sys_enter' || name === 'sys_exit' ? [name, `${name}_${textField(fields, 'name')}`] : [name];
}

/** How often a place has been reached by now, the run of before and this one together. */
function countHit(breakpoint: Breakpoint, step: number): number {
  const { hits } = breakpoint;
  let at = hits.length;
  while (at > 0 && hits[at - 1] > step) at--;
  if (at > 0 && hits[at - 1] === step) return at;
  hits.splice(at, 0, step);
  return at + 1;
}

function stopAt(hit: Breakpoint[], descriptions: string[], cpu: Cpu): Stop | null {
  const first = hit[0];
  if (!first) return null;
  const stop: Stop = { reason: first.kind, cpu, hitBreakpointIds: hit.map((b) => b.id) };
  if (descriptions.length > 0) stop.description = descriptions.join('; ');
  return stop;
}

/** Who is shown at a deadlock: the one that its report begins with, who is in the circle. */
function stuckTask(machine: Board, { details }: ExceptionStop): Task | undefined {
  const blocked = tasksOf(machine).filter((task) => tidOf(task) > 1 && stateOf(machine, task) === 'blocked');
  const [, pid, tid] = /^pid (\d+)(?: thread (\d+))?/.exec(details[0] ?? '') ?? [];
  return blocked.find((task) => tidOf(task) === Number(tid ?? pid)) ?? blocked[0];
}
