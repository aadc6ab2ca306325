/**
 * What the debugger says beyond the Debug Adapter Protocol: to the *Machine* view (`osim/…` requests and events), and
 * to the editor that hosts its worker (reading of files). Everything here is plain JSON; every view of a machine is
 * a function of these messages and of nothing else.
 *
 * Times are in ticks, steps are machine-wide counts of instructions, sizes are in bytes.
 */

import type { DataPathAnswer } from '../computer/views/data/copy.js';
import type { EventFacts, EventListAnswer, EventListArguments } from '../computer/views/events/window.js';
import type { FileDetail } from '../computer/views/files/detail.js';
import type { MemoryAnswer, MemoryArguments } from '../computer/views/memory/space.js';
import type {
  TimelineAnswer,
  TimelineArguments,
  TimelineSums,
  TimelineSumsArguments,
} from '../computer/views/timeline/activity.js';
import type { Refusal } from '../language/host-file.js';

/**
 * Custom request: the machine as it stands, or parts of it. Its arguments are `SnapshotArguments`; without any, its
 * response body is a `Snapshot`. Answered while the machine is stopped.
 */
export const SNAPSHOT_REQUEST = 'osim/snapshot';

export interface SnapshotArguments {
  /** Nothing else is read off the machine. All that a `Snapshot` has, unless given. */
  parts?: SnapshotPart[] | null;
  /**
   * A name for who asks: the response body is then `SnapshotChanges`, from the last answer to this asker if `version`
   * is that answer's.
   */
  asker?: string | null;
  version?: number | null;
}

/**
 * Custom request: events of the run, exactly, in pages. Its arguments are `EventsArguments`, its response body is an
 * `EventsAnswer`. Answered while the machine is stopped; where the log was thinned the run is executed again, which
 * takes its time, and `pause` or `cancel` gives it up. The machine stands as before in any case.
 */
export const EVENTS_REQUEST = 'osim/events';

/** Which events are wanted: all that fit what is given. */
export interface EventWishes {
  /** Names with `*` for any letters, separated by commas: `sched_*,sys_exit`. */
  names?: string | null;
  /** The task that had the CPU; 0 is a CPU's idle task. */
  pid?: number | null;
  /** Ticks: from this one on, and before that one. */
  fromTime?: number | null;
  toTime?: number | null;
}

export interface EventsArguments extends EventWishes {
  /** The first one to look at: `next` of an answer. */
  number?: number | null;
  /** In place of a number: those after this step; backward, those that had happened at it. */
  step?: number | null;
  /** From the latest to the earliest. Without a number or a step: from the last event of the log. */
  backward?: boolean | null;
  /** At most, 1000 unless it is given. */
  count?: number | null;
}

export interface EventsAnswer {
  events: EventView[];
  /** Where to go on; null when there is nothing more. */
  next: number | null;
  /** Events of the run as far as it has come, whichever were wanted. */
  total: number;
}

export interface EventView extends EventFacts {
  fields: Record<string, unknown>;
}

/**
 * Custom request: the run from afar. How many events of each name fall into each of `bins` equal stretches of time; its
 * arguments are `EventCountsArguments`, its response body is an `EventCountsAnswer`. It never executes anything again:
 * where the log was thinned, only the first and the last event of each name are sure to be in their places.
 */
export const EVENT_COUNTS_REQUEST = 'osim/eventCounts';

export interface EventCountsArguments extends EventWishes {
  fromTime: number;
  toTime: number;
  bins: number;
}

export interface EventCountsAnswer {
  /** `*` counts those whose names are not known any more: of a task's, where the log was thinned. */
  bins: { counts: Record<string, number>; exact: boolean }[];
  total: number;
}

/**
 * Custom request: a stretch of the timeline, as fine as it is drawn. Its arguments are `TimelineArguments`, its
 * response body is a `TimelineAnswer`. Answered while the machine is stopped.
 */
export const TIMELINE_REQUEST = 'osim/timeline';
/** Custom request: what a stretch of time adds up to. */
export const TIMELINE_SUMS_REQUEST = 'osim/timelineSums';

/**
 * Custom request: rows of the list of events that pass a filter, from any place on, and where in it the machine stands.
 * Its arguments are `EventListArguments`, its response body is an `EventListAnswer`. The first time that a filter is
 * asked for, the whole log is looked through.
 */
export const EVENT_LIST_REQUEST = 'osim/eventList';

/**
 * Custom request: what devices have moved until the instant at which the machine stands, by device and direction, and
 * which copy came last. Its response body is a `DataPathAnswer`.
 */
export const DATA_PATH_REQUEST = 'osim/dataPath';

