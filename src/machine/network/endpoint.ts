/**
 * One end of a TCP connection, on the far side (RFC 9293): what a remote's connect() makes. It exchanges the same
 * segments as the kernel's TCP.
 *
 * Sequence numbers are plain integers here, counted from 0 (the SYN); byte k of a stream, from 0, has number k + 1.
 * Only on the wire are they modulo 2^32. Between `una` (the oldest that is not acknowledged) and `next` lies what has
 * been sent, `output` has the bytes from `una` on.
 *
 * What may have been lost is sent again one segment at a time: the oldest, after a timeout or three repeated
 * acknowledgements, and then the next one with each acknowledgement that can be the answer to the one before. (One that
 * comes sooner than a round trip is not: then the other side was slow, and nothing was lost.) There is no congestion
 * control: the window that the other side gives is all that holds it back.
 *
 * Only frames on the way to us get lost, when our card's ring is full. So what arrives here arrives in order, and a
 * segment that is not the next one is a repetition.
 */
import type { EventQueue } from '../events.js';
import type { History, Saveable } from '../history.js';
import { HardwareValue } from '../values.js';
import {
  atTheBeginning,
  isOpen,
  RECEIVE_BUFFER,
  unwrapped,
  type EndpointState,
  type Fields,
} from './endpoint-state.js';
import type { Traffic } from './traffic.js';
import { ACK, FIN, MSS, PSH, RST, SYN, lengthOf, OUR_ADDRESS, type Segment } from './frame.js';

/** Repetitions before a connection is given up: Linux's tcp_retries2, and tcp_syn_retries for the first segment. */
const RETRIES = 15;
const SYN_RETRIES = 6;
/** This many acknowledgements in a row that say nothing new are the sign of a loss (RFC 5681). */
const REPEATS = 3;
/**
 * How often a closed window is asked about. Few: what is sent to us is never lost, so that we are told when it opens.
 */
const PROBES = 5;

export interface EndpointHost {
  readonly history: History;
  readonly events: EventQueue;
  /** Of the remote. */
  readonly address: number;
  /** Ticks until the first repetition; each further one takes twice as long. */
  readonly rto: number;
  /** The shortest time between a segment's leaving and its acknowledgement, ticks. */
  readonly roundTrip: number;
  /** What remotes see of our computer, counted. */
  readonly traffic: Traffic;
  /** Puts a segment on the remote's wire, at a time in ticks. Returns when it will have left. */
  transmit(segment: Segment, now: number): number;
  /**
   * The event that is to call timeout(), so many ticks after all that was sent has left: what waits for its turn on the
   * wire can not be acknowledged yet. Returns a number by which it can be cancelled.
   */
  timer(endpoint: Endpoint, now: number, ticks: number): number;
  /** The endpoint will owe an acknowledgement when the remote has had its turn. */
  owes(endpoint: Endpoint): void;
  /** It is over: segments for it are no longer its own. */
  closed(endpoint: Endpoint, now: number): void;
}

const NO_DATA = new Uint8Array(0);

export class Endpoint extends HardwareValue implements Saveable {
  readonly kind = 'connection';
  epoch: number;
  private f = atTheBeginning();

  /** Begins to connect: sends the SYN. */
  constructor(
    private readonly host: EndpointHost,
    readonly localPort: number,
    /** Of our computer. */
    readonly port: number,
    now: number,
  ) {
    super();
    this.epoch = host.history.epoch;
    this.send(SYN, 0, '', now);
    this.arm(now);
  }

  get state(): EndpointState {
    return this.f.state;
  }
  /** Bytes that have been given to send() and are not acknowledged. */
  get unacknowledged(): number {
    return this.f.output.length;
  }
  /** Bytes that recv() would find. */
  get waiting(): number {
    return this.f.input.length;
  }
  /** Whether recv() would not wait. */
  get readable(): boolean {
    const { input, ended, state } = this.f;
    return input.length > 0 || ended || state === 'CLOSED';
  }
  /** The other side answered the SYN with a reset: nobody listens. */
  get refused(): boolean {
    const { state, una, retries } = this.f;
    return state === 'CLOSED' && una === 0 && retries <= SYN_RETRIES;
  }
  get broken(): boolean {
    return this.f.broken;
  }
  /** Whether nothing can be sent or received any more: close() was called, or a reset has come. */
  get isShut(): boolean {
    return this.f.finishing || this.f.state === 'CLOSED';
  }
  /** Whether close() was called. */
  get wasClosed(): boolean {
    return this.f.shut;
  }

  // ---- what the remote does ---------------------------------------------------------------------------------------

  /** Queues bytes, and sends what the window lets through. */
  write(bytes: string, now: number): void {
    this.touch();
    this.f.output += bytes;
    if (this.f.askedAt < 0 && bytes !== '') {
      this.f.askedAt = now;
      this.host.traffic.request(now);
    }
    this.push(now);
  }

