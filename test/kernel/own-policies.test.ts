/**
 * Policies that are not the kernel's: written to the interface that docs/schedulers.md describes, with data of their
 * own for each task, and told of the time used.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { chartOf } from './gantt.js';

const textOf = (name: string): string => readFileSync(new URL(`policies/${name}`, import.meta.url), 'utf8');

/** The ticks that each of the processes t0, t1 … has had from tick 500 to tick 3500. */
function ticksOf(nices: readonly number[]): number[] {
  const program = [
    'machine { costs = none; scheduler = "./mlfqs.osim"; }',
    ...nices.map((nice, i) => `process t${i} at 500 nice ${nice} { compute(4000); }`),
  ].join('\n');
  const { turns } = chartOf(program, {
    read: (uri) => (uri === '/program.osim' ? program : uri.endsWith('mlfqs.osim') ? textOf('mlfqs.osim') : undefined),
  });
  return nices.map((_, i) =>
    turns
      .filter(({ name }) => name === `t${i}`)
      .reduce((sum, { from, to }) => sum + Math.max(Math.min(to, 3500) - from, 0), 0),
  );
}

/** Pintos' own tolerance (tests/threads/mlfqs.pm: mlfqs_compare (…, 50)). */
const TOLERANCE = 50;

describe('Pintos’ mlfqs, as a policy of a user’s own', () => {
  for (const [name, nices, wanted] of [
    ['mlfqs-fair-2', [0, 0], [1500, 1500]],
    ['mlfqs-nice-2', [0, 5], [1904, 1096]],
    ['mlfqs-nice-10', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [672, 588, 492, 408, 316, 232, 152, 92, 40, 8]],
  ] as const) {
    it(`${name}: ${wanted.join(' ')}`, () => {
      const ticks = ticksOf(nices);
      const off = ticks.map((n, i) => n - wanted[i]);
      assert.ok(
        off.every((n) => Math.abs(n) <= TOLERANCE),
        `${ticks.join(' ')} is off by ${off.join(' ')}`,
      );
    });
  }
});
