import * as vscode from 'vscode';
import { assert, open, until, workspaceFile } from './support.js';

describe('editing', () => {
  it('shows Run | Debug above the first process', async () => {
    const { document } = await open(workspaceFile('blocking-read.osim'));
    const lenses = await until('code lenses', async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
        20,
      );
      return found.length > 0 && found;
    });
    const line = document
      .getText()
      .split('\n')
      .findIndex((text) => text.startsWith('process '));
    // A third one compares, when another test has left a program open.
    assert.deepEqual(
      lenses.slice(0, 2).map((lens) => [lens.range.start.line, lens.command?.command]),
      [
        [line, 'osim.runFile'],
        [line, 'osim.debugFile'],
      ],
    );
  });
});
