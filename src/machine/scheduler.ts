/**
 * Which CPU executes next, and until when. Order, published: the CPU with the earliest clock runs (ties: the lower
 * number); an event that is due fires before the instruction at its time; events at the same time fire in the order in
 * which they were scheduled. So the same input gives the same run, step for step. Where these rules break ties (but for
 * the kernel's) they are what holds as written: another run may choose otherwise (choices.ts).
 */
import { END_OF_TIME, spelled } from '../language/limits.js';
import type { Board } from './board.js';
import { fire } from './bus.js';
import { Exit, KERNEL, USER, type Cpu } from './cpu.js';
import { ENTRIES } from './kernel-entries.js';
import type { Inputs } from './inputs.js';
import { INTERNAL } from './internal-opcodes.js';
import { takeInterrupt, takesInterrupts } from './kernel-entry.js';
import type { KernelHost } from './kernel-host.js';
import { callKernel } from './outside-call.js';
import { ListValue, RecordValue } from './values.js';
import { execute } from './generated/interpreter.js';
import { watch } from './watchdog.js';

/** The work of one device's event. */
const EVENT_WORK = 500;
/** Events before the next instruction that arrive() goes through, in units of what run() does at once. */
const MOST_ARRIVALS = 500;

export type RunResult = 'budget' | 'breakpoint' | 'ended' | 'event';

/**
 * Of two CPUs at the same time: the one in the kernel, else the lower number. Kernel code is atomic until it lets time
 * pass: an interrupt that it sends to a halted CPU must not let that one run in its middle.
 */
function comesFirst(a: Cpu, b: Cpu): boolean {
  const aInside = a.mode === KERNEL && !a.halted;
  const bInside = b.mode === KERNEL && !b.halted;
  return aInside === bInside ? a.id < b.id : aInside;
}

export class Scheduler {
  private readonly board: Board;

  constructor(
    private readonly host: KernelHost,
    private readonly inputs: Inputs,
  ) {
    this.board = host.board;
  }

  /**
   * Executes at most `maxSteps` instructions; fewer when they are long. Stops before an instruction with a breakpoint,
   * unless it is the first one of this call. Afterwards the board's `cpu` is the CPU that will execute next.
   */
  run(maxSteps: number): RunResult {
    const { board, host } = this;
    const { work } = board;
    const target = board.steps + maxSteps;
    let first = true;
    work.begin();
    if (!work.goOn()) return 'budget';
    for (;;) {
      const deadline = this.prepare();
      if (board.outcome) return 'ended';
      if (board.steps >= target || work.isEnough) return 'budget';
      const { cpu } = board;
      const budget = Math.min(target - board.steps, Math.max(1, board.history.rest(board.steps)), this.inputs.rest);
      const skip = first && board.program.code[cpu.pc] === INTERNAL.BREAK;
      const exit = execute(host, cpu, skip ? 1 : budget, deadline, skip);
      first = false;
      if (board.steps > board.horizon) board.horizon = board.steps;
      if (exit === Exit.Breakpoint) return 'breakpoint';
      if (exit === Exit.Requested) {
        if (!work.hasNext) this.prepare();
        return board.outcome ? 'ended' : 'event';
      }
      watch(board, cpu);
    }
  }

  /** Executes one instruction, without regard to breakpoints; a long one perhaps in part. */
  step(): RunResult {
    const { board } = this;
    const { work } = board;
    work.begin();
    if (!work.goOn()) return 'budget';
    const deadline = this.prepare();
    if (board.outcome) return 'ended';
    if (work.isEnough) return 'budget';
    execute(this.host, board.cpu, 1, deadline, true);
    if (board.steps > board.horizon) board.horizon = board.steps;
    if (!work.hasNext) this.prepare();
    return board.outcome ? 'ended' : 'budget';
  }

  /** Does what is left before the next instruction; of events that come without end, as many as take a second or so. */
  arrive(): void {
    const { work } = this.board;
    work.finish();
    for (let i = 0; i < MOST_ARRIVALS; i++) {
      work.begin();
      this.prepare();
      if (!work.isMidway) return;
    }
  }

  /**
   * Brings the machine to where `cpu` executes the next instruction: fires due events, takes interrupts, then applies
   * the inputs of this step. Returns the time until which that CPU may run. Doing it twice is doing it once. Where
   * events come without end it is cut short, and `work.isEnough`.
   */
  private prepare(): number {
    const { board } = this;
    const { history, work } = board;
    if (board.outcome) return 0;
    if (history.rest(board.steps) <= 0) history.begin(board.steps);
    for (;;) {
      const deadline = this.untilReady();
      // Inputs come last: whoever gave one saw the machine with its events fired and its interrupt taken.
      if (work.isMidway || !this.inputs.applyNext('again')) return deadline;
    }
  }

