/** What the tests in the extension host share. It runs in Node and in a web worker: no Node module is used. */
import * as vscode from 'vscode';

/** Set by the bundler: false in the browser's extension host, unless OSIM_LONG. */
declare const REPEATED: boolean;

/** For what goes the same way in both extension hosts: a file of the browser's is read otherwise, an answer is not. */
export const itOnce: (title: string, test: () => Promise<void>) => void = (title, test) =>
  void (REPEATED && it(title, test));

export const EXTENSION = 'osim.osim';

export function fail(message: string): never {
  throw new Error(message);
}

interface Assertions {
  ok(value: unknown, message?: string): asserts value;
  equal(actual: unknown, expected: unknown, message?: string): void;
  deepEqual(actual: unknown, expected: unknown, message?: string): void;
  match(text: string, pattern: RegExp): void;
}

export const assert: Assertions = {
  ok(value, message = 'a truth was expected') {
    if (!value) fail(message);
  },
  equal(actual, expected, message) {
    assert.deepEqual(actual, expected, message);
  },
  deepEqual(actual, expected, message = '') {
    const [a, e] = [JSON.stringify(actual, null, 1), JSON.stringify(expected, null, 1)];
    if (a !== e) fail(`${message} got ${a}, expected ${e}`);
  },
  match(text, pattern) {
    if (!pattern.test(text)) fail(`${JSON.stringify(text)} does not match ${pattern}`);
  },
};

/** Waits until `probe` gives something; says what it waited for when it never does. */
export async function until<T>(what: string, probe: () => T | Promise<T>): Promise<Exclude<NonNullable<T>, false>> {
  for (let i = 0; i < 400; i++) {
    const value = await probe();
    if (value) return value as Exclude<NonNullable<T>, false>;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return fail(`waited in vain for ${what}`);
}

export function workspaceFile(name: string): vscode.Uri {
  return vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0].uri, name);
}

export async function open(uri: vscode.Uri): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
}

export async function write(name: string, text: string): Promise<vscode.Uri> {
  const uri = workspaceFile(name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

/** 0-based line of the first line that contains `text`. */
export function lineOf(document: vscode.TextDocument, text: string): number {
  for (let line = 0; line < document.lineCount; line++) if (document.lineAt(line).text.includes(text)) return line;
  return fail(`no line with ${text} in ${document.uri.toString()}`);
}

export function positionOf(document: vscode.TextDocument, text: string): vscode.Position {
  const line = lineOf(document, text);
  return new vscode.Position(line, document.lineAt(line).text.indexOf(text));
}
