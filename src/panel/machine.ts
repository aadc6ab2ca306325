/** The Machine view: the whole page as a function of the latest messages. */
import type { TaskView } from '../debugger/messages.js';
import { clock } from './clock.js';
import { copies } from './copies.js';
import type { Actions, Model } from './model.js';
import { openFiles } from './open-files.js';
import { pageCache } from './page-cache.js';
import { queues } from './queues.js';
import { statistics } from './statistics.js';
import { tasks } from './tasks.js';
import { h, type VNode } from './vdom.js';

export function machine(model: Model, actions: Actions): VNode[] {
  const { snapshot, previous } = model;
  if (!snapshot) return [welcome(model)];
  const before = new Map<number, TaskView>(previous?.tasks.map((task) => [task.pid, task]));
  return [
    clock(model),
    section('tasks', 'Tasks', tasks(snapshot, before, actions), true),
    section('queues', 'Queues', queues(snapshot), true),
    section('files', 'Open files', openFiles(snapshot, previous), true),
    section('cache', 'Page cache', pageCache(snapshot, previous), false),
    section('copies', 'Copies', copies(snapshot, previous), false),
    section('statistics', 'Statistics', statistics(snapshot, previous), false),
  ];
}

function welcome({ state, ended }: Model): VNode {
  if (state?.running && !ended)
    return h('p', { class: 'welcome', key: 'welcome' }, 'The machine runs. It is drawn here when it stops.');
  return h(
    'div',
    { class: 'welcome', key: 'welcome' },
    h('p', {}, 'No machine is on.'),
    h('p', {}, 'Open an .osim file and press F5. At each stop this view shows its tasks, queues and files.'),
  );
}

function section(key: string, title: string, content: VNode[], open: boolean): VNode {
  return h('details', { key, class: `section ${key}`, open }, h('summary', {}, h('h2', {}, title)), content);
}
