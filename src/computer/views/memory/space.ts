/** Address spaces as the Address space view draws them: areas, and what the page table has for each of their pages. */
import { visible } from '../../../language/visible.js';
import type { Board } from '../../../machine/board.js';
import {
  KERNEL_BASE,
  PageTable,
  PTE_COW,
  PTE_DIRTY,
  PTE_PRESENT,
  PTE_SHARED,
  PTE_WRITABLE,
} from '../../../machine/mmu.js';
import { textOf } from '../../../machine/text.js';
import { ListValue } from '../../../machine/values.js';
import { pageTableOf, pidOf, processOf, taskOn, tasksOf, type Task } from '../../inspect.js';
import { constant, integer, kernelGlobal, record, records, text } from '../../kernel-records.js';

const PAGE = 4096;
/** Areas and pages that are told of one address space, at most. */
const MOST_AREAS = 100;
const MOST_PAGES = 2000;
/** Processes that can be chosen, and that are searched for one that shares frames. */
const MOST_PROCESSES = 200;

export interface MemoryArguments {
  /** Whose address spaces: one or two processes. Without it: who has a CPU, and who shares most frames with it. */
  pids?: number[] | null;
}

export interface MemoryAnswer {
  /** Of the machine, at which this holds. */
  step: number;
  processes: { pid: number; name: string }[];
  spaces: SpaceView[];
  /** Where the kernel's part of each address space begins. */
  kernelBase: number;
}

export interface SpaceView {
  pid: number;
  name: string;
  /** By address, ascending. */
  areas: AreaView[];
  /** Pages with a frame, in all areas; and how many of them are not told. */
  present: number;
  untold: number;
}

export interface AreaView {
  start: number;
  /** The first address behind it. */
  end: number;
  name: string;
  /** As in /proc/PID/maps: `rw-p`. */
  access: string;
  /** Those with a frame, by address. */
  pages: PageView[];
}

export interface PageView {
  address: number;
  /** Its number. */
  frame: number;
  /**
   * Copy-on-write since a fork; shared: its frame has other users, and what one writes the others see (if anybody may
   * write); own: nobody else has it.
   */
  state: 'own' | 'shared' | 'cow';
  isDirty: boolean;
  isWritable: boolean;
  /** Of the frame: address spaces and caches. */
  users: number;
}

export function memoryOf(machine: Board, { pids }: MemoryArguments): MemoryAnswer {
  const tasks = new Map<number, Task>();
  for (const task of tasksOf(machine)) {
    const pid = pidOf(task);
    if (!tasks.has(pid) && pageTableOf(task) instanceof PageTable) tasks.set(pid, task);
  }
  const wanted = pids?.filter((pid) => tasks.has(pid)) ?? [];
  const shown = wanted.length > 0 ? [...new Set(wanted)] : chosen(machine, tasks);
  return {
    step: machine.steps,
    processes: [...tasks].slice(0, MOST_PROCESSES).map(([pid, task]) => ({ pid, name: nameOf(task) })),
    spaces: shown.slice(0, 2).flatMap((pid) => {
      const task = tasks.get(pid);
      return task ? [spaceOf(machine, task)] : [];
    }),
    kernelBase: KERNEL_BASE,
  };
}

function nameOf(task: Task): string {
  return visible(textOf(text(task, 'name')));
}

/** Who has a CPU, or else the first, and with it who shares most frames with it: the elder one first. */
function chosen(machine: Board, tasks: ReadonlyMap<number, Task>): number[] {
  const running = machine.cpus.map((cpu) => pidOf(taskOn(cpu))).find((pid) => tasks.has(pid));
  const pid = running ?? tasks.keys().next().value;
  const task = pid === undefined ? undefined : tasks.get(pid);
  if (pid === undefined || !task) return [];
  const own = framesOf(task);
  let [best, most] = [-1, 0];
  for (const [other, its] of [...tasks].slice(0, MOST_PROCESSES)) {
    if (other === pid) continue;
    let shared = 0;
    for (const frame of framesOf(its)) if (own.has(frame)) shared++;
    if (shared > most) [best, most] = [other, shared];
  }
  return best < 0 ? [pid] : [pid, best].sort((a, b) => a - b);
}

function framesOf(task: Task): Set<number> {
  const table = pageTableOf(task);
  if (!(table instanceof PageTable)) return new Set();
  return new Set(table.pages(0, KERNEL_BASE).map((page) => Math.floor(table.get(page) / PAGE)));
}

function spaceOf(machine: Board, task: Task): SpaceView {
  const table = pageTableOf(task) as PageTable;
  const users = kernelGlobal(machine, 'frame_users');
  const areas = records(record(processOf(task), 'mm'), 'areas');
  const shared = constant(machine, 'MAP_SHARED');
  const present = table.pages(0, KERNEL_BASE).length;
  let told = 0;
  const views = areas.slice(0, MOST_AREAS).map((area): AreaView => {
    const [start, end, prot] = [integer(area, 'start'), integer(area, 'end'), integer(area, 'prot')];
    const letters = [...'rwx'].map((letter, bit) => ((prot >> bit) & 1 ? letter : '-')).join('');
    const pages = table.pages(start, end).slice(0, MOST_PAGES - told);
    told += pages.length;
    return {
      start,
      end,
      name: visible(textOf(text(area, 'name'))),
      access: `${letters}${integer(area, 'flags') & shared ? 's' : 'p'}`,
      pages: pages.map((address) => pageView(address, table.get(address), users)),
    };
  });
  return { pid: pidOf(task), name: nameOf(task), areas: views, present, untold: present - told };
}

function pageView(address: number, entry: number, counts: unknown): PageView {
  const frame = Math.floor(entry / PAGE);
  const count = counts instanceof ListValue ? counts.items[counts.head + frame] : 1;
  const users = typeof count === 'number' ? count : 1;
  const isShared = (entry & PTE_SHARED) !== 0 || users > 1;
  return {
    address,
    frame,
    state: (entry & PTE_COW) !== 0 ? 'cow' : isShared ? 'shared' : 'own',
    isDirty: (entry & PTE_DIRTY) !== 0,
    isWritable: (entry & PTE_PRESENT) !== 0 && (entry & PTE_WRITABLE) !== 0,
    users,
  };
}
