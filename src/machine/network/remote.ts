/**
 * A remote: a program on another computer. Its code is run by our VM, but outside of machine time: whenever something
 * has happened that it waits for, it runs until it waits again, between two instructions of ours.
 *
 * What it waits for is written down here, so that a frame that is of no use to it costs one comparison. The call that
 * waits is executed again when the wait is over (remote-calls.ts).
 */
import type { History, Saveable } from '../history.js';
import type { EventQueue } from '../events.js';
import type { Stack } from '../stack.js';
import type { Value } from '../values.js';
import { DEVICE } from '../devices.js';
import { encode, FIRST_REMOTE, type Segment } from './frame.js';
import { Endpoint, type EndpointHost } from './endpoint.js';
import type { Traffic } from './traffic.js';
import { Wire, type WireParts } from './wire.js';

/** send() waits while more than this is unacknowledged, bytes: Linux's first send buffer is of this order. */
export const SEND_BUFFER = 65_536;
/** The range from which connect() takes ports, as Linux's ip_local_port_range. */
const FIRST_PORT = 32_768;
const LAST_PORT = 60_999;
/** How many closed connections still answer (TIME_WAIT): the oldest gives way. */
const LINGERING = 64;

export type RemoteState =
  'not started' | 'ready' | 'connect' | 'retry' | 'send' | 'recv' | 'sleep' | 'ended' | 'failed';

const WAITS: Readonly<Partial<Record<RemoteState, string>>> = {
  connect: 'waits for its connection',
  send: 'waits until more is acknowledged',
  recv: 'waits for bytes',
};

/** What a call of a remote throws that has to wait. */
export class Wait {}

export interface RemoteParts {
  link: WireParts;
  rto: number;
  traffic: Traffic;
  /** Collects the endpoints that owe an acknowledgement. */
  owes: (endpoint: Endpoint) => void;
}

interface Fields {
  state: RemoteState;
  /** The connection that a connect, send or recv waits for. */
  on: Endpoint | null;
  /** When a sleep is over, ticks. */
  until: number;
  /** How often connect() has been refused. */
  attempts: number;
  stack: Stack | null;
  pc: number;
  fp: number;
  nextPort: number;
}

interface Content {
  fields: Fields;
  connections: Map<number, Endpoint>;
  lingering: number[];
  constants: Map<number, Value>;
}

export class Remote implements Saveable, EndpointHost {
  epoch: number;
  readonly history: History;
  readonly events: EventQueue;
  readonly address: number;
  readonly rto: number;
  readonly roundTrip: number;
  readonly traffic: Traffic;
  readonly wire: Wire;
  f: Fields = {
    state: 'not started',
    on: null,
    until: 0,
    attempts: 0,
    stack: null,
    pc: 0,
    fp: 0,
    nextPort: FIRST_PORT,
  };
  /** By local port. */
  private connections = new Map<number, Endpoint>();
  /** Local ports of those in TIME_WAIT, oldest first. */
  private lingering: number[] = [];
  /** Values of top-level constants with parts, by the address that they have in our processes. */
  private constants = new Map<number, Value>();

  constructor(
    private readonly parts: RemoteParts,
    /** Its number among all remotes. */
    readonly number: number,
    /** As it is named to people: "name", or "name[i]". */
    readonly label: string,
  ) {
    const { link } = parts;
    this.history = link.history;
    this.events = link.events;
    this.epoch = link.history.epoch;
    this.address = FIRST_REMOTE + number;
    this.rto = parts.rto;
    this.traffic = parts.traffic;
    this.roundTrip = Math.floor(1.5 * link.latency); // jitter takes away a quarter at most
    this.wire = new Wire(link, DEVICE.CARD_FRAME, number);
  }

  /** Whether what it waits for has come; a sleep's end is told by its event. */
  get isDue(): boolean {
    const { state, on } = this.f;
    if (on === null) return false;
    if (state === 'recv') return on.readable;
    if (state === 'connect') return on.state !== 'SYN_SENT';
    return state === 'send' && on.unacknowledged <= SEND_BUFFER;
  }

