/** Which events are listed: those with a text, of a task, of a kind. */
import type { ComponentChildren } from 'preact';
import type { EventChoice } from '../../computer/views/events/found.js';
import type { EventListAnswer } from '../../computer/views/events/window.js';

interface FilterProps {
  choice: EventChoice;
  choices: NonNullable<EventListAnswer['choices']>;
  choose: (choice: EventChoice) => void;
  children: ComponentChildren;
}

export function Filter({ choice, choices: { names, tasks }, choose, children }: FilterProps) {
  const { names: kind, pid, text } = choice;
  // What was chosen in another run may not be among this one's.
  const kinds = [...groupsOf(names), ...names];
  if (kind && !kinds.includes(kind)) kinds.push(kind);
  const isListed = pid == null || tasks.some((task) => task.pid === pid);
  return (
    <div class="event-filter" role="search">
      <input
        type="search"
        aria-label="Text in events"
        placeholder="Text"
        value={text ?? ''}
        onInput={({ currentTarget }) => choose({ ...choice, text: currentTarget.value })}
      />
      <select
        aria-label="Task"
        value={pid == null ? '' : String(pid)}
        onChange={({ currentTarget: { value } }) => choose({ ...choice, pid: value === '' ? null : Number(value) })}
      >
        <option value="">All tasks</option>
        {!isListed && <option value={String(pid)}>{pid}</option>}
        {tasks.map((task) => (
          <option key={task.pid} value={String(task.pid)}>
            {`${task.pid} ${task.name}`}
          </option>
        ))}
      </select>
      <select
        aria-label="Kind"
        value={kind ?? ''}
        onChange={({ currentTarget: { value } }) => choose({ ...choice, names: value })}
      >
        <option value="">All kinds</option>
        {kinds.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      {children}
    </div>
  );
}

/** `sched_*`: names that begin alike. */
function groupsOf(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) {
    const head = name.split('_')[0];
    counts.set(head, (counts.get(head) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 1).map(([head]) => `${head}_*`);
}
