/** The scheduler's run queues, and the queues of those who wait. */
import type { Snapshot } from '../debugger/messages.js';
import { h, type VNode } from './vdom.js';

export function queues(snapshot: Snapshot): VNode[] {
  const names = new Map(snapshot.tasks.map((task) => [task.pid, task.name]));
  const run = snapshot.runQueues.map(({ cpu, tasks }) => queue(`run${cpu}`, `run queue of cpu${cpu}`, tasks, names));
  const wait = snapshot.waitQueues.map(({ name, tasks }, i) => queue(`wait${i}`, name, tasks, names));
  return [h('dl', { class: 'queue-list' }, run, wait)];
}

function queue(key: string, title: string, tasks: number[], names: Map<number, string>): VNode {
  const members = tasks.map((pid) => h('li', { key: String(pid) }, h('b', {}, pid), ` ${names.get(pid) ?? ''}`));
  return h(
    'div',
    { key, class: 'queue' },
    h('dt', {}, title),
    h('dd', {}, members.length > 0 ? h('ol', {}, members) : h('span', { class: 'none' }, 'empty')),
  );
}
