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

/** Serves the sources out of the images that the build made, so that what is shown is what runs. */
export class BuiltinSources implements vscode.TextDocumentContentProvider {
  private loaded: Promise<Map<string, string>> | undefined;

  constructor(private readonly extension: vscode.Uri) {}

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const text = (await this.files()).get(normal(uri.toString(true)));
    if (text === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return text;
  }

  /** The URIs of all of them, in the order of the build. */
  async list(scheme: string): Promise<vscode.Uri[]> {
    const uris = [...(await this.files()).keys()].map((uri) => vscode.Uri.parse(uri));
    return uris.filter((uri) => uri.scheme === scheme);
  }

  private files(): Promise<Map<string, string>> {
    this.loaded ??= this.load();
    return this.loaded;
  }

  private async load(): Promise<Map<string, string>> {
    const files = new Map<string, string>();
    for (const image of ['kernel.json', 'libc.json']) {
      const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.extension, 'dist', image));
      const { files: sources } = JSON.parse(new TextDecoder().decode(bytes)) as {
        files: { uri: string; text?: string }[];
      };
      for (const { uri, text } of sources) if (text !== undefined) files.set(normal(uri), text);
    }
    return files;
  }
}

/** `osim-kernel:read.osim` and `osim-kernel:///read.osim` name the same file as `osim-kernel:/read.osim`. */
function normal(uri: string): string {
  return uri.replace(/^([a-z-]+):\/*/, '$1:/');
}
