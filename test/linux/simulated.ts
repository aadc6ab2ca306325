/** Sequences on the simulated computer. */
import { readFileSync } from 'node:fs';
import { createComputer } from '../../src/computer/computer.js';
import { flag, integer, kernelEvent, text as textField } from '../../src/computer/kernel-records.js';
import type { Image } from '../../src/compiler/image.js';
import { system } from '../system.js';
import { outcomesOf, type Outcome } from './outcome.js';
import { emit, WINDOW, type Sequence } from './sequence.js';

const PRELUDE = Object.fromEntries(
  [
    'prelude',
    'prelude_io',
    'prelude_async',
    'prelude_tty',
    'prelude_at',
    'prelude_mapping',
    'prelude_threads',
    'prelude_uring',
  ].map((name) => [`/${name}.osim`, readFileSync(new URL(`./${name}.osim`, import.meta.url), 'utf8')]),
);

/** How many sequences share a computer: booting one costs more than a sequence. */
const BATCH = 25;

export interface SimulationOptions {
  /** A kernel other than the built one. */
  kernel?: Image;
  /** The process runs as this user. */
  uid?: number;
}

export function simulate(
  sequences: ReadonlyMap<number, Sequence>,
  options: SimulationOptions = {},
): Map<number, Outcome> {
  const all = new Map<number, Outcome>();
  const entries = [...sequences];
  for (let at = 0; at < entries.length; at += BATCH) {
    const batch = new Map(entries.slice(at, at + BATCH));
    const found = simulateBatch(batch, options);
    // A kernel that panics takes the rest of the batch with it: those are tried one by one.
    if (typeof found !== 'string') for (const [number, outcome] of found) all.set(number, outcome);
    else if (batch.size === 1) for (const number of batch.keys()) all.set(number, { lines: [[found]] });
    else
      for (const one of batch)
        for (const [number, outcome] of simulate(new Map([one]), options)) all.set(number, outcome);
  }
  return all;
}

/** The outcomes; or what stopped the machine. */
function simulateBatch(
  batch: ReadonlyMap<number, Sequence>,
  options: SimulationOptions,
): Map<number, Outcome> | string {
  const text = emit(batch);
  const files: Record<string, string> = { '/program.osim': text, ...PRELUDE };
  const { computer, problems } = createComputer(
    { ...system(), kernel: options.kernel ?? system().kernel },
    {
      uri: '/program.osim',
      read: (uri) => files[uri],
      params: { uid: options.uid ?? 0 },
    },
  );
  if (!computer) throw new Error(`${problems.map((p) => `${p.uri}:${p.from.line}: ${p.message}`).join('\n')}\n${text}`);
  const lines: string[] = [];
  computer.machine.onLog = (line) => lines.push(line);
  const names = new Map([...batch.keys()].map((number) => [`main_${number}`, number]));
  computer.eventConsumers.push((event) => {
    const { name, fields } = kernelEvent(event);
    if (name !== 'sched_process_exit' || integer(fields, 'ppid') !== 1 || !flag(fields, 'group_dead')) return;
    const number = declared.get(integer(fields, 'tgid'));
    // (The next sequence ends whoever is left of this one.)
    if (number !== undefined && computer.machine.time < windowsEnd(number))
      lines.push(`${number} E 0 ${integer(fields, 'status')}`);
  });
  const order = [...batch.keys()];
  const windowsEnd = (number: number): number => (order.indexOf(number) + 1) * WINDOW;
  /** pid → the program of the batch. */
  const declared = new Map<number, number>();
  const born = new Set<number>();
  computer.eventConsumers.push((event) => {
    const { name, fields } = kernelEvent(event);
    if (name !== 'sched_process_fork') return;
    const number = names.get(textField(fields, 'child_comm'));
    if (number === undefined || born.has(number)) return;
    born.add(number);
    declared.set(integer(fields, 'child_pid'), number);
  });
  try {
    computer.run({ maxTicks: batch.size * WINDOW, maxSteps: 60_000_000 });
  } catch (error) {
    return `the simulator threw: ${String(error)}`;
  }
  const { outcome } = computer.machine;
  if (outcome?.kind === 'limit' && outcome.report.some((line) => line.includes(' steps'))) return 'an endless loop';
  if (outcome?.kind === 'panic') return `panic: ${outcome.report.join('; ')}`;
  return outcomesOf(lines, batch);
}
