/** What stands at a place of a text, and all the places that mean the same. */
import type { AstNode } from 'langium';
import { walk } from '../ast-walk.js';
import { nameRange } from '../declarations.js';
import type { Binding } from '../bindings.js';
import { rangeOf, type ParsedFile } from '../parse.js';
import type { Range } from '../problem.js';
import type { Analysis } from './workspace.js';

export interface SymbolAt {
  readonly name: string;
  readonly range: Range;
  readonly binding: Binding;
}

export interface Occurrence {
  readonly uri: string;
  readonly range: Range;
  readonly isDeclaration: boolean;
}

type Named = AstNode & { readonly name?: string; readonly struct?: string };

const DECLARATION_KINDS: Readonly<Record<string, Exclude<Binding['kind'], 'library'>>> = {
  Let: 'local',
  Parameter: 'local',
  LoopVariable: 'local',
  Const: 'constant',
  EnumMember: 'constant',
  Enum: 'enum',
  Global: 'global',
  Param: 'param',
  Struct: 'struct',
  Fn: 'function',
  Process: 'process',
  Program: 'program',
  Remote: 'remote',
};

/** The name at an offset: a reference or a declaration. */
export function symbolAt(analysis: Analysis, offset: number): SymbolAt | undefined {
  let found: SymbolAt | undefined;
  walk(analysis.file.ast, (node) => {
    if (found) return false;
    const { from, to } = rangeOf(node);
    if (node.$container && (offset < from.offset || offset > to.offset)) return false;
    found = asSymbol(node, offset, analysis);
    return found === undefined;
  });
  return found;
}

function asSymbol(node: Named, offset: number, analysis: Analysis): SymbolAt | undefined {
  const binding = analysis.program.bindings.get(node) ?? declarationBinding(node, analysis.file);
  const name = node.name ?? node.struct;
  if (!binding || name === undefined) return undefined;
  const range = rangeOfName(node, analysis.file);
  return offset >= range.from.offset && offset <= range.to.offset ? { name, range, binding } : undefined;
}

/** A declaration as the binding of a name that means it. */
export function declarationBinding(node: AstNode, file: ParsedFile): Binding | undefined {
  const kind =
    node.$type === 'Const' && node.$container?.$type !== 'SourceFile' ? 'local' : DECLARATION_KINDS[node.$type];
  return kind ? ({ kind, declaration: node, file } as Binding) : undefined;
}

export function rangeOfName(node: Named, file: ParsedFile): Range {
  return nameRange(node.name === undefined && node.struct ? { ...node, name: node.struct } : node, file);
}

/** Two bindings of the same thing, even where a file was parsed twice as a part of two programs. */
export function isSame(a: Binding, b: Binding): boolean {
  if (a.kind === 'library' || b.kind === 'library') {
    return a.kind === b.kind && a.kind === 'library' && b.kind === 'library' && a.entry === b.entry;
  }
  return (
    a.file.uri === b.file.uri &&
    rangeOf(a.declaration).from.offset === rangeOf(b.declaration).from.offset &&
    a.kind === b.kind
  );
}

/** Everywhere the thing is named, in some programs; each place once. */
export function occurrencesOf(binding: Binding, analyses: readonly Analysis[]): Occurrence[] {
  const found = new Map<string, Occurrence>();
  const add = (uri: string, range: Range, isDeclaration: boolean): void => {
    found.set(`${uri}#${range.from.offset}`, { uri, range, isDeclaration });
  };
  if (binding.kind !== 'library') add(binding.file.uri, rangeOfName(binding.declaration, binding.file), true);
  for (const { program } of analyses) {
    const files = new Map(program.files.map((file) => [file.ast as AstNode, file] as const));
    for (const [node, other] of program.bindings) {
      if (!isSame(binding, other)) continue;
      const file = files.get(rootOf(node));
      if (file) add(file.uri, rangeOfName(node, file), false);
    }
  }
  return [...found.values()];
}

function rootOf(node: AstNode): AstNode {
  let root = node;
  while (root.$container) root = root.$container;
  return root;
}
