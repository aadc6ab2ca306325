/** The Machine view: the whole page as a function of the latest messages. */
import type { Snapshot, SnapshotPart, TaskView } from '../debugger/messages.js';
import { clock } from './clock.js';
import { copies } from './copies.js';
import { filled, type Actions, type Model } from './model.js';
import { openFiles } from './open-files.js';
import { pageCache } from './page-cache.js';
import { queues } from './queues.js';
import { statistics } from './statistics.js';
import { tasks } from './tasks.js';
import { h, type VNode } from './vdom.js';

/** The sections, in order: what each needs of a snapshot, and whether it is open at first. */
export const SECTIONS: Readonly<Record<string, { title: string; parts: SnapshotPart[]; open: boolean }>> = {
  tasks: { title: 'Tasks', parts: ['tasks', 'openFiles'], open: true },
  queues: { title: 'Queues', parts: ['runQueues', 'waitQueues', 'tasks'], open: true },
  files: { title: 'Open files', parts: ['openFiles', 'tasks'], open: true },
  cache: { title: 'Page cache', parts: ['pageCache'], open: false },
  copies: { title: 'Copies', parts: ['copies'], open: false },
  statistics: { title: 'Statistics', parts: ['stats'], open: false },
};

export function machine(model: Model, actions: Actions): VNode[] {
  if (!model.snapshot) return [welcome(model)];
  const snapshot = filled(model.snapshot);
  /** The snapshot before, if it had this part: else nothing can be told to have changed. */
  const previous = (part: SnapshotPart): Snapshot | null =>
    model.previous?.[part] === undefined ? null : filled(model.previous);
  const before = new Map<number, TaskView>(previous('tasks')?.tasks.map((task) => [task.pid, task]));
  return [
    clock(model),
    section('tasks', tasks(snapshot, before, actions)),
    section('queues', queues(snapshot)),
    section('files', openFiles(snapshot, previous('openFiles'))),
    section('cache', pageCache(snapshot, previous('pageCache'))),
    section('copies', copies(snapshot, previous('copies'))),
    section('statistics', statistics(snapshot, previous('stats'))),
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

function section(key: keyof typeof SECTIONS, content: VNode[]): VNode {
  const { title, open } = SECTIONS[key]; // one of those above
  return h('details', { key, class: `section ${key}`, open }, h('summary', {}, h('h2', {}, title)), content);
}
