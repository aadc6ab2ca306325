import * as vscode from 'vscode';
import { assert, itOnce, open, until, write } from './support.js';

describe('sources of the kernel and the library', () => {
  for (const [uri, text] of [
    ['osim-kernel:/sched/switch.osim', 'kernel;'],
    ['osim-std:/libc.osim', 'fn '],
  ]) {
    it(`open read-only, as osim: ${uri}`, async () => {
      const { document } = await open(vscode.Uri.parse(uri));
      assert.equal(document.languageId, 'osim');
      assert.ok(document.getText().includes(text), `${uri} lacks ${text}`);
      assert.equal(vscode.workspace.fs.isWritableFileSystem(document.uri.scheme), undefined);
    });
  }

  it('are checked as kernel code at once when they are copied', async () => {
    const { document } = await open(vscode.Uri.parse('osim-kernel:/sched/switch.osim'));
    const slip = '\nfn slip() { return no_such_name; }\n';
    const copy = await write('own-switch.osim', document.getText() + slip);
    await open(copy);
    const told = await until('the slip', () => {
      const found = vscode.languages.getDiagnostics(copy);
      return found.length > 0 && found;
    });
    assert.equal(told.length, 1, 'only the slip');
    assert.match(told[0].message, /no_such_name/);
    await vscode.workspace.fs.delete(copy);
  });

  itOnce('say so when there is no such file', async () => {
    let message = '';
    try {
      await vscode.workspace.openTextDocument(vscode.Uri.parse('osim-kernel:/no-such-file.osim'));
    } catch (error) {
      message = String(error);
    }
    assert.match(message, /no-such-file/);
  });
});
