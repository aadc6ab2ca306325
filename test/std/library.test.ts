/** The library: its own tests, written in .osim, and the reference that names what it has. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { LibraryIndex } from '../../src/language/library.js';
import { expectsHold, programs, root } from './program-run.js';

const index = JSON.parse(readFileSync(path.join(root, 'dist/library.json'), 'utf8')) as LibraryIndex;
const calls = index.entries.filter(
  (entry) => entry.kind === 'fn' && entry.audience === 'user' && /libc/.test(entry.file),
);

describe('library', () => {
  for (const file of programs('test/std')) {
    it(path.basename(file), () => expectsHold(file));
  }

  it('names every function in the language reference', () => {
    const reference = readFileSync(path.join(root, 'docs/language.md'), 'utf8');
    const missing = calls.filter(({ name }) => !new RegExp(`\\b${name}\\b`).test(reference));
    assert.deepEqual(
      missing.map(({ name }) => name),
      [],
    );
  });
});
