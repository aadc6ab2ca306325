// The user's copies of the examples, for `npm start`: the files of the repository are not opened.
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** As the extension has it (src/extension/examples-folder-node.ts). */
export function examplesFolder() {
  return process.env.OSIM_EXAMPLES ?? path.join(homedir(), 'osim-examples');
}

/**
 * Copies the programs of a gallery that are not in `folder` yet; what is there stays as its user left it. Each is
 * written under another name first, so that it comes whole or not at all. Returns the names of those that were copied.
 */
export function copyMissing(gallery, folder) {
  mkdirSync(folder, { recursive: true });
  const isProgram = (name) => !name.endsWith('.walk.json') && name !== 'lessons.txt';
  const missing = readdirSync(gallery).filter((name) => isProgram(name) && !existsSync(path.join(folder, name)));
  for (const name of missing) {
    const partial = path.join(folder, `${name}.partial`);
    try {
      writeFileSync(partial, readFileSync(path.join(gallery, name)));
      renameSync(partial, path.join(folder, name));
    } finally {
      rmSync(partial, { force: true });
    }
  }
  return missing;
}
