/** Running and standing still: what drives the machine, and what the client is told at a stop. */
import { Journey } from './journey.js';
import { Flood } from '../computer/flood.js';
import { kernelEvent } from '../computer/kernel-records.js';
import { tracePattern, type Breakpoints, type EventPattern } from './breakpoints.js';
import type { Client } from './client.js';
import { faultLine, type ExceptionFilters } from './exceptions.js';
import type { Debuggee } from './debuggee.js';
import type { Goal } from './goals.js';
import type { Handles } from './handles.js';
import { STATE_EVENT } from './messages.js';
import { Output } from './output.js';
import { RequestError } from './protocol.js';
import { Runner, type Stop } from './runner.js';
import { stateEvent } from './snapshot.js';
import { ThreadEvents } from './thread-events.js';
import { TimeTravel } from './time-travel.js';
import { forgetVerdict, tellVerdict } from './verdict.js';
import { Watching } from './watching.js';

/** Between two `osim/state` events of a running machine, milliseconds. */
const STATE_INTERVAL = 200;

/** What it needs of the session that it belongs to. */
export interface Surroundings extends Client {
  readonly breakpoints: Breakpoints;
  readonly exceptions: ExceptionFilters;
  readonly handles: Handles;
  readonly debuggee: Debuggee | null;
  /** The program, standing still; refuses while it runs, or there is none. */
  stopped(): Debuggee;
  /** The same, of a run that can go back. */
  recorded(): Debuggee;
}

export class Execution {
  private runner: Runner | null = null;
  watching: Watching | null = null;
  private output: Output | null = null;
  /** The machine is on its way to another instant. */
  private journey: Journey | null = null;
  private lastState = 0;
  /** Why the machine stands still; null while it runs or has not been started. */
  stop: Stop | null = null;
  /** Counts the stops, to tell what was shown at an earlier one. */
  generation = 0;
  started = false;
  /** The program has been let go: nothing more can be run. */
  over = false;
  /** The exit status that `osim run` would give; null before the end of the run. */
  private exitCode: number | null = null;

  readonly travel: TimeTravel;

  private readonly threads: ThreadEvents;

  constructor(private readonly session: Surroundings) {
    this.threads = new ThreadEvents(session);
    this.travel = new TimeTravel(session, this);
  }

  get running(): boolean {
    return this.runner?.running === true || this.travel.searching || this.journey !== null;
  }

  breakpointsChanged(): void {
    this.runner?.breakpointsChanged();
  }

  /** A program has been loaded and stands at its first instruction. */
  attach(debuggee: Debuggee): void {
    const { session } = this;
    const { machine, timeline, evaluator, launch } = debuggee;
    this.stop = null;
    this.travel.forget();
    this.journey?.cancel();
    this.journey = null;
    this.started = false;
    this.over = false;
    this.exitCode = null;
    this.threads.tell([]);
    forgetVerdict(session, debuggee);
    this.output = new Output(
      debuggee,
      (body) =>
        session.show({
          ...body,
          ...(body.line === undefined ? {} : { line: session.lineToClient(body.line) }),
        }),
      (uri) => session.sourceOf(uri),
    );
    const { output } = this;
    const observe = machine.onTrace;
    machine.onTrace = (name, fields) => {
      output.observe(kernelEvent({ name, fields }));
      return observe?.(name, fields);
    };
    const flood = new Flood('log(), log points, printed events and faults');
    const bounded = (line: string, print: (line: string) => void): void => {
      const shown = flood.admit(line);
      if (shown !== null) print(shown);
    };
    const noteFault = machine.onFault;
    machine.onFault = (fault) => {
      bounded(faultLine(machine, fault), (line) => this.printAt(debuggee, fault.pc, line, 'stderr'));
      return noteFault?.(fault);
    };
    machine.onLog = (text) => {
      if (timeline.isNew) bounded(text, (line) => session.print(line));
    };
    this.watching = new Watching({
      machine,
      breakpoints: session.breakpoints,
      exceptions: session.exceptions,
      evaluator,
      timeline,
      debugging: launch.noDebug !== true,
      log: (message, pc) => bounded(message, (line) => this.printAt(debuggee, pc, line, 'console')),
      printed: printedEvents(debuggee, launch.trace),
      print: (text) => bounded(text, (line) => session.print(line)),
    });
    if (launch.maxTicks != null) machine.limitTime(launch.maxTicks);
    const maxSteps = launch.maxSteps ?? Infinity;
    this.runner = new Runner(machine, this.watching, timeline, session.host, maxSteps, () => this.onSlice(debuggee));
  }

  /** Prints a line that leads to an instruction's source. */
  private printAt({ code }: Debuggee, pc: number, line: string, category: 'console' | 'stderr'): void {
    const { session } = this;
    const position = code.positionAt(pc);
    const place = position ? { source: session.sourceOf(position.uri), line: session.lineToClient(position.line) } : {};
    session.print(line, category, place);
  }

  private onSlice(debuggee: Debuggee): void {
    this.output?.flush();
    const now = this.session.host.now();
    if (now - this.lastState < STATE_INTERVAL) return;
    this.lastState = now;
    const { machine } = debuggee;
    this.threads.look(machine);
    this.session.event(STATE_EVENT, stateEvent(machine, true));
  }

  /** Lets the machine run towards a goal, or without one. */
  run(goal: Goal | null): void {
    this.travel.forget();
    this.start(goal);
  }

