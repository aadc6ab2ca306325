import * as vscode from 'vscode';
import { assert, open } from './support.js';

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

  it('say so when there is no such file', async () => {
    let message = '';
    try {
      await vscode.workspace.openTextDocument(vscode.Uri.parse('osim-kernel:/no-such-file.osim'));
    } catch (error) {
      message = String(error);
    }
    assert.match(message, /no-such-file/);
  });
});
