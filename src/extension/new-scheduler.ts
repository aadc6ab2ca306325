/** `OSim: New Scheduler`: a file with a policy of the user's own, ready to run and to be changed. */
import * as vscode from 'vscode';
import { programInFront } from './configurations.js';
import { newScheduler } from './scheduler-template.js';

/** Writes the file beside the program in front, or into the workspace folder; one that is there is only opened. */
export async function createScheduler(): Promise<void> {
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('New Scheduler'),
    prompt: vscode.l10n.t('The name of the file.'),
    value: 'my_sched.osim',
    validateInput: (text) => (/^[\w-]+\.osim$/.test(text) ? undefined : vscode.l10n.t('A name such as my_sched.osim.')),
  });
  if (name === undefined) return;
  const folder = folderFor();
  if (!folder) {
    const document = await vscode.workspace.openTextDocument({ language: 'osim', content: newScheduler(name) });
    await vscode.window.showTextDocument(document);
    return;
  }
  const file = vscode.Uri.joinPath(folder, name);
  if (!(await exists(file))) await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(newScheduler(name)));
  await vscode.window.showTextDocument(file);
}

function folderFor(): vscode.Uri | undefined {
  const program = programInFront();
  if (program && vscode.workspace.getWorkspaceFolder(program)) return vscode.Uri.joinPath(program, '..');
  return vscode.workspace.workspaceFolders?.[0]?.uri;
}

async function exists(file: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
}
