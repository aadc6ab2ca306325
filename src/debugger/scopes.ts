/**
 * The scopes of a frame: its locals and globals, its process as the kernel keeps it, the CPU, and the kernel as a
 * whole.
 */
import type { CoroutineValue } from '../machine/stack.js';
import { KERNEL, type Cpu } from '../machine/cpu.js';
import type { LinkedGlobal } from '../machine/link.js';
import { MapValue } from '../machine/values.js';
import { address, describe, hex, openFlags, plural } from '../computer/inspect-format.js';
import { coroutinesOf } from '../computer/inspect-coroutines.js';
import { localsOf } from '../computer/inspect-frames.js';
import { addressOfGlobal, readGlobal } from '../computer/inspect-memory.js';
import { cpuOf, pageTableOf, pidOf, processOf, tidOf, type Task } from '../computer/inspect.js';
import type { KernelGlobal } from '../computer/kernel-layout.js';
import {
  countOf,
  field,
  globalRecord,
  globalRecords,
  integer,
  kernelGlobal,
  kernelRecord,
  pathOf,
  record,
  queuedTasks,
  records,
  text,
  type KernelRecord,
} from '../computer/kernel-records.js';
import { statistics } from '../computer/report.js';
import {
  Group,
  Row,
  insidePageTable,
  insideOf,
  partOf,
  type Container,
  type Part,
  type Reading,
} from './containers.js';
import type { Debuggee } from './debuggee.js';
import type { FrameHandle } from './handles.js';
import { PageTable } from '../machine/mmu.js';
import { networkPart, timeWaitPart } from './network-scope.js';
import { processScope, taskExpression } from './process-scope.js';
import { bufferedIn, kindOfFile, nameOfFile } from './file-names.js';
import { fdRows } from './snapshot.js';

export interface ScopeOf {
  name: string;
  hint?: 'locals' | 'registers' | 'arguments';
  expensive: boolean;
  container: Container;
}

/** Where a byte is, said so that it tells the process: see memory.ts. */
export function readingFor({ machine }: Debuggee, task: Task | null): Reading {
  const space = task ? pidOf(task) : 0;
  return {
    machine,
    task,
    userMemory: (at) => memoryName(space, at),
    kernelMemory: (at) => memoryName(0, at),
    physicalMemory: (at) => memoryName(PHYSICAL, at),
  };
}

/** The space of page frames, by physical address. */
export const PHYSICAL = 0x7fff_ffff;

/** The process in the high half, the address in the low one: `0x300000010` is address 0x10 of process 3. */
export function memoryName(pid: number, at: number): string {
  return `0x${(BigInt(pid) * 0x1_0000_0000n + BigInt(at)).toString(16)}`;
}

export function scopesOf(debuggee: Debuggee, { frame, task }: FrameHandle): ScopeOf[] {
  const { machine } = debuggee;
  const reading = readingFor(debuggee, task);
  const scopes: ScopeOf[] = [
    { name: 'Locals', hint: 'locals', expensive: false, container: locals(reading, frame) },
    {
      name: 'Globals',
      expensive: false,
      container: frame.mode === KERNEL ? kernelGlobals(reading) : userGlobals(reading),
    },
  ];
  if (task) {
    scopes.push({
      name: 'Process',
      expensive: true,
      container: processScope(reading, task),
    });
    scopes.push({ name: 'File descriptors', expensive: true, container: fileDescriptors(reading, task) });
    scopes.push({ name: 'Memory map', expensive: true, container: memoryMap(reading, task) });
  }
  if (task && debuggee.code.usesCoroutines) {
    scopes.push({ name: 'Coroutines', expensive: true, container: coroutines(debuggee, reading, task) });
  }
  const cpu = cpuOf(machine, task) ?? machine.cpus.find((c) => c.stack === frame.stack) ?? null;
  if (cpu)
    scopes.push({ name: 'CPU registers', hint: 'registers', expensive: true, container: registers(reading, cpu) });
  scopes.push({ name: 'Kernel', expensive: true, container: kernel(debuggee, reading) });
  return scopes;
}

