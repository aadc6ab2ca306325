import assert from 'node:assert/strict';
import fc from 'fast-check';
import { History } from '../../../src/machine/history.js';
import { PhysicalMemory } from '../../../src/machine/memory.js';
import {
  ACK,
  encode,
  FIRST_REMOTE,
  OUR_ADDRESS,
  packetText,
  PSH,
  SYN,
  type Segment,
} from '../../../src/machine/network/frame.js';

const SEGMENT: Segment = {
  source: FIRST_REMOTE,
  destination: OUR_ADDRESS,
  sourcePort: 40_000,
  destinationPort: 80,
  seq: 7,
  ack: 2 ** 32 - 1,
  flags: PSH | ACK,
  window: 65_536,
  data: new Uint8Array(5),
};

describe('a packet in a line', () => {
  it('names the other end first, whoever sends', () => {
    const numbers = `seq 7 ack ${2 ** 32 - 1} win 65536 len 5`;
    assert.equal(packetText(encode(SEGMENT)), `10.0.1.1:40000 port 80 [P.] ${numbers}`);
    const back = {
      ...SEGMENT,
      source: OUR_ADDRESS,
      destination: FIRST_REMOTE,
      sourcePort: 80,
      destinationPort: 40_000,
    };
    assert.equal(packetText(encode({ ...back, flags: SYN | ACK })), `10.0.1.1:40000 port 80 [S.] ${numbers}`);
  });

  it('is empty when it is none', () => {
    const frame = encode(SEGMENT);
    assert.equal(packetText(frame.subarray(0, 39)), '');
    for (const at of [0, 9, 32]) {
      const other = frame.slice();
      other[at] = 0;
      assert.equal(packetText(other), '');
    }
  });
});

describe('integers in the order of the network', () => {
  it('have the high byte first', () => {
    const memory = new PhysicalMemory(new History(), 4096);
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 100 }), (value, pa) => {
        memory.storeNet(pa, 4, value);
        assert.equal(memory.loadNet(pa, 4), value);
        assert.equal(memory.load(pa, 1), Math.floor(value / 2 ** 24));
        memory.storeNet(pa, 2, value);
        assert.equal(memory.loadNet(pa, 2), value % 65_536);
        assert.equal(memory.load(pa + 1, 1), value % 256);
      }),
    );
  });
});
