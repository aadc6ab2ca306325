import * as vscode from 'vscode';
import { isBuiltin } from './sources.js';

/** `Run | Debug` above the first process. It looks at lines only, so that it costs nothing while one types. */
export class RunLenses implements vscode.CodeLensProvider {
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
      ];
    }
    return [];
  }
}
