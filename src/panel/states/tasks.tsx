/** Tasks as cards, in a column by state: who could run, who runs, who waits and for what. */
import type { Snapshot, TaskState, TaskView } from '../../debugger/messages.js';
import type { Page } from '../page.js';
import { number } from '../text.js';
import { TaskCard } from './task-card.js';

const COLUMNS: { title: string; states: TaskState[]; none: string }[] = [
  { title: 'Ready', states: ['ready'], none: 'Nobody waits for the CPU.' },
  { title: 'Running', states: ['running'], none: 'Every CPU is idle.' },
  { title: 'Blocked', states: ['blocked', 'stopped'], none: 'Nobody waits.' },
  { title: 'Zombie', states: ['zombie'], none: '' },
];

export function Tasks({ snapshot, previous, page }: { snapshot: Snapshot; previous: Snapshot | null; page: Page }) {
  const before = new Map<number, TaskView>(previous?.tasks.map((task) => [task.pid, task]));
  const files = new Map(snapshot.openFiles.map((file) => [file.id, file]));
  return (
    <>
      <div class="columns">
        {COLUMNS.map(({ title, states, none }) => {
          const members = snapshot.tasks.filter((task) => states.includes(task.state));
          if (members.length === 0 && none === '') return null;
          const id = `column-${title.toLowerCase()}`;
          return (
            <section key={title} class={`column ${title.toLowerCase()}`} aria-labelledby={id}>
              <h3 id={id}>
                {title} <span class="count">{number(members.length)}</span>
              </h3>
              {members.length === 0 && <p class="none">{none}</p>}
              <ul>
                {members.map((task) => (
                  <TaskCard key={task.pid} task={task} before={before.get(task.pid)} files={files} page={page} />
                ))}
              </ul>
            </section>
          );
        })}
      </div>
      {snapshot.moreTasks > 0 && (
        <p class="none">
          and {number(snapshot.moreTasks)} more task{snapshot.moreTasks === 1 ? '' : 's'}
        </p>
      )}
    </>
  );
}
