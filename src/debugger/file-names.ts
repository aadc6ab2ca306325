/** What an open file is called, for people: the Machine view, the Variables pane and the console say the same. */
import { dotted } from '../machine/network/frame.js';
import type { KernelEnums } from '../computer/kernel-layout.js';
import { field, integer, kernelRecord, record, text, type KernelRecord } from '../computer/kernel-records.js';
import type { OpenFileView } from './messages.js';

/** Linux's numbers. */
const AF_UNIX = 1;
const SOCK_STREAM = 1;
/** By the kernel's number of a socket's state. */
const STATES: KernelEnums['SocketState'] = [
  'TCP_CLOSE',
  'TCP_LISTEN',
  'TCP_SYN_SENT',
  'TCP_ESTABLISHED',
  'TCP_SYN_RECV',
  'TCP_TIME_WAIT',
];

const KINDS: Record<string, OpenFileView['kind']> = {
  file: 'file',
  directory: 'directory',
  pipe: 'pipe',
  socket: 'socket',
  terminal: 'terminal',
};

export function kindOfFile(file: KernelRecord<'File'>): OpenFileView['kind'] {
  const kind = text(record(file, 'ops'), 'kind');
  return Object.hasOwn(KINDS, kind) ? KINDS[kind] : kind ? 'device' : 'other';
}

/**
 * The path by which a file was opened; what has none is named by its kind and inode: `pipe:19`; sockets by addresses.
 */
export function nameOfFile(file: KernelRecord<'File'>): string {
  const path = text(file, 'path');
  const socket = socketOf(file);
  if (socket) return nameOfSocket(socket);
  return path.startsWith('/') ? path : `${path || kindOfFile(file)}:${integer(record(file, 'inode'), 'ino')}`;
}

/** What a socket's description keeps. */
function socketOf(file: KernelRecord<'File'>): KernelRecord<'Socket'> | null {
  return kindOfFile(file) === 'socket' ? kernelRecord(field(file, 'private')) : null;
}

/** `TCP 0.0.0.0:80 LISTEN`, `TCP 10.0.0.1:80 ⇄ 10.0.1.3:32768`, `UNIX /tmp/s`: as `ss` tells them. */
function nameOfSocket(socket: KernelRecord<'Socket'>): string {
  const unix = integer(socket, 'domain') === AF_UNIX;
  const stream = integer(socket, 'type') === SOCK_STREAM;
  const protocol = unix ? (stream ? 'UNIX stream' : 'UNIX datagram') : stream ? 'TCP' : 'UDP';
  const [own, peer] = [addressIn(socket, 'name', unix), addressIn(socket, 'peer_name', unix)];
  const state = STATES[integer(socket, 'state')] ?? '';
  const told = stream && state !== 'TCP_ESTABLISHED' ? state.slice(4).replace('_', '-') : '';
  return [protocol, own, peer && `⇄ ${peer}`, told].filter((word) => word !== '').join(' ');
}

function addressIn(socket: KernelRecord<'Socket'>, which: 'name' | 'peer_name', unix: boolean): string {
  const name = record(socket, which);
  if (!name) return '';
  if (unix) return text(name, 'path').replace(/^\0/, '@');
  return internetAddress(name);
}

/** `10.0.0.1:80`. */
export function internetAddress(name: KernelRecord<'SockAddr'> | null): string {
  return `${dotted(integer(name, 'addr'))}:${integer(name, 'port')}`;
}

/** Bytes that wait in a pipe, or in a socket's receive queue; null for what is none. */
export function bufferedIn(file: KernelRecord<'File'>): number | null {
  if (kindOfFile(file) === 'socket') return integer(socketOf(file), 'queued');
  const pipe = record(record(file, 'inode'), 'pipe');
  return pipe ? integer(pipe, 'used') : null;
}