  /** The same for a step, which a step back undoes. */
  step(goal: Goal, byInstruction: boolean): void {
    const { machine } = this.session.stopped();
    const from = { step: machine.steps, cpu: this.stop?.cpu.id ?? machine.cpu.id, byInstruction };
    this.start(goal);
    this.travel.stepped(from);
  }

  private start(goal: Goal | null): void {
    const debuggee = this.session.stopped();
    if (this.over) throw new RequestError('The program has ended. It can be restarted.');
    this.started = true;
    this.lastState = this.session.host.now();
    this.resume();
    this.session.connection.afterResponse(() => this.runner?.start(goal, (stop) => this.show(debuggee, stop)));
  }

  /** What a client holds of the stopped machine ends here. */
  resume(): void {
    this.stop = null;
    this.session.handles.reset();
  }

  pause(): void {
    if (this.journey) this.journey.cancel();
    else if (this.travel.searching) this.travel.cancel();
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
    for (const line of stop.exception?.details ?? []) this.session.print(line);
    this.stop = stop;
    this.generation++;
    this.session.handles.reset();
    const threadId = stop.task ? debuggee.threadOfTask(stop.task) : debuggee.threadOfCpu(stop.cpu);
    this.threads.look(machine);
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

  private reportOutcome(debuggee: Debuggee): void {
    const { outcome, time, steps } = debuggee.machine;
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
    const fault = debuggee.computer.replayFault;
    if (fault !== null && !outcome.report.includes(fault)) this.session.print(fault, 'important');
    this.exitCode = tellVerdict(this.session, debuggee);
  }

  /** Ends the session: the exit status is that of `osim run`. */
  end(): void {
    if (this.over) return;
    this.over = true;
    if (this.exitCode !== null) this.session.event('exited', { exitCode: this.exitCode });
    this.session.event('terminated');
  }

  /** continue: from the end there is no going on. */
  proceed(): void {
    const { machine } = this.session.stopped();
    if (!machine.outcome || this.over) return this.run(null);
    this.session.connection.afterResponse(() => this.end());
  }

  /** Puts the machine at a step, and shows it. A long way can be paused: then it is shown where it has come to. */
  goTo(step: number, how: Omit<Stop, 'cpu'>, cpuId?: number): void {
    const { machine } = this.session.stopped();
    this.go(machine.seeking(step), `Going to step ${step}`, (arrived) => {
      const cpu = arrived && cpuId !== undefined ? machine.cpus[cpuId] : undefined;
      return { ...(arrived ? how : { reason: 'pause' as const }), cpu: cpu ?? machine.cpu };
    });
  }

  /**
   * Goes a way through what has been run before, silently; `stop` says what to show at its end, or where it was paused.
   */
  go(way: Iterator<number, void>, title: string, stop: (arrived: boolean) => Stop): void {
    const { session } = this;
    const debuggee = session.stopped();
    const { machine, timeline } = debuggee;
    timeline.reached();
    const journey = new Journey(session, machine, title);
    this.journey = journey;
    journey.go(way, (arrived) => {
      if (this.journey !== journey) return;
      this.journey = null;
      if (session.debuggee !== debuggee) return;
      if (!arrived) machine.arrive();
      this.runner?.forget();
      this.show(debuggee, stop(arrived));
    });
  }

  /**
   * Looks at other parts of the run, while the machine stands: it is the very same when this is over, or given up. What
   * takes long can be paused like a journey, and is refused then.
   */
  look<Found>(way: Generator<number, Found>, title: string): Found | Promise<Found> {
    const { session } = this;
    const debuggee = session.stopped();
    debuggee.timeline.reached();
    const journey = new Journey(session, debuggee.machine, title);
    let end: { found: Found } | { error: unknown } | null = null;
    function* kept(): Generator<number, void> {
      try {
        end = { found: yield* way };
      } catch (error) {
        end = { error };
      }
    }
    const steps = kept();
    const result = (): Found => {
      this.journey = null;
      steps.return();
      if (end === null) throw new RequestError('This was given up: it takes the run too long to get there.');
      if ('error' in end) throw end.error;
      return end.found;
    };
    let later: ((isOver: true) => void) | null = null;
    this.journey = journey;
    journey.go(steps, () => later?.(true));
    if (end !== null) return result();
    return new Promise<true>((resolve) => (later = resolve)).then(result);
  }

  /** Something from outside happens at this step: the future that was recorded is another now. */
  input(apply: Parameters<Debuggee['machine']['input']>[0]): void {
    const debuggee = this.session.stopped();
    const { machine, timeline, computer, record } = debuggee;
    if (timeline.hasFuture) {
      this.session.print('This changes the past: what was recorded of the run after this point is dropped.');
    }
    timeline.reached();
    const give = (): void => machine.input(apply);
    if (record) record.input(give);
    else give();
    timeline.diverged();
    computer.processes.forgetAfter(machine.steps);
    computer.lockCycles.forgetAfter(machine.steps);
    this.session.breakpoints.forgetHitsAfter(machine.steps);
    this.output?.forgetAfter(machine.steps);
  }
}

function printedEvents(debuggee: Debuggee, trace: Debuggee['launch']['trace']): EventPattern[] {
  if (trace === true) return [{ test: () => true }];
  const names = typeof trace === 'string' ? [trace] : Array.isArray(trace) ? trace : [];
  return names.map((name) => tracePattern(name, debuggee.tracepoints)).filter((p): p is EventPattern => p !== null);
}
