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

/** Files of dist/ that hold sources: the images hold those that they were made of, so what is shown is what runs. */
const IMAGES = ['kernel.json', 'libc.json'];
const OTHERS = ['std.json', 'declarations.json'];

/** A kernel file that is named without its folder, as before there were folders: names of kernel files are unique. */
function namedAlone(uri: vscode.Uri, texts: ReadonlyMap<string, string>): string {
  const isName = uri.scheme === KERNEL_SCHEME && /^\/[^/]+$/.test(uri.path);
  const found = [...texts.keys()].find((name) => name.startsWith(`${KERNEL_SCHEME}:`) && name.endsWith(uri.path));
  return (isName && found) || '';
}

export class BuiltinSources implements vscode.TextDocumentContentProvider {
  private texts: Promise<ReadonlyMap<string, string>> | undefined;

  constructor(private readonly extension: vscode.Uri) {}

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const texts = await this.all();
    const text = texts.get(uri.toString()) ?? texts.get(namedAlone(uri, texts));
    if (text === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return text;
  }

  /** All of a scheme, by name. */
  async list(scheme: string): Promise<vscode.Uri[]> {
    const names = [...(await this.all()).keys()].filter((name) => name.startsWith(`${scheme}:`));
    return names.sort().map((name) => vscode.Uri.parse(name));
  }

  private all(): Promise<ReadonlyMap<string, string>> {
    this.texts ??= this.readAll();
    return this.texts;
  }

  private async readAll(): Promise<ReadonlyMap<string, string>> {
    const texts = new Map<string, string>();
    for (const name of IMAGES) {
      const { files } = (await this.read(name)) as { files: { uri: string; text: string }[] };
      for (const { uri, text } of files) texts.set(uri, text);
    }
    for (const name of OTHERS) {
      const modules = (await this.read(name)) as Record<string, string>;
      for (const [uri, text] of Object.entries(modules)) texts.set(uri.replace(/^std:/, `${STD_SCHEME}:`), text);
    }
    return texts;
  }

  private async read(name: string): Promise<unknown> {
    const file = vscode.Uri.joinPath(this.extension, 'dist', name);
    return JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(file)));
  }
}
