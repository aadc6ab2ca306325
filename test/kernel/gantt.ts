/** Who has had the CPU from when to when: the chart that textbooks draw. */
import { constant, integer, kernelEvent, text as textField } from '../../src/computer/kernel-records.js';
import type { ComputerOptions } from '../../src/computer/computer.js';
import { computerFor } from '../system.js';

export interface Turn {
  name: string;
  cpu: number;
  from: number;
  to: number;
}

export interface Chart {
  turns: Turn[];
  /** `a 0-5 b 5-8`: turns of one task that follow each other are one. Of several CPUs, those of one. */
  gantt(cpu?: number): string;
  /** When each task that has ended did so, by name. */
  ends: Map<string, number>;
}

/** Runs a program to its end. */
export function chartOf(program: string, options: Partial<ComputerOptions> = {}): Chart {
  const computer = computerFor(program, options);
  const turns: Turn[] = [];
  const ends = new Map<string, number>();
  const since: number[] = [];
  const latest: Turn[] = [];
  computer.eventConsumers.push((event) => {
    const { name, fields, cpu, time } = kernelEvent(event);
    if (name !== 'sched_switch') return;
    const task = textField(fields, 'prev_comm');
    const from = since[cpu] ?? 0;
    since[cpu] = time;
    if (integer(fields, 'prev_state') >= constant(computer.machine, 'TASK_ZOMBIE')) ends.set(task, time);
    const last = latest[cpu];
    if (task === 'init' || task.startsWith('swapper') || time === from) return;
    if (last?.name === task && last.to === from) last.to = time;
    else turns.push((latest[cpu] = { name: task, cpu, from, to: time }));
  });
  const { kind, report } = computer.run({ maxSteps: 100_000_000 });
  if (kind !== 'finished') throw new Error(`${kind}: ${report.join('\n')}\n${program}`);
  const gantt = (cpu = 0): string =>
    turns.flatMap((turn) => (turn.cpu === cpu ? [`${turn.name} ${turn.from}-${turn.to}`] : [])).join(' ');
  return { turns, gantt, ends };
}
