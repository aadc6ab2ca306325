/** What library functions and the kernel's intrinsics see of the machine: the board, and what they may ask of it. */
import type { Board } from './board.js';
import type { Choices } from './choices.js';
import { KERNEL } from './cpu.js';
import type { History } from './history.js';
import type { PhysicalMemory } from './memory.js';
import { Fault, SIGILL, type NativeContext } from './native.js';
import { textOf } from './text.js';
import { translateFor } from './user-memory.js';
import { RecordValue, type FunctionValue, type Value } from './values.js';
import { ATTENTION } from './attention.js';
import type { Pieces } from './work.js';

export class KernelHost implements NativeContext {
  readonly history: History;
  readonly memory: PhysicalMemory;
  readonly choices: Choices;

  constructor(readonly board: Board) {
    this.history = board.history;
    this.memory = board.memory;
    this.choices = board.choices;
  }

  charge(ticks: number): void {
    this.board.charge(ticks);
  }

  worked(units: number): void {
    this.board.worked(units);
  }

  allocate(slots: number): void {
    this.board.allocate(slots);
  }

  inPieces<Result>(begin: () => Pieces<Result>): Result {
    const { work, steps, cpu } = this.board;
    return work.inPieces(steps, begin, cpu.kind.interruptible);
  }

  translate(address: number, write: boolean): number {
    const { cpu } = this.board;
    if (cpu.mode === KERNEL)
      throw new Fault(SIGILL, 'the kernel reaches user memory through copy_from_user() and copy_to_user() only');
    return translateFor(this.board, cpu, address, write);
  }

  record(fields: Record<string, Value>): RecordValue {
    const { program, registers, cpu } = this.board;
    const shape = program.shapeOf(Object.keys(fields));
    const address = cpu.mode === KERNEL ? registers.addressFor(shape.fields.length) : 0;
    return new RecordValue(this.history.epoch, shape, Object.values(fields), address);
  }

  functionValue(index: number): FunctionValue | undefined {
    return this.board.program.userFunctions[index];
  }

  mostArguments(index: number): number {
    const { userFunctions, functions } = this.board.program;
    if (!userFunctions[index]) return 0;
    const f = functions[index];
    return f?.rest ? Infinity : (f?.params ?? 0);
  }

  /** @param bytes as programs have strings */
  log(bytes: string): void {
    this.board.cpu.kind.log(textOf(bytes));
  }

  /** A tracepoint is passed. */
  trace(name: string, fields: RecordValue): void {
    const { board } = this;
    const { kind } = board.cpu;
    if (board.onEvent !== null && kind.isOfRun) board.onEvent(name, fields);
    if (kind.isNew && board.onTrace?.(name, fields)) board.attention |= ATTENTION.STOP;
  }
}
