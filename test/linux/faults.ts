import { compileOwnKernel } from '../../src/computer/own-kernel.js';
import { system } from '../system.js';
import { shrink, type Agreement, type Difference } from './compare.js';
import type { Host } from './host.js';
import { difference, type Outcome } from './outcome.js';
import { simulate } from './simulated.js';

/**
 * Faults of the kinds that kernels have, each a few characters in a kernel file. The comparison has to notice every
 * one.
 */
export interface SeededFault {
  what: string;
  file: string;
  from: string;
  to: string;
  /** What goes with it, in the same file: a test that the kernel makes twice. */
  also?: string;
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
    from: '    drop_file(old.file);\n  }\n  return copy;',
    to: '  }\n  return copy;',
  },
  {
    what: 'close-on-exec survives dup',
    file: 'files.osim',
    from: 'return dup_to(fd, copy, false);',
    to: 'return dup_to(fd, copy, current().process.files.fds[fd] != null && current().process.files.fds[fd].cloexec);',
  },
  {
    what: 'the youngest zombie is reported first',
    file: 'exit.osim',
    from: 'p.key = p.pid;',
    to: 'p.key = -p.pid;',
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
    from: 'forget_signal(p, sig);\n      signals_changed(current());',
    to: 'signals_changed(current());',
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
    from: 'p != me && p != init_process : p.pgid == group) {',
    to: 'p != me && p != init_process : p.pgid == group && p != me) {',
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
    file: 'alarm.osim',
    from: 'if (first == 0) { return; }',
    to: 'if (first <= 20000) { return; }',
  },
  {
    what: 'sockets: a FIN is not reported',
    file: 'tcp.osim',
    from: '  receive_fin(peer);\n  if (peer.shutdown',
    to: '  if (peer.shutdown',
  },
  {
    what: 'sockets: nobody listens, and the wrong error says so',
    file: 'tcp.osim',
    from: 'fn refuse(sock) { break_off(sock, ECONNREFUSED); }',
    to: 'fn refuse(sock) { break_off(sock, ECONNRESET); }',
  },
  {
    what: 'sockets: connect() that must not wait says EAGAIN',
    file: 'tcp.osim',
    from: 'return nonblock ? -EINPROGRESS',
    to: 'return nonblock ? -EAGAIN',
  },
  {
    what: 'sockets: what was never read is no ECONNRESET',
    file: 'socket_unix.osim',
    from: 'if (sock.queued > 0 || sock.listener != null) { peer.error = ECONNRESET; }',
    to: '',
  },
  {
    what: 'sockets: the backlog holds one less',
    file: 'socket_unix.osim',
    from: 'return len(listener.pending) > listener.backlog;',
    to: 'return len(listener.pending) >= listener.backlog;',
  },
  {
    what: 'sockets: MSG_PEEK takes the message',
    file: 'socket_dgram.osim',
    from: 'if ((flags & MSG_PEEK) == 0) {',
    to: 'if (size > 0) {',
  },
  {
    what: "sockets: shutdown() does not wake the other side's readers",
    file: 'socket_unix.osim',
    from: '    wake_socket(peer);\n    if (how',
    to: '    if (how',
  },
  {
    what: 'poll: a wake-up for writers is missed',
    file: 'poll.osim',
    from: 'if (key != null && (key & entry.private.events) == 0) { return false; }',
    to: 'if (key != null && (key & entry.private.events & POLLIN) == 0) { return false; }',
  },
  {
    what: 'poll: a closed descriptor is not POLLNVAL for select',
    file: 'select.osim',
    from: 'if (ready == POLLNVAL && current().process.files.fds[fd] == null) { return -EBADF; }',
    to: '',
  },
  {
    what: 'epoll: an edge is lost',
    file: 'epoll.osim',
    from: '  ep_make_ready(item);\n  return woken',
    to: '  if ((item.events & EPOLLET) == 0) { ep_make_ready(item); }\n  return woken',
  },
  {
    what: 'epoll: a level is reported once',
    file: 'epoll.osim',
    from: '} else if ((item.events & EPOLLET) == 0 && item.list == null) {',
    to: '} else if ((item.events & EPOLLET) == 0 && item.list == item) {',
  },
  {
    what: 'epoll: EPOLLONESHOT goes on',
    file: 'epoll.osim',
    from: 'item.events &= EP_BEHAVIOUR;',
    to: 'item.events |= 0;',
  },
  {
    what: 'edges: EPOLL_CTL_MOD does not arm again',
    file: 'epoll.osim',
    from: '  item.data = data;\n  if (ep_item_poll(item, null) != 0) { ep_found_ready(item); }\n',
    to: '  item.data = data;\n',
  },
  {
    what: 'edges: an item that is ready already is told again to who watches the epoll',
    file: 'epoll.osim',
    from: '  if (item.list == null) { ep_make_ready(item); }\n',
    to: '  ep_make_ready(item);\n',
  },
  {
    what: "edges: a reader's own read of a message is one",
    file: 'socket_dgram.osim',
    from: '    wake_up(sock.peer_wait, POLLOUT | POLLWRNORM | POLLWRBAND);\n',
    to: '    wake_up(sock.peer_wait, POLLOUT | POLLWRNORM | POLLWRBAND); wake_up(sock.writers_queue, POLLOUT);\n',
  },
  {
    what: 'edges: who sends over UDP is not told that it can send again',
    file: 'socket_dgram.osim',
    from: '  uncharge(sock, skb.charge);\n',
    to: '  sock.charged -= skb.charge;\n',
  },
  {
    what: 'edges: a new state of a socket concerns only who wants to read',
    file: 'socket.osim',
    from: '  wake_up_all(sock.readers_queue, null);\n  wake_up_all(sock.writers_queue, null);\n',
    to: '  wake_up_all(sock.readers_queue, POLLIN);\n  wake_up_all(sock.writers_queue, POLLOUT);\n',
  },
  {
    what: "edges: a peer's full queue is forgotten",
    file: 'socket_unix_dgram.osim',
    from: '  wake_up(entry.private.writers_queue, key);\n',
    to: '',
  },
  {
    what: 'edges: of a signal that is pending already',
    file: 'signal_send.osim',
    from: 'if (news && p.signal_queue != null)',
    to: 'if (p.signal_queue != null)',
  },
  {
    what: 'edges: a pipe of another size is none',
    file: 'pipe.osim',
    from: '  if (fits) { wake_up(pipe.writers_queue, null); }',
    to: '  if (!pipe_full(pipe)) { wake_up(pipe.writers_queue, POLLOUT); }',
  },
  {
    what: 'edges: TCP tells of room that nobody has missed',
    file: 'socket_buffer.osim',
    from: ' || sock.ops == tcp_stream && !sock.no_room) { return; }',
    to: ') { return; }',
  },
  {
    what: "edges: an eventfd's own read is none",
    file: 'eventfd.osim',
    from: '  wake_up(counter.queue, POLLOUT);\n',
    to: '',
  },
  {
    what: 'flags: MSG_MORE does not wait',
    file: 'tcp_hold.osim',
    from: 'fn holds(sock) { return sock.more || is_corked(sock); }',
    to: 'fn holds(sock) { return is_corked(sock); }',
  },
  {
    what: 'flags: TCP_CORK does not wait',
    file: 'tcp_hold.osim',
    from: 'fn holds(sock) { return sock.more || is_corked(sock); }',
    to: 'fn holds(sock) { return sock.more; }',
  },
  {
    what: 'flags: what was corked stays when the cork is taken off',
    file: 'tcp_hold.osim',
    from: 'if (sock.wire != null) { push_segments(sock, true); } else { flush_held(sock); }',
    to: 'if (sock.wire != null) { push_segments(sock, true); }',
  },
  {
    what: 'flags: MSG_MORE sends a message over UDP at once',
    file: 'socket_dgram.osim',
    from: 'return (flags & MSG_MORE) != 0 || on_or_off',
    to: 'return on_or_off',
  },
  {
    what: 'flags: MSG_TRUNC copies the bytes of a TCP stream',
    file: 'socket_buffer.osim',
    from: 'let discard = tcp && (flags & MSG_TRUNC) != 0;',
    to: 'let discard = false;',
  },
  {
    what: 'flags: SO_RCVLOWAT is not heeded by poll()',
    file: 'tcp.osim',
    from: 'if (sock.queued >= sock.lowat) { events',
    to: 'if (sock.queued > 0) { events',
  },
  {
    what: 'flags: the end of a SOCK_SEQPACKET connection is EAGAIN',
    file: 'socket_dgram.osim',
    from: 'if (ended && (!nonblock || sock.type == SOCK_SEQPACKET)) { return 0; }',
    to: 'if (ended && !nonblock) { return 0; }',
  },
  {
    what: 'ports: SO_REUSEPORT lets nobody share',
    file: 'socket_inet.osim',
    from: 'if (!both_say(sock, other, SO_REUSEPORT) || !one_user) { return true; }',
    to: 'return true;',
  },
  {
    what: 'ports: SO_REUSEADDR shares a port with a listener',
    file: 'socket_inet.osim',
    from: 'if (both_say(sock, other, SO_REUSEADDR) && other.state != TCP_LISTEN) { continue; }',
    to: 'if (both_say(sock, other, SO_REUSEADDR)) { continue; }',
  },
  {
    what: 'chains: IOSQE_IO_HARDLINK goes on over what has cut the chain',
    file: 'uring_chain.osim',
    from: 'if (req.cut || has_failed(req, result) && !(req.flags & IOSQE_IO_HARDLINK)) {',
    to: 'if (has_failed(req, result) && !(req.flags & IOSQE_IO_HARDLINK)) {',
  },
  {
    what: 'chains: IOSQE_IO_HARDLINK is a link like any other',
    file: 'uring_chain.osim',
    from: 'if (req.cut || has_failed(req, result) && !(req.flags & IOSQE_IO_HARDLINK)) {',
    to: 'if (req.cut || has_failed(req, result)) {',
  },
  {
    what: 'chains: a short read is no failure',
    file: 'uring_chain.osim',
    from: '      return result != req.wanted;\n',
    to: '      return false;\n',
  },
  {
    what: 'chains: MSG_WAITALL comes back with what is there',
    file: 'uring_ops.osim',
    from: 'return result > 0 && req.moved < req.n ? -EAGAIN : req.moved;',
    to: 'return req.moved;',
  },
  {
    what: 'chains: what a silent failure cancels is told',
    file: 'uring_chain.osim',
    from: 'next.silent = req.cut ? req.silent : (req.flags & IOSQE_CQE_SKIP_SUCCESS) != 0;',
    to: 'next.silent = false;',
  },
  {
    what: 'chains: a request that was cancelled lets its chain go on',
    file: 'uring_chain.osim',
    from: '  if (result < 0) { return true; }\n  switch',
    to: '  if (result < 0) { return result != -ECANCELED; }\n  switch',
  },
  {
    what: 'rights: a file that nobody has room for stays open',
    file: 'socket_message.osim',
    from: '  if (given < len(files)) { got.flags |= MSG_CTRUNC; }\n  drop_received(got);\n',
    to: '  if (given < len(files)) { got.flags |= MSG_CTRUNC; }\n',
  },
  {
    what: 'rights: what is cut off is not told',
    file: 'socket_message.osim',
    from: '  if (given < len(files)) { got.flags |= MSG_CTRUNC; }\n',
    to: '',
  },
  {
    what: 'rights: a stream reads on over the files',
    file: 'socket_buffer.osim',
    from: '    take_rights(skb, from, false);\n    if (skb.len == 0) { free_skb(shift(sock.queue)); }\n    if (from.rights != null) { break; }\n',
    to: '    take_rights(skb, from, false);\n    if (skb.len == 0) { free_skb(shift(sock.queue)); }\n',
  },
  {
    what: 'rights: MSG_PEEK takes the files',
    file: 'socket_message.osim',
    from: 'if (!peek) { skb.rights = null; return; }',
    to: 'skb.rights = null;',
  },
  {
    what: 'signals: the mask is not restored after a handler',
    file: 'signal_deliver.osim',
    from: 'set_mask(me, pop(me.handler_masks));',
    to: 'pop(me.handler_masks);',
  },
  {
    what: 'signals: sigsuspend() keeps its mask',
    file: 'signal.osim',
    from: 'me.saved_mask = me.signal_mask;',
    to: 'me.saved_mask = mask;',
  },
  {
    what: 'signals: real-time signals do not queue up',
    file: 'signal.osim',
    from: 'if (sig >= FIRST_QUEUED_SIGNAL && len(',
    to: 'if (sig > SIGRTMAX && len(',
  },
  {
    what: 'signals: signalfd tells no sender',
    file: 'signalfd.osim',
    from: 'words[3] = info.pid;',
    to: 'words[3] = 0;',
  },
  {
    what: "signal-driven I/O: a socket's data raise nothing",
    file: 'socket_buffer.osim',
    from: '  tell_of_data(sock, POLL_IN);\n',
    to: '',
  },
  {
    what: 'signal-driven I/O: only the first write to a pipe raises SIGIO',
    file: 'pipe.osim',
    from: 'if (pipe.inode.async != null) { send_sigio(pipe.inode.async, POLL_IN); }      // for each write',
    to: 'if (was_empty && pipe.inode.async != null) { send_sigio(pipe.inode.async, POLL_IN); }      // for each write',
  },
  {
    what: 'mmap: what is written to a shared mapping is not in the file',
    file: 'mmap_file.osim',
    from: '  area.name = file.path;\n',
    to: '  area.name = file.path;\n  area.flags = MAP_PRIVATE;\n',
  },
  {
    what: 'mmap: no SIGBUS behind the end of the file',
    file: 'mmap_file.osim',
    from: '  if (index * PAGE_SIZE >= file.inode.size) { return -EIO; }\n',
    to: '',
    also: '  if (page.index * PAGE_SIZE >= inode.size) { return -EIO; }\n',
  },
  {
    what: 'mmap: a page that is cut off its file stays in sight',
    file: 'rmap.osim',
    from: '    if (!(entry & PTE_PRESENT) || !copies && frame_of(entry) != page.frame) { continue; }\n',
    to: '    if (!(entry & PTE_PRESENT) || copies || frame_of(entry) != page.frame) { continue; }\n',
  },
  {
    what: 'mmap: msync() does not notice a hole',
    file: 'mmap_file.osim',
    from: 'return whole ? 0 : -ENOMEM;',
    to: 'return 0;',
  },
  {
    what: 'eventfd: EFD_SEMAPHORE takes all',
    file: 'eventfd.osim',
    from: 'semaphore: (flags & EFD_SEMAPHORE) != 0',
    to: 'semaphore: false',
  },
  {
    what: 'timerfd: expirations are counted once',
    file: 'timerfd.osim',
    from: '  t.count += (next - t.due) / t.every - 1;\n',
    to: '',
  },
  {
    what: 'zero copy: sendfile() leaves the offset where it was',
    file: 'splice.osim',
    from: 'if (t.in_addr == 0 && from.ops.seek != null) { from.offset = at + done; }',
    to: '',
  },
  {
    what: 'zero copy: tee() takes what it copies',
    file: 'splice.osim',
    from: 'if (keep) { next++; } else { use_up(from, piece); }',
    to: 'use_up(from, piece);',
  },
  {
    what: 'locks: readers keep each other out',
    file: 'file_lock.osim',
    from: 'let both_read = other.type == F_RDLCK && lock.type == F_RDLCK;',
    to: 'let both_read = false;',
  },
  {
    what: 'locks: who waits is not woken when a file is closed',
    file: 'file_lock.osim',
    from: '  list.locks = kept;\n  wake_up_all(list.queue, null);',
    to: '  list.locks = kept;',
  },
  {
    what: 'aio: the notice is not sent',
    file: 'aio.osim',
    from: 'if (req.notify == SIGEV_SIGNAL && !req.called_off) {',
    to: 'if (req.notify == SIGEV_SIGNAL && req.called_off) {',
  },
  {
    what: 'aio: an error is lost',
    file: 'aio.osim',
    from: 'put_user(req.addr + AIOCB_ERROR, 4, result < 0 ? -result : 0);',
    to: 'put_user(req.addr + AIOCB_ERROR, 4, 0);',
  },
  {
    what: 'open directories: O_PATH reads',
    file: 'files.osim',
    from: '  if (file == null || !(file.flags & O_PATH)) { return file; }',
    to: '  if (file == null || file.flags != 77) { return file; }',
  },
  {
    what: 'open directories: O_PATH opens a FIFO and waits',
    file: 'open.osim',
    from: 'new_file(flags & O_PATH ? path_ops : inode.ops, inode, flags, name);',
    to: 'new_file(inode.ops, inode, flags, name);',
  },
  {
    what: 'open directories: O_TMPFILE with O_EXCL gets a name',
    file: 'open.osim',
    from: 'inode.linkable = (flags & O_EXCL) == 0;',
    to: 'inode.linkable = true;',
  },
  {
    what: 'open directories: the path begins at the working directory',
    file: 'inode.osim',
    from: '    path.dir = entry.file.inode;\n',
    to: '',
  },
  {
    what: 'open directories: RENAME_EXCHANGE loses a name',
    file: 'directory.osim',
    from: '  take_name(other, to.dir, from.dir, from.name);\n',
    to: '',
  },
  {
    what: 'holes: what fallocate() has given counts as data',
    file: 'holes.osim',
    from: '    inode.unwritten[index] = true; ',
    to: '    ',
  },
  {
    what: 'holes: a punched hole keeps its place on the disk',
    file: 'holes.osim',
    from: '  if (error == 0) { drop_page_range(inode, first, end); }\n',
    to: '',
  },
  {
    what: 'job control: a background process that ignores SIGTTIN may read',
    file: 'foreground.osim',
    from: 'return sig == SIGTTIN ? -EIO : 0; }',
    to: 'return 0; }',
  },
  {
    what: 'job control: an orphaned group is stopped for ever',
    file: 'foreground.osim',
    from: '  if (is_orphaned(p.pgid, null)) { return -EIO; }\n',
    to: '',
  },
  {
    what: 'job control: only the reader is stopped, not its group',
    file: 'foreground.osim',
    from: '  signal_group(p.pgid, sig);\n  return -ERESTARTSYS;',
    to: '  signal_process(p, sig, kernel_signal(sig, SI_KERNEL));\n  return -ERESTARTSYS;',
  },
  {
    what: 'job control: the background takes the terminal',
    file: 'foreground.osim',
    from: '  let refused = check_foreground(tty, SIGTTOU);',
    to: '  let refused = 0;',
  },
  {
    what: 'job control: a group of another session gets the terminal',
    file: 'foreground.osim',
    from: '  if (session != p.sid) { return -EPERM; }\n',
    to: '',
  },
  {
    what: 'job control: the line is not hung up when the shell ends',
    file: 'foreground.osim',
    from: 'if (exits) { return signal_group(front, SIGHUP); }',
    to: 'if (exits) { return; }',
  },
  {
    what: 'job control: Ctrl-Z does not stop',
    file: 'terminal.osim',
    from: 'if (key == keys[VSUSP]) { return key_signal(SIGTSTP); }',
    to: 'if (key == keys[VSUSP]) { return; }',
  },
  {
    what: 'job control: Ctrl-C leaves what was typed',
    file: 'terminal.osim',
    from: '  if (!(terminal.lflag & NOFLSH)) { flush_input(); }\n',
    to: '',
  },
  {
    what: 'job control: TOSTOP does not stop a writer',
    file: 'terminal.osim',
    from: 'terminal.lflag & TOSTOP ? check_foreground(terminal, SIGTTOU) : 0;',
    to: '0;',
  },
  {
    what: 'job control: a new session keeps the terminal',
    file: 'process.osim',
    from: '  me.tty = null;\n',
    to: '',
  },
  {
    what: 'futex: who waits does not look at the word first',
    file: 'futex.osim',
    from: 'if (now_there != val) { return -EAGAIN; }',
    to: '',
  },
  {
    what: 'futex: to wake 0 wakes nobody',
    file: 'futex.osim',
    from: 'wake_waiters(queue, at_least_one(n), bits)',
    to: 'wake_waiters(queue, n, bits)',
  },
  {
    what: 'futex: the bits of a waiter are not looked at',
    file: 'futex.osim',
    from: 'if (entry.private.bits & bits && wake_and_leave(entry, null)) { woken++; }',
    to: 'if (wake_and_leave(entry, null)) { woken++; }',
  },
  {
    what: 'futex: CMP_REQUEUE does not compare',
    file: 'futex.osim',
    from: 'if (now_there != wanted) { return -EAGAIN; }',
    to: '',
  },
  {
    what: 'futex: one waiter more than asked for is moved',
    file: 'futex.osim',
    from: 'left > 0 && moved < most; left--',
    to: 'left > 0 && moved <= most; left--',
  },
  {
    what: 'futex: a private wake meets a shared wait',
    file: 'futex.osim',
    from: 'at: addr + PRIVATE_PLACE',
    to: 'at: addr',
  },
  {
    what: 'futex: a handler ends a wait that shall go on',
    file: 'futex.osim',
    from: 'if (until == null) { return -ERESTARTSYS; }',
    to: 'if (until == null) { return -EINTR; }',
  },
  {
    what: 'futex: no bits at all are accepted',
    file: 'futex.osim',
    from: '  let error = bits == 0 ? -EINVAL : check_futex(addr);\n  if (error < 0) { return error; }\n  spend(cost.futex);',
    to: '  let error = check_futex(addr);\n  if (error < 0) { return error; }\n  spend(cost.futex);',
  },
  {
    what: 'FUTEX_LOCK_PI: a circle of owners is not noticed',
    file: 'futex_pi.osim',
    from: '    if (leads_to(owner_in(phys_load(at, 4)), me)) { return -EDEADLK; }',
    to: '',
  },
  {
    what: 'FUTEX_UNLOCK_PI: the lock is handed over, and the word says that it is free',
    file: 'futex_pi.osim',
    from: 'heir == null ? 0 : heir.task.tid | FUTEX_WAITERS);',
    to: '0);',
  },
  {
    what: 'FUTEX_LOCK_PI: an owner that is no thread has another error',
    file: 'futex_pi.osim',
    from: 'has_ended(owner)) { return -ESRCH; }',
    to: 'has_ended(owner)) { return -EINVAL; }',
  },
  {
    what: 'threads: the end of one is not told to who waits for it',
    file: 'thread.osim',
    from: 'futex_wake(at, 0, 1, FUTEX_BITSET_MATCH_ANY);',
    to: '{ }',
  },
  {
    what: 'threads: exit_group() ends the caller only',
    file: 'exit.osim',
    from: '    kill_other_tasks(p);\n',
    to: '',
  },
  {
    what: 'mappings: MADV_DONTNEED keeps what was written',
    file: 'madvise.osim',
    from: '      zap_pages(mm, start, end);\n',
    to: '',
  },
  {
    what: 'mappings: MADV_DONTNEED ends at the first hole',
    file: 'madvise.osim',
    from: '      addr = vma.start;\n      continue;',
    to: '      return result;',
  },
  {
    what: 'mappings: what mremap has moved is also where it was',
    file: 'mremap.osim',
    from: '    pt_set(mm.page_table, page, 0);\n',
    to: '    get_frame(frame_of(pt_get(mm.page_table, page)));\n',
  },
  {
    what: 'mappings: mremap moves one area of several',
    file: 'mremap.osim',
    from: '    addr += n;\n',
    to: '    break;\n',
  },
  {
    what: 'mappings: shared memory that moves is other memory',
    file: 'mremap.osim',
    from: '  part.start = to;\n',
    to: '  part.start = to;\n  if (part.pages != null) { part.pages = SharedPages { frames: map(), size: part.pages.size }; }\n',
  },
  {
    what: 'mappings: a shared mapping that grows has more memory',
    file: 'memory.osim',
    from: '  if (vma.pages != null && place_in(vma, page) >= vma.pages.size) { return -EIO; }\n',
    to: '',
  },
  {
    what: 'mappings: MREMAP_DONTUNMAP unmaps',
    file: 'mremap.osim',
    from: '  let keeps = (flags & MREMAP_DONTUNMAP) != 0;',
    to: '  let keeps = false;',
  },
  {
    what: 'mappings: a file in memory is not kept after an exec, whatever was asked',
    file: 'memfd.osim',
    from: 'O_RDWR | (flags & MFD_CLOEXEC ? O_CLOEXEC : 0)',
    to: 'O_RDWR | O_CLOEXEC',
  },
  {
    what: 'flags: MSG_EOR ends no segment',
    file: 'tcp_hold.osim',
    from: '{ flush_held(sock); sock.flowing = true; }',
    to: '{ }',
  },
  {
    what: 'edges: that a FIN is acknowledged is none',
    file: 'tcp.osim',
    from: '{ sock.fin_sent = false; wake_socket(sock); }',
    to: '{ sock.fin_sent = false; }',
  },
  {
    what: 'edges: a signal wakes only those who want to read the signalfd',
    file: 'signal_send.osim',
    from: 'wake_up(p.signal_queue, null);',
    to: 'wake_up(p.signal_queue, POLLIN);',
  },
];

