/**
 * The figures by which runs are compared (`osim compare`, docs/compare.md): each a number with a unit, counted in the
 * same way for every program. Null: the run has none; without remotes, say, there is no time until a reply.
 */
import type { Computer } from './computer.js';
import { globalRecords, record } from './kernel-records.js';
import { runReport, type Counts, type KernelFigure, type RunReport } from './report.js';

/** How a figure is read and written. A share is of all CPUs' time, 0 … 1; a rate is a number per tick. */
export type Unit = 'ticks' | 'count' | 'bytes' | 'share' | 'rate';

export interface FigureInfo {
  readonly key: string;
  readonly group: string;
  readonly title: string;
  readonly unit: Unit;
}

interface Figure extends FigureInfo {
  readonly of: (run: Measured) => number | null;
}

interface Measured {
  report: RunReport;
  /** A number of the report's statistics, by its names there; null when it has none. */
  stat: (...path: string[]) => number | null;
  total: (name: KernelFigure) => number;
  /** Ticks of all CPUs together, by use. */
  use: (use: 'user' | 'kernel' | 'idle') => number;
  /** Bytes of a kernel struct. */
  sizes: { task: number; process: number };
}

/** Bytes of a task's kernel stack: Linux's, on x86-64. Ours grows as it is used, and is no good measure. */
const KERNEL_STACK = 16_384;
const PAGE = 4096;

const COPY_KINDS = ['toUser', 'fromUser', 'kernel'] as const;

function figure(group: string, key: string, title: string, unit: Unit, of: Figure['of']): Figure {
  return { group, key, title, unit, of };
}

const frames = ({ stat }: Measured, kind: string): number => (stat('peakFrames', kind) ?? 0) * PAGE;
const copied = ({ stat }: Measured, what: string): number =>
  COPY_KINDS.reduce((sum, kind) => sum + (stat(what, kind) ?? 0), 0);
const stacks = (run: Measured): number => frames(run, 'stack') + run.total('peakTasks') * KERNEL_STACK;
const controlBlocks = ({ total, sizes }: Measured): number =>
  total('peakTasks') * sizes.task + total('peakProcesses') * sizes.process;
const coroutines = ({ stat }: Measured): number => stat('peakCoroutineBytes') ?? 0;
const pages = (run: Measured): number => frames(run, 'user') + frames(run, 'cache') + frames(run, 'kernel');

const FIGURES: readonly Figure[] = [
  figure('Time', 'time', 'simulated time', 'ticks', ({ report }) => report.time),
  figure('Remotes', 'connections', 'connections', 'count', remote('connected')),
  figure('Remotes', 'failedConnections', 'failed to connect', 'count', remote('failed')),
  figure('Remotes', 'requests', 'requests', 'count', remote('requests')),
  figure('Remotes', 'replies', 'replies', 'count', remote('replies')),
  figure('Remotes', 'throughput', 'throughput', 'rate', throughput),
  figure('Remotes', 'latencyP50', 'latency, p50', 'ticks', remote('p50')),
  figure('Remotes', 'latencyP99', 'latency, p99', 'ticks', remote('p99')),
  figure('Remotes', 'latencyMax', 'latency, longest', 'ticks', remote('longest')),
  figure('CPU', 'cpuUser', 'user', 'share', (run) => share(run, run.use('user'))),
  figure('CPU', 'cpuKernel', 'kernel', 'share', (run) => share(run, run.use('kernel') - run.total('switchTicks'))),
  figure('CPU', 'cpuSwitch', 'switching', 'share', (run) => share(run, run.total('switchTicks'))),
  figure('CPU', 'cpuIdle', 'idle', 'share', (run) => share(run, run.use('idle'))),
  figure('Switches', 'contextSwitches', 'context switches', 'count', ({ total }) => total('contextSwitches')),
  figure('Switches', 'voluntarySwitches', 'voluntary', 'count', ({ total }) => total('voluntarySwitches')),
  figure('Switches', 'involuntarySwitches', 'involuntary', 'count', ({ total }) => total('preemptions')),
  figure('Switches', 'wakeups', 'wake-ups', 'count', ({ total }) => total('wakeups')),
  figure('Calls', 'modeSwitches', 'mode switches', 'count', ({ stat }) => stat('modeSwitches')),
  figure('Calls', 'interrupts', 'interrupts', 'count', ({ stat }) => stat('interrupts')),
  figure('Calls', 'calls', 'system calls', 'count', ({ total }) => total('syscalls')),
  figure('Calls', 'callsPerRequest', 'calls per reply', 'count', callsPerReply),
  figure('Copies', 'copies', 'copies by the CPU', 'count', (run) => copied(run, 'copies')),
  figure('Copies', 'bytesCopied', 'bytes copied', 'bytes', (run) => copied(run, 'bytesCopied')),
  figure('Copies', 'dmaCopies', 'transfers by DMA', 'count', ({ stat }) => stat('copies', 'dma')),
  figure('Copies', 'dmaBytes', 'bytes by DMA', 'bytes', ({ stat }) => stat('bytesCopied', 'dma')),
  figure('Memory at its peak', 'peakTasks', 'tasks', 'count', ({ total }) => total('peakTasks')),
  figure('Memory at its peak', 'memory', 'all kinds', 'bytes', allKinds),
  figure('Memory at its peak', 'memoryStacks', 'stacks', 'bytes', stacks),
  figure('Memory at its peak', 'memoryControlBlocks', 'control blocks', 'bytes', controlBlocks),
  figure('Memory at its peak', 'memoryBuffers', 'buffers', 'bytes', (run) => frames(run, 'buffer')),
  figure('Memory at its peak', 'memoryCoroutines', 'coroutines', 'bytes', coroutines),
  figure('Memory at its peak', 'memoryPages', 'other pages', 'bytes', pages),
];