/**
 * Custom request: the address spaces of one or two processes, page by page, as their page tables have them. Its
 * arguments are `MemoryArguments`, its response body is a `MemoryAnswer`.
 */
export const MEMORY_REQUEST = 'osim/memory';

/** What the views of the panel ask for by themselves: each query's arguments and its answer. */
export interface ViewQueries {
  [EVENTS_REQUEST]: { args: EventsArguments; answer: EventsAnswer };
  [EVENT_LIST_REQUEST]: { args: EventListArguments; answer: EventListAnswer };
  [DATA_PATH_REQUEST]: { args: object; answer: DataPathAnswer };
  [MEMORY_REQUEST]: { args: MemoryArguments; answer: MemoryAnswer };
  [TIMELINE_REQUEST]: { args: TimelineArguments; answer: TimelineAnswer };
  [TIMELINE_SUMS_REQUEST]: { args: TimelineSumsArguments; answer: TimelineSums };
}
export type ViewQuery = keyof ViewQueries;
export const VIEW_QUERIES: readonly ViewQuery[] = [
  EVENTS_REQUEST,
  EVENT_LIST_REQUEST,
  DATA_PATH_REQUEST,
  MEMORY_REQUEST,
  TIMELINE_REQUEST,
  TIMELINE_SUMS_REQUEST,
];

/** Custom event after each stop, and a few times a second while the machine runs; its body is a `StateEvent`. */
export const STATE_EVENT = 'osim/state';

/**
 * Custom event at the end of a run, and with no checks when a run begins: what was expected of the run, and what it
 * was. Its body is a `VerdictEvent`.
 */
export const VERDICT_EVENT = 'osim/verdict';

export interface VerdictEvent {
  /** The program: all checks are of this file. */
  path: string;
  checks: Check[];
}

/** An `expect`, or a process that ended badly while no `expect` names it. */
export interface Check {
  kind: 'expect' | 'ending';
  /** Of the `expect`, of the process's declaration; from 1, however the client counts. */
  line: number;
  ok: boolean;
  /** The `expect` as written; or who ended how, and how to say that it is meant. */
  text: string;
  /** Of an `expect` that failed: what was seen instead, or why it has no value. */
  found: string | null;
}

/** Tasks that a snapshot lists at most, however many there are. */
export const SNAPSHOT_TASK_LIMIT = 500;

/** The clock: cheap enough to be sent often. */
export interface StateEvent {
  running: boolean;
  time: number;
  step: number;
  /** What each CPU does, in CPU order. */
  cpus: CpuView[];
  outcome: Outcome | null;
}

export type Outcome = 'finished' | 'idle' | 'deadlock' | 'panic' | 'limit';

export interface CpuView {
  id: number;
  /** The pid of the task that it runs; 0 is the CPU's idle task. */
  task: number;
  /** That task's name. */
  name: string;
  mode: 'user' | 'kernel' | 'interrupt' | 'idle';
  /** This CPU's own clock. With several CPUs they differ; `time` is the latest instant that all have reached. */
  clock: number;
}

/** What every snapshot has. */
export interface SnapshotHead {
  time: number;
  step: number;
  cpus: CpuView[];
  outcome: Outcome | null;
  /** Tasks that are left out, beyond SNAPSHOT_TASK_LIMIT. */
  moreTasks: number;
}

/** What can be asked for by itself. */
export interface SnapshotParts {
  /** In order of pid; at most SNAPSHOT_TASK_LIMIT of them. */
  tasks: TaskView[];
  /** The same tasks, but only where they stand and why: for marks beside the lines. */
  places: PlaceView[];
  /** One a CPU: pids in the order in which the scheduler would pick them. */
  runQueues: { cpu: number; tasks: number[] }[];
  /** Those on which somebody waits. */
  waitQueues: { name: string; tasks: number[] }[];
  /** What fd tables point to; each is listed once, however many fds share it. */
  openFiles: OpenFileView[];
  pageCache: PageCacheView;
  /** Name to count, in the words of `osim run --json`: contextSwitches, modeSwitches, syscalls … */
  stats: Record<string, number>;
  /** One a call that has copied something, by name; page_fault, write_back and interrupt are no calls. */
  copies: CopiesView[];
}

export type SnapshotPart = keyof SnapshotParts;
export type PartialSnapshot = SnapshotHead & Partial<SnapshotParts>;

/** The parts of a `Snapshot`: `tasks` say where they stand, too. */
export const WHOLE_SNAPSHOT = [
  'tasks',
  'runQueues',
  'waitQueues',
  'openFiles',
  'pageCache',
  'stats',
  'copies',
] as const satisfies SnapshotPart[];
export const SNAPSHOT_PARTS: readonly SnapshotPart[] = [...WHOLE_SNAPSHOT, 'places'];

