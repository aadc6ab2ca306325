/** One task: who it is, where it stands, why it does not run, and its descriptors. */
import type { OpenFileView, TaskView } from '../../debugger/messages.js';
import type { Page } from '../page.js';
import { number, plural } from '../text.js';

/** Cards whose descriptors the reader has opened: a card that goes to another column is made anew there. */
const opened = new Set<number>();

interface Props {
  task: TaskView;
  before: TaskView | undefined;
  files: Map<number, OpenFileView>;
  page: Page;
}

export function TaskCard({ task, before, files, page }: Props) {
  const moved = before !== undefined && before.state !== task.state;
  const { location, pid, name, state } = task;
  return (
    <li class={`task ${state}${moved ? ' moved' : ''}`}>
      <button
        class="name"
        data-focus={`task${pid}`}
        title={location ? `Open line ${location.line}` : undefined}
        disabled={location === null}
        onClick={() => location && page.reveal(location.path, location.line)}
      >
        <b>{pid}</b> {name}
      </button>
      {moved && <span class="was">was {before.state}</span>}
      <p class="why">{whyText(task)}</p>
      <p class="facts">{facts(task)}</p>
      {task.fds.length > 0 && <FdTable task={task} files={files} />}
    </li>
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

function facts({ pid, ppid, tgid, cpuTime, switches }: TaskView): string {
  const parent = ppid === pid || ppid === 0 ? 'first process' : `parent ${ppid}`;
  const thread = tgid === pid ? parent : `thread of ${tgid}`;
  return `${thread} · cpu time ${number(cpuTime)} · ${plural(switches, 'switch').replace('switchs', 'switches')}`;
}

function FdTable({ task: { pid, name, fds }, files }: { task: TaskView; files: Map<number, OpenFileView> }) {
  const note = (event: Event): void => {
    if ((event.currentTarget as HTMLDetailsElement).open) opened.add(pid);
    else opened.delete(pid);
  };
  return (
    <details class="fds" open={opened.has(pid)} onToggle={note}>
      <summary data-focus={`fds${pid}`}>{plural(fds.length, 'file descriptor')}</summary>
      <table aria-label={`File descriptors of ${pid} ${name}`}>
        <thead>
          <tr>
            <th scope="col">fd</th>
            <th scope="col">file</th>
            <th scope="col" class="figure">
              offset
            </th>
          </tr>
        </thead>
        <tbody>
          {fds.map(({ fd, file: id, closeOnExec }) => {
            const file = files.get(id);
            return (
              <tr key={fd}>
                <th scope="row">{fd}</th>
                <td>
                  {file ? file.name : `open file ${id}`}
                  {closeOnExec && <small> CLOEXEC</small>}
                </td>
                <td class="figure">{file?.offset == null ? '' : number(file.offset)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </details>
  );
}
