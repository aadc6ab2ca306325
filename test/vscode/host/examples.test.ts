import * as vscode from 'vscode';
import { breakAt, endAll, Session } from './session.js';
import { assert, EXTENSION, fail, itOnce, until, workspaceFile } from './support.js';

describe('examples', () => {
  afterEach(endAll);
  const gallery = () => vscode.Uri.joinPath(vscode.extensions.getExtension(EXTENSION)!.extensionUri, 'examples');
  const read = async (uri: vscode.Uri) => new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  const original = (name: string) => read(vscode.Uri.joinPath(gallery(), name));
  const inFront = (name: string) =>
    until(`${name} in front`, () => {
      const editor = vscode.window.activeTextEditor;
      return editor?.document.uri.path.endsWith(`/${name}`) && editor;
    });
  const openExample = async (name: string) => {
    await vscode.commands.executeCommand('osim.openExample', name);
    return (await inFront(`${name}.osim`)).document;
  };
  const isWithin = (uri: vscode.Uri, folder: vscode.Uri) => uri.toString().startsWith(`${folder.toString()}/`);

  it('open as a copy of the user, never the file of the extension or of the workspace', async () => {
    const document = await openExample('io-1-blocking');
    assert.ok(!isWithin(document.uri, gallery()), document.uri.toString());
    assert.ok(document.uri.toString() !== workspaceFile('io-1-blocking.osim').toString());
    assert.equal(document.getText(), await original('io-1-blocking.osim'));
    const beside = vscode.Uri.joinPath(document.uri, '..', 'io-peers.osim');
    assert.equal(await read(beside), await original('io-peers.osim'), 'what it imports is there, too');
    const names = (await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(document.uri, '..'))).map(([n]) => n);
    assert.ok(!names.some((name) => name.endsWith('.partial')), names.join());
  });

  itOnce('run by F5, with what they import', async () => {
    const document = await openExample('io-1-blocking');
    const line = breakAt(document, 'let fd = accept(');
    const session = await Session.begin(() => vscode.commands.executeCommand('workbench.action.debug.start'));
    await session.stop();
    const top = await session.top();
    assert.equal(top.line, line);
    assert.match(top.source?.path ?? '', /io-1-blocking\.osim$/);
    assert.equal(await session.evaluate('peers'), '3');
    await session.end();
  });

  itOnce('stay as their user left them; the original is there when it is wanted', async () => {
    const before = await original('pipe.osim');
    const document = await openExample('pipe');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '// mine\n');
    assert.ok(await vscode.workspace.applyEdit(edit));
    await document.save();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');

    const again = await openExample('pipe');
    assert.equal(again.getText(), `// mine\n${before}`);
    assert.equal(await original('pipe.osim'), before);

    await vscode.commands.executeCommand('osim.restoreExample');
    assert.equal(again.getText(), before);
    assert.equal(await read(again.uri), before);
    await vscode.commands.executeCommand('undo');
    assert.equal(again.getText(), `// mine\n${before}`, 'an undo brings it back');
    await vscode.commands.executeCommand('osim.restoreExample');
  });

  itOnce('come again when they were deleted', async () => {
    const { uri } = await openExample('shell');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(uri);
    assert.equal((await openExample('shell')).getText(), await original('shell.osim'));
  });

  itOnce('are not restored over a file that is no copy', async () => {
    const uri = workspaceFile('pipe.osim');
    const { document } = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    const before = document.getText();
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(0, 0), '// mine\n');
    await vscode.workspace.applyEdit(edit);
    await vscode.commands.executeCommand('osim.restoreExample');
    assert.equal(document.getText(), `// mine\n${before}`);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('are chosen from a list', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const opened = vscode.commands.executeCommand('osim.openExample');
    await until('the first one', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return vscode.window.activeTextEditor?.document.uri.path.endsWith('/process-states.osim');
    });
    await opened;
    const { uri } = vscode.window.activeTextEditor?.document ?? fail('no editor');
    assert.ok(!isWithin(uri, gallery()));
  });
});
