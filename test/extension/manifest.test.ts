import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const { contributes } = manifest;

describe('the manifest', () => {
  it('describes every property of launch.json', () => {
    for (const [name, property] of Object.entries(contributes.debuggers[0].configurationAttributes.launch.properties)) {
      assert.ok((property as { description?: string }).description, `${name} has no description`);
    }
  });

  it('names files that exist and that are packed', () => {
    const named = JSON.stringify(contributes).matchAll(/"(?:\.\/)?((?:media|syntaxes|snippets)\/[^"]+|[\w-]+\.json)"/g);
    const files = [manifest.icon, ...[...named].map(([, file]) => file)];
    assert.ok(files.length > 8);
    for (const file of files) assert.ok(existsSync(file), `${file} is missing`);
  });

  it('uses in its menus and its walkthrough only commands that it declares', () => {
    const declared = new Set(contributes.commands.map(({ command }: { command: string }) => command));
    const used = JSON.stringify([contributes.menus, contributes.walkthroughs]).matchAll(/osim\.[a-zA-Z]+(?=[")])/g);
    const names = [...used].map(([name]) => name).filter((name) => name !== 'osim.machine');
    assert.ok(names.length > 5);
    for (const name of names) assert.ok(declared.has(name), `${name} is not declared`);
  });

  it('puts each command into one category', () => {
    for (const { command, category } of contributes.commands) assert.equal(category, 'OSim', command);
  });

  it('asks for VS Code no newer than its type definitions', () => {
    assert.equal(manifest.engines.vscode, `^${manifest.devDependencies['@types/vscode']}`);
  });
});
