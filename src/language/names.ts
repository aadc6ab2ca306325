/**
 * Which declaration each name means. A program is its entry file and what that imports; the files of a kernel are one
 * program without imports. Declarations at the top of a file are visible before they stand there, and cycles of imports
 * are fine; variables are visible from their declaration to the end of their block.
 */
import type { AstNode } from 'langium';
import type { Binding, Bindings } from './bindings.js';
import type { Item } from './generated/ast.js';
import type { Refusal } from './host-file.js';
import { importsOf, type ResolveImport } from './imports.js';
import { EMPTY_LIBRARY, libraryView, type LibraryIndex } from './library.js';
import { parseSource, type ParsedFile } from './parse.js';
import type { Problem } from './problem.js';
import { bindFile } from './scopes.js';
import { collectDeclarations, type Declarations } from './declarations.js';

export interface LoadedProgram {
  readonly entry: ParsedFile;
  /** The entry first, then what it imports, in order of import. */
  readonly files: readonly ParsedFile[];
  /** Of form, of imports and of names, in every file. The checks of meaning are checkProgram()'s. */
  readonly problems: readonly Problem[];
  readonly bindings: Bindings;
  /** Names that were looked for and not found, apart from what is reported: machine settings' words are among them. */
  readonly declarations: ReadonlyMap<ParsedFile, Declarations>;
  /** Processes, remotes and expects count in the entry only. */
  readonly isKernel: boolean;
}

/** A file's text, or why it can not be read. Undefined for a file that is not there. */
export type ReadFile = (uri: string) => string | Refusal | undefined;

/** Parses a file and all that it imports, and binds their names. */
export function loadProgram(
  entryUri: string,
  read: ReadFile,
  library: LibraryIndex = EMPTY_LIBRARY,
  resolveImport?: ResolveImport,
): LoadedProgram {
  const files = new Map<string, ParsedFile>();
  const problems: Problem[] = [];
  const imports = new Map<string, string[]>();
  const queue = [entryUri];
  const text = read(entryUri);
  files.set(entryUri, parseSource(typeof text === 'string' ? text : '', entryUri));
  for (let uri = queue.shift(); uri !== undefined; uri = queue.shift()) {
    const file = files.get(uri) as ParsedFile;
    const found = importsOf(file, files, read, resolveImport);
    problems.push(...found.problems);
    imports.set(uri, found.uris);
    for (const [importedUri, text] of found.fresh) {
      files.set(importedUri, parseSource(text, importedUri));
      queue.push(importedUri);
    }
  }
  const entry = files.get(entryUri) as ParsedFile;
  return bind(
    entry,
    [...files.values()],
    library,
    problems,
    (file) => reachable(file, imports, files),
    entry.ast.kernel,
  );
}

/** The files of a kernel: one name space, no imports. Intrinsics are visible, libc is not. */
export function loadKernel(
  sources: readonly (ParsedFile | { uri: string; text: string })[],
  library: LibraryIndex = EMPTY_LIBRARY,
): LoadedProgram {
  const files = sources.map((source) => ('ast' in source ? source : parseSource(source.text, source.uri)));
  const entry = files[0] ?? parseSource('', 'kernel:/empty.osim');
  return bind(entry, files, library, [], () => files, true, true);
}

/** The files of the library: one name space in which libc's private names, `_…`, are visible. */
export function loadLibrary(
  sources: readonly { uri: string; text: string }[],
  library: LibraryIndex = EMPTY_LIBRARY,
): LoadedProgram {
  const files = sources.map(({ uri, text }) => parseSource(text, /^(osim-)?std:/.test(uri) ? uri : `std:/${uri}`));
  const entry = files[0] ?? parseSource('', 'std:/empty.osim');
  return bind(entry, files, library, [], () => files, false);
}

function bind(
  entry: ParsedFile,
  files: readonly ParsedFile[],
  library: LibraryIndex,
  importProblems: readonly Problem[],
  visibleFrom: (file: ParsedFile) => readonly ParsedFile[],
  isKernel: boolean,
  isWholeKernel = false,
): LoadedProgram {
  const bindings = new Map<AstNode, Binding>();
  const declarations = collectDeclarations(files, entry, isKernel);
  const view = libraryView(library);
  const form = files.flatMap((file) => file.problems);
  const problems: Problem[] = [...importProblems, ...declarations.problems];
  for (const file of files) {
    const kernelNames = isWholeKernel ? view.kernel : view.kernelFile;
    const names = file.ast.kernel || isKernel ? kernelNames : isLibraryFile(file.uri) ? view.library : view.user;
    const visible = visibleFrom(file).map((other) => declarations.of.get(other) as Declarations);
    problems.push(...bindFile({ file, visible, library: names, view, isEntry: file === entry || isKernel, bindings }));
  }
  return {
    entry,
    files,
    problems: [...form, ...outsideOf(form, problems)],
    bindings,
    declarations: declarations.of,
    isKernel,
  };
}

/**
 * The problems outside of lines that have a mistake of form. In such a line the tree is a guess, and a second message
 * would be about the guess.
 */
export function outsideOf(form: readonly Problem[], problems: readonly Problem[]): Problem[] {
  if (form.length === 0) return [...problems];
  const lines = new Set(form.map((problem) => `${problem.uri}:${problem.from.line}`));
  return problems.filter((problem) => !lines.has(`${problem.uri}:${problem.from.line}`));
}

/** A file of std may use what libc keeps to itself, names that start with `_`. */
function isLibraryFile(uri: string): boolean {
  return /^(osim-)?std:/.test(uri) || /(^|\/)src\/std\//.test(uri);
}

/** A file and everything that it imports, directly or not. */
function reachable(
  file: ParsedFile,
  imports: ReadonlyMap<string, string[]>,
  files: ReadonlyMap<string, ParsedFile>,
): ParsedFile[] {
  const seen = new Set<string>([file.uri]);
  for (const uri of seen) imports.get(uri)?.forEach((next) => seen.add(next));
  return [...seen].map((uri) => files.get(uri)).filter((found) => found !== undefined);
}

/** The top-level declarations that have a name; imports, files, keyboard lines and expects have none. */
export type NamedItem = Extract<Item, { name: string }>;
