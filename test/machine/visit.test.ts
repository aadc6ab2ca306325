/** What history makes of an epoch in which a visit began: the property test is test/property/visits.test.ts. */
import assert from 'node:assert/strict';
import { HEADER } from '../../src/isa/isa.js';
import { History } from '../../src/machine/history.js';
import { RETURN, Stack } from '../../src/machine/stack.js';

/** A stack of two frames with two registers each, 1 and 2 in the caller's, 3 and 4 in the callee's. */
function twoFrames(history: History): { stack: Stack; caller: number; callee: number } {
  const [caller, callee] = [HEADER, HEADER + 2 + HEADER];
  const stack = new Stack(history.epoch, Int32Array.of(2), 100);
  stack.slots.splice(0, 10, RETURN.BOTTOM, 0, 0, 1, 2, 0, caller, 0, 3, 4);
  stack.fp = callee;
  return { stack, caller, callee };
}

describe('an epoch that was left and rejoined', () => {
  it('keeps what was saved of a stack before and after, when it is merged with an epoch that knows nothing of it', () => {
    const history = new History();
    history.enable(0);
    const { stack, caller, callee } = twoFrames(history);
    history.enable(0);
    history.begin(10);
    stack.enter(history, callee);
    stack.slots[callee] = 33;
    history.rejoin(history.leave());
    assert.equal(stack.slots[callee], 33);
    // Back in the caller's frame, which nobody has saved yet.
    stack.enter(history, caller);
    stack.fp = caller;
    stack.slots[caller] = 11;
    history.begin(20);
    history.limit = 0;
    history.begin(30);
    assert.equal(history.past.length, 2);
    history.rewindCurrent();
    while (history.back());
    assert.deepEqual(stack.slots.slice(0, 10), [RETURN.BOTTOM, 0, 0, 1, 2, 0, caller, 0, 3, 4]);
    assert.equal(stack.fp, callee);
    while (history.forward());
    assert.deepEqual([stack.slots[caller], stack.fp], [11, caller]);
  });
});