const FDS = pathOf('Task.process', 'Process.files', 'FileTable.fds');
const AREAS = pathOf('Task.process', 'Process.mm', 'Mm.areas');

function locals(reading: Reading, frame: FrameHandle['frame']): Container {
  const variables = localsOf(frame);
  return new Group(variables.length, (options) =>
    variables.map(({ name, slot }) => partOf(reading, name, frame.stack.slots[slot] ?? null, name, options)),
  );
}

/** The program's own globals, in order of declaration, then the library's if they are not private to it. */
function userGlobals(reading: Reading): Container {
  const { machine, task } = reading;
  const own = machine.program.userGlobals.filter(
    ({ image, name }) => image === 'program' || (image === 'library' && !name.startsWith('_')),
  );
  const sorted = [...own.filter(({ image }) => image === 'program'), ...own.filter(({ image }) => image !== 'program')];
  return new Group(sorted.length, (options) =>
    sorted.map((global): Part => {
      const value = task ? readGlobal(machine, task, global) : undefined;
      const part: Part =
        value === undefined
          ? { name: global.name, text: untouched(global), expression: null, fixed: true }
          : partOf(reading, global.name, value, global.name, options);
      part.memory ??= reading.userMemory(task ? addressOfGlobal(task, global) : global.address);
      return part;
    }),
  );
}

/** A global whose page has not been touched has its first value, on disk. */
function untouched({ initial }: LinkedGlobal): string {
  return `${initial} (its page is not in memory yet)`;
}

function kernelGlobals(reading: Reading): Container {
  const { machine } = reading;
  const globals = [...machine.program.kernelGlobals].sort((a, b) => (a.name < b.name ? -1 : 1));
  return new Group(globals.length, (options) =>
    globals.map(({ name, address: index }) =>
      partOf(reading, name, machine.kernelData.values[index] ?? null, name, options),
    ),
  );
}

/** One row that says how many there are: they are looked for only when it is asked for. */
function coroutines(debuggee: Debuggee, reading: Reading, task: Task): Container {
  return new Group(4, () => {
    const { machine } = debuggee;
    const cpu = cpuOf(machine, task) ?? null;
    const all = coroutinesOf(task, debuggee.framesOf({ cpu, task }));
    const row = (name: string, list: CoroutineValue[]): Part =>
      fixed(
        name,
        String(list.length),
        list.length === 0
          ? null
          : new Row(list.length, (i, options) => partOf(reading, String(i), list[i] ?? null, null, options)),
      );
    return [
      row(
        'running',
        all.filter(({ state }) => state === 'running'),
      ),
      row(
        'suspended',
        all.filter(({ state }) => state === 'suspended'),
      ),
      row(
        'created',
        all.filter(({ state }) => state === 'new'),
      ),
      row(
        'done',
        all.filter(({ state }) => state === 'done'),
      ),
    ];
  });
}

function fixed(name: string, shown: string, inside?: Container | null): Part {
  return { name, text: shown, expression: null, fixed: true, ...(inside ? { inside } : {}) };
}

function fileDescriptors(reading: Reading, task: Task): Container {
  const rows = fdRows(task);
  return new Group(rows.length, (options) =>
    rows.map(({ fd, file, cloexec }) => {
      const path = taskExpression(task);
      const expression = path === null ? null : `${path}${FDS}[${fd}]${pathOf('FdEntry.file')}`;
      const part = partOf(reading, String(fd), file, expression, options);
      const kind = kindOfFile(file);
      const words = [nameOfFile(file), openFlags(reading.machine, integer(file, 'flags'))];
      if (kind === 'file' || kind === 'directory') words.push(`offset ${integer(file, 'offset')}`);
      const buffered = bufferedIn(file);
      if (buffered !== null) words.push(`${buffered} bytes buffered`);
      if (cloexec) words.push('close-on-exec');
      return { ...part, text: words.join('  '), fixed: true };
    }),
  );
}

