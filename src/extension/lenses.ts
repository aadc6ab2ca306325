import * as vscode from 'vscode';
import { openPrograms } from './compare.js';
import { isBuiltin } from './sources.js';

/**
 * `Run | Debug` above the first process, and `Compare` when another program is open. It looks at lines only, so that it
 * costs nothing while one types.
 */
export class RunLenses implements vscode.CodeLensProvider {
  readonly onDidChangeCodeLenses: vscode.Event<void> = (listener, self, disposables) =>
    vscode.window.tabGroups.onDidChangeTabs(() => listener.call(self), undefined, disposables);

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (isBuiltin(document.uri) || document.uri.scheme === 'untitled') return [];
    for (let line = 0; line < document.lineCount; line++) {
      if (!/^\s*process\s+[A-Za-z_]/.test(document.lineAt(line).text)) continue;
      const range = new vscode.Range(line, 0, line, 0);
      const lens = (title: string, command: string) =>
        new vscode.CodeLens(range, { title, command, arguments: [document.uri] });
      return [
        lens(`$(play) ${vscode.l10n.t('Run')}`, 'osim.runFile'),
        lens(`$(debug-alt) ${vscode.l10n.t('Debug')}`, 'osim.debugFile'),
        ...compareLenses(document.uri, range),
      ];
    }
    return [];
  }
}

/** With the other program, if there is one; with several the command asks which. */
function compareLenses(uri: vscode.Uri, range: vscode.Range): vscode.CodeLens[] {
  const others = openPrograms().filter((other) => other.toString() !== uri.toString());
  const [other] = others;
  if (!other || uri.scheme !== 'file') return [];
  const name = other.path.slice(other.path.lastIndexOf('/') + 1);
  const title = others.length === 1 ? vscode.l10n.t('Compare with {0}', name) : vscode.l10n.t('Compare…');
  const programs = others.length === 1 ? [uri, other] : [uri];
  return [new vscode.CodeLens(range, { title: `$(graph) ${title}`, command: 'osim.compare', arguments: programs })];
}