type Kernel = NonNullable<ReturnType<typeof compileOwnKernel>['kernel']>;

/** The kernel's file that a fault goes into; throws when the fault has no place there any more. */
export function placeOf({ what, file, from, also }: SeededFault): { uri: string; text: string } {
  const built = system().kernel.files.find(({ uri }) => uri.endsWith(`/${file}`));
  if (!built?.text) throw new Error(`"${what}" (faults.ts) is to be put into ${file}, which is not there`);
  for (const part of also === undefined ? [from] : [from, also]) {
    if (built.text.split(part).length !== 2)
      throw new Error(`"${what}" (faults.ts) needs a new place: ${file} has not exactly once: ${part}`);
  }
  return { uri: built.uri, text: built.text };
}

/** The kernel with one thing changed. */
function faulty(fault: SeededFault): Kernel {
  const { uri, text: whole } = placeOf(fault);
  const text = whole.replace(fault.from, () => fault.to).replace(fault.also ?? '', '');
  const { kernel, problems } = compileOwnKernel(system(), { files: [{ uri, text }] });
  if (!kernel) throw new Error(`"${fault.what}" (faults.ts): ${problems.map(({ message }) => message).join('\n')}`);
  return kernel;
}

/**
 * The first sequence that tells this kernel from Linux, and how; null if none does. `agreed`: sequences in whose
 * outcome both kernels agree without the fault.
 */
export function find(fault: SeededFault, agreed: ReadonlyMap<number, Agreement>): Difference | null {
  const options = { kernel: faulty(fault), uid: process.getuid?.() ?? 0 };
  const entries = [...agreed];
  for (let at = 0; at < entries.length; at += 25) {
    const batch = entries.slice(at, at + 25);
    const outcomes = simulate(new Map(batch.map(([number, { sequence }]) => [number, sequence])), options);
    for (const [number, { sequence, outcome }] of batch) {
      const what = difference(outcome, outcomes.get(number) as Outcome);
      if (what !== null) return { number, what, sequence };
    }
  }
  return null;
}

/** The same with the shortest sequence that still does. */
export function shortest(host: Host, fault: SeededFault, found: Difference): Difference {
  return shrink(host, found, { kernel: faulty(fault), uid: process.getuid?.() ?? 0 });
}
