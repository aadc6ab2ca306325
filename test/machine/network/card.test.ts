import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Counters } from '../../../src/machine/counters.js';
import { DEVICE } from '../../../src/machine/devices.js';
import { MachineError } from '../../../src/machine/errors.js';
import { EventQueue } from '../../../src/machine/events.js';
import { History } from '../../../src/machine/history.js';
import { PhysicalMemory } from '../../../src/machine/memory.js';
import { NetworkCard } from '../../../src/machine/network/card.js';
import { Wire } from '../../../src/machine/network/wire.js';
import { Choices, SeededChoices } from '../../../src/machine/choices.js';
import { undoIsIdentity } from '../undo.js';

const LATENCY = 20;

/** A card, and a stub for the far side: it notes what arrives there and when, and can send frames to the card. */
function network(history: History, { per16Bytes = 1, seed = 0 } = {}) {
  const memory = new PhysicalMemory(history, 16 * 4096);
  const events = new EventQueue(history);
  const counters = new Counters(history, 1);
  const clock = { now: 0 };
  const choices = new Choices(new SeededChoices(seed, history));
  const link = { history, events, choices, latency: LATENCY, per16Bytes };
  const up = new Wire(link, DEVICE.FAR_FRAME, 0);
  const down = new Wire(link, DEVICE.CARD_FRAME, 0);
  const card = new NetworkCard({
    history,
    memory,
    events,
    counters,
    wire: up,
    kind: DEVICE.CARD_SENT,
    now: () => clock.now,
  });
  const arrivals: { at: number; text: string }[] = [];
  const interrupts: number[] = [];
  const fire = () => {
    const { time, kind } = events.pop();
    clock.now = time;
    if (kind === DEVICE.CARD_SENT) {
      card.complete();
      interrupts.push(time);
    } else if (kind === DEVICE.CARD_FRAME) {
      if (card.receive(down.arrive() ?? new Uint8Array(0))) interrupts.push(time);
    } else arrivals.push({ at: time, text: Buffer.from(up.arrive() ?? []).toString('latin1') });
    clock.now = 0;
  };
  const all = () => {
    while (events.length > 0) fire();
  };
  return { memory, events, counters, clock, card, up, down, arrivals, interrupts, fire, all };
}

const frame = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

