/**
 * The plain code, an instruction at a time, and the fast code, with its fused forms and quick calls, are two ways to
 * the same states: else what a debugger steps through would not be what runs.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { programs } from '../std/program-run.js';
import { computerFor } from '../system.js';

const folder = fileURLToPath(new URL('../../examples/', import.meta.url));
const std = fileURLToPath(new URL('../../src/std/', import.meta.url));
const read = (uri: string): string => readFileSync(uri.replace(/^std:\//, std), 'utf8');
/** Instructions between two comparisons, and in all. */
const STRIDE = 1500;
const MOST = process.env['OSIM_LONG'] ? 60_000 : 15_000;

describe('plain and fast code', () => {
  for (const name of programs('examples').map((file) => path.basename(file))) {
    it(`come to the same states in ${name}`, () => {
      const params: Record<string, number> = name.startsWith('c10k') ? { clients: 300 } : {};
      const options = { uri: path.join(folder, name), read, params };
      const [plain, fast] = [computerFor('', options).machine, computerFor('', options).machine];
      while (!fast.outcome && fast.steps < MOST) {
        fast.run(STRIDE);
        while (plain.steps < fast.steps) plain.step();
        assert.equal(plain.stateHash(), fast.stateHash(), `step ${fast.steps}`);
      }
    });
  }
});
