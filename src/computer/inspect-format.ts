/**
 * Values as a person reads them: short, in the language's own notation, with names where the kernel's integers are
 * codes.
 */
import { ContextValue } from '../machine/context.js';
import { CoroutineValue } from '../machine/stack.js';
import { isText } from '../machine/long-string.js';
import type { Board } from '../machine/board.js';
import { PageTable } from '../machine/mmu.js';
import {
  BufferValue,
  FunctionValue,
  type HardwareValue,
  ListValue,
  MapValue,
  RecordValue,
  SyncValue,
  type Value,
  WordsValue,
} from '../machine/values.js';
import { textOf } from '../machine/text.js';
import type { Task } from './inspect.js';
import type { KernelConstant } from './kernel-layout.js';
import {
  constant,
  countOf,
  field,
  flag,
  integer,
  isStruct,
  kernelRecord,
  record,
  records,
  type FieldPath,
  type KernelRecord,
  type LayoutName,
  type StructName,
  type TextField,
} from './kernel-records.js';

export interface FormatOptions {
  hex?: boolean;
  /** Of a buffer: its bytes, if they can be read. */
  bytesOf?: (buffer: BufferValue) => Uint8Array | null;
  /** Of a shared array: its first elements, if they can be read. */
  elementsOf?: (array: WordsValue, count: number) => Value[] | null;
  /** Of a lock: how it stands, if its words can be read. */
  stateOf?: (lock: SyncValue) => string | null;
}

const LONGEST = 120;

/** A value in at most about a hundred characters. */
export function describe(value: Value, options: FormatOptions = {}): string {
  if (typeof value === 'number') return options.hex ? hex(value) : String(value);
  if (isText(value)) return quote(value.toString());
  if (value === null || typeof value === 'boolean') return String(value);
  if (value instanceof RecordValue) return describeRecord(value, options);
  if (value instanceof ListValue)
    return `[${parts(value.items.slice(value.head, value.head + 8), value.length, (v) => brief(v, options))}]`;
  if (value instanceof MapValue) {
    const entries = [...take(value.entries, 8)];
    return `map(${value.entries.size}) {${parts(entries, value.entries.size, ([k, v]) => `${typeof k === 'string' ? quote(k) : String(k)}: ${brief(v, options)}`)}}`;
  }
  if (value instanceof BufferValue) return describeBuffer(value, options);
  if (value instanceof WordsValue) return describeArray(value, options);
  if (value instanceof SyncValue) return options.stateOf?.(value) ?? value.kind;
  if (value instanceof FunctionValue) return `fn ${value.name}`;
  return describeHardware(value);
}

export function hex(value: number): string {
  return value < 0 ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}

export function address(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}

/** A string in quotes, escaped as one would write it, cut off where it is long. */
export function quote(bytes: string): string {
  const cut = bytes.length > 1000 ? bytes.slice(0, 1000) : bytes;
  const escaped = escape(textOf(cut));
  return cut === bytes ? `"${escaped}"` : `"${escaped}"… (${bytes.length} bytes)`;
}

const ESCAPES: Record<string, string> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\0': '\\0',
  '"': '\\"',
  '\\': '\\\\',
};

function escape(text: string): string {
  let shown = '';
  for (const c of text) {
    const code = c.charCodeAt(0);
    if (Object.hasOwn(ESCAPES, c)) shown += ESCAPES[c];
    else shown += code < 0x20 || code === 0x7f ? `\\x${code.toString(16).padStart(2, '0')}` : c;
  }
  return shown;
}

/** Inside of something else: one level less. */
function brief(value: Value, options: FormatOptions): string {
  if (value instanceof RecordValue) return nameOf(value);
  if (value instanceof ListValue) return value.length === 0 ? '[]' : `[… ${value.length}]`;
  if (value instanceof MapValue) return `map(${value.entries.size})`;
  if (value instanceof BufferValue) return `buffer(${value.length})`;
  if (value instanceof WordsValue) return `array(${value.length})`;
  return describe(value, options);
}

function parts<T>(items: readonly T[], count: number, show: (item: T) => string): string {
  let line = '';
  for (let i = 0; i < items.length && i < 8; i++) {
    const piece = (i > 0 ? ', ' : '') + show(items[i]);
    if (line.length + piece.length > LONGEST) return `${line}, … ${count} in all`;
    line += piece;
  }
  return count > 8 ? `${line}, … ${count} in all` : line;
}

