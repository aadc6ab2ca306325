/** Colours by meaning: what a grammar of regular expressions can't tell, such as a parameter from a global. */
import { SemanticTokensBuilder, type SemanticTokens, type SemanticTokensLegend } from 'vscode-languageserver';
import type { AstNode } from 'langium';
import { walk } from '../ast-walk.js';
import type { Binding } from '../bindings.js';
import { declarationBinding, rangeOfName } from './symbol-at.js';
import type { Analysis } from './workspace.js';
import { nameRange } from '../declarations.js';
import { rangeOf } from '../parse.js';

const TYPES = [
  'function',
  'variable',
  'parameter',
  'property',
  'struct',
  'enum',
  'enumMember',
  'class',
  'keyword',
] as const;
const MODIFIERS = ['declaration', 'readonly', 'defaultLibrary', 'static'] as const;

type Type = (typeof TYPES)[number];
type Modifier = (typeof MODIFIERS)[number];

export const LEGEND: SemanticTokensLegend = { tokenTypes: [...TYPES], tokenModifiers: [...MODIFIERS] };

interface Colour {
  readonly type: Type;
  readonly modifiers: readonly Modifier[];
}

export function semanticTokens(analysis: Analysis): SemanticTokens {
  const found: { line: number; column: number; length: number; colour: Colour }[] = [];
  const { file } = analysis;
  walk(file.ast, (node) => {
    const colour = colourOf(node, analysis);
    if (!colour) return;
    const { from, to } = placeOf(node, analysis);
    if (to.line === from.line)
      found.push({ line: from.line, column: from.column, length: to.column - from.column, colour });
  });
  found.sort((a, b) => a.line - b.line || a.column - b.column);
  const builder = new SemanticTokensBuilder();
  for (const { line, column, length, colour } of found) {
    const bits = colour.modifiers.reduce((sum, modifier) => sum | (1 << MODIFIERS.indexOf(modifier)), 0);
    builder.push(line - 1, column - 1, length, TYPES.indexOf(colour.type), bits);
  }
  return builder.build();
}

function placeOf(node: AstNode, { file }: Analysis): ReturnType<typeof rangeOf> {
  if (node.$type !== 'Member') return rangeOfName(node, file);
  // The last word of `a.b.c`, which ends where the node does.
  const { to } = rangeOf(node);
  const name = (node as { name?: string }).name ?? '';
  const text = file.text.slice(0, to.offset);
  const start = text.lastIndexOf(name);
  return file.lines.range(start, start + name.length);
}

function colourOf(node: AstNode, analysis: Analysis): Colour | undefined {
  if (node.$type === 'Member' || node.$type === 'FieldInit' || node.$type === 'Field' || node.$type === 'Setting') {
    return (node as { name?: string }).name ? { type: 'property', modifiers: [] } : undefined;
  }
  const reference = analysis.program.bindings.get(node);
  if (reference) return ofBinding(reference);
  const declared = declarationBinding(node, analysis.file);
  if (!declared || !(node as { name?: string }).name || nameRange(node, analysis.file).to.offset === 0)
    return undefined;
  const colour = ofBinding(declared);
  return { type: colour.type, modifiers: ['declaration', ...colour.modifiers] };
}

function ofBinding(binding: Binding): Colour {
  switch (binding.kind) {
    case 'local':
      if (binding.declaration.$type === 'Parameter') return { type: 'parameter', modifiers: [] };
      return { type: 'variable', modifiers: binding.declaration.$type === 'Const' ? ['readonly'] : [] };
    case 'global':
      return { type: 'variable', modifiers: ['static'] };
    case 'param':
      return { type: 'variable', modifiers: ['readonly', 'static'] };
    case 'constant':
      if (binding.declaration.$type === 'EnumMember') return { type: 'enumMember', modifiers: [] };
      return { type: 'variable', modifiers: ['readonly', 'static'] };
    case 'enum':
    case 'struct':
    case 'function':
      return { type: binding.kind, modifiers: [] };
    case 'process':
    case 'program':
    case 'remote':
      return { type: 'class', modifiers: [] };
    case 'library': {
      const { kind } = binding.entry;
      if (kind === 'fn' || kind === 'extern') return { type: 'function', modifiers: ['defaultLibrary'] };
      if (kind === 'struct' || kind === 'enum') return { type: kind, modifiers: ['defaultLibrary'] };
      if (kind === 'enum-member') return { type: 'enumMember', modifiers: ['defaultLibrary'] };
      return { type: 'variable', modifiers: kind === 'const' ? ['readonly', 'defaultLibrary'] : ['defaultLibrary'] };
    }
  }
}
