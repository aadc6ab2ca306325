/** What a run was: the object that `osim run --json` prints, and the numbers that `expect` can ask for. */
import { textOf } from '../machine/text.js';
import type { Cpu } from '../machine/cpu.js';
import { MapValue } from '../machine/values.js';
import type { Computer } from './computer.js';
import { field, globalRecord, kernelRecord, record, type KernelRecord } from './kernel-records.js';
import { countersOf, countsOf, type ProcessEntry } from './processes.js';

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

/** Copies, or bytes, by kind. */
export type CopyKinds = Record<'dma' | 'toUser' | 'fromUser' | 'kernel', number>;

/** Counts in camelCase. What is by call has the kernel's names of calls; page_fault, write_back and interrupt among them. */
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
    report: machine.outcome?.report ?? [],
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
  const copies = record(kernel, 'copies');
  const byCall = field(kernel, 'copies_by_call');
  const calls = byCall instanceof MapValue ? [...byCall.entries] : [];
  const ofCalls = (what: CopyFigure): Record<string, CopyKinds> =>
    Object.fromEntries(calls.map(([call, counts]) => [String(call), copyKinds(kernelRecord(counts), what)]));
  const stats: Stats = {
    syscallsByName: countsOf(field(kernel, 'syscalls_by_name')),
    copies: { ...copyKinds(copies, 'copies'), dma: hardware.get('dmaCopies') },
    bytesCopied: { ...copyKinds(copies, 'bytes'), dma: hardware.get('dmaBytes') },
    copiesByCall: ofCalls('copies'),
    bytesCopiedByCall: ofCalls('bytes'),
  };
  for (const [name, value] of Object.entries(countersOf(kernel))) stats[camelCase(name)] = value;
  stats['modeSwitches'] = hardware.get('modeSwitches');
  stats['interrupts'] = hardware.get('interrupts');
  for (const name of ['netReceived', 'netSent', 'netDropped'] as const) stats[name] = hardware.get(name);
  stats['tlbMisses'] = machine.cpus.reduce((sum, cpu) => sum + cpu.tlb.misses, 0);
  stats['tlbFlushes'] = hardware.get('tlbFlushes');
  return stats;
}

type CopyFigure = 'copies' | 'bytes';

function copyKinds(counts: KernelRecord<'CopyCounts'> | null, what: CopyFigure): CopyKinds {
  const by = countsOf(field(counts, what));
  const of = (kind: string): number => by[kind] ?? 0;
  return { dma: of('dma'), toUser: of('to_user'), fromUser: of('from_user'), kernel: of('kernel') };
}

export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
