/** Tasks as cards, in a column by state: who could run, who runs, who waits and for what. */
import type { Snapshot, TaskState, TaskView } from '../debugger/messages.js';
import type { Actions } from './model.js';
import { number, plural } from './text.js';
import { h, type VNode } from './vdom.js';

const COLUMNS: { title: string; states: TaskState[]; none: string }[] = [
  { title: 'Ready', states: ['ready'], none: 'Nobody waits for the CPU.' },
  { title: 'Running', states: ['running'], none: 'Every CPU is idle.' },
  { title: 'Blocked', states: ['blocked', 'stopped'], none: 'Nobody waits.' },
  { title: 'Zombie', states: ['zombie'], none: '' },
];

export function tasks(snapshot: Snapshot, before: Map<number, TaskView>, actions: Actions): VNode[] {
  const columns = COLUMNS.map(({ title, states, none }) => {
    const members = snapshot.tasks.filter((task) => states.includes(task.state));
    if (members.length === 0 && none === '') return null;
    const id = `column-${title.toLowerCase()}`;
    return h(
      'section',
      { key: title, class: `column ${title.toLowerCase()}`, 'aria-labelledby': id },
      h('h3', { id }, `${title} `, h('span', { class: 'count' }, number(members.length))),
      members.length === 0 ? h('p', { key: 'none', class: 'none' }, none) : null,
      h(
        'ul',
        { key: 'list' },
        members.map((task) => card(task, before.get(task.pid), snapshot, actions)),
      ),
    );
  });
  const more =
    snapshot.moreTasks > 0
      ? h('p', { key: 'more', class: 'none' }, `and ${plural(snapshot.moreTasks, 'more task')}`)
      : null;
  return [h('div', { class: 'columns' }, columns), ...(more ? [more] : [])];
}

function card(task: TaskView, before: TaskView | undefined, snapshot: Snapshot, actions: Actions): VNode {
  const moved = before !== undefined && before.state !== task.state;
  const { location } = task;
  const label = `${task.pid} ${task.name}`;
  return h(
    'li',
    { key: `#task${task.pid}`, class: `task ${task.state}${moved ? ' moved' : ''}` },
    h(
      'button',
      {
        class: 'name',
        title: location ? `Open line ${location.line}` : null,
        disabled: location === null,
        onclick: () => location && actions.reveal(location.path, location.line),
      },
      h('b', {}, task.pid),
      ` ${task.name}`,
    ),
    moved ? h('span', { class: 'was' }, `was ${before.state}`) : null,
    h('p', { class: 'why' }, whyText(task)),
    h('p', { class: 'facts' }, facts(task)),
    task.fds.length > 0 ? fdTable(task, snapshot, label) : null,
  );
}

function whyText(task: TaskView): string {
  switch (task.state) {
    case 'blocked':
      return `waits: ${task.waitChannel ?? 'for an event'}`;
    case 'running':
      return `on cpu${task.cpu ?? '?'}`;
    case 'zombie':
      return `ended; parent ${task.ppid} has not waited`;
    case 'stopped':
      return 'stopped by a signal';
    case 'ready':
      return task.cpu === null ? 'has not run yet' : `ran on cpu${task.cpu}`;
  }
}

function facts(task: TaskView): string {
  const parent = task.ppid === task.pid || task.ppid === 0 ? 'first process' : `parent ${task.ppid}`;
  const thread = task.tgid === task.pid ? parent : `thread of ${task.tgid}`;
  return `${thread} · cpu time ${number(task.cpuTime)} · ${plural(task.switches, 'switch').replace('switchs', 'switches')}`;
}

function fdTable(task: TaskView, snapshot: Snapshot, label: string): VNode {
  const rows = task.fds.map((fd) => {
    const file = snapshot.openFiles.find(({ id }) => id === fd.file);
    return h(
      'tr',
      { key: `fd${fd.fd}` },
      h('th', { scope: 'row' }, fd.fd),
      h('td', {}, file ? file.name : `open file ${fd.file}`, fd.closeOnExec ? h('small', {}, ' CLOEXEC') : null),
      h('td', { class: 'figure' }, file?.offset == null ? '' : number(file.offset)),
    );
  });
  return h(
    'details',
    { class: 'fds' },
    h('summary', {}, plural(task.fds.length, 'file descriptor')),
    h(
      'table',
      { 'aria-label': `File descriptors of ${label}` },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, 'fd'),
          h('th', { scope: 'col' }, 'file'),
          h('th', { scope: 'col', class: 'figure' }, 'offset'),
        ),
      ),
      h('tbody', {}, rows),
    ),
  );
}