describe('network card', () => {
  it('sends one frame after another, reads each when its turn comes, and says when it has left', () => {
    const { card, memory, arrivals, interrupts, all } = network(new History());
    memory.write(0, 'a'.repeat(33));
    memory.write(100, 'b'.repeat(16));
    card.transmit(0, 33);
    card.transmit(100, 16);
    memory.write(100, 'later');
    all();
    assert.deepEqual(arrivals, [
      { at: 3 + LATENCY, text: 'a'.repeat(33) },
      { at: 4 + LATENCY, text: 'later' + 'b'.repeat(11) },
    ]);
    assert.deepEqual(interrupts, [3, 4]);
    assert.deepEqual([card.transmitted(), card.transmitted(), card.transmitted()], [0, 100, -1]);
  });

  it('gathers a frame from two pieces, reads both when its turn comes, and names it by the first', () => {
    const { card, memory, arrivals, counters, all } = network(new History());
    memory.write(0, 'x'.repeat(16));
    memory.write(4096, 'head');
    memory.write(8192 + 5, 'tail of it');
    card.transmit(0, 16);
    card.transmit(4096, 4, 8192 + 5, 4);
    card.transmit(4096, 4, 0, 0);
    memory.write(8192 + 5, 'late');
    all();
    assert.deepEqual(
      arrivals.map(({ text }) => text),
      ['x'.repeat(16), 'headlate', 'head'],
    );
    assert.deepEqual([card.transmitted(), card.transmitted(), card.transmitted()], [0, 4096, 4096]);
    const { netSent, dmaCopies, dmaBytes } = counters.all();
    assert.deepEqual([netSent, dmaCopies, dmaBytes], [3, 3, 28]);
  });

  it('is in another state when a frame waits with other data', () => {
    const waiting = (dataPa: number, dataLength: number): unknown[] => {
      const { card } = network(new History());
      card.transmit(0, 40, dataPa, dataLength);
      return card.hashParts();
    };
    assert.notDeepEqual(waiting(4096, 100), waiting(8192, 100));
    assert.notDeepEqual(waiting(4096, 100), waiting(4096, 101));
  });

  it('fills the posted buffers in order, and says how long each frame is', () => {
    const { card, memory, down, interrupts, all } = network(new History());
    card.post(4096, 2048);
    card.post(8192, 2048);
    down.send(frame('one'), 0);
    down.send(frame('twenty'), 0);
    all();
    assert.deepEqual(interrupts, [1 + LATENCY, 2 + LATENCY]);
    assert.deepEqual(card.received(), { pa: 4096, length: 3 });
    assert.deepEqual(card.received(), { pa: 8192, length: 6 });
    assert.equal(card.received(), null);
    assert.equal(memory.string(8192, 6), 'twenty');
  });

  it('drops a frame for which no buffer is posted, or too small a one; counts all', () => {
    const { card, memory, down, counters, interrupts, all } = network(new History());
    down.send(frame('nobody waits'), 0);
    all();
    card.post(0, 4);
    down.send(frame('five!'), 0);
    all();
    down.send(frame('four'), 0);
    memory.write(64, 'x');
    card.transmit(64, 1);
    all();
    assert.equal(interrupts.length, 2);
    const { netReceived, netSent, netDropped, dmaCopies, dmaBytes } = counters.all();
    assert.deepEqual([netReceived, netSent, netDropped, dmaCopies, dmaBytes], [1, 1, 2, 2, 5]);
  });

  it('refuses what is not in memory, and frames that are too long', () => {
    const { card } = network(new History());
    assert.throws(() => card.post(16 * 4096, 1), MachineError);
    assert.throws(() => card.post(0, 0), MachineError);
    assert.throws(() => card.transmit(16 * 4096 - 10, 11), MachineError);
    assert.throws(() => card.transmit(0, 1501), MachineError);
    assert.throws(() => card.transmit(0, 0), MachineError);
    assert.throws(() => card.transmit(0, 40, 4096, 1461), MachineError);
    assert.throws(() => card.transmit(0, 40, 4096, -1), MachineError);
    assert.throws(() => card.transmit(0, 40, 16 * 4096 - 10, 11), MachineError);
    assert.throws(() => card.transmit(0, 0, 4096, 10), MachineError);
    card.transmit(0, 40, 4096, 1460);
  });

  it('jitters the latency by a quarter at most; frames keep their order', () => {
    const { up, arrivals, all } = network(new History(), { per16Bytes: 0, seed: 7 });
    for (let i = 0; i < 40; i++) up.send(frame(String(i)), i);
    all();
    assert.deepEqual(
      arrivals.map(({ text }) => text),
      Array.from({ length: 40 }, (_, i) => String(i)),
    );
    const delays = new Set(arrivals.map(({ at }, i) => at - i));
    assert.ok(delays.size > 3);
    assert.ok([...delays].every((delay) => delay >= LATENCY * 0.75 && delay <= LATENCY * 1.25));
  });

  it('goes back and forth exactly', () => {
    const operation = fc.oneof(
      fc.record({ do: fc.constant('post' as const), at: fc.nat(15) }),
      fc.record({ do: fc.constant('send' as const), at: fc.nat(15) }),
      fc.record({ do: fc.constantFrom('transmit' as const, 'gather' as const), at: fc.nat(15) }),
      fc.record({ do: fc.constantFrom('fire' as const, 'received' as const, 'transmitted' as const), at: fc.nat(0) }),
    );
    undoIsIdentity(operation, (history) => {
      const { card, memory, events, counters, up, down, fire } = network(history);
      return {
        apply(operation) {
          if (operation.do === 'post') card.post(operation.at * 4096, 2048);
          else if (operation.do === 'send') down.send(frame('x'.repeat(operation.at)), 0);
          else if (operation.do === 'transmit') card.transmit(operation.at * 4096, operation.at + 1);
          else if (operation.do === 'gather') card.transmit(operation.at * 4096, 1, 4096, operation.at);
          else if (operation.do === 'received') card.received();
          else if (operation.do === 'transmitted') card.transmitted();
          else if (events.length > 0) fire();
        },
        observe: () =>
          structuredClone([
            card.hashParts(),
            up.hashParts(),
            down.hashParts(),
            counters.all(),
            events.pending(),
          ]).concat([memory.string(0, 4096)] as never),
      };
    });
  });
});