  /** Takes up to n bytes. */
  read(n: number): string {
    this.touch();
    const { f } = this;
    const bytes = f.input.slice(0, n);
    f.input = f.input.slice(n);
    // Linux tells of new room when there is twice as much as was last told, and that was little.
    const room = RECEIVE_BUFFER - f.input.length;
    if (f.told * 2 <= RECEIVE_BUFFER && room > 0 && room >= 2 * f.told && isOpen(f.state)) this.owe();
    return bytes;
  }

  /** No more bytes: FIN. As in Linux, a reset when there are bytes that nobody has read. */
  close(now: number): void {
    this.touch();
    const { f } = this;
    f.shut = true;
    if (f.finishing || f.state === 'CLOSED') return;
    if (f.input.length > 0) return this.abort(now);
    f.finishing = true;
    f.state = f.state === 'CLOSE_WAIT' ? 'LAST_ACK' : 'FIN_WAIT_1';
    this.push(now);
  }

  /** Ends the connection with a reset. */
  abort(now: number): void {
    this.touch();
    const { state, next } = this.f;
    if (state === 'CLOSED' || state === 'TIME_WAIT') return;
    if (state !== 'SYN_SENT') this.send(RST | ACK, next, '', now);
    this.end(true, now);
  }

  // ---- what the network does --------------------------------------------------------------------------------------

  /** A segment has come. Acknowledgements wait for acknowledge(). */
  receive(segment: Segment, now: number): void {
    this.touch();
    const { f } = this;
    if (f.state === 'SYN_SENT') return this.handshake(segment, now);
    const seq = unwrapped(segment.seq, f.received);
    if (segment.flags & RST) {
      if (seq >= f.received && seq <= f.received + RECEIVE_BUFFER) this.end(true, now);
      return;
    }
    // A SYN again: our acknowledgement was lost.
    if (segment.flags & SYN) return this.owe();
    if (!(segment.flags & ACK)) return;
    this.acknowledged(unwrapped(segment.ack, f.una), segment, now);
    if (lengthOf(segment) > 0) this.accept(segment, f.received - seq, now);
    // A question whether we are still there, or have room again.
    else if (seq !== f.received) this.owe();
  }

  /** Sends the acknowledgement that is due, unless data have carried it. */
  acknowledge(now: number): void {
    this.touch();
    if (!this.f.owing) return;
    if (this.f.state === 'CLOSED') this.f.owing = false;
    else this.send(ACK, this.f.next, '', now);
  }

  /** The timer's event is due. */
  timeout(now: number): void {
    this.touch();
    const { f } = this;
    f.timer = -1;
    const closed = f.output.length > 0 && f.window === 0;
    if (++f.retries > (closed ? PROBES : f.state === 'SYN_SENT' ? SYN_RETRIES : RETRIES)) {
      if (!closed) this.end(true, now);
      return;
    }
    f.recover = f.next;
    this.repeat(now);
    this.arm(now);
  }

  private handshake({ flags, seq, ack, window }: Segment, now: number): void {
    const { f } = this;
    if (!(flags & ACK) || ack !== 1) return;
    if (flags & RST) return this.end(true, now);
    if (!(flags & SYN)) return;
    f.received = seq + 1;
    f.una = 1;
    f.window = window;
    f.state = 'ESTABLISHED';
    this.host.traffic.connection(true);
    this.disarm();
    this.owe();
  }

  /** Everything before number `ack` has arrived on the other side, which has room for a window of bytes more. */
  private acknowledged(ack: number, segment: Segment, now: number): void {
    const { f } = this;
    const { window } = segment;
    // One byte beyond what was sent may be one that asked for room.
    if (ack < f.una || ack > Math.max(f.next, f.una + Math.min(1, f.output.length))) return;
    const isRepeated = ack === f.una && window === f.window && lengthOf(segment) === 0 && f.next > f.una;
    if (f.window === 0 && window > 0) f.retries = 0;
    f.window = window;
    if (ack > f.una) {
      f.output = f.output.slice(ack - f.una);
      f.una = ack;
      f.next = Math.max(f.next, ack);
      f.retries = 0;
      f.repeats = 0;
      this.disarm();
      if (f.finishing && f.output.length === 0 && f.next === f.una) this.finAcknowledged(now);
      else if (f.una < f.recover && now >= f.repeatedAt + this.host.roundTrip) this.repeat(now);
    } else if (isRepeated && ++f.repeats === REPEATS) {
      f.recover = f.next;
      if (now >= f.repeatedAt + this.host.roundTrip) this.repeat(now);
    }
    this.push(now);
  }

  private finAcknowledged(now: number): void {
    const { f } = this;
    // The FIN itself has a number: it is sent only when all bytes have been.
    if (f.state === 'FIN_WAIT_1') f.state = 'FIN_WAIT_2';
    else if (f.state === 'CLOSING') this.linger(now);
    else if (f.state === 'LAST_ACK') this.end(false, now);
  }

