/** Between our places (from 1) and the protocol's (from 0), and between source paths and the URIs that editors open. */
import type { Position as LspPosition, Range as LspRange } from 'vscode-languageserver';
import type { LibraryEntry } from '../library.js';
import type { Range } from '../problem.js';

export function toLsp(range: Range): LspRange {
  return {
    start: { line: range.from.line - 1, character: range.from.column - 1 },
    end: { line: range.to.line - 1, character: range.to.column - 1 },
  };
}

export function offsetIn(text: string, position: LspPosition): number {
  let start = 0;
  for (let line = 0; line < position.line; line++) {
    const next = text.indexOf('\n', start);
    if (next === -1) return text.length;
    start = next + 1;
  }
  const end = text.indexOf('\n', start);
  return Math.min(start + position.character, end === -1 ? text.length : end);
}

/** Sources that ship with the product are opened read-only, under a scheme of their own. */
export function virtualUri(path: string): string {
  const match = /(?:^|\/)(std|kernel)\/(.+)$/.exec(path);
  if (match) return `osim-${match[1]}:/${match[2]}`;
  return shippedUri(path);
}

/** Of an import's URI: a folder of the user's may be called `std` or `kernel`, too. */
export function shippedUri(uri: string): string {
  return uri.replace(/^(std|kernel):/, 'osim-$1:');
}

export function isVirtual(uri: string): boolean {
  return /^osim-(std|kernel):/.test(uri);
}

export function entryLocation(entry: LibraryEntry): { uri: string; range: LspRange } | undefined {
  if (entry.file === '') return undefined;
  const start = { line: entry.line - 1, character: entry.column - 1 };
  const end = { line: start.line, character: start.character + entry.name.length };
  return { uri: virtualUri(entry.file), range: { start, end } };
}
