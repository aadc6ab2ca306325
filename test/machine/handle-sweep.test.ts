import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sweepHandles } from '../../src/machine/handle-sweep.js';
import { History } from '../../src/machine/history.js';
import { PhysicalMemory } from '../../src/machine/memory.js';
import { PageTable } from '../../src/machine/mmu.js';
import { HeapValue, decode, encode } from '../../src/machine/slots.js';
import type { Value } from '../../src/machine/values.js';

const BASE = 0x9000000;
const PAGES = 3;

/** A process with three pages of globals, the middle one never touched. */
function globals() {
  const history = new History();
  const memory = new PhysicalMemory(history, 8 * 4096);
  const table = new PageTable(history);
  table.set(BASE, 5 * 4096 + 7);
  table.set(BASE + 2 * 4096, 2 * 4096 + 7);
  const heap = new HeapValue(history);
  const slot = (i: number) => ({ words: memory.frame(i < 512 ? 5 : 2).words, at: (i % 512) * 2 });
  return {
    heap,
    store: (i: number, value: Value) => encode(value, heap, slot(i).words, slot(i).at),
    load(i: number): Value {
      const { words, at } = slot(i);
      return decode(words[at], words[at + 1], heap, []);
    },
    sweep: () => sweepHandles(heap, memory, table, BASE, PAGES * 4096),
  };
}

describe('taking back handles', () => {
  it('keeps every value that a global has, and no other', () => {
    const store = fc.tuple(fc.constantFrom(0, 1, 511, 512, 1023), fc.constantFrom<Value>('a', 'b', 'c', 7, null));
    fc.assert(
      fc.property(fc.array(fc.oneof(store, fc.constant('sweep' as const)), { maxLength: 60 }), (operations) => {
        const process = globals();
        const model = new Map<number, Value>();
        for (const one of operations) {
          if (one === 'sweep') {
            process.sweep();
            const held = new Set([...model.values()].filter((value) => typeof value === 'string'));
            assert.deepEqual(new Set([...process.heap.entries()].map(([, value]) => value)), held);
          } else {
            process.store(...one);
            model.set(...one);
          }
          for (const [i, value] of model) assert.equal(process.load(i), value);
        }
      }),
    );
  });

  it('bounds the table of a program that stores one string after another', () => {
    const process = globals();
    for (let i = 0; i < 50_000; i++) {
      process.store(3, `string ${i}`);
      if (process.heap.sweepDue) process.sweep();
    }
    assert.equal(process.load(3), 'string 49999');
    assert.ok(process.heap.size < 2000);
  });

  it('is not due often when many are in use', () => {
    const process = globals();
    let sweeps = 0;
    const held = Array.from({ length: 900 }, (_, i) => `held ${i}`);
    held.forEach((text, i) => process.store(i, text));
    for (let i = 0; i < 100_000; i++) {
      process.store(1000, i);
      process.store(1001, `${i}`);
      if (!process.heap.sweepDue) continue;
      process.sweep();
      sweeps++;
    }
    assert.ok(sweeps < 100);
    held.forEach((text, i) => assert.equal(process.load(i), text));
  });
});