function* take<T>(items: Iterable<T>, count: number): Generator<T> {
  for (const item of items) {
    if (count-- <= 0) return;
    yield item;
  }
}

/** What tells one record of a struct from another: shown behind the struct's name. */
const IDENTITY: { [S in StructName]?: (r: KernelRecord<S>) => string } = {
  Task: (r) => `${integer(r, 'tid')} ${plain(r, 'name')}`,
  Process: (r) => `${integer(r, 'pid')} ${plain(record(r, 'leader'), 'name')}`,
  File: fileIdentity,
  FdEntry: (r) => fileIdentity(record(r, 'file')),
  Inode: (r) => `${integer(r, 'ino')}`,
  Page: (r) => (record(r, 'inode') ? `${integer(record(r, 'inode'), 'ino')}:${integer(r, 'index')}` : 'gone'),
  WaitQueue: (r) => `${plain(r, 'name')}${waiting(r)}`,
  EventPoll: (r) => `${countOf(field(r, 'items'))} watched, ${countOf(field(r, 'ready'))} ready`,
  EpItem: (r) => `fd ${integer(r, 'fd')}`,
  SignalInfo: (r) => `${integer(r, 'signo')}`,
  WaitEntry: (r) => (record(r, 'task') ? `${integer(record(r, 'task'), 'tid')}` : watcher(r)),
  Mutex: (r) => `${plain(r, 'name')}${record(r, 'owner') ? ` held by ${integer(record(r, 'owner'), 'tid')}` : ' free'}`,
  Timer: (r) => `${plain(r, 'name')}${integer(r, 'slot', -1) >= 0 ? ` at ${integer(r, 'key')}` : ''}`,
  RunQueue: (r) => `cpu${integer(r, 'cpu')}: ${integer(r, 'nr_running')} runnable`,
  Vma: (r) => `${address(integer(r, 'start'))}-${address(integer(r, 'end'))} ${plain(r, 'name')}`,
  List: (r) => `${countOf(r)}`,
  Heap: (r) => `${countOf(r)}`,
  Syscall: (r) => plain(r, 'name'),
  IrqHandler: (r) => plain(r, 'name'),
};

function fileIdentity(file: KernelRecord<'File'> | null): string {
  return plain(file, 'path') || plain(record(file, 'ops'), 'kind') || `#${integer(file, 'id')}`;
}

function functionName(value: Value): string {
  return value instanceof FunctionValue ? value.name : '';
}

function plain<N extends LayoutName>(of: KernelRecord<N> | null, name: TextField<N>): string {
  const value = field(of, name);
  return isText(value) ? escape(textOf(value.toString().slice(0, 60))) : '';
}

function waiting(queue: KernelRecord<'WaitQueue'>): string {
  const count = countOf(field(queue, 'entries')) + countOf(field(queue, 'exclusive'));
  return count === 0 ? '' : `: ${count} waiting`;
}

/** An entry on a wait queue that no task waits with: what watches the queue, and the function that a wake-up calls. */
function watcher(entry: KernelRecord<'WaitEntry'>): string {
  const subject = field(entry, 'private');
  const name = subject instanceof RecordValue && (identityOf(subject) || subject.shape.name);
  return `${name ? `${name} ` : ''}→ ${functionName(field(entry, 'wake'))}`;
}

function nameOf(r: RecordValue): string {
  const struct = r.shape.name;
  if (!struct) return '{…}';
  const identity = identityOf(r);
  return identity ? `${struct} ${identity}` : struct;
}

function identityOf(r: RecordValue): string {
  const struct = r.shape.name as StructName | null;
  // By its name a record is of the struct that the function is for.
  const known =
    struct && Object.hasOwn(IDENTITY, struct) ? (IDENTITY[struct] as (r: RecordValue) => string) : undefined;
  return known ? known(r) : '';
}

function describeRecord(r: RecordValue, options: FormatOptions): string {
  const struct = r.shape.name ?? '';
  if (identityOf(r)) return nameOf(r);
  const fields = r.shape.fields.map((name, i) => [name, r.fields[i]] as const);
  return `${struct ? `${struct} ` : ''}{${parts(fields, fields.length, ([name, v]) => `${name}: ${brief(v, options)}`)}}`;
}

