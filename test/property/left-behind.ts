/**
 * What the kernel still holds after all processes have ended, beside what lasts: a name on the disk, a page in the cache.
 * Its own tables are looked at, as a debugger would.
 */
import type { Board } from '../../src/machine/board.js';
import { ListValue, MapValue, RecordValue, type Value } from '../../src/machine/values.js';

const FRAME = 4096;
const INIT = 1;

/** Page frames in use that are neither in the page cache nor the network card's. */
export function framesHeld(machine: Board): number {
  const users = list(machine.kernelGlobal('frame_users'));
  const used = users.filter((count) => Number(count) > 0).length;
  const { posted, filled, sending, sent } = machine.network.card.buffers;
  const card = posted.length + filled.length + sending.length + sent.length;
  return used - cachedPages(machine).length - card;
}

/** Descriptions of what nobody holds any more, and is still there. */
export function leftBehind(machine: Board): string[] {
  const tasks = [...map(machine.kernelGlobal('tasks'))]
    .filter(([pid, task]) => pid !== INIT && text(task, 'kthread') !== 'true')
    .map(([pid]) => pid);
  const idle = list(machine.kernelGlobal('idle_workers')).length;
  const requests = [...map(machine.kernelGlobal('aio_queues')).keys()];
  const files = [...map(machine.kernelGlobal('file_table')).values()].map((file) => text(file, 'path'));
  const ports = ['tcp_ports', 'udp_ports'].flatMap((name) =>
    [...map(machine.kernelGlobal(name))].filter(([, users]) => map(users).size > 0).map(([port]) => `${name} ${port}`),
  );
  // The disk may still be at work: nobody waits for what was read ahead.
  const pinned = cachedPages(machine).filter((page) => Number(page.fieldNamed('pins')) > (isOnItsWay(page) ? 1 : 0));
  return [
    ...tasks.map((pid) => `process ${pid}`),
    ...(idle === machine.kernelGlobal('workers') ? [] : ['a kernel worker at work']),
    ...requests.map((file) => `asynchronous requests on open file ${file}`),
    ...files.map((path) => `open file ${path}`),
    ...ports,
    ...lostInodes(machine).map((inode) => `inode ${text(inode, 'ino')} of mode ${text(inode, 'mode')}`),
    ...lostSectors(machine),
    ...pinned.map((page) => `page ${text(page, 'index')} of the cache, in use`),
    ...cachedPages(machine)
      .filter((page) => usersOf(machine, Number(page.fieldNamed('frame'))) !== 1)
      .map((page) => `page ${text(page, 'index')} of the cache, still mapped`),
  ];
}

/** Who holds a page frame, but for the card, which still sends from it. */
function usersOf(machine: Board, frame: number): number {
  const sent = [...map(machine.kernelGlobal('tx_pages')).values()].filter(
    (data) => Math.floor(Number(data) / FRAME) === frame / FRAME,
  );
  return Number(list(machine.kernelGlobal('frame_users'))[frame / FRAME]) - sent.length;
}

function isOnItsWay(page: RecordValue): boolean {
  return page.fieldNamed('locked') === true || page.fieldNamed('writing') === true;
}

/** Inodes that no name leads to, but for those that the kernel keeps for itself. */
function lostInodes(machine: Board): RecordValue[] {
  const named = new Set<Value>();
  const visit = (inode: Value): void => {
    if (!(inode instanceof RecordValue) || named.has(inode)) return;
    named.add(inode);
    const entries = inode.fieldNamed('entries');
    if (entries instanceof MapValue) for (const below of entries.entries.values()) visit(below);
  };
  visit(machine.kernelGlobal('root'));
  visit(machine.kernelGlobal('event_inode'));
  visit((machine.kernelGlobal('terminal') as RecordValue).fieldNamed('inode') ?? null);
  return [...map(machine.kernelGlobal('inodes')).values()].filter(
    (inode): inode is RecordValue => inode instanceof RecordValue && !named.has(inode),
  );
}

/** The disk's sectors are a file's or free: their numbers must agree. */
function lostSectors(machine: Board): string[] {
  const disk = machine.kernelGlobal('disk_queue') as RecordValue;
  const files = [...map(machine.kernelGlobal('inodes')).values()];
  const owned = files.map((inode) =>
    inode instanceof RecordValue ? map(inode.fieldNamed('sectors') ?? null).size : 0,
  );
  const used = Number(disk.fieldNamed('fresh_sector')) - list(disk.fieldNamed('free_sectors') ?? null).length;
  const lost = used - owned.reduce((sum, n) => sum + n, 0);
  return lost === 0 ? [] : [`${lost} sectors of the disk`];
}

function cachedPages(machine: Board): RecordValue[] {
  const cache = machine.kernelGlobal('page_cache') as RecordValue;
  const pages: RecordValue[] = [];
  let page = (cache.fieldNamed('lru') as RecordValue).fieldNamed('first');
  while (page instanceof RecordValue) {
    pages.push(page);
    page = page.fieldNamed('next') ?? null;
  }
  return pages;
}

function map(value: Value): Map<unknown, Value> {
  return value instanceof MapValue ? value.entries : new Map<unknown, Value>();
}

function list(value: Value): Value[] {
  return value instanceof ListValue ? value.toArray() : [];
}

function text(record: Value, field: string): string {
  return record instanceof RecordValue ? String(record.fieldNamed(field)) : '';
}
