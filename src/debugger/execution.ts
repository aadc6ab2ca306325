/** Running and standing still: continue, pause, every kind of step, back in time; and what the client is told at a stop. */
import { KERNEL } from '../machine/cpu.js';
import { framesOfCpu, type Frame } from '../machine/frames.js';
import { taskByPid } from '../computer/inspect.js';
import type { Debuggee } from './debuggee.js';
import {
  AtTime,
  StepInstruction,
  StepInto,
  StepOut,
  StepOver,
  StepOverInstruction,
  SYSCALL_ENTRY,
  type Goal,
} from './goals.js';
import { Output } from './output.js';
import { RequestError, type HandlerTable } from './protocol.js';
import { Search, anyStatementBefore, statementBefore, type Sought } from './reverse.js';
import { Runner, type Stop } from './runner.js';
import type { Session } from './session.js';
import { STATE_EVENT } from './messages.js';
import { stateEvent } from './snapshot.js';
import { Watching } from './watching.js';
import { tracePattern } from './breakpoints.js';

/** Between two `osim/state` events of a running machine, milliseconds. */
const STATE_INTERVAL = 200;

/** A place that was shown, to step back to. */
interface Shown {
  step: number;
  cpu: number;
}

type Thread = NonNullable<ReturnType<Debuggee['thread']>>;

export class Execution {
  private runner: Runner | null = null;
  private watching: Watching | null = null;
  private output: Output | null = null;
  private search: Search | null = null;
  private lastState = 0;
  /** Where the steps since the last run started from, the latest last: a step back undoes one. */
  private trail: Shown[] = [];
  /** Why the machine stands still; null while it runs or has not been started. */
  stop: Stop | null = null;
  /** Counts the stops: what was shown at an earlier one has changed since. */
  generation = 0;
  started = false;
  /** The program has been let go: nothing more can be run. */
  over = false;

  constructor(private readonly session: Session) {}

  get running(): boolean {
    return this.runner?.running === true || this.search !== null;
  }

  breakpointsChanged(): void {
    this.runner?.breakpointsChanged();
  }

  /** A program has been loaded and stands at its first instruction. */
  attach(debuggee: Debuggee): void {
    const { session } = this;
    const { machine, timeline, evaluator, launch } = debuggee;
    this.stop = null;
    this.search = null;
    this.trail = [];
    this.started = false;
    this.over = false;
    this.output = new Output(
      debuggee,
      (body) =>
        session.event('output', {
          ...body,
          ...(body.line === undefined ? {} : { line: session.lineToClient(body.line) }),
        }),
      (uri) => session.sourceOf(uri),
    );
    const { output } = this;
    const observe = machine.onTrace;
    machine.onTrace = (name, fields) => {
      output.observe(name, fields);
      return observe?.(name, fields);
    };
    machine.onLog = (text) => session.print(text);
    this.watching = new Watching({
      machine,
      breakpoints: session.breakpoints,
      exceptions: session.exceptions,
      evaluator,
      timeline,
      debugging: launch.noDebug !== true,
      log: (message, pc) => {
        const position = debuggee.code.positionAt(pc);
        const place = position
          ? { source: session.sourceOf(position.uri), line: session.lineToClient(position.line) }
          : {};
        session.print(message, 'console', place);
      },
      printed: printedEvents(debuggee, launch.trace),
      print: (line) => session.print(line),
    });
    if (launch.maxTicks != null) machine.limitTime(launch.maxTicks);
    const maxSteps = launch.maxSteps ?? Infinity;
    this.runner = new Runner(machine, this.watching, timeline, session.host, maxSteps, () => this.onSlice(debuggee));
  }

  private onSlice(debuggee: Debuggee): void {
    this.output?.flush();
    const now = this.session.host.now();
    if (now - this.lastState < STATE_INTERVAL) return;
    this.lastState = now;
    this.session.event(STATE_EVENT, stateEvent(debuggee.machine, true));
  }

  /** Lets the machine run towards a goal, or without one. */
  run(goal: Goal | null, options: { isStep?: boolean } = {}): void {
    const debuggee = this.session.stopped();
    if (this.over) throw new RequestError('The program has ended. It can be restarted.');
    const { machine } = debuggee;
    if (options.isStep) this.trail.push({ step: machine.steps, cpu: this.shownCpu(debuggee) });
    else this.trail = [];
    this.started = true;
    this.resume();
    this.session.connection.afterResponse(() => this.runner?.start(goal, (stop) => this.show(debuggee, stop)));
  }

