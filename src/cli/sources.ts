/** Programs' files on the host. Paths are printed as the user gave them, with slashes. */
import { readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, isAbsolute, sep } from 'node:path';
import type { ReadFile } from '../language/names.js';
import type { ReadHostFile } from '../compiler/program.js';
import { Failure, reasonOf } from './failure.js';

/** The largest file that `from` may name, in bytes: as large as the simulated disk takes. */
const LARGEST = 16 * 1024 * 1024;

/** The program's text must be there; that of an import may be missing, which is a diagnostic. */
export function requireFile(path: string): void {
  try {
    if (statSync(path).isFile()) return;
  } catch (error) {
    throw new Failure(`${path} can not be read: ${reasonOf(error)}.`);
  }
  throw new Failure(`${path} can not be read: it is not a file.`);
}

/** Reads files of the host, and the library's modules. */
export function reader(modules: () => Record<string, string>): ReadFile {
  return (uri) => {
    if (uri.startsWith('std:')) return Object.hasOwn(modules(), uri) ? modules()[uri] : undefined;
    try {
      return statSync(uri).isFile() ? readFileSync(uri, 'utf8') : undefined;
    } catch {
      return undefined;
    }
  };
}

/** With slashes on every host: imports are resolved against it. */
export function uriOf(path: string): string {
  return sep === '\\' ? path.replaceAll('\\', '/') : path;
}

/** For `file "/w" from "./words.txt"`: a file in the folder of the one that names it, or below, links followed. */
export const readHostFile: ReadHostFile = (path, fromUri) => {
  const folder = dirname(fromUri);
  if (isAbsolute(path)) return { problem: 'it must be beside the program: write a path relative to its folder.' };
  try {
    const real = realpathSync(join(folder, path));
    const way = relative(realpathSync(folder), real);
    if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) {
      return { problem: "it lies outside of the program's folder." };
    }
    const { size } = statSync(real);
    if (!statSync(real).isFile()) return { problem: 'it is not a file.' };
    if (size > LARGEST) return { problem: `it has ${size} bytes; at most ${LARGEST} fit.` };
    return readFileSync(real, 'latin1');
  } catch (error) {
    return { problem: `${reasonOf(error)}.` };
  }
};

/** The `.osim` files that the arguments name: files themselves, folders with all below them, in order of name. */
export function programsIn(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
      requireFile(path);
      return [path];
    }
    const found = filesBelow(path);
    if (found.length === 0) throw new Failure(`${path} has no .osim file in it.`);
    return found;
  });
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith('.') || entry.name === 'node_modules' ? [] : filesBelow(path);
    return entry.isFile() && entry.name.endsWith('.osim') ? [path] : [];
  });
}
