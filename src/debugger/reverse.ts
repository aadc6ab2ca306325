/**
 * Going back. The machine can be put at any step exactly; what is sought is *which* step: the last one before now at
 * which something held. The run is searched from now towards its beginning in stretches that grow, each executed again
 * forward with temporary breakpoints; the last hit in the nearest stretch that has one is the answer.
 */
import { KERNEL, type Cpu } from '../machine/cpu.js';
import type { Frame } from '../machine/frames.js';
import type { Machine } from '../machine/machine.js';
import type { Value } from '../machine/values.js';
import { tidOf } from '../computer/inspect.js';
import type { Visibility } from './goals.js';
import { Resumptions } from './resumption.js';
import type { Host } from './runner.js';
import type { Timeline } from './timeline.js';

export interface Sought {
  /** Instructions at which to ask. */
  pcs: Iterable<number>;
  /** Whether this is a place that is sought; the instruction has not been executed yet. */
  holds(cpu: Cpu): boolean;
  /** Tracepoints that count as hits, if any. */
  onTrace?: Machine['onTrace'];
}

const FIRST_STRETCH = 512;
const SLICE_MS = 5;
const SLICE_STEPS = 200_000;

export class Search {
  cancelled = false;

  constructor(
    private readonly machine: Machine,
    private readonly timeline: Timeline,
    private readonly host: Host,
  ) {}

  /**
   * The last step before `before` that is sought; null if there is none. Leaves the machine anywhere: seek() after it.
   * Synchronous while the search is short, so that a step back answers at once.
   */
  lastBefore(before: number, sought: Sought): number | null | Promise<number | null> {
    const walk = this.walk(before, sought);
    const began = this.host.now();
    for (;;) {
      const { done, value } = walk.next();
      if (done) return value;
      if (this.host.now() - began > SLICE_MS) return this.finish(walk);
    }
  }

  private async finish(walk: Generator<void, number | null>): Promise<number | null> {
    for (;;) {
      await this.host.turn();
      if (this.cancelled) return null;
      const began = this.host.now();
      do {
        const { done, value } = walk.next();
        if (done) return value;
      } while (this.host.now() - began < SLICE_MS);
    }
  }

  private *walk(before: number, sought: Sought): Generator<void, number | null> {
    const pcs = new Set(sought.pcs);
    for (let end = before, stretch = FIRST_STRETCH; end > 0; stretch *= 4) {
      const begin = Math.max(0, end - stretch);
      const found: number | null = yield* this.stretch(begin, end, pcs, sought);
      if (found !== null) return found;
      end = begin;
      yield;
    }
    return null;
  }

  /** The last sought step in [begin, end). */
  private *stretch(
    begin: number,
    end: number,
    pcs: ReadonlySet<number>,
    sought: Sought,
  ): Generator<void, number | null> {
    const { machine, timeline } = this;
    timeline.reached();
    for (const way = machine.seeking(begin); !way.next().done;) yield;
    let last: number | null = null;
    const observe = machine.onTrace;
    const resumptions = new Resumptions();
    try {
      if (sought.onTrace) {
        timeline.listen();
        const { onTrace } = sought;
        machine.onTrace = (name, fields) => {
          // The stop of a tracepoint is after its instruction.
          if (onTrace(name, fields) && machine.steps < end) last = machine.steps;
          return false;
        };
      }
      machine.setBreakpoints(pcs);
      while (machine.steps < end && !machine.outcome) {
        const asked = pcs.has(machine.cpu.pc) && !resumptions.isSecond(machine.cpu);
        if (asked && sought.holds(machine.cpu)) last = machine.steps;
        resumptions.step(machine);
        if (pcs.has(machine.cpu.pc)) continue;
        machine.run(Math.min(SLICE_STEPS, Math.max(0, end - machine.steps)));
        yield;
      }
      return last;
    } finally {
      machine.setBreakpoints([]);
      machine.onTrace = observe;
      timeline.reached();
    }
  }
}

/** A frame as it can be recognised in a machine that was put back: objects made since then are others by then. */
interface FrameName {
  fp: number;
  function: number;
  mode: number;
  coroutine: number | null;
}

function nameOf(functionIndex: number, fp: number, mode: number, stack: Frame['stack']): FrameName {
  return { fp, function: functionIndex, mode, coroutine: stack.coroutine?.number ?? null };
}

/**
 * One statement back in what is shown: the last statement of these frames that began before now.
 * @param owner whose frames they are
 * @param current another task, if the context switch is under way: it counts in the kernel, too
 */
export function statementBefore(view: Visibility, owner: Value, current: Value, frames: readonly Frame[]): Sought {
  const [ownerPid, currentPid] = [tidOf(owner), tidOf(current)];
  const names = frames.map((frame) => nameOf(frame.function.index, frame.fp, frame.mode, frame.stack));
  const functions = new Set(frames.map((frame) => frame.function));
  return {
    pcs: [...functions].flatMap((f) => view.code.statementsIn(f)).filter((pc) => view.shows(pc)),
    holds(cpu) {
      const pid = tidOf(cpu.task);
      if (pid !== ownerPid && (pid !== currentPid || cpu.mode !== KERNEL)) return false;
      const f = cpu.stack.slots[cpu.fp - 1] as number;
      const here = nameOf(f, cpu.fp, cpu.mode, cpu.stack);
      return names.some(
        (name) =>
          name.fp === here.fp &&
          name.function === here.function &&
          name.mode === here.mode &&
          name.coroutine === here.coroutine,
      );
    },
  };
}

/** The beginning of the call that a frame is. */
export function entryOfFrame(view: Visibility, owner: Value, current: Value, frame: Frame): Sought {
  return { ...statementBefore(view, owner, current, [frame]), pcs: [view.code.entryOf(frame.function)] };
}

/** The last statement of anybody's on this CPU: for a task that has no earlier one of its own. */
export function anyStatementBefore(view: Visibility, cpuId: number): Sought {
  return { pcs: view.statements(), holds: (cpu) => cpu.id === cpuId };
}
