import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as net from '../../../src/machine/network/frame.js';

const word = fc.integer({ min: 0, max: 0xffff_ffff });
const port = fc.integer({ min: 0, max: 0xffff });
const segment = fc.record(
  {
    source: word,
    destination: word,
    sourcePort: port,
    destinationPort: port,
    seq: word,
    ack: word,
    flags: fc.nat(31),
    window: fc.nat(0xffff).map((n) => n * 128),
    data: fc.uint8Array({ maxLength: net.MSS }),
  },
  { noNullPrototype: true },
);

describe('frames', () => {
  it('have the headers of IPv4 and TCP', () => {
    const bytes = net.encode({
      source: net.OUR_ADDRESS,
      destination: net.FIRST_REMOTE,
      sourcePort: 80,
      destinationPort: 40_000,
      seq: 1,
      ack: 0xfffffffe,
      flags: net.ACK | net.PSH,
      window: 65_536,
      data: new Uint8Array([104, 105]),
    });
    const hex = Buffer.from(bytes).toString('hex');
    const ip = '45 00 002a 0000 0000 40 06 0000 0a000001 0a000101';
    const tcp = '0050 9c40 00000001 fffffffe 50 18 0200 0000 0000';
    assert.equal(hex, `${ip}${tcp}6869`.replaceAll(' ', ''));
    assert.equal(
      net.describeFrame(bytes),
      '10.0.0.1:80 > 10.0.1.1:40000 PSH ACK seq 1, ack 4294967294, window 65536, 2 bytes',
    );
  });

  it('say again what was put into them', () => {
    fc.assert(fc.property(segment, (s) => assert.deepEqual(net.decode(net.encode(s)), s)));
  });

  it('that are none, or are cut off, are nothing; never an exception', () => {
    fc.assert(
      fc.property(segment, fc.nat(60), (s, cut) => {
        const bytes = net.encode(s);
        assert.equal(net.decode(bytes.subarray(0, Math.max(0, bytes.length - 1 - cut))), null);
      }),
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => void net.describeFrame(bytes)));
  });

  it('to nobody are answered with a reset that the sender accepts; a reset is not', () => {
    const s = { source: 1, destination: 2, sourcePort: 3, destinationPort: 4, window: 0, data: new Uint8Array(5) };
    const syn = net.resetFor({ ...s, seq: 9, ack: 0, flags: net.SYN });
    assert.deepEqual([syn?.flags, syn?.seq, syn?.ack], [net.RST | net.ACK, 0, 15]);
    assert.deepEqual([syn?.source, syn?.destination, syn?.sourcePort, syn?.destinationPort], [2, 1, 4, 3]);
    const data = net.resetFor({ ...s, seq: 9, ack: 77, flags: net.ACK });
    assert.deepEqual([data?.flags, data?.seq], [net.RST, 77]);
    assert.equal(net.resetFor({ ...s, seq: 9, ack: 77, flags: net.RST }), null);
  });
});
