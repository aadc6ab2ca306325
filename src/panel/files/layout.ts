/**
 * Where the boxes of the files figure are: fd tables on the left, open file descriptions in the middle, what they stand
 * for on the right. Each box is as near as it can be to those that point to it, and none covers another.
 */
import type { OpenFileView, TaskView } from '../../debugger/messages.js';

export const LINE = 20;
const TITLE = 24;
const GAP = 14;

/** A process's table. Processes that share it (threads do) have one box. */
export interface TableBox {
  id: string;
  title: string;
  rows: { fd: number; file: number; closeOnExec: boolean }[];
  y: number;
  height: number;
}

export interface FileBox {
  id: string;
  file: OpenFileView;
  /** What it stands for. */
  target: string;
  y: number;
  height: number;
}

export interface TargetBox {
  id: string;
  /** One of the open files that lead here. */
  file: OpenFileView;
  lines: string[];
  y: number;
  height: number;
}

export interface FilesLayout {
  tables: TableBox[];
  files: FileBox[];
  targets: TargetBox[];
  /** Sockets that are connected with each other. */
  peers: [TargetBox, TargetBox][];
  height: number;
}

export function layFiles(tasks: readonly TaskView[], openFiles: readonly OpenFileView[]): FilesLayout {
  const tables: TableBox[] = [];
  let y = 0;
  for (const { pid, tgid, name, fds, state } of tasks) {
    if (pid !== tgid || fds.length === 0 || state === 'zombie') continue;
    const height = TITLE + LINE * fds.length + 4;
    tables.push({ id: `table${pid}`, title: `${pid} ${name}`, rows: fds, y, height });
    y += height + GAP;
  }
  const pointers = new Map<number, number[]>();
  for (const table of tables)
    table.rows.forEach(({ file }, row) => {
      pointers.set(file, [...(pointers.get(file) ?? []), rowY(table, row)]);
    });
  const files = openFiles.map((file): FileBox => {
    const target = targetOf(file);
    return { id: `file${file.id}`, file, target, y: middle(pointers.get(file.id)), height: TITLE + LINE + 4 };
  });
  stack(files);
  const byTarget = new Map<string, FileBox[]>();
  for (const box of files) byTarget.set(box.target, [...(byTarget.get(box.target) ?? []), box]);
  const targets = [...byTarget].map(([id, boxes]): TargetBox => {
    const { file } = boxes[0];
    const lines = linesOf(file);
    return { id, file, lines, y: middle(boxes.map(centre)), height: TITLE + LINE * lines.length + 4 };
  });
  stack(targets);
  const peers = targets.flatMap((box): [TargetBox, TargetBox][] => {
    const { detail } = box.file;
    if (detail?.kind !== 'socket' || detail.peer === null || detail.peer < detail.id) return [];
    const other = targets.find(({ id }) => id === `socket${detail.peer}`);
    return other ? [[box, other]] : [];
  });
  const bottoms = [...tables, ...files, ...targets].map((box) => box.y + box.height);
  return { tables, files, targets, peers, height: Math.max(0, ...bottoms) };
}

export function rowY(table: { y: number }, row: number): number {
  return table.y + TITLE + LINE * (row + 0.5);
}

export function centre({ y, height }: { y: number; height: number }): number {
  return y + height / 2;
}

/** Two descriptions of one inode lead to one box; each socket, epoll and ring is its own. */
function targetOf({ id, detail, inode }: OpenFileView): string {
  if (detail?.kind === 'socket') return `socket${detail.id}`;
  if (detail && detail.kind !== 'pipe') return `object${id}`;
  return `inode${inode.number}`;
}

function linesOf({ kind, inode, detail }: OpenFileView): string[] {
  const bytes = (count: number): string => `${count.toLocaleString('en')} byte${count === 1 ? '' : 's'}`;
  switch (detail?.kind) {
    case 'pipe':
      return [`${bytes(inode.buffered ?? 0)} in it`, `${detail.readers} to read, ${detail.writers} to write`];
    case 'socket':
      if (detail.pending !== null && detail.pending > 0) return [`${detail.pending} to be accepted`];
      return [`${bytes(inode.buffered ?? 0)} to receive`, `${bytes(detail.sent)} on the way`];
    case 'epoll':
      return detail.interest.map(({ fd, events }) => `fd ${fd}: ${shortEvents(events)}`);
    case 'ring':
      return ['', '', `${detail.inFlight} in flight${detail.overflow > 0 ? `, ${detail.overflow} overflowed` : ''}`];
    default:
      return [kind === 'file' ? bytes(inode.size) : kind];
  }
}

/** `IN|ET`: errors and hang-ups are always watched for. */
function shortEvents(events: string): string {
  const names = events.split('|').map((name) => name.replace('EPOLL', ''));
  return names.filter((name) => name !== 'ERR' && name !== 'HUP').join('|');
}

/** What a box on the right is called. */
export function targetName({ name, inode, detail }: OpenFileView): string {
  if (detail?.kind === 'epoll') return `epoll, inode ${inode.number}`;
  return detail?.kind === 'ring' ? `io_uring, inode ${inode.number}` : name;
}

function middle(of: readonly number[] | undefined): number {
  if (!of || of.length === 0) return Infinity;
  return of.reduce((sum, y) => sum + y, 0) / of.length;
}

/** `y` is where a box's middle would best be; what nothing points to comes last. */
function stack(boxes: { y: number; height: number }[]): void {
  boxes.sort((a, b) => a.y - b.y);
  let free = 0;
  for (const box of boxes) {
    const wanted = Number.isFinite(box.y) ? box.y - box.height / 2 : free;
    box.y = Math.max(free, wanted);
    free = box.y + box.height + GAP;
  }
}
