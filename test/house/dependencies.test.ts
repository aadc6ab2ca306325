/** A dependency that nothing imports is shipped for nothing, and looks as if it were relied on. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Names of the packages that a source imports. */
function imported(source: string): string[] {
  const specifiers = [...source.matchAll(/\b(?:from|import\()\s*'([^'.][^']*)'/g)].map((match) => match[1]);
  return specifiers.map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name);
}

describe('house: dependencies', () => {
  it('are all imported by what is shipped', () => {
    const { dependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' });
    const used = new Set(
      sources
        .filter((file) => /\.tsx?$/.test(file))
        .flatMap((file) => imported(readFileSync(path.join(root, 'src', file), 'utf8'))),
    );
    const idle = Object.keys(dependencies).filter((name) => !used.has(name));
    assert.deepEqual(idle, [], 'dependencies that no source imports: remove them from package.json');
  });
});
