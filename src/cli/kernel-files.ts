/** `--kernel DIR`: reads the files of a folder that shall take the places of the kernel's own. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { KernelFile } from '../computer/own-kernel.js';
import { readHostFile } from '../language/host-file-node.js';
import { Failure, reasonOf } from './failure.js';
import { uriOf } from './sources.js';

export function kernelFilesIn(directory: string): KernelFile[] {
  try {
    const names = namesIn(directory);
    if (names.length === 0) throw new Failure(`${directory} has no .osim file in it.`);
    return names.sort().map((name) => {
      const path = join(directory, name);
      const found = readHostFile(path, directory);
      if ('problem' in found) throw new Failure(`The kernel file ${path} can not be read: ${found.problem}`);
      return { uri: uriOf(path), text: Buffer.from(found).toString('utf8') };
    });
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`The kernel folder ${directory} can not be read: ${reasonOf(error)}.`);
  }
}

/** Of the folder's kernel files, and of those in its folders: a copy of the whole kernel has them in folders. */
function namesIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const names = entry.isDirectory()
      ? readdirSync(join(directory, entry.name)).map((name) => join(entry.name, name))
      : [entry.name];
    return names.filter((name) => name.endsWith('.osim'));
  });
}
