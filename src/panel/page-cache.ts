/** The page cache: how often it helped, and what it holds. */
import type { Snapshot } from '../debugger/messages.js';
import { number, plural } from './text.js';
import { h, type VNode } from './vdom.js';

export function pageCache(snapshot: Snapshot, previous: Snapshot | null): VNode[] {
  const { pages, dirty, hits, misses, list } = snapshot.pageCache;
  const known = new Set(previous?.pageCache.list.map(({ inode, index, state }) => `${inode}.${index}.${state}`));
  const summary = `${plural(pages, 'page')}, ${number(dirty)} dirty · ${plural(hits, 'hit')}, ${number(misses)} missed`;
  if (list.length === 0) return [h('p', {}, summary)];
  const rows = list.map((page) =>
    h(
      'tr',
      {
        key: `${page.inode}.${page.index}`,
        class: previous && !known.has(`${page.inode}.${page.index}.${page.state}`) ? 'new' : null,
      },
      h('th', { scope: 'row' }, page.name, h('small', {}, ` page ${page.index}`)),
      h('td', {}, page.state),
      h('td', { class: 'bytes' }, page.text),
    ),
  );
  const head = h(
    'tr',
    {},
    ['file', 'state', 'begins with'].map((title) => h('th', { scope: 'col' }, title)),
  );
  const table = h('table', { 'aria-label': 'Pages in the page cache' }, h('thead', {}, head), h('tbody', {}, rows));
  return [h('p', {}, summary), h('div', { class: 'scroll' }, table)];
}
