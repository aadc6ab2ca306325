/** Time, and what each CPU does. */
import type { CpuView } from '../../debugger/messages.js';
import type { Model } from '../model.js';
import { number } from '../text.js';

const OUTCOMES = {
  finished: 'finished',
  idle: 'idle: all who are left wait for the outside',
  deadlock: 'deadlock: nobody can ever go on',
  panic: 'kernel panic',
  limit: 'stopped at a limit',
};

export function Clock({ model: { snapshot, state, ended } }: { model: Model }) {
  const now = state ?? snapshot;
  if (!now) return null;
  const { time, step, cpus, outcome } = now;
  const running = state?.running === true && !ended;
  const status = ended ? 'ended' : running ? 'runs' : outcome ? OUTCOMES[outcome] : 'stopped';
  return (
    <header class="clock">
      <p class="now" role="status" aria-live="polite">
        <span class="time">
          <span class="label">tick </span>
          <b>{number(time)}</b>
        </span>
        <span class="step">
          <span class="label">step </span>
          {number(step)}
        </span>
        <span class={`status ${outcome ?? ''}`}>{status}</span>
      </p>
      <ul class="cpus" aria-label="CPUs">
        {cpus.map((cpu) => (
          <CpuBadge key={cpu.id} cpu={cpu} />
        ))}
      </ul>
    </header>
  );
}

function CpuBadge({ cpu }: { cpu: CpuView }) {
  const { id, mode, task, name } = cpu;
  return (
    <li class={`cpu ${mode}`}>
      <span class="label">cpu{id}</span>
      <span class="who">{task === 0 ? 'idle' : `${task} ${name}`}</span>
      {mode !== 'idle' && <span class="mode">{mode === 'interrupt' ? 'serves an interrupt' : `${mode} mode`}</span>}
    </li>
  );
}
