/** The check of layers finds circles of imports, those of types included: tried on a project that has some. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const cruiser = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

/** What the project's rules say of files, by path. */
function verdict(files: Record<string, string>): { status: number | null; output: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'osim-circles-'));
  try {
    writeFileSync(path.join(folder, 'tsconfig.json'), '{ "compilerOptions": { "module": "NodeNext" } }');
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    }
    const args = [cruiser, '--config', path.join(root, '.dependency-cruiser.cjs'), 'src'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    return { status, output: stdout + stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the check of layers', () => {
  it('finds a circle of types, and one of a type and a value', () => {
    const { status, output } = verdict({
      'src/language/a.ts': `import type { B } from './b.js';\nexport interface A { b: B }\n`,
      'src/language/b.ts': `import type { C } from './c.js';\nexport interface B { c: C }\n`,
      'src/language/c.ts': `import type { A } from './a.js';\nexport interface C { a: A }\n`,
      'src/computer/a.ts': `import { b } from './b.js';\nexport interface A { size: number }\nexport const a: A = { size: b };\n`,
      'src/computer/b.ts': `import type { A } from './a.js';\nexport const b: A['size'] = 1;\n`,
    });
    assert.match(output, /no-cycles-between-files: src\/language\/\w\.ts/);
    assert.match(output, /no-cycles-between-files: src\/computer\/\w\.ts/);
    assert.notEqual(status, 0);
  });

  it('is content without one', () => {
    const { status, output } = verdict({
      'src/computer/a.ts': `import type { B } from './b.js';\nexport interface A { b: B }\n`,
      'src/computer/b.ts': `export interface B { size: number }\n`,
    });
    assert.equal(status, 0, output);
  });
});
