import assert from 'node:assert/strict';
import fc from 'fast-check';
import { packCounters, unpackCounters } from '../../src/computer/packed-counters.js';

const pack = (counters: Record<string, number>): string => packCounters(Object.keys(counters), Object.values(counters));

describe('packed counters', () => {
  it('come back as they were, zeros, negative and large ones included', () => {
    const integer = fc.oneof(
      fc.integer(),
      fc.integer({ min: -(2 ** 51), max: 2 ** 51 }),
      fc.constantFrom(0, -1, 127, 128),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z_]{1,12}$/), integer, { maxKeys: 30 }), (counters) => {
        assert.deepEqual(unpackCounters(pack(counters)), { ...counters });
      }),
    );
  });

  it('take little room', () => {
    const counters = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [`counter_${i}`, i % 3 === 0 ? i * 20 : 0]),
    );
    assert.ok(pack(counters).length <= 90);
  });
});
