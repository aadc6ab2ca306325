import * as vscode from 'vscode';
import { assert, fail, itOnce, open, positionOf, until, workspaceFile, write } from './support.js';

describe('the language', () => {
  it('marks what is wrong, says how to mend it, and stops marking it when it is mended', async () => {
    const uri = await write('wrong.osim', 'process p {\n  let fd = opne("/etc/motd", O_RDONLY);\n}\n');
    const editor = await open(uri);
    const [problem] = await until('a diagnostic', () => {
      const found = vscode.languages.getDiagnostics(uri);
      return found.length > 0 && found;
    });
    assert.equal(problem.range.start.line, 1);
    assert.match(problem.message, /open/);
    const word = editor.document.getWordRangeAtPosition(positionOf(editor.document, 'opne')) ?? fail('no word');
    await editor.edit((edit) => edit.replace(word, 'open'));
    await until('no diagnostic', () => vscode.languages.getDiagnostics(uri).every((d) => d.severity !== 0));
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.workspace.fs.delete(uri);
  });

  itOnce('has no complaint about an example', async () => {
    // Every sixth of them: test/std/examples.test.ts has the same answers about all, without an editor around them.
    const all = (await vscode.workspace.findFiles('*.osim')).sort((a, b) => a.path.localeCompare(b.path));
    for (const uri of all.filter((_, i) => i % 6 === 0)) {
      const { document } = await open(uri);
      await until('symbols', () => symbols(document));
      const errors = vscode.languages.getDiagnostics(uri).filter((d) => d.severity === 0);
      assert.deepEqual(
        errors.map((d) => `${uri.path}:${d.range.start.line + 1} ${d.message}`),
        [],
      );
    }
  });

  it('completes calls, with what they do', async () => {
    const { document } = await open(workspaceFile('blocking-read.osim'));
    const at = positionOf(document, 'read(fd').translate(0, 2);
    const list = await until('completions', async () => {
      const found = await command<vscode.CompletionList>('vscode.executeCompletionItemProvider', document, at);
      return found?.items.some(({ label }) => labelOf(label) === 'read') && found;
    });
    assert.ok(list.items.some(({ label }) => labelOf(label) === 'readv'));
  });

  itOnce('explains a call on hover', async () => {
    const { document } = await open(workspaceFile('blocking-read.osim'));
    const at = positionOf(document, 'read(fd').translate(0, 1);
    const hovers = await until('a hover', async () => {
      const found = await command<vscode.Hover[]>('vscode.executeHoverProvider', document, at);
      return found?.length > 0 && found;
    });
    const text = hovers
      .flatMap(({ contents }) => contents.map((c) => (typeof c === 'string' ? c : c.value)))
      .join('\n');
    assert.match(text, /read\(fd, /);
    assert.match(text, /EBADF/);
  });

  itOnce('goes to the definition of a call: the library, and the kernel from there', async () => {
    const { document } = await open(workspaceFile('blocking-read.osim'));
    const at = positionOf(document, 'read(fd').translate(0, 1);
    const targets = await until('a definition', async () => {
      const found = await command<(vscode.Location | vscode.LocationLink)[]>(
        'vscode.executeDefinitionProvider',
        document,
        at,
      );
      return found?.length > 0 && found;
    });
    const uris = targets.map((target) => ('uri' in target ? target.uri : target.targetUri));
    assert.ok(
      uris.some(({ scheme }) => scheme === 'osim-std' || scheme === 'osim-kernel'),
      uris.join(' '),
    );
    for (const uri of uris) assert.ok((await vscode.workspace.openTextDocument(uri)).getText().length > 0);
  });

  itOnce('lists the symbols of a file', async () => {
    const { document } = await open(workspaceFile('blocking-read.osim'));
    const found = await until('symbols', () => symbols(document));
    assert.ok(
      found.some(({ name }) => name.includes('reader')),
      found.map(({ name }) => name).join(),
    );
  });
});

function command<T>(id: string, document: vscode.TextDocument, ...rest: unknown[]): Thenable<T> {
  return vscode.commands.executeCommand<T>(id, document.uri, ...rest);
}

async function symbols(document: vscode.TextDocument): Promise<vscode.DocumentSymbol[] | false> {
  const found = await command<vscode.DocumentSymbol[]>('vscode.executeDocumentSymbolProvider', document);
  return found?.length > 0 && found;
}

function labelOf(label: string | vscode.CompletionItemLabel): string {
  return (typeof label === 'string' ? label : label.label).replace(/\(.*/, '');
}