  /** What it does or waits for, in words. */
  get doing(): string {
    const { state, until } = this.f;
    return state === 'sleep' ? `sleeps until ${until}` : (WAITS[state] ?? state);
  }

  /** Whether only a frame from us can let it go on. */
  get waitsForUs(): boolean {
    return this.f.state in WAITS;
  }

  get isOver(): boolean {
    return this.f.state === 'ended' || this.f.state === 'failed';
  }

  /** Call before `f` is changed. */
  touch(): void {
    this.history.touch(this);
  }

  connect(port: number, now: number): Endpoint {
    this.touch();
    const endpoint = new Endpoint(this, this.freePort(), port, now);
    this.connections.set(endpoint.localPort, endpoint);
    return endpoint;
  }

  /** The connection to which a segment from our computer belongs. */
  connectionFor(segment: Segment): Endpoint | undefined {
    const endpoint = this.connections.get(segment.destinationPort);
    return endpoint?.port === segment.sourcePort ? endpoint : undefined;
  }

  connectionAt(localPort: number): Endpoint | undefined {
    return this.connections.get(localPort);
  }

  /** It has ended: what is open is closed, or reset when it was an error that ended it. */
  closeAll(failed: boolean, now: number): void {
    for (const endpoint of [...this.connections.values()]) {
      if (failed) endpoint.abort(now);
      else endpoint.close(now);
    }
  }

  constant(address: number): Value | undefined {
    return this.constants.get(address);
  }

  setConstant(address: number, value: Value): void {
    this.touch();
    this.constants.set(address, value);
  }

  // ---- for its endpoints ------------------------------------------------------------------------------------------

  transmit(segment: Segment, now: number): number {
    return this.wire.send(encode(segment), now);
  }

  timer(endpoint: Endpoint, now: number, ticks: number): number {
    const at = Math.max(now, this.wire.busyUntil) + ticks + this.late(ticks);
    return this.events.schedule(at, DEVICE.REMOTE_TIMER, this.number * 65_536 + endpoint.localPort);
  }

  /**
   * Ticks by which its timer is behind, up to a quarter, by its number; the first remote's is exact. No two computers
   * time alike: of a thousand that sent in the same tick, and again in the same tick, most would be lost each time.
   */
  private late(ticks: number): number {
    return Math.floor((ticks * ((this.number * 40_503) & 0xffff)) / 0x40000); // 0.618…: numbers that lie far apart
  }

  owes(endpoint: Endpoint): void {
    this.parts.owes(endpoint);
  }

  closed(endpoint: Endpoint): void {
    this.touch();
    if (endpoint.state !== 'TIME_WAIT') {
      this.connections.delete(endpoint.localPort);
      return;
    }
    this.lingering.push(endpoint.localPort);
    if (this.lingering.length > LINGERING) this.connections.delete(this.lingering.shift() ?? 0);
  }

  /** Whether connect() has no port left. */
  get isFull(): boolean {
    return this.connections.size > LAST_PORT - FIRST_PORT;
  }

  private freePort(): number {
    const { f } = this;
    for (;;) {
      const port = f.nextPort;
      f.nextPort = port === LAST_PORT ? FIRST_PORT : port + 1;
      if (!this.connections.has(port)) return port;
    }
  }

  get open(): readonly Endpoint[] {
    return [...this.connections.values()];
  }

  hashParts(): unknown[] {
    const { f, connections, lingering, constants, wire } = this;
    return [...Object.values(f), connections, lingering, constants, wire];
  }

  copyContent(): Content {
    const { f, connections, lingering, constants } = this;
    return {
      fields: { ...f },
      connections: new Map(connections),
      lingering: lingering.slice(),
      constants: new Map(constants),
    };
  }

  swapContent(content: unknown): Content {
    const { f, connections, lingering, constants } = this;
    const old = { fields: f, connections, lingering, constants };
    const saved = content as Content;
    this.f = saved.fields;
    this.connections = saved.connections;
    this.lingering = saved.lingering;
    this.constants = saved.constants;
    return old;
  }
}
