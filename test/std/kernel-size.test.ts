/** The kernel stays a thing that can be read, a folder in an hour: docs/decisions/0004. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { kernelFolder, kernelPaths } from '../kernel-file.js';

const MOST_IN_A_FOLDER = 1800;
const MOST_IN_A_FILE = 400;

/** Neither blank nor only a comment. */
function linesOfCode(name: string): number {
  const lines = readFileSync(path.join(kernelFolder, name), 'utf8').split('\n');
  return lines.filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length;
}

describe('the size of the kernel', () => {
  it(`is ${MOST_IN_A_FOLDER} lines of code a folder at most`, () => {
    const sizes = new Map<string, number>();
    for (const name of kernelPaths) {
      const folder = path.posix.dirname(name);
      sizes.set(folder, (sizes.get(folder) ?? 0) + linesOfCode(name));
    }
    assert.ok(sizes.size > 10, [...sizes.keys()].join());
    assert.deepEqual(
      [...sizes].filter(([, lines]) => lines > MOST_IN_A_FOLDER),
      [],
    );
  });

  it(`is ${MOST_IN_A_FILE} lines of code a file at most`, () => {
    assert.deepEqual(
      kernelPaths.filter((name) => linesOfCode(name) > MOST_IN_A_FILE),
      [],
    );
  });

  it('has no line over 120 columns', () => {
    const long = kernelPaths.flatMap((name) => {
      const lines = readFileSync(path.join(kernelFolder, name), 'utf8').split('\n');
      return lines.flatMap((line, i) => ([...line].length > 120 ? [`${name}:${i + 1}`] : []));
    });
    assert.deepEqual(long, []);
  });
});
