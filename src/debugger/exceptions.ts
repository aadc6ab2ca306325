/** Exception filters: at which events a run stops by itself, and the sentence that explains each. */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import type { Board, FaultInfo } from '../machine/board.js';
import { coroutineOn, nameOfCoroutine } from '../computer/inspect-coroutines.js';
import { ERROR_NAME, SIGNAL_NAME, address, nameOfConstant } from '../computer/inspect-format.js';
import { pidOf, taskByTid } from '../computer/inspect.js';
import { integer, kernelRecord, text, type KernelEvent, type KernelRecord } from '../computer/kernel-records.js';

export const FILTERS: P.ExceptionBreakpointsFilter[] = [
  {
    filter: 'fault',
    label: 'Faults',
    description:
      'A program divides by zero, uses null, a wrong type or a bad index. Stops at the instruction. (A bad address: Signals delivered.)',
    default: true,
    supportsCondition: true,
    conditionDescription: 'Signals to stop at, e.g. SIGSEGV SIGFPE',
  },
  {
    filter: 'assert',
    label: 'Failed assertions',
    description: 'assert() in a program finds its condition false.',
    default: true,
  },
  {
    filter: 'signal',
    label: 'Signals delivered',
    description: 'The kernel acts on a signal: runs a handler, stops or ends the process.',
    default: false,
    supportsCondition: true,
    conditionDescription: 'Signals to stop at, e.g. SIGPIPE SIGCHLD',
  },
  {
    filter: 'errno',
    label: 'Failed calls',
    description: 'A system call returns an error.',
    default: false,
    supportsCondition: true,
    conditionDescription: 'Errors to stop at, e.g. EAGAIN EPIPE; !EAGAIN for all others',
  },
  { filter: 'deadlock', label: 'Deadlock', description: 'Every task waits for another one.', default: true },
  { filter: 'panic', label: 'Kernel panic', description: 'The kernel cannot go on.', default: true },
];

export interface ExceptionStop {
  /** The filter that caused it. */
  filter: string;
  /** A name for it, as the widget's title shows it: SIGSEGV, EAGAIN, deadlock. */
  name: string;
  /** One sentence that says what happened, and why. */
  sentence: string;
  details: string[];
  /** Whether the user's program is to be shown, not the kernel that reports it. */
  inProgram: boolean;
}

/** Which names a condition lets through: `EAGAIN EPIPE`, `EAGAIN|EPIPE`, `!EAGAIN`. */
export class NameCondition {
  private readonly wanted = new Set<string>();
  private readonly unwanted = new Set<string>();

  constructor(condition: string) {
    for (const word of condition.split(/[\s,|]+/).filter(Boolean)) {
      if (word.startsWith('!')) this.unwanted.add(word.slice(1).toUpperCase());
      else this.wanted.add(word.toUpperCase());
    }
  }

  admits(name: string): boolean {
    if (this.unwanted.has(name)) return false;
    return this.wanted.size === 0 || this.wanted.has(name);
  }
}

export class ExceptionFilters {
  private active = new Map<string, NameCondition>();

  constructor() {
    for (const { filter, default: on } of FILTERS) if (on) this.active.set(filter, new NameCondition(''));
  }

  /** @returns for each filter whether it is known */
  set(filters: readonly string[], options: readonly P.ExceptionFilterOptions[]): boolean[] {
    this.active = new Map();
    const chosen = [...filters.map((filterId) => ({ filterId, condition: null })), ...options];
    return chosen.map(({ filterId, condition }) => {
      const known = FILTERS.some(({ filter }) => filter === filterId);
      if (known) this.active.set(filterId, new NameCondition(condition ?? ''));
      return known;
    });
  }

  /** Whether tracepoints must be listened to. */
  get tracing(): boolean {
    return this.active.has('signal') || this.active.has('errno');
  }

  wants(filter: string): boolean {
    return this.active.has(filter);
  }

