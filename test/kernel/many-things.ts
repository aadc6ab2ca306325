/**
 * Programs that make very many of one thing, then use and end them all: what a kernel loop over them costs must be
 * paid. `n` is how many; a limit of Linux's may come first.
 */
export interface ManyThings {
  name: string;
  /** How many in `npm test`, and in the long run. */
  few: number;
  many: number;
  /** What the machine must have beyond the usual, as settings. */
  machine?: string;
  text: string;
}

/** A process that may have a million descriptors. */
const DESCRIPTORS = 'setrlimit(RLIMIT_NOFILE, 1048576);';

export const MANY_THINGS: readonly ManyThings[] = [
  {
    name: 'descriptors, closed by exit',
    few: 1000,
    many: 1_000_000,
    text: `process p { ${DESCRIPTORS} for (i in 0..n) { if (dup(1) < 0) { break; } } }`,
  },
  {
    name: 'descriptors, copied by fork, closed by exec',
    few: 666,
    many: 300_000,
    text: `program next() { exit(0); }
process p { ${DESCRIPTORS} for (i in 0..n) { if (fcntl(1, F_DUPFD_CLOEXEC, 0) < 0) { break; } } if (fork() == 0) { exec("next"); } wait(); }`,
  },
  {
    name: 'the highest descriptor first',
    few: 1_000_000,
    many: 1_000_000,
    text: `process p { ${DESCRIPTORS} dup2(1, n - 1); print(dup(1)); }`,
  },
  {
    name: 'pipes',
    few: 333,
    many: 200_000,
    text: `process p { ${DESCRIPTORS} for (i in 0..n) { if (pipe() == -1) { break; } } }`,
  },
  {
    name: 'socket pairs with bytes in them',
    few: 266,
    many: 100_000,
    text: `process p { ${DESCRIPTORS} for (i in 0..n) { let s = socketpair(); if (s == -1) { break; } write(s[0], "x"); } }`,
  },
  {
    name: 'datagrams in one queue, lost with it',
    few: 666,
    many: 300_000,
    text: `process p { let s = socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK); setsockopt(s[0], SOL_SOCKET, SO_SNDBUF, 100000000);
  for (i in 0..n) { if (write(s[0], "x") < 0) { break; } } close(s[1]); }`,
  },
  {
    name: 'connections that nobody accepts',
    few: 300,
    many: 28_000,
    text: `process p { ${DESCRIPTORS} let l = tcp_listen(80, 4096);
  for (i in 0..n) { let s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK); if (s < 0) { break; } connect(s, 80); } close(l); }`,
  },
  {
    // Each bind() looks at all of them, as those of one port in one chain do in Linux.
    name: 'UDP sockets on one port',
    few: 300,
    many: 5000,
    text: `process p { ${DESCRIPTORS} let last = -1; for (i in 0..n) { let s = socket(AF_INET, SOCK_DGRAM); if (s < 0) { break; }
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1); if (bind(s, format("127.0.%d.%d:700", i / 250, i % 250 + 1)) < 0) { break; } last = s; }
  let from = socket(AF_INET, SOCK_DGRAM); sendto(from, "x", 1, 0, "127.0.0.1:700"); }`,
  },
  {
    name: 'epoll items, woken at once',
    few: 1000,
    many: 200_000,
    text: `process p { ${DESCRIPTORS} let ep = epoll_create1(0); let e = eventfd(0);
  for (i in 0..n) { let d = dup(e); if (d < 0 || epoll_ctl(ep, EPOLL_CTL_ADD, d, EPOLLIN | EPOLLET) < 0) { break; } }
  eventfd_write(e, 1); print(len(epoll_wait(ep, 10, 0))); }`,
  },
  {
    name: 'epoll items, not ready after all',
    few: 1000,
    many: 200_000,
    text: `process p { ${DESCRIPTORS} let ep = epoll_create1(0); let e = eventfd(0);
  for (i in 0..n) { let d = dup(e); if (d < 0 || epoll_ctl(ep, EPOLL_CTL_ADD, d, EPOLLIN) < 0) { break; } }
  eventfd_write(e, 1); let b = alloc(8); read(e, b, 8); print(poll([{ fd: ep, events: POLLIN }], 0)); close(ep); }`,
  },
  {
    name: 'epolls that watch one file, in the worst order',
    few: 266,
    many: 10_000,
    text: `process p { ${DESCRIPTORS} let e = eventfd(0); let all = [];
  for (i in 0..n) { let ep = epoll_create1(0); if (ep < 0 || epoll_ctl(ep, EPOLL_CTL_ADD, e, EPOLLIN) < 0) { break; } push(all, ep); }
  while (len(all) > 0) { close(pop(all)); } }`,
  },
  {
    name: 'an epoll that watches many epolls',
    few: 266,
    many: 50_000,
    text: `process p { ${DESCRIPTORS} let top = epoll_create1(0);
  for (i in 0..n) { let ep = epoll_create1(0); if (ep < 0 || epoll_ctl(top, EPOLL_CTL_ADD, ep, EPOLLIN) < 0) { break; } }
  let over = epoll_create1(0); epoll_ctl(over, EPOLL_CTL_ADD, top, EPOLLIN); print(epoll_ctl(top, EPOLL_CTL_ADD, over, EPOLLIN), errname(errno)); }`,
  },
  {
    name: 'poll of many, none open',
    few: 1666,
    many: 1_000_000,
    text: `process p { ${DESCRIPTORS} let fds = []; for (i in 0..n) { push(fds, { fd: -1, events: POLLIN }); } print(poll(fds, 0)); }`,
  },
  {
    name: 'poll of many pipes',
    few: 166,
    many: 50_000,
    text: `process p { ${DESCRIPTORS} let fds = []; for (i in 0..n) { let q = pipe(); if (q == -1) { break; } push(fds, { fd: q[0], events: POLLIN }); }
  print(poll(fds, 10)); }`,
  },
  {
    name: 'processes, ended by one signal',
    few: 200,
    many: 32_000,
    text: `process p { setsid(); for (i in 0..n) { let pid = fork(); if (pid < 0) { break; } if (pid == 0) { pause(); exit(0); } }
  signal(SIGTERM); }
fn signal(sig) { sigaction(sig, SIG_IGN); kill(0, sig); while (wait() != -1) {} }`,
  },
  {
    name: 'processes that nobody waits for',
    few: 200,
    many: 32_000,
    text: `process p { for (i in 0..n) { let pid = fork(); if (pid < 0) { break; } if (pid == 0) { exit(0); } } }`,
  },
  {
    name: 'declared processes',
    few: 200,
    many: 32_000,
    text: `process q count n { compute(1); }`,
  },
  {
    name: 'declared processes, all at one later time',
    few: 200,
    many: 32_000,
    text: `process q count n at 1000 { compute(1); }`,
  },
  {
    name: 'waiters of one group, looked for among many children',
    few: 166,
    many: 20_000,
    text: `process p { let last = 0; for (i in 0..n) { let pid = fork(); if (pid < 0) { break; } if (pid == 0) { sleep(100000); exit(0); } last = pid; }
  print(waitpid(-getpid() - 5, WNOHANG) == -1); kill(0, SIGKILL); }`,
  },
  {
    name: 'readers of one pipe, woken by its end',
    few: 166,
    many: 20_000,
    text: `process p { let q = pipe(); for (i in 0..n) { let pid = fork(); if (pid < 0) { break; } if (pid == 0) { close(q[1]); let b = alloc(1); read(q[0], b, 1); exit(0); } }
  sleep(10000); close(q[1]); while (wait() != -1) {} }`,
  },
  {
    name: 'queued signals',
    few: 300,
    many: 100_000,
    text: `process p { sigprocmask(SIG_BLOCK, [SIGRTMIN]); let sent = 0; while (sent < n && sigqueue(getpid(), SIGRTMIN, sent) == 0) { sent++; }
  sigaction(SIGRTMIN, SIG_IGN); sigprocmask(SIG_UNBLOCK, [SIGRTMIN]); }`,
  },
  {
    name: 'timers that expire together',
    few: 333,
    many: 100_000,
    text: `process p { ${DESCRIPTORS} let end = clock() + 400 * n; for (i in 0..n) { let t = timerfd_create(); if (t < 0) { break; } timerfd_settime(t, end, 0, TFD_TIMER_ABSTIME); }
  sleep(max(1, end - clock() + 10)); }`,
  },
  {
    name: 'mappings that can not be joined',
    few: 666,
    many: 100_000,
    text: `process p { let made = 0; while (made < n && mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS) != -1) { made++; }
  print(made, errname(errno)); if (fork() == 0) { exit(0); } wait(); }`,
  },
  {
    name: 'mappings taken away and made again',
    few: 333,
    many: 20_000,
    text: `process p { let all = []; for (i in 0..n) { let m = mmap(0, 8192, PROT_READ, MAP_SHARED | MAP_ANONYMOUS); if (m == -1) { break; } push(all, m); }
  for (i in 0..len(all) / 2) { munmap(all[2 * i]); } for (i in 0..len(all) / 2) { mmap(0, 8192, PROT_READ, MAP_SHARED | MAP_ANONYMOUS); } }`,
  },
  {
    name: 'one page in two protected',
    few: 333,
    many: 60_000,
    text: `process p { let m = mmap(0, 8192 * n, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS);
  for (i in 0..n) { if (mprotect(addr(m) + 8192 * i, 4096, PROT_NONE) < 0) { break; } } mprotect(addr(m), 8192 * n, PROT_READ); }`,
  },
  {
    name: 'pages, copied by fork, protected, unmapped',
    few: 1000,
    many: 100_000,
    machine: 'memory = 1 GiB;',
    text: `process p { let m = mmap(0, 4096 * n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);
  for (i in 0..n) { m[4096 * i] = 1; } if (fork() == 0) { exit(0); } wait(); mprotect(addr(m), 4096 * n, PROT_READ); munmap(m, 4096 * n); }`,
  },
  {
    name: 'pages of a file: mapped, written, cut off',
    few: 666,
    many: 50_000,
    machine: 'memory = 1 GiB;',
    text: `process p { let fd = open("/big", O_RDWR | O_CREAT); ftruncate(fd, 4096 * n); let m = mmap(0, 4096 * n, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  for (i in 0..n) { m[4096 * i] = 1; } if (fork() == 0) { exit(0); } wait(); msync(m, 4096 * n, MS_SYNC); ftruncate(fd, 0); }`,
  },
  {
    name: 'one page, mapped very often',
    few: 300,
    many: 60_000,
    text: `file "/f" = "x";
process p { let fd = open("/f", O_RDWR); for (i in 0..n) { let m = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0); if (m == -1) { break; } m[0] = 1; }
  fsync(fd); ftruncate(fd, 0); }`,
  },
  {
    name: 'dirty pages in holes of a file',
    few: 666,
    many: 40_000,
    text: `process p { let fd = open("/holes", O_RDWR | O_CREAT); for (i in 0..n) { if (pwrite(fd, "x", 1, 8192 * i) < 0) { break; } } sync(); ftruncate(fd, 0); close(fd); }`,
  },
  {
    name: 'files in one directory',
    few: 300,
    many: 300_000,
    text: `process p { mkdir("/d"); for (i in 0..n) { let fd = open("/d/" + str(i), O_WRONLY | O_CREAT); if (fd < 0) { break; } close(fd); }
  print(len(readdir("/d"))); for (i in 0..n) { unlink("/d/" + str(i)); } }`,
  },
  {
    name: 'directories in one another',
    few: 300,
    many: 50_000,
    text: `process p { for (i in 0..n) { if (mkdir("d") < 0 || chdir("d") < 0) { break; } } print(len(readdir("/proc/self/cwd/.."))); rename("/d", "/e"); mkdir("x"); rename("x", "/d"); }`,
  },
  {
    name: 'links to one file',
    few: 300,
    many: 200_000,
    text: `process p { close(open("/f", O_CREAT | O_WRONLY)); for (i in 0..n) { if (link("/f", "/tmp/l" + str(i)) < 0) { break; } } }`,
  },
  {
    name: 'locks on one file',
    few: 166,
    many: 5000,
    text: `process p { let fd = open("/f", O_CREAT | O_RDWR); for (i in 0..n) { if (fcntl(fd, F_SETLK, { type: F_WRLCK, whence: SEEK_SET, start: 2 * i, len: 1 }) < 0) { break; } }
  if (fork() == 0) { print(fcntl(fd, F_GETLK, { type: F_WRLCK, whence: SEEK_SET, start: 2 * n - 2, len: 1 }).type); exit(0); } wait(); close(fd); }`,
  },
  {
    name: 'descriptors with SIGIO on one pipe',
    few: 333,
    many: 20_000,
    text: `process p { ${DESCRIPTORS} mkfifo("/f"); sigaction(SIGIO, SIG_IGN); let w = open("/f", O_RDWR);
  for (i in 0..n) { let fd = open("/f", O_RDONLY | O_NONBLOCK); if (fd < 0) { break; } fcntl(fd, F_SETOWN, getpid()); fcntl(fd, F_SETFL, O_ASYNC | O_NONBLOCK); }
  write(w, "x"); }`,
  },
  {
    name: 'requests of io_uring that wait, cancelled at the end',
    few: 333,
    many: 30_000,
    text: `process p { let q = pipe(); let r = io_uring_setup(4096); for (i in 0..n) { io_uring_prep(r, { op: IORING_OP_POLL_ADD, fd: q[0], events: POLLIN, data: i }); io_uring_enter(r, 1, 0); }
  io_uring_prep(r, { op: IORING_OP_POLL_REMOVE, target: n - 1, data: n }); io_uring_enter(r, 1, 1); close(r); }`,
  },
  {
    name: 'requests of io_uring that become ready at once',
    few: 333,
    many: 30_000,
    text: `process p { let e = eventfd(0); let r = io_uring_setup(4096); for (i in 0..n) { io_uring_prep(r, { op: IORING_OP_POLL_ADD, fd: e, events: POLLIN, data: i }); io_uring_enter(r, 1, 0); }
  eventfd_write(e, 1); sleep(1000); io_uring_enter(r, 0, min(n, 100)); let got = 0; while (io_uring_cqe(r) != null) { got++; } print(got > 0); }`,
  },
  {
    name: 'timeouts of io_uring',
    few: 333,
    many: 30_000,
    text: `process p { let r = io_uring_setup(4096); for (i in 0..n) { io_uring_prep(r, { op: IORING_OP_TIMEOUT, ticks: 1000000000, offset: n + 1, data: i }); io_uring_enter(r, 1, 0); }
  io_uring_prep(r, { op: IORING_OP_NOP, data: n }); io_uring_enter(r, 1, 1); }`,
  },
  {
    name: 'requests of aio',
    few: 166,
    many: 20_000,
    text: `file "/f" = repeat("x", 100);
process p { let fd = open("/f", O_RDONLY); let b = alloc(100); let all = []; for (i in 0..n) { let cb = { fd: fd, buf: b, nbytes: 1, offset: i % 100 }; if (aio_read(cb) < 0) { break; } push(all, cb); }
  aio_cancel(fd); for (cb in all) { aio_error(cb); } }`,
  },
  {
    name: 'bytes of zeros',
    few: 20_000_000,
    many: 1_000_000_000,
    machine: 'memory = 1500 MiB;',
    text: `process p { let fd = open("/dev/zero", O_RDONLY); let m = mmap(0, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS); print(read(fd, m, n) > 0); }`,
  },
];

export function manyThings({ machine = '', text }: ManyThings, n: number): string {
  return `param n = ${n};\nmachine { ${machine} }\n${text}\n`;
}
