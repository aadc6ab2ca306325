import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EventQueue } from '../../../src/machine/events.js';
import { History } from '../../../src/machine/history.js';
import { Traffic } from '../../../src/machine/network/traffic.js';
import { RECEIVE_BUFFER } from '../../../src/machine/network/endpoint-state.js';
import { Endpoint, type EndpointHost } from '../../../src/machine/network/endpoint.js';
import * as net from '../../../src/machine/network/frame.js';

const RTO = 200;
const LATENCY = 20;
const { ACK, FIN, PSH, RST, SYN } = net;

/** An endpoint whose segments are kept, and a clock to let its timer run. */
function connection(sent: net.Segment[] = [], onSend?: (segment: net.Segment) => void) {
  const history = new History();
  const events = new EventQueue(history);
  const owing: Endpoint[] = [];
  const closed: string[] = [];
  const host: EndpointHost = {
    history,
    events,
    address: net.FIRST_REMOTE,
    rto: RTO,
    roundTrip: 2 * LATENCY,
    traffic: new Traffic(history),
    transmit(segment, now) {
      sent.push(segment);
      onSend?.(segment);
      return now;
    },
    timer: (_endpoint, now, ticks) => events.schedule(now + ticks, 0, 0),
    owes: (endpoint) => void owing.push(endpoint),
    closed: (endpoint) => void closed.push(endpoint.state),
  };
  const clock = { now: 0 };
  const endpoint = new Endpoint(host, 40_000, 80, 0);
  const settle = (): void => owing.splice(0).forEach((each) => each.acknowledge(clock.now));
  /** A segment of ours arrives. */
  const arrive = (flags: number, seq: number, ack: number, data = '', window = 65_536): void => {
    endpoint.receive(
      {
        source: net.OUR_ADDRESS,
        destination: net.FIRST_REMOTE,
        sourcePort: 80,
        destinationPort: 40_000,
        seq,
        ack,
        flags,
        window,
        data: new Uint8Array(Buffer.from(data, 'latin1')),
      },
      clock.now,
    );
    settle();
  };
  /** Lets the timer go off; the time at which it does. */
  const timeout = (): number => {
    clock.now = events.pop().time;
    endpoint.timeout(clock.now);
    return clock.now;
  };
  const establish = (): void => {
    arrive(SYN | ACK, 0, 1);
    sent.length = 0;
  };
  return { endpoint, sent, clock, events, closed, arrive, timeout, establish, settle };
}

/** A segment in short: flags, sequence number, acknowledgement, length. */
const short = ({ flags, seq, ack, data }: net.Segment): number[] => [flags, seq, ack, data.length];

