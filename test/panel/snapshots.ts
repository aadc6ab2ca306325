import type { OpenFileView, Snapshot, TaskView } from '../../src/debugger/messages.js';

function task(pid: number, name: string, more: Partial<TaskView>): TaskView {
  const nothing = { waitChannel: null, location: null, cpu: null, switches: 0, cpuTime: 0, fds: [] };
  return { pid, ppid: 1, tgid: pid, name, state: 'ready', ...nothing, ...more };
}

function openFile(id: number, name: string, more: Partial<OpenFileView>): OpenFileView {
  const inode = { number: id + 10, size: 0, buffered: null };
  return { id, name, kind: 'file', offset: null, flags: 'O_RDONLY', references: 1, inode, detail: null, ...more };
}

/** A reader that has just blocked in read(), while a worker computes. */
export const blocked: Snapshot = {
  time: 12345,
  step: 99000,
  cpus: [{ id: 0, task: 3, name: 'worker', mode: 'user', clock: 12345 }],
  tasks: [
    task(1, 'init', { ppid: 0, state: 'blocked', waitChannel: 'wait: a child', switches: 2 }),
    task(2, 'reader', {
      state: 'blocked',
      waitChannel: 'read: disk',
      location: { path: '/gallery/blocking-read.osim', line: 14 },
      switches: 1,
      cpuTime: 210,
      fds: [
        { fd: 0, file: 1, closeOnExec: false },
        { fd: 3, file: 2, closeOnExec: true },
      ],
    }),
    task(3, 'worker', { state: 'running', cpu: 0, location: { path: '/gallery/blocking-read.osim', line: 25 } }),
    task(4, 'second', {}),
    task(5, 'gone', { state: 'zombie', ppid: 3 }),
  ],
  moreTasks: 0,
  runQueues: [{ cpu: 0, tasks: [4] }],
  waitQueues: [{ name: 'page 0 of /etc/motd', tasks: [2] }],
  openFiles: [
    openFile(1, 'terminal', { kind: 'terminal', flags: 'O_RDWR', references: 2 }),
    openFile(2, '/etc/motd', { offset: 0, inode: { number: 12, size: 24, buffered: null } }),
  ],
  pageCache: {
    pages: 1,
    dirty: 0,
    hits: 0,
    misses: 1,
    list: [{ inode: 12, name: '/etc/motd', index: 0, state: 'reading', text: '' }],
  },
  stats: { contextSwitches: 3, modeSwitches: 8, syscalls: 4 },
  copies: [
    {
      call: 'read',
      copies: { dma: 1, toUser: 2, fromUser: 0, kernel: 0 },
      bytes: { dma: 4096, toUser: 24, fromUser: 0, kernel: 0 },
    },
  ],
  outcome: null,
};

/** The same machine after the disk's interrupt: the reader is ready, its page is filled. */
export const woken: Snapshot = {
  ...blocked,
  time: 12400,
  step: 99500,
  tasks: blocked.tasks.map((t) => (t.pid === 2 ? { ...t, state: 'ready', waitChannel: null } : t)),
  runQueues: [{ cpu: 0, tasks: [4, 2] }],
  waitQueues: [],
  openFiles: blocked.openFiles.map((f) => (f.id === 2 ? { ...f, offset: 24 } : f)),
  pageCache: {
    ...blocked.pageCache,
    list: [{ inode: 12, name: '/etc/motd', index: 0, state: 'clean', text: 'Welcome to the machine.' }],
  },
  stats: { contextSwitches: 4, modeSwitches: 10, syscalls: 4 },
};

/** Text that would be markup, script or a style if it were ever read as HTML. */
export const hostile = '</script><img src=x onerror="document.title=\'broken\'"><b>\u001b[31m&amp;';