  onFault(machine: Board, fault: FaultInfo): ExceptionStop | null {
    const isAssert = fault.message.startsWith('assertion failed');
    const filter = isAssert ? 'assert' : 'fault';
    const name = nameOfConstant(machine, SIGNAL_NAME, fault.signal);
    if (!this.active.get(filter)?.admits(name)) return null;
    const sentence = faultLine(machine, fault);
    const details = fault.address ? [`address ${address(fault.address)}`] : [];
    return { filter, name, sentence, details, inProgram: true };
  }

  onTrace(machine: Board, { name, fields }: KernelEvent): ExceptionStop | null {
    if (name === 'signal_deliver') return this.signal(machine, fields);
    return name === 'sys_exit' ? this.failedCall(machine, fields) : null;
  }

  private signal(machine: Board, fields: KernelRecord<'signal_deliver'>): ExceptionStop | null {
    const name = nameOfConstant(machine, SIGNAL_NAME, integer(fields, 'sig'));
    if (!this.active.get('signal')?.admits(name)) return null;
    const pid = integer(fields, 'pid');
    const sentence = `${name} is delivered to ${processName(machine, pid)}.`;
    return { filter: 'signal', name, sentence, details: [], inProgram: true };
  }

  private failedCall(machine: Board, fields: KernelRecord<'sys_exit'>): ExceptionStop | null {
    const condition = this.active.get('errno');
    const result = integer(fields, 'ret');
    if (!condition || result >= 0 || result < -4095) return null;
    const name = nameOfConstant(machine, ERROR_NAME, -result);
    // ERESTARTSYS and its kin never reach a program.
    if (!name.startsWith('E') || name.startsWith('ERESTART') || !condition.admits(name)) return null;
    const pid = integer(fields, 'pid');
    const sentence = `${text(fields, 'name')}() of ${processName(machine, pid)} fails with ${name} (${explain(machine, name)}).`;
    return { filter: 'errno', name, sentence, details: [], inProgram: true };
  }

  /** The machine has ended: whether that is an exception to be shown. */
  onOutcome(machine: Board): ExceptionStop | null {
    const { outcome } = machine;
    if (!outcome || !this.active.has(outcome.kind)) return null;
    const [first, ...more] = outcome.report;
    if (outcome.kind === 'panic') {
      return {
        filter: 'panic',
        name: 'kernel panic',
        sentence: first ?? 'kernel panic',
        details: more,
        inProgram: false,
      };
    }
    const sentence = 'Deadlock: every task that is left waits for another one of them.';
    return { filter: 'deadlock', name: 'deadlock', sentence, details: outcome.report, inProgram: true };
  }
}

/** What a program did wrong, and the signal that it will get for it. */
export function faultLine(machine: Board, { task, message, signal }: FaultInfo): string {
  const by = kernelRecord<'Task'>(task);
  const who = by ? `Process ${pidOf(by)} (${text(by, 'name')})` : 'A program';
  const cpu = machine.cpus.find((candidate) => candidate.task === task);
  const c = cpu ? coroutineOn(cpu) : null;
  const whole = c ? `${who}, in coroutine ${nameOfCoroutine(machine, c)}` : who;
  const what = /[.?!]$/.test(message) ? message : `${message}.`;
  return `${whole}: ${what} It will get ${nameOfConstant(machine, SIGNAL_NAME, signal)}.`;
}

function processName(machine: Board, pid: number): string {
  const task = taskByTid(machine, pid);
  return task ? `process ${pid} (${text(task, 'name')})` : `process ${pid}`;
}

/** The comment behind the constant in src/std/abi.osim: strerror()'s sentence. */
function explain(machine: Board, name: string): string {
  for (const { files } of machine.images) {
    for (const { text: source } of files) {
      const match = source === undefined ? null : new RegExp(`^const ${name} = \\d+;\\s*// (.+)$`, 'm').exec(source);
      if (match) return match[1].trim();
    }
  }
  return 'see its man page';
}
