/** The scheduler's run queues, and the queues of those who wait. */
import type { Snapshot } from '../../debugger/messages.js';

export function Queues({ snapshot }: { snapshot: Snapshot }) {
  const names = new Map(snapshot.tasks.map((task) => [task.pid, task.name]));
  return (
    <dl class="queue-list">
      {snapshot.runQueues.map(({ cpu, tasks }) => (
        <Queue key={`run${cpu}`} title={`run queue of cpu${cpu}`} tasks={tasks} names={names} />
      ))}
      {snapshot.waitQueues.map(({ name, tasks }, i) => (
        <Queue key={`wait${i}`} title={name} tasks={tasks} names={names} />
      ))}
    </dl>
  );
}

function Queue({ title, tasks, names }: { title: string; tasks: number[]; names: Map<number, string> }) {
  return (
    <div class="queue">
      <dt>{title}</dt>
      <dd>
        {tasks.length === 0 ? (
          <span class="none">empty</span>
        ) : (
          <ol>
            {tasks.map((pid) => (
              <li key={pid}>
                <b>{pid}</b> {names.get(pid) ?? ''}
              </li>
            ))}
          </ol>
        )}
      </dd>
    </div>
  );
}
