/**
 * Writes the instructions of one function: operands, labels, and the tables that tell which source made them.
 *
 * Positions: `at(range, …)` says where the code that follows comes from. The first instruction of a statement carries
 * the statement's own range and its `statement` mark; a call inside an expression carries the call's range.
 */
import { OP, OPCODES, WORDS, type OpcodeName } from '../isa/isa.js';
import type { Position, VariableInfo } from './image.js';

/** A place in the code that jumps name, before or after it is known. */
export interface Label {
  at: number;
  /** Words in `code` that wait for the place. */
  waiting: number[];
}

/** A stretch of source: 1-based lines and columns. */
export interface SourceRange {
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

/** Which operand of a jump holds its target. */
const TARGET_WORD: readonly number[] = OPCODES.map((row: readonly string[]) => row.indexOf('t'));

export class Emitter {
  readonly positions: Position[] = [];
  readonly variables: VariableInfo[] = [];
  /** Which library call gave the record that an instruction reads a field of, by the instruction's index. */
  readonly origins: Record<number, string> = {};
  readonly from: number;
  private range: SourceRange;
  private startsStatement = false;
  /** Whether control can come to the next instruction. */
  private reachable = true;

  constructor(
    private readonly code: number[],
    start: SourceRange,
  ) {
    this.from = this.here;
    this.range = start;
  }

  /** Index of the next instruction. */
  get here(): number {
    return this.code.length / WORDS;
  }

  get isReachable(): boolean {
    return this.reachable;
  }

  emit(op: OpcodeName, a = 0, b = 0, c = 0): number {
    this.recordPosition();
    const index = this.here;
    this.code.push(OP[op], a, b, c);
    this.reachable = op !== 'JMP' && op !== 'RET' && op !== 'RET0';
    return index;
  }

  /** A jump; `a` and `b` are its operands without the target, in order. */
  jump(op: OpcodeName, label: Label, a = 0, b = 0): void {
    const index = this.emit(op, a, b, 0);
    const word = index * WORDS + TARGET_WORD[OP[op]];
    if (label.at >= 0) this.code[word] = label.at;
    else label.waiting.push(word);
  }

  label(): Label {
    return { at: -1, waiting: [] };
  }

  /** Places a label here: the jumps to it that were written before get their target. */
  place(label: Label): void {
    label.at = this.here;
    for (const word of label.waiting) this.code[word] = label.at;
    if (label.waiting.length > 0) this.reachable = true;
  }

  /** A label here, for jumps back. */
  placed(): Label {
    this.reachable = true;
    return { at: this.here, waiting: [] };
  }

  /** What is emitted next begins a statement. */
  statement(range: SourceRange): void {
    this.range = range;
    this.startsStatement = true;
  }

  /** Runs `write` with everything it emits attributed to `range`, unless it says otherwise itself. */
  within(range: SourceRange, write: () => void): void {
    const outer = this.range;
    if (!this.startsStatement) this.range = range;
    write();
    this.range = outer;
  }

  /** The position of what follows, without starting a statement. */
  moveTo(range: SourceRange): void {
    this.range = range;
    this.startsStatement = false;
  }

  /** The instruction that follows reads a field of what this call has given. */
  comesFrom(call: string | undefined): void {
    if (call !== undefined) this.origins[this.here] = call;
  }

  /** A local lives in `register` from here on; close it with endVariable(). */
  startVariable(name: string, register: number, parameter = false): VariableInfo {
    const variable = { name, register, from: this.here, to: this.here, parameter };
    this.variables.push(variable);
    return variable;
  }

  endVariable(variable: VariableInfo): void {
    variable.to = this.here;
  }

  private recordPosition(): void {
    const last = this.positions[this.positions.length - 1];
    const { line, column, endLine, endColumn } = this.range;
    const same =
      last !== undefined &&
      last.line === line &&
      last.column === column &&
      last.endLine === endLine &&
      last.endColumn === endColumn;
    if (same && !this.startsStatement) return;
    this.positions.push({ at: this.here, line, column, endLine, endColumn, statement: this.startsStatement });
    this.startsStatement = false;
  }
}
