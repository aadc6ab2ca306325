/** What the Machine view draws, read off a machine: messages.ts says what each part means. */
import { KERNEL, type Cpu } from '../machine/cpu.js';
import { framesOfCpu, framesOfTask } from '../machine/frames.js';
import type { Board } from '../machine/board.js';
import { MapValue } from '../machine/values.js';
import type { Computer } from '../computer/computer.js';
import { openFlags, waitersOf } from '../computer/inspect-format.js';
import {
  isIdle,
  pidOf,
  processOf,
  stateOf,
  taskOn,
  tasksOf,
  tidOf,
  waitChannel,
  type Task,
} from '../computer/inspect.js';
import { waitReason } from '../computer/inspect-coroutines.js';
import { waitName } from '../computer/lock-waits.js';
import {
  countOf,
  field,
  flag,
  globalRecord,
  globalRecords,
  integer,
  kernelRecord,
  record,
  queuedTasks,
  text,
  type KernelRecord,
} from '../computer/kernel-records.js';
import { textOf } from '../machine/text.js';
import { statistics, type Stats } from '../computer/report.js';
import { fileDetail } from '../computer/views/files/detail.js';
import type { KernelFunction } from '../computer/kernel-layout.js';
import { Code, type CodeMap } from './code-map.js';
import { bufferedIn, kindOfFile, nameOfFile } from './file-names.js';
import {
  SNAPSHOT_TASK_LIMIT,
  type CopiesView,
  type CpuView,
  type FdView,
  type OpenFileView,
  type PageCacheView,
  type PartialSnapshot,
  type PlaceView,
  type SnapshotPart,
  type SnapshotParts,
  type StateEvent,
  type TaskView,
} from './messages.js';

const PAGES_LISTED = 200;
const PAGE_TEXT = 48;
const PAGE_SIZE = 4096;

export function stateEvent(machine: Board, running: boolean): StateEvent {
  return {
    running,
    time: machine.time,
    step: machine.steps,
    cpus: machine.cpus.map((cpu) => cpuView(machine, cpu)),
    outcome: machine.outcome?.kind ?? null,
  };
}

function cpuView(machine: Board, cpu: Cpu): CpuView {
  const idle = cpu.halted || isIdle(cpu.task);
  return {
    id: cpu.id,
    task: Math.max(0, tidOf(cpu.task)),
    name: cpu.task === null ? 'boot' : text(taskOn(cpu), 'name'),
    mode: servesInterrupt(machine, cpu) ? 'interrupt' : idle ? 'idle' : cpu.mode === KERNEL ? 'kernel' : 'user',
    clock: cpu.clock,
  };
}

/** Where the hardware goes when an interrupt comes, on the stack of whoever was running, idle included. */
const INTERRUPT_ENTRY: KernelFunction = 'irq_entry';

function servesInterrupt(machine: Board, cpu: Cpu): boolean {
  if (cpu.halted || cpu.mode !== KERNEL) return false;
  return framesOfCpu(machine, cpu).some((frame) => frame.function.name === INTERRUPT_ENTRY);
}

/** The parts of a snapshot that are asked for; nothing is read off the machine for others. */
export function snapshotOf(computer: Computer, code: CodeMap, wanted: ReadonlySet<SnapshotPart>): PartialSnapshot {
  const { machine } = computer;
  const all = tasksOf(machine);
  const shown = all.slice(0, SNAPSHOT_TASK_LIMIT);
  const stats = wanted.has('stats') || wanted.has('copies') ? statistics(computer) : null;
  const readers: { [Part in SnapshotPart]: () => SnapshotParts[Part] } = {
    tasks: () => shown.map((task) => taskView(machine, code, task)),
    places: () => shown.map((task) => placeView(machine, code, task)),
    runQueues: () => runQueuesOf(machine),
    waitQueues: () => waitQueuesOf(machine, all),
    openFiles: () =>
      globalRecords(machine, 'file_table')
        .slice(0, SNAPSHOT_TASK_LIMIT)
        .map((file) => openFileView(machine, file)),
    pageCache: () => pageCacheView(machine),
    stats: () => (stats ? numbers(stats) : {}),
    copies: () => (stats ? copiesOf(stats) : []),
  };
  const parts = Object.entries(readers).flatMap(([part, read]) =>
    wanted.has(part as SnapshotPart) ? [[part, read()] as const] : [],
  );
  return {
    time: machine.time,
    step: machine.steps,
    cpus: machine.cpus.map((cpu) => cpuView(machine, cpu)),
    moreTasks: all.length - shown.length,
    outcome: machine.outcome?.kind ?? null,
    ...(Object.fromEntries(parts) as Partial<SnapshotParts>),
  };
}

function runQueuesOf(machine: Board): SnapshotParts['runQueues'] {
  return globalRecords(machine, 'run_queues').map((rq) => ({
    cpu: integer(rq, 'cpu'),
    tasks: queuedTasks(rq).slice(0, SNAPSHOT_TASK_LIMIT).map(tidOf),
  }));
}

/** Who waits on what. A sleeper waits on a timer, which is no queue: those are put together by what they wait for. */
function waitQueuesOf(machine: Board, tasks: readonly Task[]): SnapshotParts['waitQueues'] {
  const queues = new Map<KernelRecord<'WaitQueue'> | string, { name: string; tasks: number[] }>();
  for (const task of tasks) {
    const queue = record(task, 'waiting_on');
    const channel = waitChannel(task);
    if (queue && !queues.has(queue)) {
      // Of a lock's word the program has a name, the kernel only an address.
      const name = channel?.startsWith('futex ') ? waitName(machine, task) : text(queue, 'name');
      queues.set(queue, { name: name || 'wait queue', tasks: waitersOf(queue).map(tidOf) });
    } else if (!queue && channel) {
      const known = queues.get(channel);
      if (known) known.tasks.push(tidOf(task));
      else queues.set(channel, { name: channel, tasks: [tidOf(task)] });
    }
  }
  return [...queues.values()];
}

