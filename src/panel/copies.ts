/**
 * The copies of each call, by kind: how often, and how many bytes. It shows which copies a call like sendfile() saves.
 */
import type { CopiesView, Snapshot } from '../debugger/messages.js';
import { number, plural } from './text.js';
import { h, type VNode } from './vdom.js';

const KINDS = ['dma', 'toUser', 'fromUser', 'kernel'] as const;
const TITLES = ['DMA', 'to user', 'from user', 'in the kernel'];

export function copies(snapshot: Snapshot, previous: Snapshot | null): VNode[] {
  if (snapshot.copies.length === 0) return [h('p', { class: 'none' }, 'Nothing has been copied.')];
  const before = new Map(previous?.copies.map((row) => [row.call, row]));
  const titles = TITLES.map((title) => h('th', { scope: 'col', class: 'figure' }, title));
  const rows = snapshot.copies.map((row) => rowOf(row, previous ? before.get(row.call) : row));
  const head = h('tr', {}, h('th', { scope: 'col' }, 'call'), titles);
  const table = h('table', { 'aria-label': 'Copies' }, h('thead', {}, head), h('tbody', {}, rows));
  return [h('div', { class: 'scroll' }, table)];
}

function rowOf(row: CopiesView, before: CopiesView | undefined): VNode {
  const cells = KINDS.map((kind) => {
    const [count, bytes] = [row.copies[kind], row.bytes[kind]];
    const grown = count !== (before?.copies[kind] ?? 0);
    const size = count > 0 && h('small', {}, ` ${plural(bytes, 'byte')}`);
    return h('td', { class: grown ? 'figure changed' : 'figure' }, count > 0 ? number(count) : '', size);
  });
  return h('tr', { key: row.call }, h('th', { scope: 'row' }, row.call), cells);
}