  /** Fires due events and takes interrupts until `cpu` can execute the next instruction. */
  private untilReady(): number {
    const { board } = this;
    const { events, work } = board;
    for (;;) {
      if (board.outcome) return 0;
      const cpu = this.earliest();
      if (!cpu) {
        if (events.nextTime === Infinity) {
          this.endIdle();
          return 0;
        }
        if (events.nextTime > board.maxTicks) return this.timeIsUp();
      } else if (cpu.clock >= board.maxTicks) return this.timeIsUp();
      if (!cpu || events.nextTime <= cpu.clock) {
        fire(board);
        if (work.add(EVENT_WORK)) {
          work.interrupt();
          return 0;
        }
        continue;
      }
      board.cpu = cpu;
      if (cpu.pending !== 0 && (cpu.halted || (cpu.mode === USER && takesInterrupts(board, cpu))))
        takeInterrupt(board, cpu);
      return Math.min(events.nextTime, this.othersClock(cpu), board.maxTicks);
    }
  }

  /** The running CPU with the earliest clock; ties: see comesFirst(). Undefined when all wait for an interrupt. */
  private earliest(): Cpu | undefined {
    let best: Cpu | undefined;
    for (const cpu of this.board.cpus) {
      if (cpu.halted && cpu.pending === 0) continue;
      if (!best || cpu.clock < best.clock || (cpu.clock === best.clock && comesFirst(cpu, best))) best = cpu;
    }
    return best && this.board.choices.isOpen ? this.chosenLike(best) : best;
  }

  /**
   * Of the CPUs at the time of `best`, which comes first by rule, the chosen one. It is chosen once for these CPUs and
   * this time.
   */
  private chosenLike(best: Cpu): Cpu {
    if (best.mode === KERNEL && !best.halted) return best;
    const { cpus, registers, history, choices } = this.board;
    const tied = cpus.filter((cpu) => cpu.clock === best.clock && !(cpu.halted && cpu.pending === 0));
    if (tied.length < 2) return best;
    const members = tied.reduce((mask, cpu) => mask | (1 << cpu.id), 0);
    if (registers.turn.time !== best.clock || registers.turn.members !== members) {
      history.touch(registers);
      registers.turn = { time: best.clock, members, cpu: tied[choices.choose('cpu', tied.length)].id };
    }
    return cpus[registers.turn.cpu];
  }

  /**
   * The time until which the earliest CPU runs before the others; where one of them comes to the same time, it is a
   * choice.
   */
  private othersClock(cpu: Cpu): number {
    let least = Infinity;
    for (const other of this.board.cpus) {
      if (other === cpu || (other.halted && other.pending === 0)) continue;
      least = Math.min(least, Math.max(other.clock, cpu.clock + 1));
    }
    return least;
  }

  private timeIsUp(): number {
    const end =
      this.board.maxTicks === END_OF_TIME
        ? `simulated time came to its end, ${spelled(END_OF_TIME)} ticks: no clock goes further`
        : `simulated time reached ${this.board.maxTicks} ticks; --max-ticks N sets another limit`;
    this.board.end('limit', [end]);
    return 0;
  }

  /** Nothing is left that could happen: the kernel says what that means. */
  private endIdle(): void {
    const { board, host, inputs } = this;
    if (!board.program.functionNamed(ENTRIES.idle, 'kernel')) return board.end('idle', []);
    const result = callKernel(host, ENTRIES.idle, [], inputs.applying);
    if (board.outcome) return;
    if (result === null)
      return board.end('idle', [
        'Nothing can happen any more. The processes that wait are too many to say for whom they do.',
      ]);
    const outcome = result instanceof RecordValue ? result.fieldNamed('outcome') : 'idle';
    const report = result instanceof RecordValue ? result.fieldNamed('report') : null;
    const told = report instanceof ListValue ? report.toArray().map(String) : [];
    const lines = board.explain?.(told) ?? told;
    const kind = outcome === 'deadlock' || outcome === 'finished' ? outcome : 'idle';
    board.end(kind, kind === 'idle' ? [...lines, ...board.network.farSide.waiting()] : lines);
  }
}
