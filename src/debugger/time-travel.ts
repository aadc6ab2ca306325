/** Back in time, and to an instant: finds the step that is wanted, and goes there. */
import { kernelEvent } from '../computer/kernel-records.js';
import type { Machine } from '../machine/machine.js';
import type { Debuggee, Thread } from './debuggee.js';
import type { Client } from './client.js';
import { AtTime, type Goal } from './goals.js';
import type { FrameHandle } from './handles.js';
import { Search, anyStatementBefore, entryOfFrame, statementBefore, type Sought } from './reverse.js';
import type { Stop } from './runner.js';
import type { Watching } from './watching.js';

/** Where a step started from. */
interface Start {
  step: number;
  cpu: number;
  byInstruction: boolean;
}

/** With several CPUs, instructions of the others are passed over; so many at most. */
const MOST_INSTRUCTIONS_BACK = 1000;

/** The session: its program, whose run can go back. */
interface Recording extends Client {
  readonly debuggee: Debuggee | null;
  recorded(): Debuggee;
}

/** What drives the machine: see execution.ts. */
interface Driver {
  readonly watching: Watching | null;
  readonly over: boolean;
  run(goal: Goal | null): void;
  resume(): void;
  goTo(step: number, how: Omit<Stop, 'cpu'>, cpuId?: number): void;
  go(way: Iterator<number, void>, title: string, stop: (arrived: boolean) => Stop): void;
}

export class TimeTravel {
  private search: Search | null = null;
  /** Where the steps since the last run started from, the latest last: a step back undoes one. */
  private trail: Start[] = [];

  constructor(
    private readonly session: Recording,
    private readonly execution: Driver,
  ) {}

  get searching(): boolean {
    return this.search !== null;
  }

  cancel(): void {
    if (this.search) this.search.cancelled = true;
  }

  /** A step has been begun. */
  stepped(from: Start): void {
    this.trail.push(from);
  }

  /** What comes is no step: there is nothing to undo any more. */
  forget(): void {
    this.trail = [];
    this.search = null;
  }

  /** Undoes the last step; where there is none, goes to the statement (or instruction) before. */
  stepBack(thread: Thread, byInstruction: boolean): void {
    const { session, execution } = this;
    const debuggee = session.recorded();
    const start = this.trail.pop();
    const frames = debuggee.framesOf(thread);
    const cpuId = thread.cpu?.id ?? debuggee.machine.cpu.id;
    execution.resume();
    session.connection.afterResponse(() => {
      if (start && (start.byInstruction || !byInstruction)) {
        execution.goTo(start.step, { reason: 'step' }, start.cpu);
      } else if (byInstruction) {
        this.trail = [];
        this.instructionBack(debuggee, cpuId);
      } else {
        const before = debuggee.machine.steps;
        const owner = debuggee.ownerOf(thread, frames);
        this.find(debuggee, before, statementBefore(debuggee.view, owner, thread.task, frames), (step) => {
          if (step !== null) return this.arrive(step);
          this.find(debuggee, before, anyStatementBefore(debuggee.view, cpuId), (any) => this.arrive(any));
        });
      }
    });
  }

  private instructionBack({ machine, timeline }: Debuggee, cpuId: number): void {
    const before = machine.steps;
    timeline.reached();
    for (let back = 1; back <= Math.min(before, MOST_INSTRUCTIONS_BACK); back++) {
      machine.seek(before - back);
      if (machine.cpu.id === cpuId) return this.execution.goTo(before - back, { reason: 'step' }, cpuId);
    }
    this.arrive(before > 0 ? before - 1 : null);
  }

  private arrive(step: number | null): void {
    if (step !== null) this.execution.goTo(step, { reason: 'step' });
    else this.execution.goTo(0, { reason: 'entry', description: 'The beginning of the run' });
  }

  /** To where a function that is active was called: its first statement, its arguments as they were. */
  restartFrame({ frame, task }: FrameHandle): void {
    const { session, execution } = this;
    const debuggee = session.recorded();
    this.trail = [];
    execution.resume();
    session.connection.afterResponse(() => {
      const { steps, cpu } = debuggee.machine;
      const owner = debuggee.ownerOf({ cpu: null, task }, [frame]);
      const sought = entryOfFrame(debuggee.view, owner, task, frame);
      const arrive = (step: number | null): void =>
        execution.goTo(step ?? steps, { reason: 'goto', description: `${frame.function.name} begins` });
      if ([...sought.pcs].includes(cpu.pc) && sought.holds(cpu)) arrive(steps);
      else this.find(debuggee, steps, sought, arrive);
    });
  }

