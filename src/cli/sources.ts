/** Programs' files on the host. Paths are printed as the user gave them, with slashes. */
import { readdirSync, realpathSync, statSync, type Dirent } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { folderOf, type Refusal } from '../language/host-file.js';
import { isInside, readHostFile } from '../language/host-file-node.js';
import { Failure, reasonOf } from './failure.js';

/** The bytes of a file that the user names. */
export function requireFile(path: string): Uint8Array {
  const found = readHostFile(path, null);
  if ('problem' in found) throw new Failure(`${path} can not be read: ${found.problem}`);
  return found;
}

/** The files of one program: itself, and what it names. */
export class ProgramFiles {
  /** Those that the user named: they may lie anywhere. */
  private readonly named = new Map<string, string>();
  private readonly folder: string;

  /**
   * @param modules the library's, by URI
   * @param path the program
   * @param workspace the folder whose files it may name, if the user says so
   * @param others more files that the user named
   */
  constructor(
    private readonly modules: () => Record<string, string>,
    path: string,
    workspace: string | undefined,
    others: readonly string[] = [],
  ) {
    for (const file of [path, ...others]) this.named.set(uriOf(file), textOf(requireFile(file)));
    this.folder = workspace ?? (isProjectOf(path) ? '.' : folderOf(uriOf(path)));
    if (workspace !== undefined) requireInside(path, workspace);
  }

  readonly read = (uri: string): string | Refusal | undefined => {
    if (uri.startsWith('std:')) return Object.hasOwn(this.modules(), uri) ? this.modules()[uri] : undefined;
    const named = this.named.get(uri);
    if (named !== undefined) return named;
    const found = readHostFile(uri, this.folder);
    return 'problem' in found ? found : textOf(found);
  };

  readonly readBytes = (uri: string): string | Refusal => {
    const found = readHostFile(uri, this.folder);
    return 'problem' in found ? found : Buffer.from(found).toString('latin1');
  };
}

/** Whether the current folder is a workspace that has the program. A home folder or a whole disk is no workspace. */
function isProjectOf(path: string): boolean {
  const here = realpathSync.native('.');
  const isTooMuch = here === dirname(here) || here === realFolder(homedir());
  return !isTooMuch && isInside(realpathSync.native(path), here);
}

function realFolder(path: string): string | null {
  try {
    return realpathSync.native(path);
  } catch {
    return null;
  }
}

function requireInside(path: string, workspace: string): void {
  try {
    if (!statSync(workspace).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
    if (isInside(realpathSync.native(path), realpathSync.native(workspace))) return;
  } catch (error) {
    throw new Failure(`The workspace ${workspace} can not be used: ${reasonOf(error)}.`);
  }
  throw new Failure(`${path} lies outside of the workspace ${workspace}.`);
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

/** With slashes on every host: imports are resolved against it. */
export function uriOf(path: string): string {
  return sep === '\\' ? path.replaceAll('\\', '/') : path;
}

/** The `.osim` files that the arguments name: files themselves, folders with all below them, in order of name. */
export function programsIn(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (!isFolder(path)) {
      requireFile(path);
      return [path];
    }
    const found = filesBelow(path);
    if (found.length === 0) throw new Failure(`${path} has no .osim file in it.`);
    return found;
  });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // Whoever reads it says why it can not be had.
    return false;
  }
}

/** No links are followed: what a folder has is what lies in it. */
function filesBelow(folder: string): string[] {
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith('.') || entry.name === 'node_modules' ? [] : filesBelow(path);
    return entry.isFile() && entry.name.endsWith('.osim') ? [path] : [];
  });
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw new Failure(`The folder ${folder} can not be read: ${reasonOf(error)}.`);
  }
}
