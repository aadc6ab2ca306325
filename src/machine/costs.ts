/**
 * What things cost, in ticks. Three sets:
 *   teaching  small round numbers, to be added up by hand;
 *   linux     1 tick = 1 nanosecond;
 *   none      only compute(), sleeping and devices take time, as in textbook tables.
 * `machine { cost_syscall = 100; }` overrides one figure of the set.
 *
 * The hardware itself charges `instruction`, `coroutine_switch` and `tlb_miss`; the kernel reads the table and spends
 * the rest.
 *
 * The linux set is fitted to ratios measured on Linux 6.18 in a virtual machine, x86-64, against getpid() = 107 ns:
 *   pread of 4 KiB in the page cache 3.4    open + close 14           pipe round trip, two processes 40
 *   fork + wait 1400                        thread create + join 175  minor page fault 12
 *   epoll_wait, 1000 idle descriptors 2.7   poll, per descriptor 0.8  uncontended mutex pair 0.11
 * "measured" below means one of these; "estimate" means that no figure of ours fixes it.
 */
import { SettingError } from './errors.js';

export interface CostTable {
  /** One instruction of user code. */
  instruction: number;
  /** In addition, when one coroutine resumes another or yields: another stack, and caches that hold the last one's. */
  coroutine_switch: number;
  /** Entering the kernel by a system call. */
  syscall: number;
  /** Returning from one. */
  syscall_exit: number;
  /** Saving one task's context and restoring another's, caches gone cold included. */
  context_switch: number;
  /** In addition, when the next task has another address space: loading the page table, the TLB flush. */
  address_space_switch: number;
  /** Walking the page table for a translation that the TLB does not have. */
  tlb_miss: number;
  /** Entry, finding the area, setting the page-table entry and return; without filling the page. */
  page_fault: number;
  /** Filling a page of 4096 bytes with zeros. */
  page_zero: number;
  /** Entry to an interrupt handler and return. */
  interrupt: number;
  /** Making a process: copying the tables, not the pages. */
  fork: number;
  /** Making a thread. */
  thread: number;
  /** Replacing a process's program. */
  exec: number;
  /** Tearing a process down. */
  exit: number;
  /** Making one sleeping task runnable. */
  wakeup: number;
  /** Any copy between kernel and user, or within the kernel, whatever its size. */
  copy_base: number;
  /** In addition, for every 16 bytes of it or part of that. */
  copy_per_16_bytes: number;
  /** Arming or cancelling a timer. */
  timer: number;
  /** Building the frame of a signal handler and returning from it. */
  signal: number;
  /** In addition, when the task is given to a CPU that halts: the interrupt from CPU to CPU, the way out of sleep. */
  idle_wakeup: number;
  /** Choosing the next task. */
  schedule: number;
  /** From a file descriptor to the open file. */
  file_lookup: number;
  /** Finding a page in the page cache. */
  cache_lookup: number;
  /** A read or write of a pipe or socket, besides the copy. */
  pipe: number;
  /** Taking one packet through the kernel, either way, besides the interrupt. */
  packet: number;
  /** open() and close() together: path walk, inode, new open file. */
  open: number;
  /** Asking one file whether it is ready (select, poll), besides file_lookup. */
  poll_file: number;
  /** One epoll_wait(), whatever number of files it watches. */
  epoll: number;
  /** futex(): finding who waits for a word. */
  futex: number;
  /** 128 steps of a kernel loop over something that a program can make long: descriptors, pages, waiters, processes. */
  work_batch: number;
}

export type CostName = keyof CostTable;

const TEACHING: CostTable = {
  instruction: 1,
  coroutine_switch: 0, // so that two instructions are what it takes, as one sees
  syscall: 2,
  syscall_exit: 1,
  context_switch: 5,
  address_space_switch: 2,
  tlb_miss: 1,
  page_fault: 5,
  page_zero: 2,
  interrupt: 1,
  fork: 20,
  thread: 5,
  exec: 30,
  exit: 5,
  wakeup: 1,
  copy_base: 1,
  copy_per_16_bytes: 1,
  timer: 1,
  signal: 3,
  idle_wakeup: 20,
  schedule: 1,
  file_lookup: 1,
  cache_lookup: 1,
  pipe: 1,
  packet: 2,
  open: 5,
  poll_file: 1,
  epoll: 2,
  futex: 1,
  work_batch: 10,
};

