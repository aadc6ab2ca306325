/** What has been counted since boot, and by how much each count grew in this step. */
import type { Snapshot } from '../debugger/messages.js';
import { number, words } from './text.js';
import { h, type VNode } from './vdom.js';

export function statistics(snapshot: Snapshot, previous: Snapshot | null): VNode[] {
  const rows = Object.entries(snapshot.stats).map(([name, value]) => {
    const grown = previous ? value - (previous.stats[name] ?? 0) : 0;
    return h(
      'tr',
      { key: name },
      h('th', { scope: 'row' }, words(name)),
      h('td', { class: grown ? 'figure changed' : 'figure' }, number(value)),
      h('td', { class: 'figure grown' }, grown === 0 ? '' : (grown > 0 ? '+' : '−') + number(Math.abs(grown))),
    );
  });
  return [h('table', { class: 'statistics', 'aria-label': 'Statistics' }, h('tbody', {}, rows))];
}