  /** What a client holds of the stopped machine ends here. */
  private resume(): void {
    this.stop = null;
    this.session.handles.reset();
  }

  private shownCpu({ machine }: Debuggee): number {
    return this.stop?.cpu.id ?? machine.cpu.id;
  }

  pause(): void {
    if (this.search) this.search.cancelled = true;
    else this.runner?.pause();
  }

  /** Stops whatever goes on; the program is not to be continued. */
  abandon(): void {
    this.over = true;
    this.pause();
  }

  /** The machine has stopped: says so, and why. */
  private show(debuggee: Debuggee, stop: Stop): void {
    if (this.session.debuggee !== debuggee) return;
    const { machine, launch } = debuggee;
    this.output?.flush();
    if (this.over) return;
    if (stop.reason === 'ended') {
      this.reportOutcome(debuggee);
      if (launch.stopOnExit !== true || launch.noDebug === true) return this.end();
      stop = { reason: 'pause', cpu: stop.cpu, description: 'The run has ended. One can step back.' };
    }
    if (this.session.exceptions && stop.exception) for (const line of stop.exception.details) this.session.print(line);
    this.stop = stop;
    this.generation++;
    this.session.handles.reset();
    const threadId = stop.task ? debuggee.threadOfTask(stop.task) : debuggee.threadOfCpu(stop.cpu);
    const description = stop.exception?.sentence ?? stop.description;
    this.session.event('stopped', {
      reason: stop.reason === 'ended' ? 'pause' : stop.reason,
      threadId,
      allThreadsStopped: true,
      ...(description ? { description, text: stop.exception?.name ?? description } : {}),
      ...(stop.hitBreakpointIds ? { hitBreakpointIds: stop.hitBreakpointIds } : {}),
    });
    this.session.event(STATE_EVENT, stateEvent(machine, false));
  }

  private reportOutcome({ machine }: Debuggee): void {
    const { outcome, time, steps } = machine;
    if (!outcome) return;
    const words = {
      finished: 'The program has finished',
      idle: 'Nothing is left to run: all who are left wait for the outside world',
      deadlock: 'Deadlock',
      panic: 'Kernel panic',
      limit: 'A limit was reached',
    };
    this.session.print(`${words[outcome.kind]} (${time} ticks, ${steps} steps).`);
    for (const line of outcome.report) this.session.print(line, outcome.kind === 'limit' ? 'important' : 'console');
  }

  /** Ends the session: the exit status is that of `osim run`. */
  end(): void {
    if (this.over) return;
    this.over = true;
    const kind = this.session.debuggee?.machine.outcome?.kind;
    const exitCode = kind === 'panic' ? 4 : kind === 'limit' ? 5 : kind === 'deadlock' ? 3 : 0;
    if (kind) this.session.event('exited', { exitCode });
    this.session.event('terminated');
  }

  /** continue: from the end there is no going on. */
  proceed(): void {
    const { machine } = this.session.stopped();
    if (!machine.outcome || this.over) return this.run(null);
    this.session.connection.afterResponse(() => this.end());
  }

  // ---- back in time ---------------------------------------------------------------------------------------------------

  /** Puts the machine at a step that is shown. */
  goTo(step: number, reason: Stop['reason'], cpuId?: number, description?: string): void {
    const debuggee = this.session.stopped();
    const { machine, timeline } = debuggee;
    timeline.reached();
    machine.seek(step);
    this.runner?.forget();
    const cpu = cpuId === undefined ? machine.cpu : (machine.cpus[cpuId] ?? machine.cpu);
    this.show(debuggee, { reason, cpu, ...(description ? { description } : {}) });
  }

  stepBack(thread: Thread, byInstruction: boolean): void {
    const debuggee = this.session.stopped();
    const shown = this.trail.pop();
    this.resume();
    this.session.connection.afterResponse(() => {
      if (shown) this.goTo(shown.step, 'step', shown.cpu);
      else if (byInstruction) this.arrive(Math.max(0, debuggee.machine.steps - 1), debuggee.machine.steps);
      else this.searchBack(debuggee, thread);
    });
  }

