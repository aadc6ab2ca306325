/** `OSim: New Program`, also in *File > New File…*: a program that runs, to be changed. */
import * as vscode from 'vscode';

const PROGRAM = `// Save it, and press F5: breakpoints, F11 into the kernel, and back in time.
process main {
  print("hello");
}

expect stdout("main") == "hello\\n";
`;

export async function createProgram(): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: 'osim', content: PROGRAM });
  await vscode.window.showTextDocument(document);
}