  /** To the last breakpoint that was passed. */
  reverseContinue(): void {
    const { session, execution } = this;
    const debuggee = session.recorded();
    const { watching } = execution;
    this.trail = [];
    execution.resume();
    if (!watching) return;
    session.connection.afterResponse(() => {
      let last: Stop | null = null;
      const noted = (stop: Stop | null): boolean => {
        last = stop ?? last;
        return stop !== null;
      };
      const sought: Sought = {
        pcs: watching.pcs.keys(),
        holds: (cpu) => noted(watching.at(cpu)),
        ...(watching.tracing
          ? { onTrace: (name, fields) => noted(watching.onTrace(kernelEvent({ name, fields }))) }
          : {}),
      };
      this.find(debuggee, debuggee.machine.steps, sought, (step) => {
        if (step === null || last === null) return this.arrive(null);
        const { reason, description, hitBreakpointIds, exception } = last;
        execution.goTo(step, {
          reason,
          ...(description ? { description } : {}),
          ...(hitBreakpointIds ? { hitBreakpointIds } : {}),
          ...(exception ? { exception } : {}),
        });
      });
    });
  }

  /** Goes to the first instant at which the clock shows a time, back or forth. */
  toTime(debuggee: Debuggee, time: number): void {
    const { machine } = debuggee;
    if (machine.time < time && !machine.outcome) return this.execution.run(new AtTime(debuggee.view, machine, time));
    this.toKnownTime(debuggee, time);
  }

  /**
   * The same within what has been executed, however far back the machine stands; a time that has not been reached leads
   * to the furthest instant.
   */
  toKnownTime(debuggee: Debuggee, time: number): void {
    const { session, execution } = this;
    const { machine, timeline } = debuggee;
    session.recorded();
    this.trail = [];
    execution.resume();
    session.connection.afterResponse(() => {
      timeline.reached();
      execution.go(wayToTime(machine, time, timeline.furthest), `Going to tick ${time}`, (arrived) => ({
        cpu: machine.cpu,
        ...(arrived ? { reason: 'goto' as const, description: `Tick ${time}` } : { reason: 'pause' as const }),
      }));
    });
  }

  /** Searches back; `done` is called with the machine anywhere. If the user cancels, it is put back at `before`. */
  private find(debuggee: Debuggee, before: number, sought: Sought, done: (step: number | null) => void): void {
    const { session, execution } = this;
    const search = new Search(debuggee.machine, debuggee.timeline, session.host);
    this.search = search;
    const finish = (step: number | null): void => {
      if (this.search !== search) return;
      this.search = null;
      if (session.debuggee !== debuggee || execution.over) return;
      if (search.cancelled) execution.goTo(before, { reason: 'pause' });
      else done(step);
    };
    const result = search.lastBefore(before, sought);
    if (result instanceof Promise) void result.then(finish, () => finish(null));
    else finish(result);
  }
}

/** Instructions among which the one that is sought is found by looking at each. */
const FEW = 1000;

/**
 * To the first step, of those that have been executed, at which the clock shows at least `time`: the epoch is found
 * without executing anything, then it is run through.
 *
 * @param end the furthest of them, a step. The end at maxSteps was set by the debugger: the machine alone would run on
 */
function* wayToTime(machine: Machine, time: number, end: number): Generator<number, void> {
  const boundaries = machine.boundaries();
  let [low, high] = [0, boundaries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    yield* machine.seeking(boundaries[middle]);
    if (machine.time < time) low = middle + 1;
    else high = middle;
  }
  let from = boundaries[Math.max(0, low - 1)];
  yield* machine.seeking(from);
  const begin = machine.time;
  while (machine.time < time && machine.steps < end && !machine.outcome) {
    from = machine.steps;
    machine.run(Math.min(FEW, end - machine.steps));
    yield (machine.time - begin) / (time - begin);
  }
  if (machine.time < time) return;
  // Mostly this is in the same epoch, whose record is at hand.
  for (const way = machine.seeking(from); !way.next().done;) yield 1;
  while (machine.time < time) machine.step();
}
