/**
 * The system with doors that programs do not have, in `.osim` text that is compiled with its library: `trap(number,
 * …)`, a system call with any number and any integers.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { compileProgram } from '../../src/compiler/compile-program.js';
import type { System } from '../../src/computer/computer.js';
import { buildLibraryIndex, type LibraryIndex } from '../../src/language/library.js';
import { loadKernel } from '../../src/language/names.js';
import { system } from '../system.js';

const std = path.resolve(import.meta.dirname, '../../src/std');
const kernel = path.resolve(import.meta.dirname, '../../src/kernel');

const DOOR = `fn trap(number, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0) { return __syscall(number, a, b, c, d, e, f); }\n`;

export function openSystem(doors = DOOR): System {
  const source = (folder: string, name: string) => ({
    path: `osim-std:/${name}`,
    uri: `osim-std:/${name}`,
    text: readFileSync(path.join(folder, name), 'utf8'),
  });
  const libc = readdirSync(std).filter((name) => /^libc(_\w+)?\.osim$/.test(name));
  const door = { path: 'osim-std:/door.osim', uri: 'osim-std:/door.osim', text: doors };
  const natives = [source(std, 'builtins.osim'), source(kernel, 'intrinsics.osim')];
  const sources = [source(std, 'abi.osim'), ...libc.map((name) => source(std, name)), door];
  const index = openedToLibrary(buildLibraryIndex(natives));
  const { image, problems } = compileProgram(loadKernel(sources, index), { kind: 'library', library: index });
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  return { ...system(), library: image, libraryIndex: buildLibraryIndex([...natives, ...sources]) };
}

/** libc uses what programs do not see. */
function openedToLibrary(index: LibraryIndex): LibraryIndex {
  const entries = index.entries.filter((entry) => entry.audience !== 'kernel');
  return { ...index, entries: entries.map((entry) => ({ ...entry, audience: 'everywhere' as const })) };
}
