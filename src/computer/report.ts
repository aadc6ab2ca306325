/** What a run was: the object that `osim run --json` prints, and the numbers that `expect` can ask for. */
import { textOf } from '../machine/text.js';
import type { Cpu } from '../machine/cpu.js';
import type { Machine } from '../machine/machine.js';
import { MapValue } from '../machine/values.js';
import type { Computer } from './computer.js';
import type { KernelStructs } from './kernel-layout.js';
import {
  field,
  globalRecord,
  globalRecords,
  integer,
  kernelRecord,
  members,
  text,
  type FieldOf,
  type KernelRecord,
} from './kernel-records.js';
import { countersOf, type ProcessEntry } from './processes.js';

export interface RunReport {
  outcome: string;
  /** Ticks. */
  time: number;
  /** Instructions. */
  steps: number;
  processes: ProcessReport[];
  stats: Stats;
  /** Ticks of each CPU, by use. */
  cpus: { user: number; kernel: number; idle: number }[];
  /** What the outcome is explained by: a deadlock's cycle, a panic's line. */
  report: string[];
}

export interface ProcessReport {
  pid: number;
  ppid: number;
  name: string;
  /** Null when it was killed by a signal, or lives. */
  exitCode: number | null;
  signal: number | null;
  /** Bytes, as UTF-8 text. */
  stdout: string;
}

/** Numbers by name, perhaps in groups. */
export interface Counts {
  [name: string]: number | Counts;
}

/** What the kernel itself counts in all, by its names for it. */
export type KernelFigure = CamelCase<FieldOf<'KernelStats'>>;
type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

/** Copies, or bytes, by kind. */
export type CopyKinds = Record<'dma' | 'toUser' | 'fromUser' | 'kernel', number>;

/**
 * Counts in camelCase. What is by call has the kernel's names of calls; page_fault, write_back and interrupt among
 * them.
 */
export interface Stats extends Counts {
  syscallsByName: Record<string, number>;
  copies: CopyKinds;
  bytesCopied: CopyKinds;
  copiesByCall: Record<string, CopyKinds>;
  bytesCopiedByCall: Record<string, CopyKinds>;
}

export function runReport(computer: Computer): RunReport {
  const { machine } = computer;
  return {
    outcome: machine.outcome?.kind ?? 'limit',
    time: machine.time,
    steps: machine.steps,
    processes: computer.processes.entries.map((entry) => processReport(computer, entry)),
    stats: statistics(computer),
    cpus: machine.cpus.map((cpu) => useOf(cpu, machine.time)),
    report: [...(machine.outcome?.report ?? []), ...computer.lockCycles.told(machine.outcome?.kind)],
  };
}

/** A CPU that halted before the end has been idle since. */
function useOf(cpu: Cpu, end: number): { user: number; kernel: number; idle: number } {
  return { user: cpu.userTicks, kernel: cpu.kernelTicks, idle: Math.max(0, end - cpu.userTicks - cpu.kernelTicks) };
}

function processReport(computer: Computer, entry: ProcessEntry): ProcessReport {
  const { pid, ppid, name, status } = entry;
  const signal = status === null ? 0 : status & 0x7f;
  return {
    pid,
    ppid,
    name,
    exitCode: status === null || signal !== 0 ? null : (status >> 8) & 0xff,
    signal: signal === 0 ? null : signal,
    stdout: textOf(computer.machine.terminal.text(pid)),
  };
}