function memoryMap(reading: Reading, task: Task): Container {
  const mm = record(processOf(task), 'mm');
  const areas = records(mm, 'areas');
  const table = pageTableOf(task);
  const path = taskExpression(task);
  const summary: Part[] = [
    fixed('resident', plural(integer(mm, 'resident'), 'page')),
    fixed('page table', describe(table), table instanceof PageTable ? insidePageTable(reading, table) : null),
  ];
  if (!mm) return new Group(1, () => [fixed('user memory', 'none: a task of the kernel')]);
  return new Group(areas.length + summary.length, (options) => [
    ...areas.map((area, i): Part => {
      const expression = path === null ? null : `${path}${AREAS}[${i}]`;
      const range = `${address(integer(area, 'start'))}-${address(integer(area, 'end'))}`;
      const part = partOf(reading, range, area, expression, options);
      return { ...part, text: areaText(area), memory: reading.userMemory(integer(area, 'start')), fixed: true };
    }),
    ...summary,
  ]);
}

/** As in /proc/PID/maps: `rw-p [heap] 8 KiB`. */
function areaText(area: KernelRecord<'Vma'>): string {
  const prot = integer(area, 'prot');
  const bits = `${prot & 1 ? 'r' : '-'}${prot & 2 ? 'w' : '-'}${prot & 4 ? 'x' : '-'}${integer(area, 'flags') & 1 ? 's' : 'p'}`;
  const bytes = integer(area, 'end') - integer(area, 'start');
  const size = bytes % (1 << 20) === 0 ? `${bytes >> 20} MiB` : `${bytes / 1024} KiB`;
  return `${bits} ${text(area, 'name') || 'anonymous'} ${size}`;
}

function registers(reading: Reading, cpu: Cpu): Container {
  const { machine } = reading;
  const f = machine.program.functionAt(cpu.pc);
  return new Group(11, () => [
    fixed('cpu', String(cpu.id)),
    fixed('pc', `${address(machine.program.addressOf(cpu.pc))}${f ? ` in ${f.name}` : ''}`),
    fixed('sp', hex(stackPointer(machine.program.registers, cpu))),
    fixed('fp', hex(cpu.fp * 8)),
    fixed('mode', cpu.mode === KERNEL ? 'kernel' : 'user'),
    fixed(
      'page_table',
      cpu.pageTable ? describe(cpu.pageTable) : 'none',
      cpu.pageTable ? insidePageTable(reading, cpu.pageTable) : null,
    ),
    fixed('clock', `${cpu.clock} ticks`),
    fixed('halted', String(cpu.halted)),
    fixed('pending interrupts', cpu.pending === 0 ? 'none' : `0b${cpu.pending.toString(2)}`),
    fixed('ticks', `user ${cpu.userTicks}, kernel ${cpu.kernelTicks}, idle ${cpu.idleTicks}`),
    fixed('TLB', `${cpu.tlb.hits} hits, ${cpu.tlb.misses} misses, ${cpu.tlb.flushes} flushes`),
  ]);
}

function stackPointer(sizes: Int32Array, { stack, fp }: Cpu): number {
  return (fp + (sizes[stack.slots[fp - 1] as number] ?? 0)) * 8;
}

