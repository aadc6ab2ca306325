/** Open file descriptions, each once: who refers to it, its offset, and the inode, pipe or socket behind it. */
import type { OpenFileView, Snapshot } from '../debugger/messages.js';
import { number } from './text.js';
import { h, type VNode } from './vdom.js';

export function openFiles(snapshot: Snapshot, previous: Snapshot | null): VNode[] {
  if (snapshot.openFiles.length === 0) return [h('p', { class: 'none' }, 'No file is open.')];
  const before = new Map(previous?.openFiles.map((file) => [file.id, file]));
  const holders = holdersOf(snapshot);
  const rows = snapshot.openFiles.map((file) => {
    const isNew = previous !== null && !before.has(file.id);
    return row(file, before.get(file.id), holders.get(file.id) ?? [], isNew);
  });
  const columns = ['held by', 'file', 'offset', 'flags', 'inode', 'size', 'buffered'];
  const figures = ['offset', 'inode', 'size', 'buffered'];
  const head = h(
    'tr',
    {},
    columns.map((title) => h('th', { scope: 'col', class: figures.includes(title) ? 'figure' : null }, title)),
  );
  return [
    h(
      'div',
      { class: 'scroll' },
      h('table', { 'aria-label': 'Open files' }, h('thead', {}, head), h('tbody', {}, rows)),
    ),
  ];
}

function row(file: OpenFileView, before: OpenFileView | undefined, holders: string[], isNew: boolean): VNode {
  const figure = (now: number | null, was: number | null | undefined) =>
    h('td', { class: before && was !== now ? 'figure changed' : 'figure' }, now === null ? '' : number(now));
  return h(
    'tr',
    { key: String(file.id), class: isNew ? 'new' : null },
    h('td', {}, holders.join(' · ')),
    h('th', { scope: 'row' }, file.name, ' ', file.kind === file.name ? null : h('small', {}, file.kind)),
    figure(file.offset, before?.offset),
    h('td', {}, file.flags),
    h('td', { class: 'figure' }, file.inode.number),
    figure(file.inode.size, before?.inode.size),
    figure(file.inode.buffered, before?.inode.buffered),
  );
}

/** For each open file, who holds it: `2: fd 0, 1`. A process's threads count once. */
function holdersOf(snapshot: Snapshot): Map<number, string[]> {
  const holders = new Map<number, string[]>();
  for (const task of snapshot.tasks) {
    if (task.tgid !== task.pid) continue;
    const fdsOf = new Map<number, number[]>();
    for (const { fd, file } of task.fds) fdsOf.set(file, [...(fdsOf.get(file) ?? []), fd]);
    for (const [file, fds] of fdsOf) {
      holders.set(file, [...(holders.get(file) ?? []), `${task.pid}: fd ${fds.join(', ')}`]);
    }
  }
  return holders;
}