  private searchBack(debuggee: Debuggee, thread: Thread): void {
    const { machine, view } = debuggee;
    const cpuId = thread.cpu?.id ?? machine.cpu.id;
    const before = machine.steps;
    const sought = statementBefore(view, thread.task, debuggee.framesOf(thread));
    this.find(debuggee, before, sought, (step) => {
      if (step !== null) return this.goTo(step, 'step', undefined);
      this.find(debuggee, before, anyStatementBefore(view, cpuId), (any) => this.arrive(any, before));
    });
  }

  private arrive(step: number | null, before: number): void {
    if (step !== null && step < before) return this.goTo(step, 'step');
    this.goTo(0, 'entry', undefined, 'The beginning of the run');
  }

  reverseContinue(): void {
    const debuggee = this.session.stopped();
    const { machine } = debuggee;
    const { watching } = this;
    const before = machine.steps;
    this.trail = [];
    this.resume();
    this.session.connection.afterResponse(() => {
      let last: Stop | null = null;
      const sought: Sought = {
        pcs: watching?.pcs.keys() ?? [],
        holds: (cpu) => {
          const stop = watching?.at(cpu) ?? null;
          if (stop) last = stop;
          return stop !== null;
        },
        ...(watching?.tracing ? { onTrace: (name, fields) => (watching.onTrace(name, fields) ? true : false) } : {}),
      };
      this.find(debuggee, before, sought, (step) => {
        if (step === null) return this.arrive(null, before);
        const reason = (last as Stop | null)?.reason ?? 'breakpoint';
        this.goTo(step, reason);
        if (this.stop && last) this.stop.hitBreakpointIds = (last as Stop).hitBreakpointIds ?? [];
      });
    });
  }

  /** Goes to the first instant at which the clock shows a time, back or forth. */
  goToTime(debuggee: Debuggee, time: number): void {
    const { machine, timeline } = debuggee;
    if (machine.time < time && !machine.outcome) return this.run(new AtTime(debuggee.view, machine, time));
    this.trail = [];
    this.resume();
    this.session.connection.afterResponse(() => {
      timeline.reached();
      let [low, high] = [0, machine.steps];
      while (low < high) {
        const middle = (low + high) >>> 1;
        machine.seek(middle);
        if (machine.time < time) low = middle + 1;
        else high = middle;
      }
      this.goTo(low, 'goto', undefined, `Tick ${time}`);
    });
  }

  /** Searches back; `done` is called with the machine anywhere, or at `before` if the user has cancelled. */
  private find(debuggee: Debuggee, before: number, sought: Sought, done: (step: number | null) => void): void {
    const search = new Search(debuggee.machine, debuggee.timeline, this.session.host);
    this.search = search;
    const finish = (step: number | null): void => {
      if (this.search !== search) return;
      this.search = null;
      if (this.session.debuggee !== debuggee || this.over) return;
      if (search.cancelled) return this.goTo(before, 'pause');
      done(step);
    };
    const result = search.lastBefore(before, sought);
    if (result instanceof Promise) void result.then(finish, () => finish(null));
    else finish(result);
  }

  /** Something from outside happens at this step: the future that was recorded is another now. */
  input(apply: Parameters<Debuggee['machine']['input']>[0]): void {
    const debuggee = this.session.stopped();
    const { machine, timeline, computer } = debuggee;
    if (timeline.hasFuture) {
      this.session.print('This changes the past: what was recorded of the run after this point is dropped.');
    }
    timeline.reached();
    machine.input(apply);
    timeline.diverged();
    computer.processes.forgetAfter(machine.steps);
    this.session.breakpoints.forgetHitsAfter(machine.steps);
    this.output?.forgetAfter(machine.steps);
  }
}

function printedEvents(debuggee: Debuggee, trace: Debuggee['launch']['trace']): RegExp[] {
  if (trace === true) return [/^/];
  const names = typeof trace === 'string' ? [trace] : Array.isArray(trace) ? trace : [];
  return names.map((name) => tracePattern(name, debuggee.tracepoints)).filter((p): p is RegExp => p !== null);
}

