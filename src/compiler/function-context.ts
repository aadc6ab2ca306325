/**
 * What the writers of one function share: its emitter, its registers, where its locals live, where `break` goes.
 */
import type { AstNode } from 'langium';
import type { Expression } from '../language/generated/ast.js';
import type { LineTable } from '../language/problem.js';
import { endOf, startOf, type Folded } from '../language/precedence.js';
import type { ConstantFolder } from './constants.js';
import type { Emitter, Label, SourceRange } from './emitter.js';
import type { ImageBuilder } from './image-builder.js';
import type { Constant, VariableInfo } from './image.js';
import type { LocalDeclaration, Meaning, MeaningOf, Signature } from './meaning.js';
import type { Mutations } from './mutations.js';
import { Registers } from './registers.js';

/** What all functions of an image share. */
export interface Unit {
  readonly builder: ImageBuilder;
  readonly folder: ConstantFolder;
  readonly meaningOf: MeaningOf;
  readonly mutations: Mutations;
  /** Operand of CALL, and the number in a function constant. */
  functionNumber(meaning: Meaning & { kind: 'function' | 'external' }): number;
  /** Operand of GLD, GST, KLD, KST: of a `var`, or of a `const` that has parts. */
  globalNumber(meaning: Meaning & { kind: 'global' | 'const' | 'external-global' }): number;
  signatureOf(meaning: Meaning & { kind: 'function' | 'external' | 'native' }): Signature;
  report(node: AstNode, code: string, message: string, hint?: string): void;
}

/** Writes expressions; expressions.ts has the one there is. Here so that its parts can call each other through it. */
export interface ExpressionWriter {
  into(f: FunctionContext, node: Folded, target: number): void;
  operand(f: FunctionContext, node: Folded): number;
  discard(f: FunctionContext, node: Folded): void;
  jumpIf(f: FunctionContext, node: Folded, label: Label, sense: boolean): void;
}

interface Scope {
  top: number;
  localsTop: number;
  variables: VariableInfo[];
}

/** Offsets as lines and columns, both from 1. */
export function sourceRange(lines: LineTable, from: number, to: number): SourceRange {
  const start = lines.positionAt(from);
  const end = lines.positionAt(to);
  return { line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}

function offsetsOf(node: Folded | AstNode): { from: number; to: number } {
  if ('kind' in node) return { from: startOf(node), to: endOf(node) };
  const cst = node.$cstNode;
  return { from: cst?.offset ?? 0, to: cst?.end ?? 0 };
}

/** Whether an integer fits an instruction. */
export function isImmediate(value: number): boolean {
  return value === (value | 0);
}

export class FunctionContext {
  readonly registers = new Registers();
  readonly breaks: Label[] = [];
  readonly continues: Label[] = [];
  /**
   * The first argument's register of a call whose arguments are being written, as long as the three slots below are
   * still free: a call nested there needs no window of its own. -1 for none.
   */
  openWindow = -1;
  private readonly locals = new Map<LocalDeclaration, number>();
  private readonly scopes: Scope[] = [];
  /** Registers below belong to locals; those from here on are temporaries, which nobody else reads. */
  private localsTop = 0;
  private foreign: SourceRange | undefined;

  constructor(
    readonly unit: Unit,
    readonly emitter: Emitter,
    private readonly lines: LineTable,
    private readonly write: ExpressionWriter,
  ) {}

  /** The source from the start of one node to the end of another. */
  rangeOf(first: Folded | AstNode, last: Folded | AstNode = first): SourceRange {
    if (this.foreign) return this.foreign;
    return sourceRange(this.lines, offsetsOf(first).from, offsetsOf(last).to);
  }

  /** Computes an expression that stands elsewhere, perhaps in another file, as if it stood at `here`. */
  writeForeign(here: AstNode, node: Expression, target: number): void {
    const outer = this.foreign;
    this.foreign = this.rangeOf(here);
    this.into(node, target);
    this.foreign = outer;
  }

  /** Computes `node` into register `target`. */
  into(node: Folded, target: number): void {
    this.write.into(this, node, target);
  }

  /** Computes `node`; returns the register that has it: a local's own, or a temporary that is now taken. */
  operand(node: Folded): number {
    return this.write.operand(this, node);
  }

  /** Computes `node` for its effects. */
  discard(node: Folded): void {
    this.write.discard(this, node);
  }

  /** Jumps if the truth of `node` is `sense`. */
  jumpIf(node: Folded, label: Label, sense: boolean): void {
    this.write.jumpIf(this, node, label, sense);
  }

  /**
   * Like operand(), for a value that must survive the evaluation of `later`, which may assign to the local it is in.
   */
  operandBefore(node: Folded, ...later: Folded[]): number {
    const register = this.operand(node);
    if (!this.isLocal(register) || !later.some((each) => this.unit.mutations.within(each))) return register;
    const copy = this.registers.take();
    this.emitter.emit('MOV', copy, register);
    return copy;
  }

  isLocal(register: number): boolean {
    return register < this.localsTop;
  }

  /** Gives temporaries back when `write` is done. */
  temporarily<T>(write: () => T): T {
    const top = this.registers.top;
    const result = write();
    this.registers.release(top);
    return result;
  }

  load(target: number, value: Constant): void {
    if (typeof value === 'number' && isImmediate(value)) this.emitter.emit('LDI', target, value);
    else this.emitter.emit('LDK', target, this.unit.builder.constant(value));
  }

  move(target: number, from: number): void {
    if (target !== from) this.emitter.emit('MOV', target, from);
  }

  /** The integer an instruction can carry instead of a register, if `node` is one. */
  immediate(node: Folded): number | undefined {
    const value = this.unit.folder.fold(node);
    return typeof value === 'number' && isImmediate(value) ? value : undefined;
  }

  /** What ADDI adds when `right` is a small constant and `op` is + or -. */
  addend(op: string, right: Folded): number | undefined {
    const constant = op === '+' || op === '-' ? this.immediate(right) : undefined;
    const addend = constant === undefined || op === '+' ? constant : 0 - constant;
    return addend !== undefined && isImmediate(addend) ? addend : undefined;
  }

  openScope(): void {
    this.scopes.push({ top: this.registers.top, localsTop: this.localsTop, variables: [] });
  }

  closeScope(): void {
    const scope = this.scopes.pop();
    if (!scope) return;
    for (const variable of scope.variables) this.emitter.endVariable(variable);
    this.registers.release(scope.top);
    this.localsTop = scope.localsTop;
  }

  /** From here on the local is in `register`, which is taken already. */
  declare(declaration: LocalDeclaration, register: number, parameter = false): void {
    this.locals.set(declaration, register);
    this.hidden(register);
    const variable = this.emitter.startVariable(declaration.name, register, parameter);
    this.scopes[this.scopes.length - 1]?.variables.push(variable);
  }

  /** A register that lives as long as the scope does, without a name: the walker of a loop, the value of a switch. */
  hidden(register: number): void {
    this.localsTop = Math.max(this.localsTop, register + 1);
  }

  registerOf(declaration: LocalDeclaration): number | undefined {
    return this.locals.get(declaration);
  }
}
