/** Socket calls as strace shows them. An address goes in with its length; it comes out with the room and the length. */
import { call, integers, type Call, type Calls } from './call.js';
import { type Moment, pointer, quoted, quotedPath } from './moment.js';
import { descriptorPair } from './structures.js';
import { messageReceived, messageSent } from './message-header.js';
import { socketName } from './socket-names.js';

/** Where a struct msghdr has the length of its name. */
const NAME_SIZE_OF_MSGHDR = 8;
const AF_UNIX = 1;
const AF_INET = 2;
/** sizeof (struct sockaddr_in). */
const INET_SIZE = 16;
/** What strace reads of a name at most. */
const LONGEST_NAME = 128;

/** `{sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}`; null: there is no such memory. */
function socketAddress(m: Moment, at: number, length: number): string | null {
  const size = Math.min(length, LONGEST_NAME);
  if (at <= 0 || size < 2) return null;
  const bytes = m.memory(at, size);
  if (bytes.length < size) return null;
  const family = (bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8);
  return `{sa_family=${socketName.family(family)}${addressWithin(family, bytes)}}`;
}

function addressWithin(family: number, bytes: Uint8Array): string {
  const rest = bytes.subarray(2);
  if (rest.length === 0) return '';
  if (family === AF_UNIX) return `, sun_path=${unixPath(rest)}`;
  if (family !== AF_INET || bytes.length < INET_SIZE) return `, sa_data=${quoted(rest)}`;
  const port = ((rest[0] ?? 0) << 8) | (rest[1] ?? 0);
  return `, sin_port=htons(${port}), sin_addr=inet_addr("${rest.subarray(2, 6).join('.')}")`;
}

/** One that begins with a zero byte is a name outside of the tree of files. */
function unixPath(bytes: Uint8Array): string {
  return bytes[0] === 0 && bytes.length > 1 ? `@${quoted(bytes.subarray(1))}` : quotedPath(bytes);
}

function given(address: number, length: number) {
  return (m: Moment): string => {
    const at = m.value(address);
    return socketAddress(m, at, m.value(length)) ?? pointer(at);
  };
}

/** What the kernel has put at argument `address`; the room for it, and its length, are at argument `length`. */
function filled(m: Moment, address: number, length: number): string[] {
  const [at, sizeAt] = [m.value(address), m.value(length)];
  const { before } = m;
  const after = m.load(sizeAt, 4);
  if (before === null || after === null) return [pointer(at), pointer(sizeAt)];
  if (m.failed) return [pointer(at), `[${before}]`];
  const size = before === after ? `[${after}]` : `[${before} => ${after}]`;
  return [socketAddress(m, at, Math.min(before, after)) ?? pointer(at), size];
}

function answering(shown: Call, length: number): Call {
  return { ...shown, before: (m) => m.load(m.value(length), 4) };
}

const named = (m: Moment): string[] => [m.int(0), given(1, 2)(m), m.int(2)];
const asksName = (name: string): Call =>
  answering(
    call(name, integers(1), (m) => filled(m, 1, 2)),
    2,
  );

function optionValue(m: Moment): string[] {
  const [at, sizeAt] = [m.value(3), m.value(4)];
  const { before } = m;
  const after = m.load(sizeAt, 4);
  if (before === null || after === null) return [pointer(at), pointer(sizeAt)];
  if (m.failed) return [pointer(at), `[${before}]`];
  const value = after >= 4 ? `[${m.load(at, 4) ?? 0}]` : m.data(at, after);
  return [value, before === after ? `[${after}]` : `[${before} => ${after}]`];
}

function optionSet(m: Moment): string {
  const value = m.value(4) < 4 ? null : m.load(m.value(3), 4);
  return value === null ? m.address(3) : `[${value}]`;
}

const option = (m: Moment): string[] => [
  m.int(0),
  socketName.level(m.value(1)),
  socketName.option(m.value(1), m.value(2)),
];
const kind = (m: Moment): string[] => [
  socketName.family(m.value(0)),
  socketName.type(m.value(1)),
  socketName.protocol(m.value(0), m.value(2)),
];

export const SOCKET_CALLS: Calls = {
  socket: call('socket', kind),
  socketpair: call('socketpair', kind, (m) => [m.filled(3, (at) => descriptorPair(m, at))]),
  bind: call('bind', named),
  connect: call('connect', named),
  listen: call('listen', integers(2)),
  accept: asksName('accept'),
  accept4: answering(
    call('accept4', integers(1), (m) => [...filled(m, 1, 2), socketName.acceptFlags(m.value(3))]),
    2,
  ),
  getsockname: asksName('getsockname'),
  getpeername: asksName('getpeername'),
  sendto: call('sendto', (m) => [
    m.int(0),
    m.data(m.value(1), m.value(2)),
    m.size(2),
    socketName.messageFlags(m.value(3)),
    given(4, 5)(m),
    m.int(5),
  ]),
  recvfrom: answering(
    call('recvfrom', integers(1), (m) => [
      m.failed ? m.address(1) : m.data(m.value(1), Math.min(m.result, m.value(2))),
      m.size(2),
      socketName.messageFlags(m.value(3)),
      ...filled(m, 4, 5),
    ]),
    5,
  ),
  sendmsg: call('sendmsg', (m) => [
    m.int(0),
    m.at(1, (at) => messageSent(m, at, socketAddress)),
    socketName.messageFlags(m.value(2)),
  ]),
  recvmsg: {
    ...call('recvmsg', integers(1), (m) => [
      m.at(1, (at) => messageReceived(m, at, socketAddress)),
      socketName.messageFlags(m.value(2)),
    ]),
    before: (m) => m.load(m.value(1) + NAME_SIZE_OF_MSGHDR, 4),
  },
  shutdown: call('shutdown', (m) => [m.int(0), socketName.shutdown(m.value(1))]),
  setsockopt: call('setsockopt', (m) => [...option(m), optionSet(m), m.int(4)]),
  getsockopt: answering(call('getsockopt', option, optionValue), 4),
};