const LINUX: CostTable = {
  instruction: 1, // an .osim instruction does the work of three or four machine instructions at 3 to 4 GHz
  coroutine_switch: 16, // measured: a switch in user mode, registers saved and loaded, is some 20 ns with the call
  syscall: 60, // measured: getpid() 107 ns is entry, exit and a few instructions of libc
  syscall_exit: 40, // measured, likewise
  context_switch: 600, // measured: a hop between threads is 1.1 µs by futex and 1.6 by pipe, calls included: this,
  address_space_switch: 300, // schedule and wakeup; with this one half a pipe round trip of two processes, 2.1 µs
  tlb_miss: 10, // estimate: a walk whose tables are in the cache takes some 30 cycles
  page_fault: 1100, // measured: a minor fault on anonymous memory is 1.3 µs, with page_zero
  page_zero: 150, // estimate: 4096 bytes at 27 GB/s
  interrupt: 600, // estimate: entry, acknowledgement and return in a virtual machine
  fork: 80_000, // measured: fork + wait is 150 µs: this, exit, two switches and a dozen copy-on-write faults
  thread: 13_000, // measured: thread create + join is 17 µs: this, two switches and the new stack's faults
  exec: 250_000, // estimate: static programs start in 200 to 400 µs
  exit: 50_000, // measured, see fork
  wakeup: 300, // measured, see context_switch
  copy_base: 10, // estimate
  copy_per_16_bytes: 1, // measured: large copies run at 10 to 20 GB/s
  timer: 100, // estimate
  signal: 900, // estimate: building the frame, and sigreturn
  idle_wakeup: 2300, // measured: a hop to an idle CPU by a pipe is some 4 µs, 2 to 5 on bare metal
  schedule: 150, // measured, see context_switch
  file_lookup: 15, // measured: part of pread
  cache_lookup: 20, // measured: part of pread
  packet: 800, // estimate: 10 Gbit/s of full frames are some 800,000 a second, which keep one CPU busy
  pipe: 100, // measured: part of the pipe round trip
  open: 1300, // measured: open + close is 1.5 µs, with two system calls
  poll_file: 30, // measured: poll costs 86 ns a descriptor, with file_lookup and the library's loop over the list
  epoll: 180, // measured: epoll_wait is 290 ns, with its system call
  futex: 40, // measured: futex_wake without a waiter is 150 ns, with its system call
  work_batch: 640, // estimate: 5 ns for an element that is in the cache
};

const NONE = Object.fromEntries(Object.keys(TEACHING).map((name) => [name, 0])) as unknown as CostTable;

export const COST_SETS: Readonly<Record<string, CostTable>> = { teaching: TEACHING, linux: LINUX, none: NONE };

/** How long devices take, ticks, unless a setting says otherwise. A textbook's disk takes its time under `none` too. */
export interface DeviceTimes {
  /** From the start of a request to its first sector. */
  disk_latency: number;
  /** Each sector of 4096 bytes. */
  disk_sector_time: number;
  /** A frame's way from one end of the link to the other, after its last bit has left. */
  network_latency: number;
  /** How long the link takes to send 16 bytes. */
  network_per_16_bytes: number;
  /** TCP's first retransmission time, on both sides: the kernel reads it as a setting. */
  tcp_rto: number;
  /** How long the side of a TCP connection that closed first remembers it: Linux's 60 seconds. */
  tcp_time_wait: number;
}

export const DEVICE_TIMES: Readonly<Record<string, DeviceTimes>> = {
  teaching: {
    disk_latency: 50,
    disk_sector_time: 2,
    network_latency: 20,
    network_per_16_bytes: 1,
    tcp_rto: 200,
    tcp_time_wait: 60_000,
  },
  linux: {
    disk_latency: 14_700, // measured: an SSD reads 4 KiB in 16 µs
    disk_sector_time: 1_300,
    network_latency: 25_000, // estimate: two hosts in one rack, half of a round trip of 50 µs
    network_per_16_bytes: 13, // 10 Gbit/s: 128 bits take 12.8 ns
    tcp_rto: 200_000_000, // TCP_RTO_MIN of Linux, 200 ms: what a retransmission time comes to on so short a way
    tcp_time_wait: 60_000_000_000, // TCP_TIMEWAIT_LEN
  },
  none: {
    disk_latency: 50,
    disk_sector_time: 0,
    network_latency: 20,
    network_per_16_bytes: 0,
    tcp_rto: 200,
    tcp_time_wait: 60_000,
  },
};

/**
 * The cost table of a machine: the set that `costs` names (teaching unless said), with each `cost_NAME` setting put in.
 * @throws SettingError for a set or a cost that does not exist, or a cost that is no integer ≥ 0
 */
export function costTable(settings: Readonly<Record<string, number | string>>): CostTable {
  const table = { ...setOf(COST_SETS, settings) };
  for (const [name, value] of Object.entries(settings)) {
    if (!name.startsWith('cost_')) continue;
    const cost = name.slice('cost_'.length);
    if (!Object.hasOwn(table, cost)) {
      throw new SettingError(`there is no cost "${cost}". The costs are: ${Object.keys(table).join(', ')}`);
    }
    table[cost as CostName] = ticks(name, value);
  }
  return table;
}

/** The device times that go with the machine's cost set, with the settings of these names put in. */
export function deviceTimes(settings: Readonly<Record<string, number | string>>): DeviceTimes {
  const times = { ...setOf(DEVICE_TIMES, settings) };
  for (const name of Object.keys(times) as (keyof DeviceTimes)[]) {
    const value = settings[name];
    if (value !== undefined) times[name] = ticks(name, value);
  }
  return times;
}

function setOf<T>(sets: Readonly<Record<string, T>>, settings: Readonly<Record<string, number | string>>): T {
  const name = settings['costs'] ?? 'teaching';
  if (typeof name === 'string' && Object.hasOwn(sets, name)) return sets[name];
  throw new SettingError(`there is no cost set "${name}": it is one of ${Object.keys(sets).join(', ')}`);
}

function ticks(name: string, value: number | string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new SettingError(`${name} is a number of ticks, 0 or more, not ${JSON.stringify(value)}`);
}