export function statistics(computer: Computer): Stats {
  const { machine } = computer;
  const kernel = globalRecord(machine, 'stats');
  const hardware = machine.counters;
  const byCall = field(kernel, 'copies_by_call');
  const calls = byCall instanceof MapValue ? [...byCall.entries] : [];
  const ofCalls = (what: CopyFigure): Record<string, CopyKinds> =>
    Object.fromEntries(calls.map(([call, counts]) => [String(call), copyKinds(kernelRecord(counts), what)]));
  const [copiesByCall, bytesCopiedByCall] = [ofCalls('copies'), ofCalls('bytes')];
  const stats: Stats = {
    syscallsByName: callsByName(machine),
    copies: { ...sumOf(copiesByCall), dma: hardware.get('dmaCopies') },
    bytesCopied: { ...sumOf(bytesCopiedByCall), dma: hardware.get('dmaBytes') },
    copiesByCall,
    bytesCopiedByCall,
  };
  for (const [name, value] of Object.entries(countersOf(kernel))) stats[camelCase(name)] = value;
  stats['modeSwitches'] = hardware.get('modeSwitches');
  stats['interrupts'] = hardware.get('interrupts');
  for (const name of ['netReceived', 'netSent', 'netDropped'] as const) stats[name] = hardware.get(name);
  stats['tlbMisses'] = machine.cpus.reduce((sum, cpu) => sum + cpu.tlb.misses, 0);
  stats['tlbFlushes'] = hardware.get('tlbFlushes');
  for (const name of ['peakCoroutines', 'peakCoroutineBytes'] as const) stats[name] = hardware.get(name);
  stats['peakFrames'] = peakFrames(kernel);
  stats['remotes'] = remoteFigures(machine);
  stats['tlbShootdowns'] = hardware.get('tlbShootdowns');
  return stats;
}

/** What page frames are used for: the kinds of src/kernel/mm/frames.osim, by number. */
const FRAME_KINDS = ['kernel', 'user', 'stack', 'cache', 'buffer'] as const;

/** The most frames of each kind that were in use at a time. */
function peakFrames(kernel: KernelRecord<'KernelStats'> | null): Record<(typeof FRAME_KINDS)[number], number> {
  const counts = members(field(kernel, 'peak_frames'));
  const of = (kind: (typeof FRAME_KINDS)[number]): number => Number(counts[FRAME_KINDS.indexOf(kind)] ?? 0);
  return { kernel: of('kernel'), user: of('user'), stack: of('stack'), cache: of('cache'), buffer: of('buffer') };
}

/** What remotes have seen of us; the times of replies are there only when there was one. */
function remoteFigures({ network }: Machine): Counts {
  const { traffic } = network.farSide;
  const { connected, failed, requests, replies, longest, first, last } = traffic.counts;
  const counts: Counts = { connected, failed, requests, replies };
  const [p50, p99] = [traffic.percentile(50), traffic.percentile(99)];
  return p50 === null || p99 === null ? counts : { ...counts, p50, p99, longest, first, last };
}

type CopyFigure = 'copies' | 'bytes';
type CopyCounter = keyof KernelStructs['CopyCounts'];
const COPY_KINDS: readonly (keyof CopyKinds)[] = ['dma', 'toUser', 'fromUser', 'kernel'];

function copyKinds(counts: KernelRecord<'CopyCounts'> | null, what: CopyFigure): CopyKinds {
  const of = (copies: CopyCounter, bytes: CopyCounter): number => integer(counts, what === 'copies' ? copies : bytes);
  return {
    dma: of('dma', 'dma_bytes'),
    toUser: of('to_user', 'to_user_bytes'),
    fromUser: of('from_user', 'from_user_bytes'),
    kernel: of('kernel', 'kernel_bytes'),
  };
}

function sumOf(byCall: Record<string, CopyKinds>): CopyKinds {
  const sum: CopyKinds = { dma: 0, toUser: 0, fromUser: 0, kernel: 0 };
  for (const kinds of Object.values(byCall)) for (const kind of COPY_KINDS) sum[kind] += kinds[kind];
  return sum;
}

/** The calls that were made, and how often, each by its name in the kernel. */
function callsByName(machine: Machine): Record<string, number> {
  const calls = [...globalRecords(machine, 'syscalls'), ...list(globalRecord(machine, 'unknown_call'))];
  const made = calls.filter((call) => integer(call, 'calls') > 0);
  return Object.fromEntries(made.map((call) => [text(call, 'name'), integer(call, 'calls')]));
}

function list<T>(item: T | null): T[] {
  return item === null ? [] : [item];
}

export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
