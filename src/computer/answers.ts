/** What an `expect` can ask after the run: stdout, exit_code, term_signal, outcome, stat. */
import type { Terminal } from '../machine/terminal.js';
import type { Computer } from './computer.js';
import type { FieldOf } from './kernel-records.js';
import type { ProcessEntry } from './processes.js';
import { camelCase, statistics, type CopyKinds, type Counts, type Stats } from './report.js';

/** A question that has no answer: an unknown name. The message is for the user. */
export class UnknownName extends Error {}

export class Answers {
  constructor(private readonly computer: Computer) {}

  outcome(): string {
    return this.computer.machine.outcome?.kind ?? 'limit';
  }

  /**
   * Bytes that the processes declared with a name, and their descendants, showed on the terminal; or what the remotes
   * of that name printed. `name[i]`: one of `count`.
   */
  stdout(name: string): string {
    const remotes = this.remotesNamed(name);
    if (remotes.size > 0) return this.shownBy(this.computer.machine.network.farSide.terminal, remotes);
    const origins = new Set(this.originsNamed(name));
    const pids = new Set(this.entries((entry) => origins.has(entry.origin)).map((entry) => entry.pid));
    return this.shownBy(this.computer.machine.terminal, pids);
  }

  private shownBy(terminal: Terminal, pids: ReadonlySet<number>): string {
    return terminal
      .output()
      .filter((chunk) => pids.has(chunk.pid))
      .map((chunk) => chunk.bytes)
      .join('');
  }

  /** Numbers of the remotes that a name means. */
  private remotesNamed(name: string): Set<number> {
    const { remotes } = this.computer.machine.program;
    const numbers = remotes.flatMap((remote, number) =>
      remote.name === name || `${remote.name}[${remote.index}]` === name ? [number] : [],
    );
    return new Set(numbers);
  }

  /** The exit code of the first process declared with a name; null when it was killed or lives. */
  exitCode(name: string): number | null {
    const status = this.declared(name).status;
    return status === null || (status & 0x7f) !== 0 ? null : (status >> 8) & 0xff;
  }

  /** The signal that ended it; null when none did. */
  termSignal(name: string): number | null {
    const status = this.declared(name).status;
    return status === null || (status & 0x7f) === 0 ? null : status & 0x7f;
  }

  /** A statistic of the run, or with a process's name that of it and its descendants. */
  stat(first: string, second?: string): number {
    return second === undefined ? this.ofRun(first) : this.ofProcess(first, second);
  }

  private ofRun(name: string): number {
    const { machine } = this.computer;
    if (name === 'time') return machine.time;
    if (name === 'steps') return machine.steps;
    const stats = statistics(this.computer);
    const value = numberIn(stats, name);
    if (value !== undefined) return value;
    const known = Object.entries(stats)
      .filter(([, v]) => typeof v === 'number')
      .map(([k]) => snakeCase(k));
    const parts = Object.keys(stats)
      .filter((k) => typeof stats[k] !== 'number')
      .map((k) => `${snakeCase(k)}.…`);
    throw new UnknownName(
      `there is no statistic "${name}". There are: ${[...known, ...parts, 'time', 'steps'].join(', ')}`,
    );
  }

  private ofProcess(process: string, name: string): number {
    const { computer } = this;
    const origins = new Set(this.originsNamed(process));
    let sum = 0;
    let known: string[] = [];
    let found = false;
    for (const entry of this.entries((e) => origins.has(e.origin))) {
      const counters = computer.processes.counters(computer.machine, entry);
      const value = perProcess(name, counters);
      known = Object.keys(counters);
      if (value === undefined) continue;
      found = true;
      sum += value;
    }
    if (!found && known.length > 0) {
      throw new UnknownName(
        `a process has no statistic "${name}". It has: ${[...known, 'context_switches', 'cpu_time'].join(', ')}`,
      );
    }
    return sum;
  }

  private entries(which: (entry: ProcessEntry) => boolean): ProcessEntry[] {
    return this.computer.processes.entries.filter(which);
  }

  private declared(name: string): ProcessEntry {
    const [origin] = this.originsNamed(name);
    const entry = this.entries((e) => e.origin === origin)[0];
    if (!entry) throw new UnknownName(`process "${name}" was not started before the run ended`);
    return entry;
  }

  /** Indices of the declared processes that a name means: `worker` all of them, `worker[1]` one. */
  private originsNamed(name: string): number[] {
    const match = /^(.*)\[(\d+)\]$/.exec(name);
    const { processes } = this.computer.compiled.image;
    const origins = processes
      .map((process, origin) => ({ process, origin }))
      .filter(({ process }) =>
        match ? process.name === match[1] && process.index === Number(match[2]) : process.name === name,
      )
      .map(({ origin }) => origin);
    if (origins.length > 0) return origins;
    const names = [...new Set(processes.map((process) => process.name))];
    if (this.remotesNamed(name).size > 0) {
      throw new UnknownName(`"${name}" is a remote, not a process: only stdout() can be asked of it`);
    }
    throw new UnknownName(`no process is declared with the name "${name}". Declared: ${names.join(', ') || 'none'}`);
  }
}

function perProcess(name: string, counters: Record<string, number>): number | undefined {
  if (name === 'context_switches') {
    return sumOf(counters, 'context_switches_voluntary', 'context_switches_involuntary');
  }
  if (name === 'cpu_time') return sumOf(counters, 'utime', 'stime');
  return counters[name];
}

function sumOf(counters: Record<string, number>, ...names: FieldOf<'Task'>[]): number {
  return names.reduce((sum, name) => sum + (counters[name] ?? 0), 0);
}

/**
 * A figure by its path: `wakeups`, `copies.dma`, `copies_by_call.sendfile.dma`; `copies_dma` as a process's is called.
 */
function numberIn(stats: Stats, name: string): number | undefined {
  const [, what, kind = ''] = /^(copies|bytes)_(dma|to_user|from_user|kernel)$/.exec(name) ?? [];
  const path = what === undefined ? name.split('.') : [what === 'copies' ? 'copies' : 'bytes_copied', kind];
  const head = camelCase(path[0] ?? '');
  let found: number | Counts | undefined = stats;
  for (const part of path) {
    if (typeof found !== 'object') return undefined;
    // A call that was never made has no entry.
    found = found[part] ?? found[camelCase(part)] ?? (found === stats[head] ? WITHOUT_ENTRY[head] : undefined);
  }
  return typeof found === 'number' ? found : undefined;
}

const NO_COPIES: CopyKinds = { dma: 0, toUser: 0, fromUser: 0, kernel: 0 };
const WITHOUT_ENTRY: Readonly<Record<string, number | CopyKinds>> = {
  syscallsByName: 0,
  copiesByCall: NO_COPIES,
  bytesCopiedByCall: NO_COPIES,
};

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
