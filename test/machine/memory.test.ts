import assert from 'node:assert/strict';
import fc from 'fast-check';
import { History } from '../../src/machine/history.js';
import { MachineError, PhysicalMemory } from '../../src/machine/memory.js';
import { recording, undoIsIdentity } from './undo.js';

const SIZE = 3 * 4096;

type Operation = { to: number; from: number; n: number; byte: number; what: 'copy' | 'fill' | 'store' | 'write' };

const operation: fc.Arbitrary<Operation> = fc.record({
  to: fc.integer({ min: 0, max: SIZE }),
  from: fc.integer({ min: 0, max: SIZE }),
  n: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: SIZE })),
  byte: fc.integer({ min: 0, max: 255 }),
  what: fc.constantFrom('copy', 'fill', 'store', 'write'),
});

/** Does it to the memory and to a plain array of bytes. */
function apply(memory: PhysicalMemory, model: Uint8Array, { to, from, n, byte, what }: Operation): void {
  if (what === 'store') {
    const at = Math.min(to, SIZE - 8);
    memory.store(at, 4, byte * 0x01020304);
    new DataView(model.buffer).setUint32(at, byte * 0x01020304, true);
    return;
  }
  const length = Math.min(n, SIZE - to, what === 'copy' ? SIZE - from : n);
  if (what === 'copy') {
    memory.copy(to, from, length);
    model.copyWithin(to, from, from + length);
  } else if (what === 'fill') {
    memory.fill(to, byte, length);
    model.fill(byte, to, to + length);
  } else {
    memory.write(to, String.fromCharCode(byte).repeat(length));
    model.fill(byte, to, to + length);
  }
}

function allBytes(memory: PhysicalMemory): Uint8Array {
  const bytes = new Uint8Array(SIZE);
  memory.readBytes(0, bytes);
  return bytes;
}

describe('physical memory', () => {
  it('is a row of bytes, across frames and with overlapping copies', () => {
    fc.assert(
      fc.property(fc.array(operation), (operations) => {
        const memory = new PhysicalMemory(new History(), SIZE);
        const model = new Uint8Array(SIZE);
        for (const one of operations) apply(memory, model, one);
        assert.deepEqual(allBytes(memory), model);
        assert.equal(memory.string(0, SIZE), Buffer.from(model).toString('latin1'));
        for (const { from, byte, n } of operations) {
          const length = Math.min(n, SIZE - from);
          assert.equal(memory.find(from, byte, length), model.subarray(from, from + length).indexOf(byte));
        }
      }),
    );
  });

  it('goes back and forward exactly', () => {
    undoIsIdentity(operation, (history) => {
      const memory = new PhysicalMemory(history, SIZE);
      const model = new Uint8Array(SIZE);
      return { apply: (one) => apply(memory, model, one), observe: () => allBytes(memory) };
    });
  });

  it('loads what was stored, of each size, also across frames', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4080, max: 4100 }), fc.maxSafeInteger(), (at, value) => {
        const memory = new PhysicalMemory(new History(), SIZE);
        memory.store(at, 8, value);
        assert.equal(memory.load(at, 8), value);
        for (const size of [1, 2, 4] as const) {
          const low = Number(BigInt.asUintN(size * 8, BigInt(value)));
          assert.equal(memory.load(at, size), low);
          memory.store(at, size, value);
          assert.equal(memory.load(at, size), low);
        }
        assert.equal(memory.load(at, 8), value);
      }),
    );
  });

  it('makes no frame for reading, zeroing, or copying zeros', () => {
    const memory = new PhysicalMemory(recording(), SIZE);
    memory.load(8, 4);
    memory.fill(0, 0, SIZE);
    memory.copy(0, 4096, 4096);
    assert.equal(memory.string(4090, 12), '\0'.repeat(12));
    assert.ok(memory.frames.every((frame) => frame === undefined));
  });

  it('hashes a frame of zeros as one that was never written', () => {
    const memory = new PhysicalMemory(new History(), SIZE);
    memory.store(100, 1, 7);
    const written = memory.frame(0).contentHash();
    memory.store(100, 1, 0);
    assert.equal(memory.frame(0).contentHash(), memory.frame(1).contentHash());
    assert.ok(memory.frame(0).isZero());
    assert.notEqual(written, memory.frame(0).contentHash());
  });

  it('refuses addresses outside', () => {
    const memory = new PhysicalMemory(new History(), SIZE);
    const out = /physical address 0x3000, 1 bytes: the machine's memory ends at 0x3000/;
    assert.throws(() => memory.load(SIZE, 1), out);
    assert.throws(() => memory.store(SIZE, 1, 0), MachineError);
    assert.throws(() => memory.copy(0, -1, 1), MachineError);
    assert.throws(() => memory.fill(0.5, 0, 1), MachineError);
    assert.throws(() => memory.string(0, SIZE + 1), MachineError);
    assert.throws(() => memory.frame(3), /no page frame 3: the machine has 3/);
    memory.store(0, 1, 1);
    assert.throws(() => memory.load(0, 3 as 4), /1, 2, 4 or 8 bytes, not 3/);
    assert.throws(() => new PhysicalMemory(new History(), 100), /4 KiB to 2047 MiB/);
  });
});
