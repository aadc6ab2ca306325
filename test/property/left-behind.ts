/**
 * What the kernel still holds after all processes have ended, beside what lasts: a name on the disk, a page in the
 * cache. Its own tables are looked at, as a debugger would.
 */
import type { KernelGlobal } from '../../src/computer/kernel-layout.js';
import {
  field,
  flag,
  globalRecord,
  globalRecords,
  integer,
  kernelGlobal,
  kernelRecord,
  record,
  records,
  text,
  type KernelRecord,
} from '../../src/computer/kernel-records.js';
import type { Board } from '../../src/machine/board.js';
import { ListValue, MapValue, type Value } from '../../src/machine/values.js';

const FRAME = 4096;
const INIT = 1;
/** Of the kernel's SocketState. */
const TCP_TIME_WAIT = 5;

/** Page frames in use that are neither in the page cache nor the network card's. */
export function framesHeld(machine: Board): number {
  const users = list(machine, 'frame_users');
  const used = users.filter((count) => Number(count) > 0).length;
  const { posted, filled, sending, sent } = machine.network.card.buffers;
  const card = posted.length + filled.length + sending.length + sent.length;
  return used - cachedPages(machine).length - card;
}

/** Descriptions of what nobody holds any more, and is still there. */
export function leftBehind(machine: Board): string[] {
  const tasks = globalRecords(machine, 'tasks').filter(
    (task) => integer(task, 'tid') !== INIT && !flag(task, 'kthread'),
  );
  const idle = list(machine, 'idle_workers').length;
  const requests = [...map(machine, 'aio_queues').keys()];
  const ports = (['tcp_ports', 'udp_ports'] as const).flatMap((name) =>
    [...map(machine, name)]
      .filter(([, users]) => [...entriesOf(users).values()].some(isInUse))
      .map(([port]) => `${name} ${port}`),
  );
  // The disk may still be at work: nobody waits for what was read ahead.
  const pinned = cachedPages(machine).filter((page) => integer(page, 'pins') > (isOnItsWay(page) ? 1 : 0));
  return [
    ...tasks.map((task) => `task ${integer(task, 'tid')}`),
    ...(idle === kernelGlobal(machine, 'workers') ? [] : ['a kernel worker at work']),
    ...requests.map((file) => `asynchronous requests on open file ${String(file)}`),
    ...globalRecords(machine, 'file_table').map((file) => `open file ${text(file, 'path')}`),
    ...ports,
    ...lostInodes(machine).map((inode) => `inode ${integer(inode, 'ino')} of mode ${integer(inode, 'mode')}`),
    ...lostSectors(machine),
    ...pinned.map((page) => `page ${integer(page, 'index')} of the cache, in use`),
    ...cachedPages(machine)
      .filter((page) => usersOf(machine, integer(page, 'frame')) !== 1)
      .map((page) => `page ${integer(page, 'index')} of the cache, still mapped`),
  ];
}

/** Not so what is meant to stay of a connection: TIME_WAIT, and what waits for a peer that never closes. */
function isInUse(user: Value): boolean {
  const socket = kernelRecord<'Socket'>(user);
  if (!socket || integer(socket, 'state') === TCP_TIME_WAIT) return false;
  return !(flag(socket, 'dead') && flag(socket, 'closed_first') && field(socket, 'wire') !== null);
}

/** Who holds a page frame, but for the card, which still sends from it. */
function usersOf(machine: Board, frame: number): number {
  const sent = [...map(machine, 'tx_pages').values()].filter(
    (data) => Math.floor(Number(data) / FRAME) === frame / FRAME,
  );
  return Number(list(machine, 'frame_users')[frame / FRAME]) - sent.length;
}

function isOnItsWay(page: KernelRecord<'Page'>): boolean {
  return flag(page, 'locked') || flag(page, 'writing');
}

/** Inodes that no name leads to, but for those that the kernel keeps for itself. */
function lostInodes(machine: Board): KernelRecord<'Inode'>[] {
  const named = new Set<KernelRecord<'Inode'>>();
  const visit = (inode: KernelRecord<'Inode'> | null): void => {
    if (!inode || named.has(inode)) return;
    named.add(inode);
    for (const below of entriesOf(field(inode, 'entries')).values()) visit(kernelRecord(below));
  };
  visit(globalRecord(machine, 'root'));
  visit(globalRecord(machine, 'event_inode'));
  visit(record(globalRecord(machine, 'terminal'), 'inode'));
  return globalRecords(machine, 'inodes').filter((inode) => !named.has(inode));
}

/** The disk's sectors are a file's or free: their numbers must agree. */
function lostSectors(machine: Board): string[] {
  const disk = globalRecord(machine, 'disk_queue');
  const owned = globalRecords(machine, 'inodes').map((inode) => entriesOf(field(inode, 'sectors')).size);
  const free = field(disk, 'free_sectors');
  const used = integer(disk, 'fresh_sector') - (free instanceof ListValue ? free.length : 0);
  const lost = used - owned.reduce((sum, n) => sum + n, 0);
  return lost === 0 ? [] : [`${lost} sectors of the disk`];
}

function cachedPages(machine: Board): KernelRecord<'Page'>[] {
  return records(globalRecord(machine, 'page_cache'), 'lru');
}

function map(machine: Board, name: KernelGlobal): ReadonlyMap<unknown, Value> {
  return entriesOf(kernelGlobal(machine, name));
}

function list(machine: Board, name: KernelGlobal): Value[] {
  const value = kernelGlobal(machine, name);
  return value instanceof ListValue ? value.toArray() : [];
}

function entriesOf(value: Value): ReadonlyMap<unknown, Value> {
  return value instanceof MapValue ? value.entries : new Map<unknown, Value>();
}
