/**
 * Files of the host that a program names: `import "./x.osim"`, `file "/w" from "./w.txt"`, `scheduler = "./mine.osim"`.
 * The rule, the same for every command, the debugger and the editor: a regular file that really lies in the workspace,
 * links followed, and is not too large. What is here goes by names alone; host-file-node.ts looks at the disk.
 */
import { LONGEST_STRING } from './limits.js';
import { stringBytesOf } from './literals.js';

/** Why there is no file to read. */
export interface Refusal {
  /** A clause with its full stop: `it is a folder.` */
  readonly problem: string;
  /** Nothing is there at all. */
  readonly missing?: boolean;
}

/** The largest file that is read, in bytes: as large as the simulated disk takes. */
export const LARGEST_FILE = LONGEST_STRING;

export const MISSING: Refusal = { problem: 'there is no such file.', missing: true };

export const OUTSIDE: Refusal = {
  problem:
    "it lies outside of the program's folder. Move it beside the program, or choose a workspace that has both: " +
    'the folder that is open in the editor, the one where osim is called, or --workspace DIR.',
};

export const NO_FILE: Refusal = { problem: 'it is not a file.' };

export function tooLarge(size: number | bigint): Refusal {
  return { problem: `it has ${size} bytes; at most ${LARGEST_FILE} are read.` };
}

/** The path in a string literal, as text; or why it can be no path. */
export function pathIn(literal: string): string | Refusal {
  const bytes = Uint8Array.from(stringBytesOf(literal), (char) => char.charCodeAt(0));
  if (bytes.includes(0)) return { problem: 'a path can not have a zero byte in it.' };
  if (bytes.includes(0x5c)) return { problem: 'the parts of a path are separated by /, not by \\.' };
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { problem: 'its name is not UTF-8 text.' };
  }
}

/** The folder of a file, by path or URI, without a slash at its end; `.` for a mere name. */
export function folderOf(file: string): string {
  const end = Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\'));
  return end < 0 ? '.' : file.slice(0, end) || '/';
}

/** Whether a path or URI lies in a folder, as far as names tell. */
export function liesBelow(file: string, folder: string): boolean {
  if (folder === '.') return !/^([/\\]|\.\.(\/|$)|[a-z][a-z0-9+.-]*:)/i.test(file);
  const prefix = /[/\\]$/.test(folder)
    ? folder
    : folder + (folder.includes('/') || !folder.includes('\\') ? '/' : '\\');
  return file.startsWith(prefix) && !file.slice(prefix.length).split(/[/\\]/).includes('..');
}

/** The folder whose files a program may name: the workspace's that has it, or else its own. */
export function folderFor(program: string, workspaces: readonly string[]): string {
  const around = workspaces.filter((folder) => liesBelow(program, folder));
  // Of folders inside each other the outer one: all of it is open.
  return around.sort((a, b) => a.length - b.length)[0] ?? folderOf(program);
}
