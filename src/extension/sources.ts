import * as vscode from 'vscode';

/** Read-only sources that come with the extension: the kernel's and the user library's. */
export const KERNEL_SCHEME = 'osim-kernel';
export const STD_SCHEME = 'osim-std';

export function isBuiltin(uri: vscode.Uri): boolean {
  return uri.scheme === KERNEL_SCHEME || uri.scheme === STD_SCHEME;
}

/** A path of the debugger is a path of the local disk, or a URI. (`C:\x` is a path: no scheme has one letter.) */
export function toUri(path: string): vscode.Uri {
  return /^[a-z][a-z0-9+.-]+:/i.test(path) ? vscode.Uri.parse(path, true) : vscode.Uri.file(path);
}

/** The reverse of `toUri`. */
export function toPath(uri: vscode.Uri): string {
  return uri.scheme === 'file' ? uri.fsPath : uri.toString();
}

/** Serves the sources that the build copied beside the images which it made of them: what is shown is what runs. */
export class BuiltinSources implements vscode.TextDocumentContentProvider {
  constructor(private readonly extension: vscode.Uri) {}

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const file = vscode.Uri.joinPath(this.folder(uri.scheme), uri.path);
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  }

  /** All of a scheme, by name. */
  async list(scheme: string): Promise<vscode.Uri[]> {
    const entries = await vscode.workspace.fs.readDirectory(this.folder(scheme));
    return entries.map(([name]) => vscode.Uri.from({ scheme, path: `/${name}` }));
  }

  private folder(scheme: string): vscode.Uri {
    return vscode.Uri.joinPath(this.extension, 'dist', 'sources', scheme);
  }
}
