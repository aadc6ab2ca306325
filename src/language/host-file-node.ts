/** The rule of host-file.ts on the local disk. Everything that Node reads on behalf of a program is read here. */
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeOf, reasonOf } from './host-errors.js';
import { LARGEST_FILE, MISSING, NO_FILE, OUTSIDE, tooLarge, type Refusal } from './host-file.js';

/**
 * Does not wait for a FIFO's other end, follows no link that was made after the check, takes no controlling terminal.
 */
const FLAGS =
  constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0) | (constants.O_NOCTTY ?? 0);

/**
 * The bytes of a file that a program names, or why it may not have them. Path and folder are paths or `file:` URIs.
 * @param folder where it must really lie; null for a file that the user names: it may lie anywhere
 */
export function readHostFile(file: string, folder: string | null): Uint8Array | Refusal {
  try {
    const path = localPath(file);
    if (path.includes('\0')) return { problem: 'a path can not have a zero byte in it.' };
    const real = realpathSync.native(path);
    if (folder !== null && !isInside(real, realpathSync.native(localPath(folder)))) return OUTSIDE;
    // Before it is opened: to open a device can do something already.
    if (!statSync(real).isFile()) return NO_FILE;
    return readOpened(real);
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? MISSING : { problem: `${reasonOf(error)}.` };
  }
}

export function localPath(file: string): string {
  return /^file:\/\//i.test(file) ? fileURLToPath(file) : file;
}

/** Whether a path lies in a folder; neither has a link in it. */
export function isInside(real: string, folder: string): boolean {
  const way = relative(folder, real);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** `real` has no link in it. It may have been replaced since it was looked at: what counts is what was opened. */
function readOpened(real: string): Uint8Array | Refusal {
  const descriptor = openSync(real, FLAGS);
  try {
    const opened = fstatSync(descriptor, { bigint: true });
    if (!opened.isFile()) return NO_FILE;
    const there = statSync(real, { bigint: true });
    if (realpathSync.native(real) !== real || there.ino !== opened.ino || there.dev !== opened.dev) {
      return { problem: 'it was replaced while it was read.' };
    }
    if (opened.size > LARGEST_FILE) return tooLarge(opened.size);
    return readBounded(descriptor, Number(opened.size));
  } finally {
    closeSync(descriptor);
  }
}

/** Reads a file whose size is only a guess: it may grow meanwhile, and files of /proc say that they have no bytes. */
function readBounded(descriptor: number, guess: number): Uint8Array | Refusal {
  let bytes = new Uint8Array(guess + 1);
  let length = 0;
  for (;;) {
    const count = readSync(descriptor, bytes, length, bytes.length - length, null);
    if (count === 0) return bytes.subarray(0, length);
    length += count;
    if (length > LARGEST_FILE) return tooLarge(length);
    if (length < bytes.length) continue;
    const larger = new Uint8Array(Math.min(2 * length + 4096, LARGEST_FILE + 1));
    larger.set(bytes);
    bytes = larger;
  }
}
