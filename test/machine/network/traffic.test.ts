import assert from 'node:assert/strict';
import fc from 'fast-check';
import { History } from '../../../src/machine/history.js';
import { Traffic } from '../../../src/machine/network/traffic.js';
import { undoIsIdentity } from '../undo.js';

/** The nearest rank, from a list of all times. */
function rank(times: readonly number[], percent: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? NaN;
}

describe('the traffic of remotes', () => {
  it('tells percentiles: exactly up to 1023 ticks, above at most 1/512 too much', () => {
    const time = fc.oneof(fc.integer({ min: 0, max: 1023 }), fc.integer({ min: 0, max: 2 ** 48 }));
    fc.assert(
      fc.property(fc.array(time, { minLength: 1, maxLength: 200 }), fc.integer({ min: 1, max: 100 }), (times, p) => {
        const traffic = new Traffic(new History());
        for (const ticks of times) traffic.reply(5, 5 + ticks);
        const [told, exact] = [traffic.percentile(p) ?? NaN, rank(times, p)];
        assert.ok(told >= exact && told <= exact + exact / 512, `${told} for ${exact}`);
        if (exact < 1024) assert.equal(told, exact);
        assert.equal(traffic.percentile(100), Math.max(...times));
        assert.equal(traffic.counts.longest, Math.max(...times));
      }),
    );
  });

  it('has no percentile without a reply', () => {
    const traffic = new Traffic(new History());
    traffic.request(7);
    assert.equal(traffic.percentile(50), null);
    assert.deepEqual([traffic.counts.requests, traffic.counts.first, traffic.counts.last], [1, 7, -1]);
  });

  it('comes back when the run goes back', () => {
    undoIsIdentity(fc.integer({ min: 0, max: 5000 }), (history) => {
      const traffic = new Traffic(history);
      const apply = (n: number): void => {
        if (n % 3 === 0) traffic.request(n);
        else if (n % 3 === 1) traffic.connection(n % 2 === 0);
        else traffic.reply(0, n);
      };
      return {
        apply,
        observe: () => [
          traffic.hashParts().map((part) => (part instanceof Map ? [...part] : part)),
          { ...traffic.counts },
          traffic.percentile(50),
        ],
      };
    });
  });
});
