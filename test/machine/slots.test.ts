import assert from 'node:assert/strict';
import fc from 'fast-check';
import { History } from '../../src/machine/history.js';
import { HeapValue, decode, encode } from '../../src/machine/slots.js';
import { BufferValue, FunctionValue, ListValue, type Value } from '../../src/machine/values.js';
import { undoIsIdentity } from './undo.js';

const functions = [new FunctionValue(0, 'zero'), new FunctionValue(1, 'one')];
const objects = Array.from({ length: 150 }, (_, i) => new ListValue(0, [i]));
const value: fc.Arbitrary<Value> = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(2 ** 31, -(2 ** 31), 2 ** 32 - 1, 2 ** 53 - 1, -(2 ** 53) + 1),
  fc.boolean(),
  fc.constant(null),
  fc.string({ unit: 'binary-ascii' }),
  fc.constantFrom<Value>(...functions, new BufferValue(0x1000, 4), ...objects.slice(0, 3)),
);

function through(heap: HeapValue, one: Value): Value {
  const words = new Int32Array(4).fill(-7);
  encode(one, heap, words, 2);
  assert.deepEqual([...words.slice(0, 2)], [-7, -7]);
  return decode(words[2], words[3], heap, functions);
}

describe("a global's slot", () => {
  it('gives back the value that was put in', () => {
    fc.assert(
      fc.property(fc.array(value), (values) => {
        const heap = new HeapValue(new History());
        for (const one of values) assert.equal(through(heap, one), one);
      }),
    );
  });

  it("of zeros is the integer 0, and an integer lies there in two's complement", () => {
    const heap = new HeapValue(new History());
    assert.equal(decode(0, 0, heap, functions), 0);
    const words = new Int32Array(2);
    encode(-2, heap, words, 0);
    assert.deepEqual([...words], [-2, -1]);
    encode(2 ** 32 + 5, heap, words, 0);
    assert.deepEqual([...words], [5, 1]);
  });

  it('reads as some value whatever its bytes are', () => {
    fc.assert(
      fc.property(fc.integer(), fc.oneof(fc.integer(), fc.integer({ min: 0x7ff00000, max: 0x7ff00008 })), (lo, hi) => {
        const read = decode(lo, hi, new HeapValue(new History()), functions);
        assert.ok(
          read === null ||
            typeof read === 'boolean' ||
            functions.includes(read as FunctionValue) ||
            Number.isInteger(read),
        );
      }),
    );
  });
});

describe('object heap', () => {
  it('gives the same handle for the same object and for equal strings', () => {
    const heap = new HeapValue(new History());
    assert.equal(heap.handleOf('ab'), heap.handleOf(['a', 'b'].join('')));
    assert.notEqual(heap.handleOf(new ListValue(0, [])), heap.handleOf(new ListValue(0, [])));
    assert.equal(heap.size, 3);
  });

  it('goes back and forward exactly, with handles taken back and given again', () => {
    const operation = fc.oneof(
      fc.record({ give: fc.nat(objects.length - 1), n: fc.nat(80) }),
      fc.record({ keep: fc.nat(7) }),
    );
    undoIsIdentity(operation, (history) => {
      const heap = new HeapValue(history);
      return {
        apply: (one) => {
          if ('give' in one) for (let i = 0; i <= one.n; i++) heap.handleOf(objects[(one.give + i) % 150]);
          else heap.sweep(new Set([...heap.entries()].map(([handle]) => handle).filter((h) => h % 8 < one.keep)));
        },
        observe: () => {
          const entries = [...heap.entries()].map(([handle, object]) => [handle, objects.indexOf(object as ListValue)]);
          // Each object that has a handle is still found by it.
          const given = new HeapValue(new History());
          given.copyFrom(heap, (object) => object);
          return [entries, heap.size, heap.givenSinceSweep, heap.copyContent(), [...given.entries()].length];
        },
      };
    });
  });

  it('finds the handle of each value after going back', () => {
    const history = new History();
    history.enabled = true;
    history.begin(0);
    const heap = new HeapValue(history);
    const [a, b] = [objects[0] as Value, objects[1] as Value];
    const first = heap.handleOf(a);
    history.begin(1);
    heap.sweep(new Set());
    heap.handleOf(b);
    const moved = heap.handleOf(a);
    assert.notEqual(moved, first);
    history.rewindCurrent();
    assert.equal(heap.handleOf(a), first);
    assert.equal(heap.valueAt(first), a);
  });
});
