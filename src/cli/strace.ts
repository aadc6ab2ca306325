/**
 * System calls in the format of Debian's `strace -f`: `read(3, "Welcome to OSim\nstep into everyt"..., 512) = 37`.
 * strace/calls.ts says how each call is shown, strace/lines.ts how the lines of several processes go together.
 *
 * Signals that are ignored are shown too, as strace does, when their target is next on its way to user mode. But where
 * a real kernel would interrupt a call for the tracer's sake, this one is left alone: looking changes nothing here.
 */
import type { Computer } from '../computer/computer.js';
import type { TraceEvent } from '../computer/events/event.js';
import { taskByTid, taskOn, type Task } from '../computer/inspect.js';
import { field, flag, integer, kernelEvent, text, type KernelRecord } from '../computer/kernel-records.js';
import { ListValue } from '../machine/values.js';
import type { Call } from './strace/call.js';
import { callNamed } from './strace/calls.js';
import { ERESTART_RESTARTBLOCK, ERESTARTSYS, errorText, isError, isInterrupted } from './strace/errors.js';
import { Lines } from './strace/lines.js';
import { Moment } from './strace/moment.js';
import { isStopSignal, signalInfo, signalName } from './strace/signals.js';
import type { TraceFormat, TraceWriter } from './trace-formats.js';

const EINTR = 4;
const SIGKILL = 9;
const SIG_DFL = 0;
const SIG_IGN = 1;
const SA_RESTART = 0x10000000;

export const straceText: TraceFormat = (computer, line) => new Strace(computer, new Lines(line));

interface Begun {
  shown: Call;
  number: number;
  args: number[];
  /** When, in ticks. */
  at: number;
  before: number | null;
}

/** What is known of a process between its events. */
interface Process {
  pid: number;
  call: Begun | null;
  /** The last result, until a handler has begun. */
  result: number;
  /** The last call's number. */
  number: number;
  /** What calls returned that handlers interrupted: the results that rt_sigreturn() brings back. */
  interrupted: number[];
  /** Signals that have come and are ignored, by number: their lines. */
  ignored: Map<number, string>;
  /** SIGKILL has come: no call returns any more. */
  killed: boolean;
}

class Strace implements TraceWriter {
  private readonly processes = new Map<number, Process>();

  constructor(
    private readonly computer: Computer,
    private readonly lines: Lines,
  ) {}

  event(event: TraceEvent): void {
    const { name, fields } = kernelEvent(event);
    switch (name) {
      case 'sched_process_fork':
        return this.lines.born(integer(fields, 'child_pid'));
      case 'task_newtask':
        return this.lines.born(integer(fields, 'pid'));
      case 'sched_switch':
        return this.switchedTo(this.process(integer(fields, 'next_pid')));
      case 'sys_enter':
        return this.enter(this.process(integer(fields, 'pid')), fields);
      case 'sys_exit':
        return this.exit(this.process(integer(fields, 'pid')), integer(fields, 'ret'));
      case 'signal_generate':
        return this.generated(this.process(integer(fields, 'pid')), fields);
      case 'signal_deliver':
        return this.delivered(this.process(integer(fields, 'pid')), fields);
      case 'sched_process_exit':
        return this.ended(this.process(integer(fields, 'pid')), integer(fields, 'status'));
    }
  }

  end(): void {
    this.lines.interrupt();
  }

  private process(pid: number): Process {
    let known = this.processes.get(pid);
    if (!known) {
      const none = { call: null, result: 0, number: 0, interrupted: [], killed: false };
      this.processes.set(pid, (known = { pid, ...none, ignored: new Map<number, string>() }));
    }
    return known;
  }

  // ---- Calls ----

  private enter(process: Process, fields: KernelRecord<'sys_enter'>): void {
    this.showIgnored(process);
    const [number, list] = [integer(fields, 'nr'), field(fields, 'args')];
    const args = list instanceof ListValue ? list.toArray().map((arg) => (typeof arg === 'number' ? arg : 0)) : [];
    const call = callNamed(text(fields, 'name'), number, args.length);
    const shown = this.isResumed(process, number) ? resumed(call) : call;
    process.call = { shown, number, args, at: this.computer.machine.cpu.clock, before: null };
    process.result = 0;
    const moment = this.moment(process, 0);
    process.call.before = shown.before?.(moment) ?? null;
    const early = shown.early(moment).join(', ');
    const incomplete = shown.late !== undefined;
    const comma = incomplete && early !== '' && !shown.joined ? ', ' : '';
    this.lines.begin(process.pid, shown.name, `${shown.name}(${early}${comma}`, incomplete);
  }

