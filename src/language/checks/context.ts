/** What every check may ask, and how it reports. */
import type { AstNode } from 'langium';
import { constantOf, type ConstantValue } from '../constant.js';
import type * as ast from '../generated/ast.js';
import type { LibraryIndex } from '../library.js';
import type { Binding, LoadedProgram } from '../names.js';
import { rangeOf, type ParsedFile } from '../parse.js';
import type { Problem, Range, Severity } from '../problem.js';

type NodeOf<K> = K extends keyof ast.OsimAstType ? ast.OsimAstType[K] : never;

/** A family of checks: a function for each kind of node that it looks at. */
export type Checks = { readonly [K in keyof ast.OsimAstType]?: (node: NodeOf<K>, context: CheckContext) => void };

export class CheckContext {
  private readonly evaluating = new Set<AstNode>();

  constructor(
    readonly loaded: LoadedProgram,
    readonly library: LibraryIndex,
    readonly file: ParsedFile,
    private readonly problems: Problem[],
  ) {}

  get isKernelFile(): boolean {
    return this.loaded.isKernel || this.file.ast.kernel;
  }

  get isLibraryFile(): boolean {
    return /^(osim-)?std:/.test(this.file.uri) || /(^|\/)src\/std\//.test(this.file.uri);
  }

  bindingOf(node: AstNode | undefined): Binding | undefined {
    return node && this.loaded.bindings.get(node);
  }

  /** The value that an expression has in every run; that of a param is its default. */
  constant(expression: ast.Expression | undefined): ConstantValue | undefined {
    return constantOf(expression, (name) => this.constantOfBinding(this.bindingOf(name)));
  }

  error(where: AstNode | Range, code: string, message: string, hint: string): void {
    this.report('error', where, code, message, hint);
  }

  warning(where: AstNode | Range, code: string, message: string, hint: string): void {
    this.report('warning', where, code, message, hint);
  }

  info(where: AstNode | Range, code: string, message: string, hint: string): void {
    this.report('info', where, code, message, hint);
  }

  /** The range of some offsets in a node's text: for a name or an operator inside of it. */
  rangeAt(offset: number, length: number): Range {
    return this.file.lines.range(offset, offset + length);
  }

  private report(severity: Severity, where: AstNode | Range, code: string, message: string, hint: string): void {
    const { from, to } = '$type' in where ? rangeOf(where) : where;
    this.problems.push({ uri: this.file.uri, from, to, severity, code, message, hint });
  }

  private constantOfBinding(binding: Binding | undefined): ConstantValue | undefined {
    if (binding?.kind === 'library') return binding.entry.value;
    if (binding?.kind === 'param') return this.guarded(binding.declaration, binding.declaration.value);
    if (binding?.kind !== 'constant') return undefined;
    const declaration = binding.declaration;
    if (declaration.$type === 'Const' || declaration.value) return this.guarded(declaration, declaration.value);
    return this.memberValue(declaration);
  }

  /** A member without a value is one more than the one before; found in a loop, since enums can be long. */
  private memberValue(member: ast.EnumMember): ConstantValue | undefined {
    const { members } = member.$container;
    let at = members.indexOf(member);
    let steps = 0;
    while (at > 0 && !members[at]?.value) {
      at--;
      steps++;
    }
    const base = members[at]?.value ? this.guarded(members[at] as AstNode, members[at]?.value) : 0;
    return typeof base === 'number' ? base + steps : undefined;
  }

  private guarded(declaration: AstNode, value: ast.Expression | undefined): ConstantValue | undefined {
    if (this.evaluating.has(declaration)) return undefined;
    this.evaluating.add(declaration);
    const result = this.constant(value);
    this.evaluating.delete(declaration);
    return result;
  }
}

/** `1 argument`, `3 arguments`. */
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
