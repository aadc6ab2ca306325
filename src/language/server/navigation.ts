/** From a name to its declaration, to its other uses, and to another name. */
import type { DocumentHighlight, Hover, Location, Range as LspRange, WorkspaceEdit } from 'vscode-languageserver';
import { enclosing, walk } from '../ast-walk.js';
import type { Setting } from '../generated/ast.js';
import { resolvePath } from '../imports.js';
import { stringBytesOf } from '../literals.js';
import { rangeOf } from '../parse.js';
import { bindingPage, promisedPage, settingPage } from './documentation.js';
import { entryLocation, isVirtual, shippedUri, toLsp } from './places.js';
import { occurrencesOf, rangeOfName, symbolAt } from './symbol-at.js';
import type { Analysis } from './workspace.js';

/** Words that can't be names; see Name in the grammar. */
const RESERVED = new Set(
  'break case const continue default do else enum expect extern false fn for if import in let machine null param process program remote return shared struct switch true var while yield'.split(
    ' ',
  ),
);

export function hoverAt(analysis: Analysis, offset: number): Hover | null {
  const symbol = symbolAt(analysis, offset);
  if (symbol) return { contents: { kind: 'markdown', value: bindingPage(symbol.binding) }, range: toLsp(symbol.range) };
  let page: { value: string; range: LspRange } | undefined;
  walk(analysis.file.ast, (node) => {
    const isSetting = node.$type === 'Setting';
    if (page || (!isSetting && node.$type !== 'NameRef')) return;
    const range = rangeOfName(node, analysis.file);
    if (offset < range.from.offset || offset > range.to.offset) return;
    const name = (node as Setting).name;
    const value = isSetting ? settingPage(name) : enclosing(node, 'Setting') ? undefined : promisedPage(name);
    if (value) page = { value, range: toLsp(range) };
  });
  return page ? { contents: { kind: 'markdown', value: page.value }, range: page.range } : null;
}

export function definitionAt(analysis: Analysis, offset: number): Location | null {
  const symbol = symbolAt(analysis, offset);
  if (!symbol) return importAt(analysis, offset);
  if (symbol.binding.kind === 'library') return entryLocation(symbol.binding.entry) ?? null;
  const { declaration, file } = symbol.binding;
  return { uri: shippedUri(file.uri), range: toLsp(rangeOfName(declaration, file)) };
}

function importAt(analysis: Analysis, offset: number): Location | null {
  for (const item of analysis.file.ast.items) {
    if (item.$type !== 'Import' || item.path === undefined) continue;
    const { from, to } = rangeOf(item);
    if (offset < from.offset || offset > to.offset) continue;
    const uri = resolvePath(stringBytesOf(item.path), analysis.file.uri);
    if (uri)
      return { uri: shippedUri(uri), range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } };
  }
  return null;
}

export function referencesAt(
  analysis: Analysis,
  all: readonly Analysis[],
  offset: number,
  withDeclaration: boolean,
): Location[] {
  const symbol = symbolAt(analysis, offset);
  if (!symbol) return [];
  const places = occurrencesOf(symbol.binding, all).filter((place) => withDeclaration || !place.isDeclaration);
  return places.map((place) => ({ uri: shippedUri(place.uri), range: toLsp(place.range) }));
}

export function highlightsAt(analysis: Analysis, offset: number): DocumentHighlight[] {
  const symbol = symbolAt(analysis, offset);
  if (!symbol) return [];
  const places = occurrencesOf(symbol.binding, [analysis]).filter((place) => place.uri === analysis.file.uri);
  return places.map((place) => ({ range: toLsp(place.range) }));
}

/** The range to rename, or a sentence that says why it can't be. */
export function renameableAt(analysis: Analysis, offset: number): { range: LspRange; placeholder: string } | string {
  const symbol = symbolAt(analysis, offset);
  if (!symbol) return 'There is no name here that could be changed.';
  const { binding, name } = symbol;
  if (binding.kind === 'library' || isVirtual(shippedUri(binding.file.uri)))
    return `${name} belongs to the library and keeps its name.`;
  return { range: toLsp(symbol.range), placeholder: name };
}

/** The edits of a rename, or a sentence that says why it can't be. */
export function renameAt(
  analysis: Analysis,
  all: readonly Analysis[],
  offset: number,
  newName: string,
): WorkspaceEdit | string {
  const allowed = renameableAt(analysis, offset);
  if (typeof allowed === 'string') return allowed;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(newName)) return `${newName} is not a name: a name has letters, digits and _.`;
  if (RESERVED.has(newName)) return `${newName} is a word of the language and can't be a name.`;
  const symbol = symbolAt(analysis, offset);
  const changes: NonNullable<WorkspaceEdit['changes']> = {};
  for (const place of symbol ? occurrencesOf(symbol.binding, all) : []) {
    (changes[place.uri] ??= []).push({ range: toLsp(place.range), newText: newName });
  }
  return { changes };
}