function kernel(debuggee: Debuggee, reading: Reading): Container {
  const { machine } = debuggee;
  const of = (name: KernelGlobal): number => countOf(kernelGlobal(machine, name));
  const row = (name: string, shown: string, global: KernelGlobal): Part => ({
    ...fixed(name, shown, insideOf(reading, kernelGlobal(machine, global), `kernel.${global}`)),
    expression: `kernel.${global}`,
  });
  const network = [networkPart(reading), timeWaitPart(reading)].filter((part) => part !== null);
  return new Group(13 + network.length, () => {
    const stats = statistics(debuggee.computer);
    return [
      fixed('time', `${machine.time} ticks`),
      fixed('step', String(machine.steps)),
      row('processes', String(countOf(of('processes'))), 'processes'),
      row('tasks', String(of('tasks')), 'tasks'),
      row('run queues', globalRecords(machine, 'run_queues').map(queueText).join('; ') || 'none', 'run_queues'),
      waitQueues(reading),
      row('open files', String(of('file_table')), 'file_table'),
      row('inodes', String(of('inodes')), 'inodes'),
      row('page cache', pageCacheText(globalRecord(machine, 'page_cache')), 'page_cache'),
      row('disk queue', describe(kernelGlobal(machine, 'disk_queue')), 'disk_queue'),
      ...network,
      fixed('event queue', `${machine.events.length} pending`, eventQueue(debuggee)),
      fixed('interrupts', String(machine.counters.get('interrupts'))),
      fixed('statistics', `${Object.keys(stats).length} counters`, statisticsInside(stats)),
    ];
  });
}

function queueText(rq: KernelRecord<'RunQueue'>): string {
  const running = record(rq, 'current');
  const pids = queuedTasks(rq).map(tidOf);
  const head = `cpu${integer(rq, 'cpu')}: ${running && tidOf(running) > 0 ? `running ${tidOf(running)}` : 'idle'}`;
  return pids.length === 0 ? head : `${head}, ready ${pids.slice(0, 20).join(' ')}${pids.length > 20 ? ' …' : ''}`;
}

function pageCacheText(cache: KernelRecord<'PageCache'> | null): string {
  return cache === null ? 'none' : `${countOf(field(cache, 'lru'))} pages, ${integer(cache, 'dirty')} dirty`;
}

function waitQueues(reading: Reading): Part {
  const queues = new Map<KernelRecord<'WaitQueue'>, string>();
  const tasks = kernelGlobal(reading.machine, 'tasks');
  if (tasks instanceof MapValue) {
    for (const value of tasks.entries.values()) {
      const task = kernelRecord<'Task'>(value);
      const queue = record(task, 'waiting_on');
      const path = task && taskExpression(task);
      if (queue && path !== null && !queues.has(queue)) queues.set(queue, `${path}${pathOf('Task.waiting_on')}`);
    }
  }
  const list = [...queues];
  const inside = new Row(list.length, (i, options) => {
    const [queue, expression] = list[i];
    return { ...partOf(reading, text(queue, 'name') || `queue ${i}`, queue, expression, options), fixed: true };
  });
  return fixed(
    'wait queues',
    list.length === 0 ? 'nobody waits' : `${list.length} with waiting tasks`,
    list.length > 0 ? inside : null,
  );
}

/** By the kind of event (src/machine/devices.ts). */
const DEVICES = [
  'timer',
  'disk',
  'keyboard',
  'network card has sent',
  'frame arrives here',
  'frame arrives at a remote',
  'remote goes on',
  "remote's TCP timer",
];

function eventQueue({ machine }: Debuggee): Container | null {
  const pending = machine.events.pending();
  if (pending.length === 0) return null;
  return new Row(pending.length, (i) => {
    const event = pending[i];
    return fixed(String(i), event ? `at ${event.time}: ${DEVICES[event.kind] ?? `device ${event.kind}`}` : '');
  });
}

function statisticsInside(stats: object): Container {
  const entries = Object.entries(stats).sort((a, b) => (a[0] < b[0] ? -1 : 1));
  return new Group(entries.length, () =>
    entries.map(([name, value]: [string, unknown]) =>
      typeof value === 'object' && value !== null
        ? fixed(name, `{${Object.keys(value).length}}`, Object.keys(value).length > 0 ? statisticsInside(value) : null)
        : fixed(name, String(value)),
    ),
  );
}