/** The whole machine at one instant, as far as the Machine view draws it. */
export type Snapshot = SnapshotHead & Pick<SnapshotParts, (typeof WHOLE_SNAPSHOT)[number]>;

/** What leads from one snapshot to the next: `applyChanges` of snapshot-changes.ts does it. */
export interface SnapshotChanges {
  /** Of the snapshot that comes out. */
  version: number;
  /** Of the one that the changes are about; null: there is none, and this is all. */
  base: number | null;
  head: SnapshotHead;
  /** The parts that the snapshot has. */
  has: SnapshotPart[];
  /** Those that are new, or have changed and are sent whole. */
  parts: Partial<SnapshotParts>;
  /**
   * Of lists of rows that the asker has: rows that are new or have changed, and the keys of all when the order has.
   */
  rows: Partial<Record<SnapshotPart, { changed: object[]; order?: (string | number)[] }>>;
}

export interface CopiesView {
  call: string;
  /** How often, by kind of copy. */
  copies: CopyKinds;
  bytes: CopyKinds;
}

export interface CopyKinds {
  /** By a device. */
  dma: number;
  toUser: number;
  fromUser: number;
  /** Within kernel memory. */
  kernel: number;
}

export type TaskState = 'running' | 'ready' | 'blocked' | 'stopped' | 'zombie';

/** Where a task stands. */
export interface PlaceView {
  pid: number;
  name: string;
  state: TaskState;
  /** Why it does not run, in a few words: `read: disk`, `wait for a child`. Null unless blocked. */
  waitChannel: string | null;
  /** Where it stands in the user's program: for a click on the card. Null when it has no user frame. */
  location: { path: string; line: number } | null;
}

export interface TaskView extends PlaceView {
  /** The parent's pid. */
  ppid: number;
  /** The process (thread group) it belongs to: the pid of a process's first task. */
  tgid: number;
  /** The CPU it runs on or ran on last; null when it has not run yet. */
  cpu: number | null;
  /** The task's own count of context switches and its CPU time in ticks. */
  switches: number;
  cpuTime: number;
  /** The fd table. Threads of one process show the same one. */
  fds: FdView[];
}

export interface FdView {
  fd: number;
  /** `id` of an open file description in `openFiles`. */
  file: number;
  closeOnExec: boolean;
}

export interface OpenFileView {
  id: number;
  kind: 'file' | 'directory' | 'pipe' | 'socket' | 'terminal' | 'device' | 'other';
  /** A path, or what it is: `pipe:3`. */
  name: string;
  /** Null for what has no offset (pipes, sockets, terminals). */
  offset: number | null;
  /** `O_RDONLY`, `O_RDWR|O_NONBLOCK` … */
  flags: string;
  /** How many fds (of all processes) refer to it. */
  references: number;
  /** The inode, pipe or socket behind it. */
  inode: {
    number: number;
    size: number;
    /** Bytes that wait in a pipe's or socket's buffer. */ buffered: number | null;
  };
  /** What is special to its kind; null of a plain file. */
  detail: FileDetail | null;
}

export interface PageCacheView {
  pages: number;
  dirty: number;
  hits: number;
  misses: number;
  /** The pages themselves, at most 200. */
  list: {
    inode: number;
    name: string;
    index: number;
    state: 'clean' | 'dirty' | 'reading' | 'writing';
    text: string;
  }[];
}

/**
 * What goes through the worker's port beside DAP messages (which have a `seq` and a `type` of request, response or
 * event). The worker has no file system of its own: it asks its host, which reads through the editor's.
 */
export type WorkerToHost =
  /** A path, or a URI for what is not on the local disk, or `osim-dist:/kernel.json` for what the build made. */
  /** With a folder, the file must lie there, links followed. */
  | { type: 'osim/read'; id: number; path: string; folder?: string }
  /** The `.osim` files of a folder. */
  | { type: 'osim/list'; id: number; folder: string }
  /** Whether all that was sent until now has been taken: the session waits for the answer before it sends much more. */
  | { type: 'osim/drain'; id: number }
  | { type: 'osim/fatal'; message: string };

export type HostToWorker =
  | { type: 'osim/contents'; id: number; contents: Uint8Array }
  /** Paths or URIs, as `osim/read` takes them. */
  | { type: 'osim/files'; id: number; paths: string[] }
  | { type: 'osim/drained'; id: number }
  /** The answer to a request that failed. */
  | { type: 'osim/failed'; id: number; refusal: Refusal };

/** The scheme of the files that the build made, as the worker asks its host for them. */
export const DIST_SCHEME = 'osim-dist';
