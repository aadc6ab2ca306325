/**
 * What a remote can call (src/language/special-calls.ts says what each means). A call that has to wait notes for what,
 * and throws; it is executed again when that has come, and finds by the remote's state that it has begun already.
 */
import { LONGEST_STRING } from '../../language/limits.js';
import type { Board } from '../board.js';
import type { KernelHost } from '../kernel-host.js';
import { Arguments } from '../library-arguments.js';
import { REMOTE_PREFIX } from '../../isa/isa.js';
import { Fault, SIGILL, SIGSEGV, type Native } from '../native.js';
import { DEVICE } from '../devices.js';
import { showValue } from '../text.js';
import type { Value } from '../values.js';
import { Endpoint } from './endpoint.js';
import { SEND_BUFFER, Wait, type Remote, type RemoteState } from './remote.js';

/** Refusals after which connect() gives up. It waits once, twice, four times … the latency between two attempts. */
const REFUSALS = 8;

interface Call {
  board: Board;
  remote: Remote;
  /** Ticks. */
  now: number;
  args: Arguments;
}

const CALLS: Record<string, (call: Call) => Value> = {
  /** A server may need a while until it listens: while it refuses, a peer tries again, as most clients do. */
  connect(call) {
    const { board, remote, args, now } = call;
    const { state, attempts } = remote.f;
    if (state === 'connect') {
      const endpoint = over(call);
      if (endpoint?.refused && attempts < REFUSALS) {
        remote.f.attempts++;
        return waitUntil(call, 'retry', now + Math.max(1, board.network.latency) * 2 ** attempts);
      }
      remote.f.attempts = 0;
      const made = endpoint !== null && endpoint.state !== 'CLOSED';
      if (!made) remote.traffic.connection(false);
      return made ? endpoint : null;
    }
    if (state === 'retry') over(call);
    const port = args.integer(0);
    if (!(port >= 1 && port <= 65_535)) throw args.fault(`there is no port ${port}`);
    if (remote.isFull) throw args.fault('no port is free: there are too many open connections');
    return wait(call, 'connect', remote.connect(port, now));
  },

  send(call) {
    const { remote, args, now } = call;
    const endpoint = connection(args);
    const bytes = args.string(1);
    if (remote.f.state === 'send') {
      over(call);
    } else {
      if (endpoint.isShut) return -1;
      endpoint.write(bytes, now);
      if (endpoint.unacknowledged > SEND_BUFFER) return wait(call, 'send', endpoint);
    }
    return endpoint.broken ? -1 : bytes.length;
  },

  recv(call) {
    const { remote, args } = call;
    const endpoint = connection(args);
    const n = args.size(1);
    if (endpoint.isShut) return '';
    if (remote.f.state === 'recv') over(call);
    else if (!endpoint.readable) return wait(call, 'recv', endpoint);
    return endpoint.read(Math.min(n, LONGEST_STRING));
  },

  close({ args, now }) {
    const endpoint = connection(args);
    if (endpoint.wasClosed) return -1;
    endpoint.close(now);
    return 0;
  },

  sleep(call) {
    const { remote, args, now } = call;
    if (remote.f.state === 'sleep') {
      over(call);
      return 0;
    }
    // At least one tick: a loop of sleep(0) must let time pass.
    return waitUntil(call, 'sleep', now + Math.max(1, args.size(0)));
  },

  random({ board, args }) {
    const n = args.integer(0);
    if (n < 1) throw args.fault(`the first argument must be 1 or more, not ${n}`);
    return board.choices.choose('random', n);
  },

  print({ board, remote, args, now }) {
    const text = args
      .from(0)
      .map((value) => showValue(value))
      .join(' ');
    args.limitBytes(text.length);
    board.network.farSide.print(remote, text, now);
    return null;
  },
};

function wait({ remote }: Call, state: RemoteState, on: Endpoint | null): never {
  Object.assign(remote.f, { state, on });
  throw new Wait();
}

/** The remote's own event wakes it, at a time in ticks. */
function waitUntil(call: Call, state: RemoteState, time: number): never {
  const { board, remote } = call;
  board.events.schedule(time, DEVICE.REMOTE, remote.number);
  remote.f.until = time;
  return wait(call, state, null);
}

/** What the call has waited for has come: the connection that it waited on. */
function over({ remote }: Call): Endpoint | null {
  const { on } = remote.f;
  Object.assign(remote.f, { state: 'ready', on: null });
  return on;
}

function connection(args: Arguments): Endpoint {
  const value = args.value(0);
  if (value instanceof Endpoint) return value;
  if (value === null)
    throw new Fault(SIGSEGV, `${args.name}: there is no connection: connect() gave null, nobody listened or answered`);
  throw new Fault(SIGILL, args.wrong(0, 'a connection').message);
}

export const REMOTE_NATIVES: Record<string, Native> = Object.fromEntries(
  Object.entries(CALLS).map(([name, call]): [string, Native] => [
    REMOTE_PREFIX + name,
    (context, slots, at, count) => {
      const { board } = context as KernelHost;
      const { running } = board.network.farSide;
      if (running === null) throw new Fault(SIGILL, `this ${name}() is a remote's: our own computer can not call it`);
      return call({ board, ...running, args: new Arguments(name, slots, at, count) });
    },
  ]),
);
