/**
 * What travels on the network: IPv4 packets that carry TCP segments, laid out as RFC 791 and RFC 9293 say, so that the
 * bytes in the receive ring can be read with any book open beside them.
 *
 *   0   version and header length 0x45   20  source port        34  window, in units of 128 bytes
 *   2   total length                     22  destination port   36  checksum (0: left to the card)
 *   8   time to live 64                  24  sequence number    38  urgent pointer (0)
 *   9   protocol 6                       28  acknowledgement    40  data, up to 1460 bytes
 *   12  source address                   32  header length 0x50
 *   16  destination address              33  flags
 *
 * Two things that real connections agree on are constants here: the window scale is 7 on both sides, in SYNs too; and
 * the initial sequence number is 0, so that the numbers on the wire count the stream's bytes.
 */

/** Bytes in the largest frame. */
export const MTU = 1500;
/** Bytes of the two headers. */
export const HEADERS = 40;
/** Bytes of data in the largest frame. */
export const MSS = MTU - HEADERS;
export const WINDOW_SHIFT = 7;

export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const PSH = 8;
export const ACK = 16;

const VERSION = 0x45;
const TCP = 6;
const TIME_TO_LIVE = 64;

/** Our computer: 10.0.0.1. */
export const OUR_ADDRESS = 0x0a00_0001;
/** The address of the first remote: 10.0.1.1. Remote number i has the i-th after it. */
export const FIRST_REMOTE = 0x0a00_0101;

export interface Segment {
  /** IPv4 addresses, as unsigned integers. */
  readonly source: number;
  readonly destination: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Sequence numbers, modulo 2^32. */
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  /** Bytes that the sender has room for; on the wire rounded down to 128. */
  readonly window: number;
  readonly data: Uint8Array;
}

/** The bytes of a segment's frame. */
export function encode(segment: Segment): Uint8Array {
  const frame = new Uint8Array(HEADERS + segment.data.length);
  const view = new DataView(frame.buffer);
  view.setUint8(0, VERSION);
  view.setUint16(2, frame.length);
  view.setUint8(8, TIME_TO_LIVE);
  view.setUint8(9, TCP);
  view.setUint32(12, segment.source);
  view.setUint32(16, segment.destination);
  view.setUint16(20, segment.sourcePort);
  view.setUint16(22, segment.destinationPort);
  view.setUint32(24, segment.seq);
  view.setUint32(28, segment.ack);
  view.setUint8(32, 0x50);
  view.setUint8(33, segment.flags);
  view.setUint16(34, Math.min(0xffff, segment.window >> WINDOW_SHIFT));
  frame.set(segment.data, HEADERS);
  return frame;
}

/** The segment in a frame; null when it is none: too short, another protocol, a length that is wrong. */
export function decode(frame: Uint8Array): Segment | null {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length < HEADERS || view.getUint8(0) !== VERSION || view.getUint8(9) !== TCP) return null;
  const length = view.getUint16(2);
  const data = 20 + (view.getUint8(32) >> 4) * 4;
  if (length > frame.length || data > length) return null;
  return {
    source: view.getUint32(12),
    destination: view.getUint32(16),
    sourcePort: view.getUint16(20),
    destinationPort: view.getUint16(22),
    seq: view.getUint32(24),
    ack: view.getUint32(28),
    flags: view.getUint8(33),
    window: view.getUint16(34) << WINDOW_SHIFT,
    data: frame.subarray(data, length),
  };
}

/** An address as people write it: 10.0.0.1. */
export function dotted(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

const FLAG_NAMES: readonly (readonly [number, string])[] = [
  [SYN, 'SYN'],
  [FIN, 'FIN'],
  [RST, 'RST'],
  [PSH, 'PSH'],
  [ACK, 'ACK'],
];

/** A frame in one line: `10.0.1.1:32768 > 10.0.0.1:80 SYN seq 0, window 65536, 0 bytes`. */
export function describeFrame(frame: Uint8Array): string {
  const segment = decode(frame);
  if (segment === null) return `${frame.length} bytes that are no TCP segment`;
  const { source, sourcePort, destination, destinationPort, flags, seq, ack, window, data } = segment;
  const names = FLAG_NAMES.filter(([flag]) => flags & flag).map(([, name]) => name);
  const numbers = `seq ${seq}${flags & ACK ? `, ack ${ack}` : ''}, window ${window}, ${data.length} bytes`;
  const ends = `${dotted(source)}:${sourcePort} > ${dotted(destination)}:${destinationPort}`;
  return `${ends} ${names.join(' ')} ${numbers}`;
}

/** The answer to a segment that belongs to no connection (RFC 9293, 3.10.7.1); null: a reset is not answered. */
export function resetFor(segment: Segment): Segment | null {
  if (segment.flags & RST) return null;
  const { source, destination, sourcePort, destinationPort } = segment;
  const back = {
    source: destination,
    destination: source,
    sourcePort: destinationPort,
    destinationPort: sourcePort,
    window: 0,
    data: new Uint8Array(0),
  };
  if (segment.flags & ACK) return { ...back, seq: segment.ack, ack: 0, flags: RST };
  return { ...back, seq: 0, ack: (segment.seq + lengthOf(segment)) >>> 0, flags: RST | ACK };
}

/** Sequence numbers that a segment takes: its bytes, and one each for SYN and FIN. */
export function lengthOf({ data, flags }: Segment): number {
  return data.length + (flags & SYN ? 1 : 0) + (flags & FIN ? 1 : 0);
}

const DUMP_FLAGS: readonly (readonly [number, string])[] = [
  [SYN, 'S'],
  [FIN, 'F'],
  [RST, 'R'],
  [PSH, 'P'],
  [ACK, '.'],
];

/** The letters of each combination of flags: this is done for every packet, whether somebody reads it or not. */
const DUMPED_FLAGS = Array.from({ length: 64 }, (_, flags) =>
  DUMP_FLAGS.filter(([flag]) => flags & flag)
    .map(([, letter]) => letter)
    .join(''),
);

/**
 * The headers of a packet in one line, as tcpdump shows them, but for the other end first and our port last:
 * `10.0.1.1:40000 port 80 [S.] seq 0 ack 1 win 65536 len 0`; '' when it is none.
 */
export function packetText(headers: Uint8Array): string {
  if (headers.length < HEADERS || headers[0] !== VERSION || headers[9] !== TCP) return '';
  const length = word16(headers, 2);
  if (length < HEADERS || headers[32] !== 0x50) return '';
  const ours = word32(headers, 12) === OUR_ADDRESS;
  const other = dotted(word32(headers, ours ? 16 : 12));
  const otherPort = word16(headers, ours ? 22 : 20);
  const port = word16(headers, ours ? 20 : 22);
  const flags = DUMPED_FLAGS[headers[33] & 63];
  const window = word16(headers, 34) << WINDOW_SHIFT;
  const numbers = `seq ${word32(headers, 24)} ack ${word32(headers, 28)} win ${window} len ${length - HEADERS}`;
  return `${other}:${otherPort} port ${port} [${flags}] ${numbers}`;
}

/** Two bytes in network order. */
function word16(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 8) | bytes[at + 1];
}

/** Four bytes in network order, as a number from 0. */
function word32(bytes: Uint8Array, at: number): number {
  return word16(bytes, at) * 65_536 + word16(bytes, at + 2);
}