function remote(name: string): Figure['of'] {
  return (run) => (hasRemotes(run) ? run.stat('remotes', name) : null);
}

function hasRemotes({ stat }: Measured): boolean {
  return ['connected', 'failed'].some((name) => (stat('remotes', name) ?? 0) > 0);
}

/** Replies per tick between the first request and the last reply. */
function throughput({ stat }: Measured): number | null {
  const [first, last, replies] = [stat('remotes', 'first'), stat('remotes', 'last'), stat('remotes', 'replies')];
  return first === null || last === null || replies === null || last <= first ? null : replies / (last - first);
}

function callsPerReply({ stat, total }: Measured): number | null {
  const replies = stat('remotes', 'replies') ?? 0;
  return replies === 0 ? null : total('syscalls') / replies;
}

function share({ report, use }: Measured, ticks: number): number | null {
  const all = use('user') + use('kernel') + use('idle');
  return report.time === 0 || all === 0 ? null : Math.max(0, ticks) / all;
}

function allKinds(run: Measured): number {
  return [stacks, controlBlocks, coroutines, pages].reduce((sum, of) => sum + of(run), frames(run, 'buffer'));
}

/** Every figure, in the order of a table. */
export const FIGURE_INFOS: readonly FigureInfo[] = FIGURES;

/** The figures of a run that has ended, by key. */
export function figuresOf(computer: Computer): Record<string, number | null> {
  const report = runReport(computer);
  const stat = (...path: string[]): number | null => numberAt(report.stats, path);
  const run: Measured = {
    report,
    stat,
    total: (name) => stat(name) ?? 0,
    use: (use) => report.cpus.reduce((sum, cpu) => sum + cpu[use], 0),
    sizes: structSizes(computer),
  };
  return Object.fromEntries(FIGURES.map(({ key, of }) => [key, of(run)]));
}

function numberAt(counts: Counts, path: readonly string[]): number | null {
  let at: number | Counts | undefined = counts;
  for (const name of path) at = typeof at === 'object' ? at[name] : undefined;
  return typeof at === 'number' ? at : null;
}

/** A kernel struct has 8 bytes a field. Idle tasks are there in every run. */
function structSizes({ machine }: Computer): Measured['sizes'] {
  const [task] = globalRecords(machine, 'idle_tasks');
  return { task: 8 * (task?.fields.length ?? 0), process: 8 * (record(task, 'process')?.fields.length ?? 0) };
}
