/** Faults of the kinds that kernels have, each a few characters in a kernel file. The comparison has to notice every one. */
export interface SeededFault {
  what: string;
  file: string;
  from: string;
  to: string;
}

export const FAULTS: readonly SeededFault[] = [
  {
    what: 'a wake-up is missed: the last writer closes, and readers sleep on',
    file: 'pipe.osim',
    from: 'wake_up_all(pipe.readers_queue, POLLIN | POLLRDNORM | POLLHUP);',
    to: '',
  },
  {
    what: 'a wrong errno: an empty non-blocking pipe',
    file: 'pipe.osim',
    from: 'done = -EAGAIN; break; }',
    to: 'done = -EINTR; break; }',
  },
  {
    what: 'close-on-exec is lost in fork',
    file: 'files.osim',
    from: 'copy.fds[fd] = FdEntry { file: entry.file, cloexec: entry.cloexec };',
    to: 'copy.fds[fd] = FdEntry { file: entry.file, cloexec: false };',
  },
  {
    what: 'a pipe has a slot too many',
    file: 'pipe.osim',
    from: 'const PIPE_SLOTS = 16;',
    to: 'const PIPE_SLOTS = 17;',
  },
  {
    what: 'a small write is torn over two pages of a pipe',
    file: 'pipe.osim',
    from: 'if (n == 0 || end + n > PAGE_SIZE) { return 0; }',
    to: 'if (n == 0 || end + n >= PAGE_SIZE) { return 0; }',
  },
  {
    what: 'O_APPEND does not append',
    file: 'write.osim',
    from: 'if (file.flags & O_APPEND) { at = inode.size; }',
    to: 'if (file.flags & O_APPEND && own_offset) { at = inode.size; }',
  },
  {
    what: 'dup2 onto an open fd does not close it',
    file: 'files.osim',
    from: 'if (old != null) { drop_file(old.file); }',
    to: 'if (old != null) { old = null; }',
  },
  {
    what: 'close-on-exec survives dup',
    file: 'files.osim',
    from: 'return dup_to(fd, copy, false);',
    to: 'return dup_to(fd, copy, current().files.fds[fd] != null && current().files.fds[fd].cloexec);',
  },
  {
    what: 'the youngest zombie is reported first',
    file: 'exit.osim',
    from: 'me.key = me.pid;',
    to: 'me.key = -me.pid;',
  },
  {
    what: 'a stopped child is reported twice',
    file: 'wait.osim',
    from: 'if (!(options & WNOWAIT)) { child.stop_signal = 0; }',
    to: 'if (!(options & WNOWAIT)) { child.continued = false; }',
  },
  {
    what: 'a wait for a group without children never ends',
    file: 'wait.osim',
    from: 'return any ? null : ChildReport { pid: -ECHILD };',
    to: 'return null;',
  },
  {
    what: 'a signal that is set to be ignored stays pending',
    file: 'signal_calls.osim',
    from: 'forget_signal(me.signals, sig);\n      signals_changed(me);',
    to: 'signals_changed(me);',
  },
  {
    what: 'SA_RESTART is forgotten',
    file: 'signal_deliver.osim',
    from: 'me.interrupted == -ERESTARTSYS && action.flags & SA_RESTART',
    to: 'me.interrupted == -ERESTARTSYS && action.flags & SA_NODEFER',
  },
  {
    what: 'kill(0) leaves the caller out',
    file: 'signal_send.osim',
    from: 't != me && t != init_task : t.pgid == group) {',
    to: 't != me && t != init_task : t.pgid == group && t != me) {',
  },
  {
    what: 'truncation leaves the old bytes in the last page',
    file: 'open.osim',
    from: 'phys_fill(page.frame + size % PAGE_SIZE, 0, PAGE_SIZE - size % PAGE_SIZE);',
    to: '',
  },
  {
    what: 'rename over a directory that is not empty',
    file: 'directory.osim',
    from: 'return moves_dir && len(to.inode.entries) > 0 ? -ENOTEMPTY : 0;',
    to: 'return 0;',
  },
  {
    what: "a directory's link count forgets the child's ..",
    file: 'directory.osim',
    from: '  dir.nlink++;                                        // the new one\'s ".."\n',
    to: '',
  },
  {
    what: 'a protection change is not seen',
    file: 'memory.osim',
    from: 'if (vma.prot == PROT_NONE || write && !(vma.prot & PROT_WRITE)) { return -EACCES; }',
    to: 'if (vma.prot == PROT_NONE) { return -EACCES; }',
  },
  {
    what: 'private memory is shared after fork',
    file: 'memory.osim',
    from: 'if (frame_users[frame / PAGE_SIZE] > 1) {',
    to: 'if (frame_users[frame / PAGE_SIZE] > 2) {',
  },
  {
    what: 'a short alarm never goes off',
    file: 'timer.osim',
    from: 'if (ticks > 0) { timer_start(me.alarm, time_after(ticks)); }',
    to: 'if (ticks > 20000) { timer_start(me.alarm, time_after(ticks)); }',
  },
];