  /** A sleep that was interrupted, and no handler ran: it is executed again, under another name. */
  private isResumed(process: Process, number: number): boolean {
    return process.result === -ERESTART_RESTARTBLOCK && process.number === number;
  }

  private exit(process: Process, ret: number): void {
    const { call } = process;
    if (!call || process.killed) return;
    const result = call.shown.name === 'rt_sigreturn' && ret === 0 ? (process.interrupted.pop() ?? 0) : ret;
    const moment = this.moment(process, result);
    const rest = call.shown.late?.(moment).join(', ') ?? '';
    this.lines.end(process.pid, rest, resultText(call.shown, moment));
    process.call = null;
    process.result = result;
    process.number = call.number;
    this.showIgnored(process);
  }

  private moment(process: Process, result: number): Moment {
    const { machine } = this.computer;
    const task = taskOn(machine.cpu);
    const mine = integer(task, 'tid') === process.pid ? task : null;
    return new Moment(
      machine,
      mine ?? (taskByTid(machine, process.pid) as Task),
      process.call?.args ?? [],
      result,
      process.call?.before ?? null,
      machine.cpu.clock - (process.call?.at ?? 0),
    );
  }

  // ---- Signals ----

  private generated(process: Process, fields: KernelRecord<'signal_generate'>): void {
    const signal = integer(fields, 'sig');
    if (signal === SIGKILL) process.killed = true;
    if (flag(fields, 'ignored') && !process.ignored.has(signal)) process.ignored.set(signal, came(fields));
  }

  private delivered(process: Process, fields: KernelRecord<'signal_deliver'>): void {
    this.showIgnored(process);
    const [signal, handler] = [integer(fields, 'sig'), integer(fields, 'sa_handler')];
    if (signal === SIGKILL) return;
    this.lines.event(process.pid, came(fields, integer(fields, 'si_band'), integer(fields, 'si_fd')));
    if (handler === SIG_DFL && isStopSignal(signal)) {
      this.lines.event(process.pid, `--- stopped by ${signalName(signal)} ---`);
    } else if (handler > SIG_IGN) {
      process.interrupted.push(afterHandler(process, integer(fields, 'sa_flags')));
      process.result = 0;
    }
  }

  /** A task that was in user mode has the CPU again. */
  private switchedTo(process: Process): void {
    if (!this.lines.isInCall(process.pid)) this.showIgnored(process);
  }

  private showIgnored(process: Process): void {
    if (process.ignored.size === 0 || process.killed) return;
    for (const line of process.ignored.values()) this.lines.event(process.pid, line);
    process.ignored.clear();
  }

  // ---- The end ----

  private ended(process: Process, status: number): void {
    const { pid } = process;
    const signal = status & 0x7f;
    this.lines.abandon(pid);
    const how = signal === 0 ? `exited with ${(status >> 8) & 0xff}` : `killed by ${signalName(signal)}`;
    this.lines.event(pid, `+++ ${how} +++`);
    this.lines.gone(pid);
    this.processes.delete(pid);
  }
}

function resumed(call: Call): Call {
  return { name: 'restart_syscall', early: () => [`<... resuming interrupted ${call.name} ...>`] };
}

function resultText(call: Call, moment: Moment): string {
  const { result } = moment;
  if (isError(result)) return errorText(result);
  return call.result ? call.result(moment) : String(result);
}

/** What rt_sigreturn() returns after this handler: what the interrupted call does. */
function afterHandler({ result, number }: Process, flags: number): number {
  if (!isInterrupted(result)) return result;
  // It is executed again: what comes back is its number.
  return result === -ERESTARTSYS && (flags & SA_RESTART) !== 0 ? number : -EINTR;
}

/** `--- SIGCHLD {si_signo=SIGCHLD, …} ---`. */
function came(fields: KernelRecord<'signal_generate' | 'signal_deliver'>, band = 0, fd = 0): string {
  const signal = integer(fields, 'sig');
  const info = signalInfo({
    signal,
    code: integer(fields, 'code'),
    pid: integer(fields, 'si_pid'),
    uid: integer(fields, 'si_uid'),
    status: integer(fields, 'si_status'),
    address: integer(fields, 'si_addr'),
    value: integer(fields, 'si_value'),
    band,
    fd,
  });
  return `--- ${signalName(signal)} ${info} ---`;
}
