import * as vscode from 'vscode';
import { EXTENSION, assert, open, until, workspaceFile } from './support.js';

describe('the extension', () => {
  const extension = () => vscode.extensions.getExtension(EXTENSION)!;

  it('is active once an .osim file is open, and the file is an osim document', async () => {
    const editor = await open(workspaceFile('blocking-read.osim'));
    assert.equal(editor.document.languageId, 'osim');
    await until('activation', () => extension().isActive);
  });

  it('registers the commands of its manifest, and no other', async () => {
    const declared = extension().packageJSON.contributes.commands.map(({ command }: { command: string }) => command);
    const registered = (await vscode.commands.getCommands(true)).filter((id) => /^osim\.[a-zA-Z]+$/.test(id));
    // VS Code itself makes commands of the name of each view.
    const own = registered.filter((id) => id !== 'osim.machine');
    assert.deepEqual(own.sort(), declared.sort());
  });

  it('asks for nothing that a virtual or an untrusted workspace lacks', () => {
    const { capabilities } = extension().packageJSON;
    assert.deepEqual(capabilities, { untrustedWorkspaces: { supported: true }, virtualWorkspaces: true });
  });
});