function describeBuffer(buffer: BufferValue, options: FormatOptions): string {
  const head = `${buffer.length} bytes at ${address(buffer.address)}`;
  const bytes = options.bytesOf?.(new BufferValue(buffer.address, Math.min(buffer.length, 64)));
  if (!bytes || bytes.length === 0) return `${head}, not in memory yet`;
  return `${quote(String.fromCharCode(...bytes))}${bytes.length < buffer.length ? '…' : ''} (${head})`;
}

function describeArray(array: WordsValue, options: FormatOptions): string {
  const elements = options.elementsOf?.(array, 8);
  if (!elements) return `array of ${array.length}, not in memory yet`;
  return `[${parts(elements, array.length, (v) => brief(v, options))}]`;
}

function describeHardware(value: HardwareValue): string {
  if (value instanceof CoroutineValue) return `coroutine #${value.number}, ${value.state}`;
  if (value instanceof ContextValue) return 'context';
  if (value instanceof PageTable) return `page table, ${value.pages().length} pages`;
  return value.kind;
}

// ---- Integers that are codes ---------------------------------------------------------------------------------------

/**
 * How a field's integer is to be read: `Struct.field`. Flags, a base, an address, a signal, a function of the program.
 */
type Reading =
  | { kind: 'flags'; names: readonly KernelConstant[]; zero?: KernelConstant }
  | { kind: 'address' | 'octal' | 'binary' | 'signal' | 'status' | 'function' };

const ACCESS: KernelConstant[] = ['O_RDONLY', 'O_WRONLY', 'O_RDWR', 'O_ACCMODE'];
const OPEN_FLAGS: KernelConstant[] = [
  'O_CREAT',
  'O_EXCL',
  'O_TRUNC',
  'O_APPEND',
  'O_NONBLOCK',
  'O_ASYNC',
  'O_DIRECT',
  'O_CLOEXEC',
];
const TASK_STATES: KernelConstant[] = [
  'TASK_INTERRUPTIBLE',
  'TASK_UNINTERRUPTIBLE',
  'TASK_STOPPED',
  'TASK_ZOMBIE',
  'TASK_DEAD',
];
const PROTECTION: KernelConstant[] = ['PROT_READ', 'PROT_WRITE', 'PROT_EXEC'];
const MAPPING: KernelConstant[] = ['MAP_SHARED', 'MAP_PRIVATE', 'MAP_FIXED', 'MAP_ANONYMOUS'];
const EVENTS = ['POLLIN', 'POLLPRI', 'POLLOUT', 'POLLERR', 'POLLHUP', 'POLLRDHUP'] as const;
const EPOLL_EVENTS: KernelConstant[] = [
  ...EVENTS.map((name) => `E${name}` as const),
  'EPOLLEXCLUSIVE',
  'EPOLLONESHOT',
  'EPOLLET',
];
const ADDRESS: Reading = { kind: 'address' };

const READINGS: { [P in FieldPath]?: Reading } = {
  'Task.state': { kind: 'flags', names: TASK_STATES, zero: 'TASK_RUNNING' },
  'Task.affinity': { kind: 'binary' },
  'Process.umask': { kind: 'octal' },
  'Inode.mode': { kind: 'octal' },
  'Vma.prot': { kind: 'flags', names: PROTECTION, zero: 'PROT_NONE' },
  'Vma.flags': { kind: 'flags', names: MAPPING },
  'Vma.start': ADDRESS,
  'Vma.end': ADDRESS,
  'Mm.brk': ADDRESS,
  'Mm.brk_start': ADDRESS,
  'Page.frame': ADDRESS,
  'UserBuffer.addr': ADDRESS,
  'EpItem.events': { kind: 'flags', names: EPOLL_EVENTS },
  'SignalInfo.signo': { kind: 'signal' },
  'SignalInfo.band': { kind: 'flags', names: EVENTS },
  'AsyncOwner.sig': { kind: 'signal' },
  'Process.stop_signal': { kind: 'signal' },
  'Task.must_stop': { kind: 'signal' },
  'Process.exit_status': { kind: 'status' },
  'SignalAction.handler': { kind: 'function' },
  'SignalAction.restorer': { kind: 'function' },
  'SignalAction.flags': { kind: 'flags', names: ['SA_SIGINFO', 'SA_RESTART', 'SA_NODEFER', 'SA_RESETHAND'] },
};

