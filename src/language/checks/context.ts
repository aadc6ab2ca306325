/** What every check may ask, and how it reports. */
import type { AstNode } from 'langium';
import { constantOrder } from '../constant-order.js';
import { constantOf, type ConstantValue } from '../constant.js';
import type * as ast from '../generated/ast.js';
import type { LibraryIndex } from '../library.js';
import type { Binding } from '../bindings.js';
import type { LoadedProgram } from '../names.js';
import { rangeOf, type ParsedFile } from '../parse.js';
import type { Problem, Range, Severity } from '../problem.js';

type NodeOf<K> = K extends keyof ast.OsimAstType ? ast.OsimAstType[K] : never;

/** A family of checks: a function for each kind of node that it looks at. */
export type Checks = { readonly [K in keyof ast.OsimAstType]?: (node: NodeOf<K>, context: CheckContext) => void };

/** The values of a program's constants, enum members and params; undefined for one that has none. */
type Values = Map<AstNode, ConstantValue | undefined>;

/** The value that an expression has in every run; that of a param is its default. */
function valueIn(
  values: Values,
  loaded: LoadedProgram,
  expression: ast.Expression | undefined,
): ConstantValue | undefined {
  return constantOf(expression, (name) => {
    const binding = loaded.bindings.get(name);
    if (binding?.kind === 'library') return binding.entry.value;
    return binding?.kind === 'param' || binding?.kind === 'constant' ? values.get(binding.declaration) : undefined;
  });
}

/** Worked out once for all checks of a program. */
export function constantValues(loaded: LoadedProgram): Values {
  const values: Values = new Map();
  const { order, circular } = constantOrder(loaded);
  for (const constant of order) {
    if (circular.has(constant)) continue;
    values.set(
      constant,
      constant.$type === 'EnumMember' && !constant.value
        ? oneMore(constant, values)
        : valueIn(values, loaded, constant.value),
    );
  }
  return values;
}

/** A member without a value is one more than the one before, the first is 0. */
function oneMore(member: ast.EnumMember, values: Values): ConstantValue | undefined {
  const before = member.$container.members[(member.$containerIndex ?? 0) - 1];
  const value = before ? values.get(before) : -1;
  return typeof value === 'number' ? value + 1 : undefined;
}

export class CheckContext {
  constructor(
    readonly loaded: LoadedProgram,
    readonly library: LibraryIndex,
    readonly file: ParsedFile,
    private readonly problems: Problem[],
    private readonly values: Values,
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
    return valueIn(this.values, this.loaded, expression);
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
}

/** `1 argument`, `3 arguments`. */
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
