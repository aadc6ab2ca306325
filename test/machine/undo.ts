import assert from 'node:assert/strict';
import fc from 'fast-check';
import { History } from '../../src/machine/history.js';

/** A history that is on, with epochs that the test begins itself. */
export function recording(): History {
  const history = new History(1, 1_000_000);
  history.enabled = true;
  history.begin(0);
  return history;
}

/**
 * The promise of the history for one kind of state: whatever is done, going back shows what was, and going forward
 * again what came after.
 * @param make builds the state; returns how to apply an operation, and how to look at everything that can be seen
 */
export function undoIsIdentity<Operation>(
  operation: fc.Arbitrary<Operation>,
  make: (history: History) => { apply: (operation: Operation) => void; observe: () => unknown },
): void {
  const epochs = fc.array(fc.array(operation, { maxLength: 12 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(epochs, fc.array(operation, { maxLength: 6 }), (rounds, unfinished) => {
      const history = recording();
      const { apply, observe } = make(history);
      history.begin(0); // what was made in the running epoch is not expected to survive going back to its beginning
      const seen = [observe()];
      rounds.forEach((operations, round) => {
        operations.forEach(apply);
        seen.push(observe());
        history.begin(round + 1);
      });
      unfinished.forEach(apply);
      for (let pass = 0; pass < 2; pass++) {
        history.rewindCurrent();
        assert.deepEqual(observe(), seen[rounds.length]);
        for (let at = rounds.length - 1; at >= 0; at--) {
          assert.ok(history.back());
          assert.deepEqual(observe(), seen[at]);
          // What is done in the past and rewound again must leave no mark.
          unfinished.forEach(apply);
          history.rewindCurrent();
          assert.deepEqual(observe(), seen[at]);
        }
        for (let at = 1; at <= rounds.length; at++) {
          assert.ok(history.forward());
          assert.deepEqual(observe(), seen[at]);
        }
      }
      // Done anew, the same operations make the same state.
      for (let at = rounds.length; at > 0; at--) history.back();
      rounds.forEach((operations, round) => {
        operations.forEach(apply);
        assert.deepEqual(observe(), seen[round + 1]);
      });
    }),
    { numRuns: 200 },
  );
}
