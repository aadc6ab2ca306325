/** What a run was: the object that `osim run --json` prints, and the numbers that `expect` can ask for. */
import type { Cpu } from '../machine/cpu.js';
import { RecordValue } from '../machine/values.js';
import type { Computer } from './computer.js';
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

/** Counts in camelCase. `copies` and `bytesCopied` by kind: dma, toUser, fromUser, kernel. */
export interface Stats {
  syscallsByName: Record<string, number>;
  copies: Record<string, number>;
  bytesCopied: Record<string, number>;
  [name: string]: number | Record<string, number>;
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
  const kernel = machine.kernelGlobal('stats');
  const counts = countersOf(kernel);
  const hardware = machine.counters;
  const take = (name: string): number => {
    const value = counts[name] ?? 0;
    delete counts[name];
    return value;
  };
  const copies = {
    dma: hardware.get('dmaCopies'),
    toUser: take('copies_to_user'),
    fromUser: take('copies_from_user'),
    kernel: take('copies_kernel'),
  };
  const bytesCopied = {
    dma: hardware.get('dmaBytes'),
    toUser: take('bytes_to_user'),
    fromUser: take('bytes_from_user'),
    kernel: take('bytes_kernel'),
  };
  const byName = kernel instanceof RecordValue ? countsOf(kernel.get('syscalls_by_name')) : {};
  const stats: Stats = { syscallsByName: byName, copies, bytesCopied };
  for (const [name, value] of Object.entries(counts)) stats[camelCase(name)] = value;
  stats['modeSwitches'] = hardware.get('modeSwitches');
  stats['interrupts'] = hardware.get('interrupts');
  stats['tlbMisses'] = machine.cpus.reduce((sum, cpu) => sum + cpu.tlb.misses, 0);
  stats['tlbFlushes'] = hardware.get('tlbFlushes');
  return stats;
}

export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Bytes as text; what is no UTF-8 becomes U+FFFD. */
export function textOf(bytes: string): string {
  return new TextDecoder().decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0)));
}