/** A field's value, its code spelled out: `1 TASK_INTERRUPTIBLE`. */
export function describeField(machine: Board, owner: RecordValue, name: string, options: FormatOptions = {}): string {
  const value = owner.fieldNamed(name) ?? null;
  if (value instanceof RecordValue && (isStruct(value, 'SignalSet') || isStruct(value, 'PendingSignals'))) {
    return signalNames(machine, value) || 'none';
  }
  if (typeof value !== 'number') return describe(value, options);
  const path = `${owner.shape.name ?? ''}.${name}` as FieldPath;
  if (path === 'File.flags') return `${value} ${openFlags(machine, value)}`;
  const reading = Object.hasOwn(READINGS, path) ? READINGS[path] : undefined;
  if (!reading) return describe(value, options);
  switch (reading.kind) {
    case 'address':
      return address(value);
    case 'octal':
      return `0o${value.toString(8)}`;
    case 'binary':
      return `0b${value.toString(2)}`;
    case 'signal':
      return value === 0 ? '0' : `${value} ${nameOfConstant(machine, SIGNAL_NAME, value)}`;
    case 'status':
      if (!isStruct(owner, 'Process') || !flag(owner, 'ended')) return String(value);
      return value & 0x7f
        ? `${value} killed by ${nameOfConstant(machine, SIGNAL_NAME, value & 0x7f)}`
        : `${value} exit(${value >> 8})`;
    case 'function':
      return value <= 1 ? describe(value, options) : `${value} fn ${machine.program.functions[value]?.name ?? '?'}`;
    case 'flags': {
      const names = flagNames(machine, value, reading.names);
      return `${value} ${names || (value === 0 ? (reading.zero ?? '') : '')}`.trim();
    }
  }
}

/** The signals of a set, or those that are pending: `SIGINT|SIGCHLD`. */
export function signalNames(machine: Board, set: Value): string {
  const signals = set instanceof RecordValue ? kernelRecord<'SignalSet'>(set) : null;
  const [low, high] = [integer(signals, 'low'), integer(signals, 'high')];
  const names: string[] = [];
  for (let sig = 1; sig <= 64; sig++) {
    const bit = sig <= 32 ? (low >>> (sig - 1)) & 1 : (high >>> (sig - 33)) & 1;
    if (bit) names.push(nameOfConstant(machine, SIGNAL_NAME, sig));
  }
  return names.join('|');
}

function flagNames(machine: Board, value: number, names: readonly KernelConstant[]): string {
  return names.filter((name) => (value & constant(machine, name)) !== 0).join('|');
}

/** `EPOLLIN|EPOLLET`: what an epoll looks for. */
export function epollEvents(machine: Board, events: number): string {
  return flagNames(machine, events, EPOLL_EVENTS);
}

/** `O_RDWR|O_NONBLOCK`. */
export function openFlags(machine: Board, flags: number): string {
  const access = ACCESS[flags & 3];
  const more = flagNames(machine, flags, OPEN_FLAGS);
  return more ? `${access}|${more}` : access;
}

/** The name of the constant with this prefix and value: `SIGSEGV`, `EAGAIN`; the number itself if there is none. */
export function nameOfConstant(machine: Board, prefix: RegExp, value: number): string {
  for (const image of machine.images) {
    for (const [name, number] of Object.entries(image.exports)) if (number === value && prefix.test(name)) return name;
  }
  return String(value);
}

/** The names of all signals, by number. */
export function signalNumbers(machine: Board): Map<number, string> {
  const named = machine.images.flatMap(({ exports }) => Object.entries(exports));
  return new Map(named.flatMap(([name, n]) => (SIGNAL_NAME.test(name) && typeof n === 'number' ? [[n, name]] : [])));
}

export const SIGNAL_NAME = /^SIG[A-Z0-9]+$/;
export const ERROR_NAME = /^E[A-Z0-9]+$/;

/** Waiting tasks of a wait queue, in the order in which they would be woken. */
export function waitersOf(queue: KernelRecord<'WaitQueue'>): Task[] {
  return [...records(queue, 'entries'), ...records(queue, 'exclusive')]
    .map((entry) => record(entry, 'task'))
    .filter((task) => task !== null);
}

/** `1 page`, `3 pages`. */
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