describe('a connection on the far side', () => {
  it('is made by SYN, SYN + ACK, ACK', () => {
    const { endpoint, sent, arrive, events } = connection();
    assert.deepEqual(sent.map(short), [[SYN, 0, 0, 0]]);
    assert.equal(endpoint.state, 'SYN_SENT');
    arrive(SYN | ACK, 0, 1);
    assert.equal(endpoint.state, 'ESTABLISHED');
    assert.deepEqual(sent.map(short)[1], [ACK, 1, 1, 0]);
    assert.equal(events.length, 0);
    arrive(SYN | ACK, 0, 1);
    assert.deepEqual(sent.map(short)[2], [ACK, 1, 1, 0], 'the acknowledgement was lost: again');
  });

  it('is refused by a reset, and given up when nobody answers', () => {
    const refused = connection();
    refused.arrive(RST | ACK, 0, 1);
    assert.deepEqual([refused.endpoint.state, refused.endpoint.broken, refused.closed], ['CLOSED', true, ['CLOSED']]);
    const alone = connection();
    const times = Array.from({ length: 7 }, () => alone.timeout());
    assert.deepEqual(times, [200, 600, 1400, 3000, 6200, 12600, 25400]);
    assert.equal(alone.sent.length, 7);
    assert.deepEqual([alone.endpoint.state, alone.events.length], ['CLOSED', 0]);
  });

  it('sends what the window lets through, in segments of 1460 bytes, and pushes the last', () => {
    const { endpoint, sent, arrive, establish } = connection();
    establish();
    arrive(ACK, 1, 1, '', 4096);
    endpoint.write('x'.repeat(6000), 0);
    assert.deepEqual(sent.map(short), [
      [ACK, 1, 1, 1460],
      [ACK, 1461, 1, 1460],
    ]);
    arrive(ACK, 1, 2921, '', 4096);
    assert.deepEqual(sent.map(short).slice(2), [
      [ACK, 2921, 1, 1460],
      [ACK, 4381, 1, 1460],
      [ACK | PSH, 5841, 1, 160],
    ]);
    arrive(ACK, 1, 5841, '', 4096);
    assert.equal(endpoint.unacknowledged, 160);
  });

  it('acknowledges each segment once the remote has had its turn; an answer carries it', () => {
    const { endpoint, sent, arrive, establish } = connection();
    establish();
    arrive(ACK | PSH, 1, 1, 'hello');
    assert.deepEqual(sent.map(short), [[ACK, 1, 6, 0]]);
    assert.equal(endpoint.read(3), 'hel');
    endpoint.write('answer', 0);
    assert.deepEqual(sent.map(short).slice(1), [[ACK | PSH, 1, 6, 6]]);
    arrive(ACK | PSH, 1, 1, 'hello');
    assert.deepEqual(sent.map(short).slice(2), [[ACK, 7, 6, 0]], 'a repetition: acknowledged, and not taken twice');
    assert.equal(endpoint.read(100), 'lo');
  });

  it('tells the window, and of new room when it has been closed', () => {
    const { endpoint, sent, arrive, establish, settle } = connection();
    establish();
    for (let at = 0; at < RECEIVE_BUFFER; at += 1024) arrive(ACK, 1 + at, 1, 'y'.repeat(1024));
    assert.equal(sent[sent.length - 1]?.window, 0);
    const before = sent.length;
    arrive(ACK, 1 + RECEIVE_BUFFER, 1, 'z');
    assert.equal(endpoint.waiting, RECEIVE_BUFFER, 'there was no room for it');
    assert.deepEqual(sent.slice(before).map(short), [[ACK, 1, 1 + RECEIVE_BUFFER, 0]]);
    endpoint.read(2000);
    settle();
    assert.deepEqual(
      sent.slice(before + 1).map(({ window }) => window),
      [2000],
    );
  });

  it('asks a closed window for room, one byte at a time, and a few times only', () => {
    const { endpoint, sent, arrive, establish, timeout, events } = connection();
    establish();
    arrive(ACK, 1, 1, '', 0);
    endpoint.write('abc', 0);
    assert.equal(sent.length, 0);
    timeout();
    assert.deepEqual(sent.map(short), [[ACK, 1, 1, 1]]);
    arrive(ACK, 1, 1, '', 0);
    while (events.length > 0) timeout();
    assert.equal(sent.length, 5);
    assert.equal(endpoint.state, 'ESTABLISHED');
    arrive(ACK, 1, 1, '', 512);
    assert.deepEqual(sent.map(short).slice(5), [[ACK | PSH, 1, 1, 3]]);
  });

  it('sends the oldest segment again after its time, twice as long each time; three repeated answers do too', () => {
    const { endpoint, sent, clock, arrive, establish, timeout } = connection();
    establish();
    endpoint.write('x'.repeat(4380), 0);
    assert.deepEqual([timeout(), timeout()], [200, 600]);
    assert.deepEqual(sent.slice(3).map(short), [
      [ACK, 1, 1, 1460],
      [ACK, 1, 1, 1460],
    ]);
    clock.now += 2 * LATENCY;
    arrive(ACK, 1, 1461);
    assert.deepEqual(
      sent.slice(5).map(short),
      [[ACK, 1461, 1, 1460]],
      'it was the answer to that: the next may be lost too',
    );
    clock.now += 1;
    arrive(ACK, 1, 2921);
    assert.equal(sent.length, 6, 'too early for an answer: nothing was lost');
    clock.now += 2 * LATENCY;
    for (let i = 0; i < 3; i++) arrive(ACK, 1, 2921);
    assert.deepEqual(sent.slice(6).map(short), [[ACK, 2921, 1, 1460]]);
  });

  it('ends by FIN from either side', () => {
    const first = connection();
    first.establish();
    first.endpoint.write('bye', 0);
    first.endpoint.close(0);
    assert.deepEqual(first.sent.map(short), [
      [ACK | PSH, 1, 1, 3],
      [FIN | ACK, 4, 1, 0],
    ]);
    first.arrive(ACK, 1, 5);
    assert.equal(first.endpoint.state, 'FIN_WAIT_2');
    first.arrive(FIN | ACK, 1, 5);
    assert.deepEqual([first.endpoint.state, first.closed], ['TIME_WAIT', ['TIME_WAIT']]);
    assert.deepEqual(short(first.sent[2]), [ACK, 5, 2, 0]);
    first.arrive(FIN | ACK, 1, 5);
    assert.deepEqual(short(first.sent[3]), [ACK, 5, 2, 0]);

    const second = connection();
    second.establish();
    second.arrive(FIN | ACK, 1, 1, 'last');
    assert.deepEqual([second.endpoint.state, second.endpoint.readable], ['CLOSE_WAIT', true]);
    assert.deepEqual([second.endpoint.read(9), second.endpoint.read(9)], ['last', '']);
    second.endpoint.close(0);
    assert.equal(second.endpoint.state, 'LAST_ACK');
    second.arrive(ACK, 6, 2);
    assert.deepEqual([second.endpoint.state, second.endpoint.broken], ['CLOSED', false]);

    const both = connection();
    both.establish();
    both.endpoint.close(0);
    both.arrive(FIN | ACK, 1, 1);
    assert.equal(both.endpoint.state, 'CLOSING');
    both.arrive(ACK, 2, 2);
    assert.equal(both.endpoint.state, 'TIME_WAIT');
  });

  it('ends by a reset: unread bytes at close(), bytes after close(), a reset that comes', () => {
    const unread = connection();
    unread.establish();
    unread.arrive(ACK, 1, 1, 'unread');
    unread.endpoint.close(0);
    assert.deepEqual(short(unread.sent[1]), [RST | ACK, 1, 7, 0]);
    assert.equal(unread.endpoint.state, 'CLOSED');

    const late = connection();
    late.establish();
    late.endpoint.close(0);
    late.arrive(ACK, 1, 2, 'late');
    assert.equal(late.sent[1]?.flags, RST | ACK);

    const hit = connection();
    hit.establish();
    hit.arrive(ACK, 1, 1, 'lost');
    hit.arrive(RST, 5, 0);
    assert.deepEqual([hit.endpoint.state, hit.endpoint.broken, hit.endpoint.waiting], ['CLOSED', true, 0]);
    const astray = connection();
    astray.establish();
    astray.arrive(RST, 200_000, 0);
    assert.equal(astray.endpoint.state, 'ESTABLISHED');
  });

  it('brings every byte across in order, whatever is lost on the way', () => {
    const losses = fc.array(fc.boolean(), { maxLength: 60 });
    const windows = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(losses, windows, fc.nat(30_000), (lost, sizes, bytes) => {
        const text = Array.from({ length: bytes }, (_, i) => String.fromCharCode(97 + (i % 26))).join('');
        const wire: net.Segment[] = [];
        let sent = 0;
        const { endpoint, clock, events, arrive } = connection([], (segment) => {
          if (!(segment.flags & SYN) && lost[sent++] === true) return;
          wire.push(segment);
        });
        arrive(SYN | ACK, 0, 1, '', 128);
        wire.length = 0;
        endpoint.write(text, 0);
        endpoint.close(0);
        let [received, got, ended] = [1, '', false];
        for (let round = 0; endpoint.state !== 'FIN_WAIT_2'; round++) {
          assert.ok(round < 5000, 'it comes to an end');
          const segment = wire.shift();
          if (!segment) {
            clock.now = events.pop().time;
            endpoint.timeout(clock.now);
            continue;
          }
          clock.now += LATENCY;
          // A receiver that takes only what comes next, as much as its window says.
          const window = sizes[round % sizes.length] * 128;
          if (segment.seq === received) {
            const taken = Buffer.from(segment.data).toString('latin1');
            got += taken;
            received += taken.length;
            if (segment.flags & FIN) {
              ended = true;
              received++;
            }
          }
          arrive(ACK, 1, received, '', Math.max(window, 128));
        }
        assert.ok(ended);
        assert.equal(got, text);
      }),
      { numRuns: 300 },
    );
  });
});
