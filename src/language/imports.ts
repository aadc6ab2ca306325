/** Where an import leads: `"./x.osim"` beside the importing file, `"std/loop"` into the library. */
import type { Import } from './generated/ast.js';
import { pathIn, type Refusal } from './host-file.js';
import { rangeOf, type ParsedFile } from './parse.js';
import type { Problem } from './problem.js';

/** The library's modules, for whoever writes `import "std/`: src/std has them all. */
export const STD_MODULES = ['stdio', 'loop', 'async', 'channel', 'pool', 'uring', 'timers'] as const;

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
  read: (uri: string) => string | Refusal | undefined,
  resolveImport?: ResolveImport,
): Found {
  const uris: string[] = [];
  const fresh = new Map<string, string>();
  const problems: Problem[] = [];
  for (const item of file.ast.items) {
    if (item.$type !== 'Import' || item.path === undefined) continue;
    const path = pathIn(item.path);
    if (typeof path !== 'string') {
      problems.push(refused(item, path, file));
      continue;
    }
    const uri = resolveImport?.(path, file.uri) ?? resolvePath(path, file.uri);
    if (uri === undefined) {
      problems.push(badPath(item, path, file));
      continue;
    }
    const text = loaded.has(uri) ? '' : (fresh.get(uri) ?? read(uri));
    if (text === undefined || (typeof text === 'object' && text.missing)) {
      problems.push(notFound(item, path, file));
      continue;
    }
    if (typeof text === 'object') {
      problems.push(refused(item, text, file));
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
  return resolveRelative(path, fromUri);
}

/** The URI of a path that is relative to the folder of a file, whether it begins with a dot or not. */
export function resolveRelative(path: string, fromUri: string): string {
  const scheme = /^[a-z][a-z0-9+.-]*:(\/\/[^/]*)?/i.exec(fromUri)?.[0] ?? '';
  // A path that has a drive, `C:/x.osim`, is no URI.
  const isUri = scheme.indexOf(':') > 1;
  const parts = fromUri.slice(scheme.length).split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '..') ascend(parts);
    else if (part !== '.') parts.push(isUri ? encoded(part) : part);
  }
  return scheme + parts.join('/');
}

function ascend(parts: string[]): void {
  while (parts[parts.length - 1] === '.') parts.pop();
  const last = parts[parts.length - 1];
  if (last === undefined || last === '..' || last === '') parts.push('..');
  else parts.pop();
}

/** As editors write it: a name that has a `%` in it must not be taken for an escape. */
function encoded(part: string): string {
  return encodeURIComponent(part).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function refused(item: Import, { problem }: Refusal, file: ParsedFile): Problem {
  const [reason = '', ...hints] = problem.split(/(?<=\.) /);
  return {
    uri: file.uri,
    ...rangeOf(item),
    severity: 'error',
    code: 'import-refused',
    message: `${item.path ?? 'This'} can not be imported: ${reason}`,
    ...(hints.length > 0 && { hint: hints.join(' ') }),
  };
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
      ? `The library has ${STD_MODULES.map((name) => `std/${name}`).join(', ')}.`
      : path.endsWith('.osim')
        ? 'Check its name; the path is relative to this file.'
        : `Write the whole name: "${path}.osim".`,
  };
}
