import * as vscode from 'vscode';
import { LARGEST_FILE, liesBelow, MISSING, NO_FILE, OUTSIDE, tooLarge, type Refusal } from '../language/host-file.js';
import { toPath, toUri } from './sources.js';

/** Reads a file of the local disk, which must lie in a folder unless that is null. */
export type ReadLocal = (path: string, folder: string | null) => Uint8Array | Refusal;

/**
 * The rule of language/host-file.ts in the editor: on the local disk it is Node's own; on other file systems (a
 * browser's, a remote repository's) nobody can tell where a link leads, so there are none on the way to a file.
 */
export class HostFiles {
  constructor(private readonly readLocal: ReadLocal | undefined) {}

  /** @param folder where a file that a program names must lie; none for one that the user names */
  async read(file: string, folder: string | undefined): Promise<Uint8Array | Refusal> {
    const uri = toUri(file);
    const within = folder === undefined ? undefined : toUri(folder);
    try {
      if (uri.scheme === 'file' && this.readLocal) return this.readLocal(toPath(uri), within ? toPath(within) : null);
      return await readVirtual(uri, within);
    } catch (error) {
      return refusalOf(error);
    }
  }
}

async function readVirtual(uri: vscode.Uri, within: vscode.Uri | undefined): Promise<Uint8Array | Refusal> {
  if (within && (uri.authority !== within.authority || !liesBelow(uri.path, within.path))) return OUTSIDE;
  if (within && (await hasLink(uri, within)))
    return { problem: 'a link leads there, and where it ends can not be seen.' };
  const { type, size } = await vscode.workspace.fs.stat(uri);
  if (!(type & vscode.FileType.File)) return NO_FILE;
  if (size > LARGEST_FILE) return tooLarge(size);
  const bytes = await vscode.workspace.fs.readFile(uri);
  return bytes.length > LARGEST_FILE ? tooLarge(bytes.length) : bytes;
}

/** Whether a part of the way from the folder to the file is a symbolic link. */
async function hasLink(uri: vscode.Uri, within: vscode.Uri): Promise<boolean> {
  const names = uri.path
    .slice(within.path.length)
    .split('/')
    .filter((name) => name !== '');
  // The folder of a file at the root of its file system: `memory:` has no path that one could join to.
  const top = within.path === '' ? within.with({ path: '/' }) : within;
  for (let count = 1; count <= names.length; count++) {
    const { type } = await vscode.workspace.fs.stat(vscode.Uri.joinPath(top, ...names.slice(0, count)));
    if (type & vscode.FileType.SymbolicLink) return true;
  }
  return false;
}

export function refusalOf(error: unknown): Refusal {
  if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return MISSING;
  return { problem: `${(error instanceof Error ? error.message : String(error)).replace(/\.$/, '')}.` };
}
