import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Random } from '../../src/machine/random.js';
import { undoIsIdentity } from './undo.js';

describe('random numbers', () => {
  it('follow from the seed alone', () => {
    const take = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 5 }, () => random.below(1000));
    };
    assert.deepEqual(take(1), take(1));
    assert.notDeepEqual(take(1), take(2));
    assert.notDeepEqual(take(1), take(1 + 2 ** 32));
  });

  it("are xoshiro128**'s", () => {
    const random = new Random(0);
    random.words = Int32Array.of(1, 2, 3, 4);
    // What the published C program prints from the state 1, 2, 3, 4 (also in the tests of the Rust crate rand_xoshiro).
    const published = [11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034];
    assert.deepEqual(
      published.map(() => random.below(2 ** 32)),
      published,
    );
  });

  it('stay below n and reach every value', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 2 ** 53 - 1 }), (seed, n) => {
        const value = new Random(seed).below(n);
        assert.ok(Number.isInteger(value) && value >= 0 && value < n);
      }),
    );
    const random = new Random(5);
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 7000; i++) counts[random.below(7)]++;
    assert.ok(counts.every((count) => count > 850 && count < 1150));
    assert.throws(() => random.below(0), /random below 0/);
  });

  it('are put back by going back', () => {
    undoIsIdentity(fc.integer({ min: 1, max: 100 }), (history) => {
      const random = new Random(3, history);
      return { apply: (n) => void random.below(n), observe: () => [...random.words] };
    });
  });
});
