/**
 * Compiles what ships compiled, so that no start-up parses it: `npx tsx scripts/build-images.mts FINGERPRINT`.
 *
 *   dist/kernel.json    the files of src/kernel with the shared constants of src/std/abi.osim
 *   dist/libc.json      src/std/libc*.osim with the same constants
 *   dist/library.json   the names that programs and kernel files have without declaring them
 *   dist/std.json       the sources of the modules that programs import: { "std:/loop.osim": "…" }
 *   dist/declarations.json   the sources that only declare what the machine has:
 *                       { "osim-kernel:/intrinsics.osim": "…" }
 *
 *   dist/images.txt     the fingerprint of what all of these were made of
 *
 * Prints problems as file:line:column: severity: message, and exits with 1 when there is an error.
 */
import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileProgram } from '../src/compiler/compile-program.js';
import type { Image } from '../src/compiler/image.js';
import { verifyImage } from '../src/compiler/verify.js';
import { buildLibraryIndex, type LibraryIndex } from '../src/language/library.js';
import { checkProgram } from '../src/language/checks.js';
import { loadKernel } from '../src/language/names.js';
import { hasErrors, type Problem } from '../src/language/problem.js';

interface Source {
  /** As problems print it, relative to the repository. */
  path: string;
  uri: string;
  text: string;
}

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const kernelDirectory = join(root, 'src/kernel');
const stdDirectory = join(root, 'src/std');

function sourcesIn(directory: string, scheme: string): Source[] {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.osim'));
  // Sorted with slashes on every host, so that the images are the same.
  const slashed = names.map((name) => name.replaceAll('\\', '/')).sort();
  return slashed.map((name) => {
    const path = relative(root, join(directory, name));
    return { path, uri: `${scheme}:/${name}`, text: readFileSync(join(directory, name), 'utf8') };
  });
}

const kernelSources = sourcesIn(kernelDirectory, 'osim-kernel');
const stdSources = sourcesIn(stdDirectory, 'osim-std');
const named = (sources: Source[], ...names: string[]): Source[] =>
  sources.filter((each) => names.includes(basename(each.path)));
const isLibc = (source: Source): boolean => /^libc(_\w+)?\.osim$/.test(basename(source.path));

const intrinsics = named(kernelSources, 'intrinsics.osim');
const abi = named(stdSources, 'abi.osim');
const builtins = named(stdSources, 'builtins.osim');
const libc = stdSources.filter(isLibc);
const kernel = kernelSources.filter((source) => !intrinsics.includes(source));
const modules = stdSources.filter((source) => ![...abi, ...builtins, ...libc].includes(source));

const pathOf = new Map([...kernelSources, ...stdSources].map((source) => [source.uri, source.path]));
let failed = false;

function complain(path: string, line: number, column: number, severity: string, message: string): void {
  console.error(`${path}:${line}:${column}: ${severity}: ${message}`);
  failed ||= severity === 'error';
}

function print(problems: readonly Problem[]): void {
  for (const { uri, from, severity, message, hint } of problems) {
    complain(pathOf.get(uri) ?? uri, from.line, from.column, severity, hint ? `${message} ${hint}` : message);
  }
}

/** The index with what only std sees made visible: libc is compiled as one program of several files. */
function openedTo(audience: 'library' | 'kernel', index: LibraryIndex): LibraryIndex {
  if (audience === 'kernel') return index;
  const entries = index.entries.filter((entry) => entry.audience !== 'kernel');
  return { ...index, entries: entries.map((entry) => ({ ...entry, audience: 'everywhere' as const })) };
}

/** The image, or undefined when the sources have errors. */
function compile(kind: 'kernel' | 'library', sources: Source[], index: LibraryIndex): Image | undefined {
  const library = openedTo(kind, index);
  const loaded = loadKernel(sources, library);
  const found = checkProgram(loaded, library);
  print(found);
  if (hasErrors(found)) return undefined;
  const { image, problems } = compileProgram(loaded, { kind, library });
  print(problems);
  const mistakes = verifyImage(image);
  for (const mistake of mistakes) complain(`${kind} image`, 1, 1, 'error', mistake);
  return hasErrors(problems) || mistakes.length > 0 ? undefined : image;
}

/** JSON in ASCII: with one sign beyond it, in a comment, V8 takes twice the memory for all, and a third more time. */
function asciiOf(json: string): string {
  return json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Whole or not at all: whoever reads meanwhile finds the old file, and so does everyone after an error. */
function write(name: string, content: unknown): void {
  if (content === undefined) return;
  const path = join(root, 'dist', name);
  writeFileSync(`${path}.new`, asciiOf(JSON.stringify(content)));
  renameSync(`${path}.new`, path);
}

/** Comments name a kernel file by its name; readers want to open it, so the index has its path below src/kernel. */
function withKernelPaths(index: LibraryIndex): LibraryIndex {
  const paths = new Map(kernelSources.map(({ uri }) => [basename(uri), uri.slice('osim-kernel:/'.length)]));
  const whole = (files: string): string => files.replace(/\b\w+\.osim\b/g, (name) => paths.get(name) ?? name);
  const entries = index.entries.map((entry) =>
    entry.doc?.kernel ? { ...entry, doc: { ...entry.doc, kernel: whole(entry.doc.kernel) } } : entry,
  );
  return { ...index, entries };
}

const indexed = (sources: Source[]): { path: string; text: string }[] =>
  sources.map(({ uri, text }) => ({ path: uri, text }));

const natives = buildLibraryIndex(indexed([...builtins, ...intrinsics]));
mkdirSync(join(root, 'dist'), { recursive: true });
write('kernel.json', compile('kernel', [...abi, ...kernel], natives));
write('libc.json', compile('library', [...abi, ...libc], natives));
const library = withKernelPaths(buildLibraryIndex(indexed([...abi, ...builtins, ...libc, ...intrinsics])));
write('library.json', { ...library, kernel: buildLibraryIndex(indexed(kernel)).entries });
write('std.json', Object.fromEntries(modules.map(({ uri, text }) => [uri.replace(/^osim-/, ''), text])));
write('declarations.json', Object.fromEntries([...intrinsics, ...builtins].map(({ uri, text }) => [uri, text])));
if (failed) process.exitCode = 1;
else writeFileSync(join(root, 'dist/images.txt'), `// ${process.argv[2] ?? ''}\n`);