  /** Data or a FIN; the first `skip` numbers of the segment are known. */
  private accept({ data, flags }: Segment, skip: number, now: number): void {
    const { f } = this;
    this.owe();
    if (skip < 0) return;
    const room = RECEIVE_BUFFER - f.input.length;
    const fresh = data.subarray(skip, skip + room);
    if (fresh.length > 0) {
      // Nobody will read it any more.
      if (f.finishing) return this.abort(now);
      f.input += String.fromCharCode(...fresh);
      if (f.askedAt >= 0) this.host.traffic.reply(f.askedAt, now);
      f.askedAt = -1;
      f.received += fresh.length;
    }
    if (flags & FIN && skip <= data.length && skip + fresh.length >= data.length) this.finReceived(now);
  }

  private finReceived(now: number): void {
    const { f } = this;
    f.received++;
    f.ended = true;
    if (f.state === 'ESTABLISHED') f.state = 'CLOSE_WAIT';
    else if (f.state === 'FIN_WAIT_1') f.state = 'CLOSING';
    else if (f.state === 'FIN_WAIT_2') this.linger(now);
  }

  // ---- sending ----------------------------------------------------------------------------------------------------

  /** Sends what is queued, as far as the window reaches; then the FIN. */
  private push(now: number): void {
    const { f } = this;
    if (f.state === 'SYN_SENT' || f.state === 'CLOSED' || f.state === 'TIME_WAIT') return;
    for (;;) {
      const sent = f.next - f.una;
      const left = f.output.length - sent;
      const size = Math.min(MSS, left, f.window - sent);
      if (size <= 0) break;
      // No small pieces while others are under way: more room will be told of.
      if (size < MSS && size < left && sent > 0) break;
      this.send(size === left ? ACK | PSH : ACK, f.next, f.output.slice(sent, sent + size), now);
      f.next += size;
    }
    if (f.finishing && f.next === f.una + f.output.length && !this.finDone()) {
      this.send(FIN | ACK, f.next, '', now);
      f.next++;
    }
    if (f.timer === -1 && (f.next > f.una || f.output.length > 0)) this.arm(now);
  }

  /** Whether the FIN has been acknowledged: in these states there is nothing left to send. */
  private finDone(): boolean {
    return this.f.state === 'FIN_WAIT_2';
  }

  /** Sends the oldest segment again. With a closed window: one byte that may well be refused, to be told of room. */
  private repeat(now: number): void {
    const { f } = this;
    const bytes = f.output.slice(0, Math.max(1, Math.min(MSS, f.window)));
    if (f.state === 'SYN_SENT') this.send(SYN, 0, '', now);
    else this.send(bytes === '' ? FIN | ACK : ACK, f.una, bytes, now);
    if (f.window > 0) f.next = Math.max(f.next, f.una + bytes.length);
    f.repeatedAt = f.leftAt;
  }

  private send(flags: number, seq: number, bytes: string, now: number): void {
    const { f } = this;
    const { address } = this.host;
    f.told = RECEIVE_BUFFER - f.input.length;
    f.owing = false;
    f.leftAt = this.host.transmit(
      {
        source: address,
        destination: OUR_ADDRESS,
        sourcePort: this.localPort,
        destinationPort: this.port,
        seq: seq % 2 ** 32,
        ack: flags & ACK ? f.received % 2 ** 32 : 0,
        flags,
        window: f.told,
        data: bytes === '' ? NO_DATA : Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)),
      },
      now,
    );
  }

  private owe(): void {
    if (this.f.owing) return;
    this.f.owing = true;
    this.host.owes(this);
  }

  private arm(now: number): void {
    this.disarm();
    this.f.timer = this.host.timer(this, now, this.host.rto * 2 ** this.f.retries);
  }

  private disarm(): void {
    if (this.f.timer !== -1) this.host.events.cancel(this.f.timer);
    this.f.timer = -1;
  }

  // ---- the end ----------------------------------------------------------------------------------------------------

  /** TIME_WAIT: repeats its last acknowledgement, should the other side not have got it. */
  private linger(now: number): void {
    this.f.state = 'TIME_WAIT';
    this.disarm();
    this.host.closed(this, now);
  }

  private end(broken: boolean, now: number): void {
    const { f } = this;
    f.state = 'CLOSED';
    f.broken = broken;
    // As in Linux, a reset takes away what was not yet read.
    if (broken) f.input = '';
    f.output = '';
    this.disarm();
    this.host.closed(this, now);
  }

  private touch(): void {
    this.host.history.touch(this);
  }

  hashParts(): unknown[] {
    return [this.localPort, this.port, ...Object.values(this.f)];
  }

  weigh(content: unknown): number {
    const { input, output } = content as Fields;
    return 900 + input.length + output.length;
  }

  copyContent(): Fields {
    return { ...this.f };
  }

  swapContent(content: unknown): Fields {
    const old = this.f;
    this.f = content as Fields;
    return old;
  }
}
