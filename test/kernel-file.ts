/** The kernel's sources by their names: which folder one lies in is no test's business. Names are unique. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

export const kernelFolder = path.resolve(import.meta.dirname, '../src/kernel');

/** Paths of all kernel files below `src/kernel`, with slashes, sorted: `fs/read.osim`. */
export const kernelPaths: readonly string[] = readdirSync(kernelFolder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.osim'))
  .map((name) => name.replaceAll('\\', '/'))
  .sort();

export interface KernelSource {
  /** As the debugger and the editor name it: `osim-kernel:/fs/read.osim`. */
  uri: string;
  /** On the disk. */
  path: string;
  text: string;
}

/** A kernel file by its name: `read.osim`. */
export function kernelFile(name: string): KernelSource {
  const found = kernelPaths.find((file) => path.posix.basename(file) === name);
  if (found === undefined) throw new Error(`the kernel has no file ${name}`);
  const file = path.join(kernelFolder, found);
  return { uri: `osim-kernel:/${found}`, path: file, text: readFileSync(file, 'utf8') };
}