function copiesOf({ copiesByCall, bytesCopiedByCall }: Stats): CopiesView[] {
  return Object.keys(copiesByCall)
    .sort()
    .map((call) => ({ call, copies: copiesByCall[call], bytes: bytesCopiedByCall[call] }))
    .filter((row): row is CopiesView => row.copies !== undefined && row.bytes !== undefined);
}

function numbers(of: object): Record<string, number> {
  return Object.fromEntries(
    Object.entries(of).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}

function placeView(machine: Board, code: CodeMap, task: Task): PlaceView {
  return {
    pid: tidOf(task),
    name: text(task, 'name'),
    state: stateOf(machine, task),
    waitChannel: waitReason(machine, task),
    location: userLocation(machine, code, task),
  };
}

function taskView(machine: Board, code: CodeMap, task: Task): TaskView {
  return {
    ...placeView(machine, code, task),
    ppid: parentOf(task),
    tgid: pidOf(task),
    cpu: integer(task, 'cpu', 0),
    switches: integer(task, 'context_switches_voluntary') + integer(task, 'context_switches_involuntary'),
    cpuTime: integer(task, 'utime') + integer(task, 'stime'),
    fds: fdRows(task).map(({ fd, file, cloexec }): FdView => ({ fd, file: integer(file, 'id'), closeOnExec: cloexec })),
  };
}

/** The parent's pid; 0 for init, who is its own. */
export function parentOf(task: Task): number {
  const process = processOf(task);
  const parent = record(process, 'parent');
  return parent === process ? 0 : integer(parent, 'pid');
}

/** The rows of a task's fd table, ascending. */
export function fdRows(task: Task): { fd: number; file: KernelRecord<'File'>; cloexec: boolean }[] {
  const fds = field(record(processOf(task), 'files'), 'fds');
  if (!(fds instanceof MapValue)) return [];
  const rows: ReturnType<typeof fdRows> = [];
  for (const [fd, value] of fds.entries) {
    const entry = kernelRecord<'FdEntry'>(value);
    const file = record(entry, 'file');
    if (typeof fd !== 'number' || !file) continue;
    rows.push({ fd, file, cloexec: flag(entry, 'cloexec') });
  }
  return rows.sort((a, b) => a.fd - b.fd);
}

/** Where a task stands in the user's own program. */
function userLocation(machine: Board, code: CodeMap, task: Task): { path: string; line: number } | null {
  const cpu = machine.cpus.find((c) => c.task === task);
  const frames = cpu ? framesOfCpu(machine, cpu) : framesOfTask(machine, task);
  const frame = frames.find((f) => code.ownerOf(f.pc) === Code.PROGRAM);
  const position = frame && code.positionAt(frame.pc);
  return position ? { path: position.uri, line: position.line } : null;
}

function openFileView(machine: Board, file: KernelRecord<'File'>): OpenFileView {
  const inode = record(file, 'inode');
  const kind = kindOfFile(file);
  return {
    id: integer(file, 'id'),
    kind,
    name: nameOfFile(file),
    offset: kind === 'file' || kind === 'directory' ? integer(file, 'offset') : null,
    flags: openFlags(machine, integer(file, 'flags')),
    references: integer(file, 'refs'),
    inode: {
      number: integer(inode, 'ino'),
      size: integer(inode, 'size'),
      buffered: bufferedIn(file),
    },
    detail: fileDetail(machine, file),
  };
}

export function pageCacheView(machine: Board): PageCacheView {
  const cache = globalRecord(machine, 'page_cache');
  const stats = globalRecord(machine, 'stats');
  const lru = kernelRecord<'List'>(field(cache, 'lru'));
  const list: PageCacheView['list'] = [];
  let page = kernelRecord<'Page'>(field(lru, 'last'));
  for (; page && list.length < PAGES_LISTED; page = record(page, 'prev')) {
    const inode = record(page, 'inode');
    list.push({
      inode: integer(inode, 'ino'),
      name: nameOfInode(machine, inode),
      index: integer(page, 'index'),
      state: pageState(page),
      text: pageText(machine, page, integer(inode, 'size')),
    });
  }
  return {
    pages: countOf(lru),
    dirty: integer(cache, 'dirty'),
    hits: integer(stats, 'cache_hits'),
    misses: integer(stats, 'cache_misses'),
    list,
  };
}

function pageState(page: KernelRecord<'Page'>): PageCacheView['list'][number]['state'] {
  if (flag(page, 'locked')) return 'reading';
  if (flag(page, 'writing')) return 'writing';
  return flag(page, 'dirty') ? 'dirty' : 'clean';
}

/** The first bytes of a page, as text. */
function pageText(machine: Board, page: KernelRecord<'Page'>, size: number): string {
  if (!flag(page, 'uptodate')) return '';
  const pa = integer(page, 'frame');
  const count = Math.max(0, Math.min(PAGE_TEXT, size - integer(page, 'index') * PAGE_SIZE));
  const frame = machine.memory.frames[Math.floor(pa / PAGE_SIZE)];
  return frame ? textOf(String.fromCharCode(...frame.bytes.subarray(0, count))) : '';
}

/** A path by which an inode is open, or its number. */
function nameOfInode(machine: Board, inode: KernelRecord<'Inode'> | null): string {
  for (const file of globalRecords(machine, 'file_table')) {
    if (inode && record(file, 'inode') === inode) return text(file, 'path');
  }
  return inode ? `inode ${integer(inode, 'ino')}` : '';
}
