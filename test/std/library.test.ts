/** The library: its own tests, written in .osim, and its comments, from which hovers and the reference are made. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { LibraryEntry, LibraryIndex } from '../../src/language/library.js';
import { expectsHold, programs, root } from './program-run.js';

const index = JSON.parse(readFileSync(path.join(root, 'dist/library.json'), 'utf8')) as LibraryIndex;
const calls = index.entries.filter(
  (entry) => entry.kind === 'fn' && entry.audience === 'user' && /libc/.test(entry.file),
);

describe('library', () => {
  for (const file of programs('test/std')) {
    it(path.basename(file), () => expectsHold(file));
  }

  it('has a comment of the fixed form above every public function', () => {
    assert.ok(calls.length > 80, `only ${calls.length} functions in the index`);
    assert.deepEqual(calls.flatMap(faultsOfComment), []);
  });

  it('names every function in the language reference', () => {
    const reference = readFileSync(path.join(root, 'docs/language.md'), 'utf8');
    const missing = calls.filter(({ name }) => !new RegExp(`\\b${name}\\b`).test(reference));
    assert.deepEqual(
      missing.map(({ name }) => name),
      [],
    );
  });
});

/** A function that makes a system call says whether it waits, and where the kernel's half is. */
function faultsOfComment({ name, doc }: LibraryEntry): string[] {
  if (!doc?.summary.endsWith('.')) return [`${name}: the first line must be a sentence`];
  if (doc.returns === undefined) return [`${name}: no line "Returns: …"`];
  if (doc.kernel === undefined) return doc.blocks === undefined ? [] : [`${name}: no line "Kernel: …"`];
  if (!existsSync(path.join(root, 'src/kernel', doc.kernel))) return [`${name}: there is no src/kernel/${doc.kernel}`];
  if (doc.blocks === undefined) return [`${name}: no line "Blocks: …"`];
  return [];
}
