import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EventQueue } from '../../src/machine/events.js';
import { History } from '../../src/machine/history.js';
import { undoIsIdentity } from './undo.js';

type Operation =
  { what: 'schedule'; time: number } | { what: 'pop'; which: number } | { what: 'cancel'; which: number };

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ what: fc.constant('schedule' as const), time: fc.nat(50) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('pop' as const), which: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('cancel' as const), which: fc.nat() }) },
);

describe('event queue', () => {
  it('gives events by time, then in the order in which they were scheduled; cancelled ones never', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 2000 }), (operations) => {
        const queue = new EventQueue(new History());
        const model: { time: number; order: number; number: number }[] = [];
        const numbers: number[] = [];
        operations.forEach((one, order) => {
          if (one.what === 'schedule') {
            const number = queue.schedule(one.time, order % 5, order);
            numbers.push(number);
            model.push({ time: one.time, order, number });
            model.sort((a, b) => a.time - b.time || a.order - b.order);
          } else if (one.what === 'pop' && model.length > 0) {
            const tied = Math.min(model.filter(({ time }) => time === model[0].time).length, 8);
            assert.equal(queue.tied, tied);
            const which = one.which % tied;
            const [{ time, order }] = model.splice(which, 1);
            assert.deepEqual(queue.popTied(which), { time, kind: order % 5, payload: order });
          } else if (one.what === 'cancel' && numbers.length > 0) {
            const number = numbers[one.which % numbers.length];
            queue.cancel(number);
            const at = model.findIndex((event) => event.number === number);
            if (at >= 0) model.splice(at, 1);
          }
          assert.equal(queue.nextTime, model[0]?.time ?? Infinity);
          assert.equal(queue.length, model.length);
        });
        assert.deepEqual(
          queue.pending().map(({ time, payload }) => [time, payload]),
          model.map(({ time, order }) => [time, order]),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('goes back and forward exactly', () => {
    undoIsIdentity(operation, (history) => {
      const queue = new EventQueue(history);
      for (let i = 0; i < 70; i++) queue.schedule((i * 7919) % 50, 1, i);
      return {
        apply: (one) => {
          if (one.what === 'schedule') for (let i = 0; i < 20; i++) queue.schedule(one.time + i, 2, i);
          else if (one.what === 'pop' && queue.length > 0) queue.popTied(one.which % queue.tied);
          else if (one.what === 'cancel') {
            const [event] = queue.pending().slice(one.which % (queue.length || 1));
            for (let slot = 0; event !== undefined && slot < 400; slot++) queue.cancel(event.sequence * 2 ** 20 + slot);
          }
        },
        observe: () => [queue.pending(), queue.nextTime, queue.length, queue.scheduled],
      };
    });
  });

  it('keeps no more than twice the live events, however many are cancelled', () => {
    const queue = new EventQueue(new History());
    queue.schedule(1, 0, 0);
    for (let i = 0; i < 100_000; i++) queue.cancel(queue.schedule(1000 + i, 0, i));
    assert.equal(queue.length, 1);
    assert.ok((queue as unknown as { used: number }).used < 1000);
  });

  it('has a last event, by which a number is still exact', () => {
    const queue = new EventQueue(new History());
    queue.swapContent({ ...queue.copyContent(), nextSequence: 2 ** 32 - 1 });
    const last = queue.schedule(5, 1, 7);
    assert.throws(() => queue.schedule(6, 1, 8), /devices have had 4294967296 events/);
    queue.cancel(last);
    assert.equal(queue.length, 0);
  });

  it('refuses a time that is none, and popping nothing', () => {
    const queue = new EventQueue(new History());
    assert.throws(() => queue.schedule(NaN, 0, 0), /event 0 at time NaN/);
    assert.throws(() => queue.schedule(Infinity, 0, 0), /Infinity/);
    assert.throws(() => queue.pop(), /no event is pending/);
  });
});
