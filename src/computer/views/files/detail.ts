/**
 * What stands behind an open file description, beyond what all have: the ends of a pipe, a socket's peer, what an
 * epoll watches, the two rings of an io_uring. Plain data, read off a stopped machine.
 */
import type { Board } from '../../../machine/board.js';
import { epollEvents } from '../../inspect-format.js';
import {
  constant,
  countOf,
  field,
  integer,
  kernelRecord,
  members,
  record,
  type KernelRecord,
} from '../../kernel-records.js';

export type FileDetail = PipeDetail | SocketDetail | EpollDetail | RingDetail;

export interface PipeDetail {
  kind: 'pipe';
  /** Open file descriptions that can read, and that can write. */
  readers: number;
  writers: number;
}

export interface SocketDetail {
  kind: 'socket';
  /** Of all sockets of the system; and that of the other side, when it is on this computer. */
  id: number;
  peer: number | null;
  /** Bytes that have been sent and that nobody has read yet. */
  sent: number;
  /** Of a listening socket: connections that wait to be accepted. */
  pending: number | null;
}

export interface EpollDetail {
  kind: 'epoll';
  /** What it watches: a descriptor, its open file description, and for which events. */
  interest: { fd: number; file: number; events: string }[];
  /** Of these, those that may have news, the oldest first: descriptors. */
  ready: number[];
}

export interface RingDetail {
  kind: 'ring';
  /** Places. */
  sqEntries: number;
  cqEntries: number;
  /** What the program submits: from head to tail there are entries that the kernel has not taken. */
  sqHead: number;
  sqTail: number;
  /** What has been completed: from head to tail there are entries that the program has not taken. */
  cqHead: number;
  cqTail: number;
  /** Requests that have been taken and are not complete. */
  inFlight: number;
  /** Completions for which there was no room. */
  overflow: number;
}

/** Null for what has nothing more to it: a file, a directory, the terminal. */
export function fileDetail(machine: Board, file: KernelRecord<'File'>): FileDetail | null {
  const inner = kernelRecord(field(file, 'private'));
  switch (inner?.shape.name) {
    case 'Socket':
      return socketDetail(inner as KernelRecord<'Socket'>);
    case 'EventPoll':
      return epollDetail(machine, inner as KernelRecord<'EventPoll'>);
    case 'Ring':
      return ringDetail(machine, inner as KernelRecord<'Ring'>);
  }
  const pipe = record(record(file, 'inode'), 'pipe');
  return pipe && { kind: 'pipe', readers: integer(pipe, 'readers'), writers: integer(pipe, 'writers') };
}

function socketDetail(socket: KernelRecord<'Socket'>): SocketDetail {
  const peer = kernelRecord<'Socket'>(field(socket, 'peer'));
  const pending = field(socket, 'pending');
  return {
    kind: 'socket',
    id: integer(socket, 'id'),
    peer: peer && integer(peer, 'id'),
    sent: integer(socket, 'charged'),
    pending: pending === null ? null : countOf(pending),
  };
}

function epollDetail(machine: Board, epoll: KernelRecord<'EventPoll'>): EpollDetail {
  const items = members(field(epoll, 'items')).map((item) => kernelRecord<'EpItem'>(item));
  const interest = items.flatMap((item) => {
    if (!item) return [];
    const file = integer(kernelRecord<'File'>(field(item, 'file')), 'id');
    const events = epollEvents(machine, Number(field(item, 'events')));
    return [{ fd: Number(field(item, 'fd')), file, events }];
  });
  const ready = members(field(epoll, 'ready')).map((item) => Number(field(kernelRecord<'EpItem'>(item), 'fd')));
  return { kind: 'epoll', interest: interest.sort((a, b) => a.fd - b.fd), ready };
}

function ringDetail(machine: Board, ring: KernelRecord<'Ring'>): RingDetail {
  const [frame] = members(field(ring, 'frames'));
  const word = (at: 'SQ_HEAD' | 'SQ_TAIL' | 'CQ_HEAD' | 'CQ_TAIL'): number =>
    typeof frame === 'number' ? machine.memory.load(frame + constant(machine, at), 4) >>> 0 : 0;
  const entries = Number(field(ring, 'entries'));
  return {
    kind: 'ring',
    sqEntries: entries,
    cqEntries: 2 * entries,
    sqHead: word('SQ_HEAD'),
    sqTail: word('SQ_TAIL'),
    cqHead: word('CQ_HEAD'),
    cqTail: word('CQ_TAIL'),
    inFlight: countOf(field(ring, 'requests')),
    overflow: countOf(field(ring, 'overflow')),
  };
}
