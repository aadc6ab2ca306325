/** The shape of a file: its symbols, and what can be folded. */
import { FoldingRangeKind, SymbolKind, type DocumentSymbol, type FoldingRange } from 'vscode-languageserver';
import type { AstNode } from 'langium';
import { nameRange } from '../declarations.js';
import type { Item } from '../generated/ast.js';
import { rangeOf, type ParsedFile } from '../parse.js';
import { tokensOf } from '../tokens.js';
import { toLsp } from './places.js';

const KINDS: Readonly<Record<string, SymbolKind>> = {
  Const: SymbolKind.Constant,
  Enum: SymbolKind.Enum,
  EnumMember: SymbolKind.EnumMember,
  Struct: SymbolKind.Struct,
  Field: SymbolKind.Field,
  Fn: SymbolKind.Function,
  Global: SymbolKind.Variable,
  Param: SymbolKind.Property,
  Process: SymbolKind.Class,
  Program: SymbolKind.Module,
  Remote: SymbolKind.Interface,
  Machine: SymbolKind.Object,
  Setting: SymbolKind.Property,
};

export function symbolsOf(file: ParsedFile): DocumentSymbol[] {
  return file.ast.items.flatMap((item) => symbolOf(item, file) ?? []);
}

function symbolOf(node: Item | AstNode, file: ParsedFile): DocumentSymbol | undefined {
  const kind = KINDS[node.$type];
  const name = node.$type === 'Machine' ? 'machine' : (node as { name?: string }).name;
  if (kind === undefined || !name) return undefined;
  const range = toLsp(rangeOf(node));
  const named = toLsp(nameRange({ ...node, name }, file));
  const children = partsOf(node).flatMap((part) => symbolOf(part, file) ?? []);
  const detail = DETAILS[node.$type];
  return {
    name,
    kind,
    range,
    selectionRange: named,
    ...(detail && { detail }),
    ...(children.length > 0 && { children }),
  };
}

const DETAILS: Readonly<Record<string, string>> = {
  Process: 'process',
  Program: 'program',
  Remote: 'remote',
  Param: 'param',
};

function partsOf(node: Item | AstNode): readonly AstNode[] {
  const item = node as Item;
  if (item.$type === 'Struct') return item.fields;
  if (item.$type === 'Enum') return item.members;
  return item.$type === 'Machine' ? item.settings : [];
}

/** Braces, brackets and parentheses over several lines, block comments, and runs of line comments. */
export function foldsOf(text: string): FoldingRange[] {
  const folds: FoldingRange[] = [];
  const open: number[] = [];
  let comment: { from: number; to: number } | undefined;
  const endComment = (): void => {
    if (comment && comment.to > comment.from)
      folds.push({ startLine: comment.from - 1, endLine: comment.to - 1, kind: FoldingRangeKind.Comment });
    comment = undefined;
  };
  for (const token of tokensOf(text)) {
    if (token.type === 'LINE_COMMENT') {
      if (comment && token.line === comment.to + 1) comment.to = token.line;
      else {
        endComment();
        comment = { from: token.line, to: token.line };
      }
      continue;
    }
    endComment();
    if (token.type === 'BLOCK_COMMENT' && token.endLine > token.line) {
      folds.push({ startLine: token.line - 1, endLine: token.endLine - 1, kind: FoldingRangeKind.Comment });
    } else if ('([{'.includes(token.type)) {
      open.push(token.line);
    } else if (')]}'.includes(token.type)) {
      const from = open.pop();
      // The line of the closing bracket stays visible.
      if (from !== undefined && token.line > from + 1) folds.push({ startLine: from - 1, endLine: token.line - 2 });
    }
  }
  endComment();
  return folds;
}
