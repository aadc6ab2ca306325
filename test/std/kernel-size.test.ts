/** The kernel stays a thing that can be read: docs/decisions/0004. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { kernelFolder, kernelPaths } from '../kernel-file.js';

const MOST = 9200;
const MOST_IN_A_FILE = 400;

/** Neither blank nor only a comment. */
function linesOfCode(name: string): number {
  const lines = readFileSync(path.join(kernelFolder, name), 'utf8').split('\n');
  return lines.filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length;
}

describe('the size of the kernel', () => {
  it(`is ${MOST} lines of code at most`, () => {
    const total = kernelPaths.reduce((sum, name) => sum + linesOfCode(name), 0);
    assert.ok(total > 1000 && total <= MOST, `${total} lines`);
  });

  it(`is ${MOST_IN_A_FILE} lines of code a file at most`, () => {
    assert.deepEqual(
      kernelPaths.filter((name) => linesOfCode(name) > MOST_IN_A_FILE),
      [],
    );
  });
});
