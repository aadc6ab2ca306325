/** `--kernel DIR`: the files of a folder take the places of the kernel's own files of the same names; new names are added. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { compileProgram } from '../compiler/compile-program.js';
import type { Image } from '../compiler/image.js';
import type { System } from '../computer/computer.js';
import { loadKernel } from '../language/names.js';
import { hasErrors } from '../language/problem.js';
import { Failure, reasonOf } from './failure.js';
import { printProblems } from './problems.js';
import { uriOf } from './sources.js';

/** Compiles the kernel with a user's files in it; diagnostics go to standard error. */
export function ownKernel(system: System, directory: string): Image {
  const own = filesIn(directory);
  const replaced = new Set(own.map(({ name }) => name));
  const files = system.kernel.files
    .filter(({ uri, text }) => text !== undefined && !replaced.has(uri.slice(uri.lastIndexOf('/') + 1)))
    .map(({ uri, text }) => ({ uri, text: text ?? '' }));
  const loaded = loadKernel([...files, ...own], system.libraryIndex);
  const compiled = compileProgram(loaded, { kind: 'kernel', library: system.libraryIndex });
  const problems = [...loaded.problems, ...compiled.problems];
  printProblems(problems);
  if (hasErrors(problems)) throw new Failure(`The kernel with the files of ${directory} has errors.`);
  return compiled.image;
}

function filesIn(directory: string): { name: string; uri: string; text: string }[] {
  try {
    const names = readdirSync(directory).filter((name) => name.endsWith('.osim'));
    if (names.length === 0) throw new Failure(`${directory} has no .osim file in it.`);
    return names.sort().map((name) => {
      const path = join(directory, name);
      return { name, uri: uriOf(path), text: readFileSync(path, 'utf8') };
    });
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`The kernel folder ${directory} can not be read: ${reasonOf(error)}.`);
  }
}
