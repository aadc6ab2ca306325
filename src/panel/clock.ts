/** Time, and what each CPU does. */
import type { CpuView } from '../debugger/messages.js';
import type { Model } from './model.js';
import { number } from './text.js';
import { h, type VNode } from './vdom.js';

const OUTCOMES = {
  finished: 'finished',
  idle: 'idle: all who are left wait for the outside',
  deadlock: 'deadlock: nobody can ever go on',
  panic: 'kernel panic',
  limit: 'stopped at a limit',
};

export function clock({ snapshot, state, ended }: Model): VNode {
  const { time, step, cpus, outcome } = state ?? snapshot!;
  const running = state?.running === true && !ended;
  const status = ended ? 'ended' : running ? 'runs' : outcome ? OUTCOMES[outcome] : 'stopped';
  return h(
    'header',
    { key: 'clock', class: 'clock' },
    h(
      'p',
      { class: 'now', role: 'status', 'aria-live': 'polite' },
      h('span', { class: 'time' }, h('span', { class: 'label' }, 'tick '), h('b', {}, number(time))),
      h('span', { class: 'step' }, h('span', { class: 'label' }, 'step '), number(step)),
      h('span', { class: `status ${outcome ?? ''}` }, status),
    ),
    h('ul', { class: 'cpus', 'aria-label': 'CPUs' }, cpus.map(cpuBadge)),
  );
}

function cpuBadge(cpu: CpuView): VNode {
  const what = cpu.mode === 'idle' ? 'idle' : `${cpu.task} ${cpu.name}`;
  return h(
    'li',
    { key: `cpu${cpu.id}`, class: `cpu ${cpu.mode}` },
    h('span', { class: 'label' }, `cpu${cpu.id}`),
    h('span', { class: 'who' }, what),
    cpu.mode === 'idle' ? null : h('span', { class: 'mode' }, `${cpu.mode} mode`),
  );
}