/** The function at the bottom of a CPU's kernel stack: by which way the kernel was entered. */
function entryOf(debuggee: Debuggee): (cpu: Parameters<typeof framesOfCpu>[1]) => string {
  return (cpu) => {
    const kernel = framesOfCpu(debuggee.machine, cpu).filter((frame) => frame.mode === KERNEL);
    return kernel[kernel.length - 1]?.function.name ?? '';
  };
}

export function executionHandlers(session: Session): HandlerTable {
  const { execution } = session;
  const threadFor = (id: number): Thread => {
    const thread = session.stopped().thread(id);
    if (!thread) throw new RequestError(`There is no thread ${id} (any more).`);
    return thread;
  };
  /** The CPU that a step follows: the thread's own, or, for one that does not run, whichever runs next. */
  const cpuFor = (thread: Thread) => thread.cpu ?? session.stopped().machine.cpu;
  const stepping = (id: number, goal: (debuggee: Debuggee, thread: Thread) => Goal): void => {
    const debuggee = session.stopped();
    execution.run(goal(debuggee, threadFor(id)), { isStep: true });
  };

  return {
    continue: () => {
      session.stopped();
      execution.proceed();
      return { allThreadsContinued: true };
    },
    pause: () => {
      session.loaded();
      if (!execution.running) throw new RequestError('The machine stands still already.');
      execution.pause();
    },
    next: ({ threadId, granularity }) =>
      stepping(threadId, (debuggee, thread) => {
        const frames = debuggee.framesOf(thread);
        const task = thread.cpu ? thread.cpu.task : thread.task;
        return granularity === 'instruction'
          ? new StepOverInstruction(debuggee.view, task, frames)
          : new StepOver(debuggee.view, task, frames);
      }),
    stepIn: ({ threadId, granularity }) =>
      stepping(threadId, (debuggee, thread) => {
        const cpu = cpuFor(thread);
        return granularity === 'instruction'
          ? new StepInstruction(cpu)
          : new StepInto(debuggee.view, cpu, cpu.task, entryOf(debuggee));
      }),
    stepOut: ({ threadId }) =>
      stepping(threadId, (debuggee, thread) => {
        const frames = debuggee.framesOf(thread);
        const outer = framesToReturnTo(debuggee, frames);
        if (outer.length === 0)
          throw new RequestError('This is the outermost function: there is no caller to return to.');
        return new StepOut(debuggee.view, thread.cpu ? thread.cpu.task : thread.task, outer);
      }),
    stepBack: ({ threadId, granularity }) => execution.stepBack(threadFor(threadId), granularity === 'instruction'),
    reverseContinue: ({ threadId }) => {
      threadFor(threadId);
      execution.reverseContinue();
    },
    terminateThreads: ({ threadIds }) => {
      const debuggee = session.stopped();
      const pids = (threadIds ?? []).filter((id) => taskByPid(debuggee.machine, id) !== null);
      if (pids.length === 0) throw new RequestError('Only processes can be killed, and only while they exist.');
      for (const pid of pids) {
        execution.input((machine) => {
          const task = taskByPid(machine, pid);
          const info = machine.callKernel('kernel_signal', [9, 128]);
          if (task) machine.callKernel('send_signal', [task, 9, info]);
        });
      }
      session.event('invalidated', { areas: ['threads', 'variables'] });
    },
    'osim/seek': ({ step }) => {
      session.stopped();
      if (step < 0) throw new RequestError('Steps count from 0.');
      session.connection.afterResponse(() => execution.goTo(Math.floor(step), 'goto'));
    },
  };
}

/**
 * The frames that a step out may come back to, the nearest first: callers that are shown. From a system call's own
 * function that is the user's program; the common entry of all calls is passed over.
 */
function framesToReturnTo({ view }: Debuggee, frames: readonly Frame[]): Frame[] {
  return frames.slice(1).filter((frame, i, outer) => {
    const isEntry = frame.mode === KERNEL && (outer[i + 1] === undefined || outer[i + 1]?.mode !== KERNEL);
    const commonPath = frame.function.name === 'dispatch' || frame.function.name === SYSCALL_ENTRY;
    return view.shows(frame.pc) && !(frame.mode === KERNEL && (isEntry || commonPath) && i < outer.length - 1);
  });
}
