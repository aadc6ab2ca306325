/** Where an import leads: `"./x.osim"` beside the importing file, `"std/loop"` into the library. */
import type { Import } from './generated/ast.js';
import { stringBytesOf } from './literals.js';
import { rangeOf, type ParsedFile } from './parse.js';
import type { Problem } from './problem.js';

/** Turns an import's path into a URI, when the host knows better; undefined lets the language decide. */
export type ResolveImport = (path: string, fromUri: string) => string | undefined;

interface Found {
  readonly uris: string[];
  /** Texts of files that were not loaded before. */
  readonly fresh: ReadonlyMap<string, string>;
  readonly problems: Problem[];
}

export function importsOf(
  file: ParsedFile,
  loaded: ReadonlyMap<string, ParsedFile>,
  read: (uri: string) => string | undefined,
  resolveImport?: ResolveImport,
): Found {
  const uris: string[] = [];
  const fresh = new Map<string, string>();
  const problems: Problem[] = [];
  for (const item of file.ast.items) {
    if (item.$type !== 'Import' || item.path === undefined) continue;
    const path = stringBytesOf(item.path);
    const uri = resolveImport?.(path, file.uri) ?? resolvePath(path, file.uri);
    if (uri === undefined) {
      problems.push(badPath(item, path, file));
      continue;
    }
    const text = loaded.has(uri) ? '' : (fresh.get(uri) ?? read(uri));
    if (text === undefined) {
      problems.push(notFound(item, path, file));
      continue;
    }
    uris.push(uri);
    if (!loaded.has(uri)) fresh.set(uri, text);
  }
  return { uris, fresh, problems };
}

/** The URI that a path means, seen from a file; undefined when it is neither relative nor the library's. */
export function resolvePath(path: string, fromUri: string): string | undefined {
  if (path.startsWith('std/')) return `std:/${path.slice(4).replace(/\.osim$/, '')}.osim`;
  if (!path.startsWith('./') && !path.startsWith('../')) return undefined;
  const scheme = /^[a-z][a-z0-9+.-]*:(\/\/[^/]*)?/i.exec(fromUri)?.[0] ?? '';
  const parts = fromUri.slice(scheme.length).split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts[parts.length - 1] !== '..' && parts[parts.length - 1] !== '')
      parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return scheme + parts.join('/');
}

function badPath(item: Import, path: string, file: ParsedFile): Problem {
  return {
    uri: file.uri,
    ...rangeOf(item),
    severity: 'error',
    code: 'bad-import-path',
    message: `\`${path}\` is not a path that can be imported.`,
    hint: path.startsWith('/')
      ? 'Paths are relative to this file: "./other.osim" or "../lib/other.osim".'
      : `For a file beside this one write "./${path.replace(/(\.osim)?$/, '.osim')}"; for the library "std/loop".`,
  };
}

function notFound(item: Import, path: string, file: ParsedFile): Problem {
  const isStd = path.startsWith('std/');
  return {
    uri: file.uri,
    ...rangeOf(item),
    severity: 'error',
    code: 'import-not-found',
    message: isStd ? `The library has no \`${path}\`.` : `There is no file \`${path}\` beside this one.`,
    hint: isStd
      ? 'The library has std/loop, std/async, std/pool and std/stdio.'
      : path.endsWith('.osim')
        ? 'Check its name; the path is relative to this file.'
        : `Write the whole name: "${path}.osim".`,
  };
}
