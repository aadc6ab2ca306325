/**
 * Programs in which connections end in every way at every moment: remotes that send, wait, close or are ended by an
 * error, and processes that listen, accept, shut down, close, fork and die, in any order.
 */
import { Dice } from './programs.js';

type Op = (d: Dice) => string;

const REMOTE: readonly Op[] = [
  (d) => `s = connect(${80 + d.below(3)}); if (s == null) { return 0; }`,
  (d) => `if (s) { send(s, repeat("r", ${d.pick([1, 20, 1460, 5000, 90000])})); }`,
  (d) => `if (s) { print(len(recv(s, ${d.pick([1, 100, 5000])}))); }`,
  (d) => `sleep(${1 + d.below(d.pick([5, 60, 800]))});`,
  () => 'if (s) { close(s); s = null; }',
  () => 'recv(7, 1);',
  () => '1 / zero();',
  () => 'return 0;',
];

/** `fd()` is one of the program's descriptors, open or not. None of them waits for ever: an alarm interrupts it. */
const LOCAL: readonly Op[] = [
  (d) => `keep(tcp_listen(${80 + d.below(3)}, ${d.below(4)}));`,
  (d) => `keep(tcp_listen(${80 + d.below(3)}, ${d.below(4)})); sleep(${d.below(400)});`,
  () => 'keep(accept4(fd(), SOCK_NONBLOCK));',
  () => 'keep(accept(fd()));',
  (d) => `read(fd(), room, ${d.pick([1, 100, 6000])});`,
  (d) => `recv(fd(), room, ${d.pick([1, 100])}, ${d.pick(['0', 'MSG_PEEK', 'MSG_WAITALL', 'MSG_DONTWAIT'])});`,
  (d) => `write(fd(), room, ${d.pick([1, 100, 6000])});`,
  (d) => `send(fd(), repeat("s", ${d.pick([1, 3000])}), MSG_DONTWAIT);`,
  (d) => `shutdown(fd(), ${d.pick(['SHUT_RD', 'SHUT_WR', 'SHUT_RDWR'])});`,
  () => 'close(fd());',
  () => 'close(fd());',
  () => 'keep(dup(fd()));',
  () => 'dup2(fd(), fd());',
  (d) =>
    `{ let s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK); keep(s); connect(s, ${d.pick(['80', '81', '"10.0.1.1:80"'])}); }`,
  (d) => `connect(fd(), ${80 + d.below(3)});`,
  (d) => `listen(fd(), ${d.below(3)});`,
  () => '{ let pair = socketpair(); keep(pair[0]); keep(pair[1]); }',
  () =>
    `{ let s = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK); keep(s); unlink("/tmp/s"); bind(s, "/tmp/s"); listen(s, 1); }`,
  () => `{ let s = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK); keep(s); connect(s, "/tmp/s"); }`,
  () => 'unlink("/tmp/s");',
  (d) =>
    `setsockopt(fd(), SOL_SOCKET, ${d.pick(['SO_LINGER', 'SO_REUSEADDR', 'SO_RCVBUF', 'SO_SNDBUF'])}, ${d.below(3)});`,
  () => 'fcntl(fd(), F_SETFL, O_NONBLOCK | O_ASYNC);',
  () => 'fcntl(fd(), F_SETOWN, getpid());',
  (d) => `poll([{ fd: fd(), events: POLLIN | POLLOUT }, { fd: fd(), events: POLLIN }], ${d.below(300)});`,
  () => 'epoll_ctl(ep, EPOLL_CTL_ADD, fd(), EPOLLIN | EPOLLOUT | EPOLLET);',
  (d) => `epoll_wait(ep, 4, ${d.below(200)});`,
  () => 'io_uring_prep(ring, { op: IORING_OP_ACCEPT, fd: fd(), data: 1 }); io_uring_enter(ring, 1);',
  () => 'io_uring_prep(ring, { op: IORING_OP_RECV, fd: fd(), buf: room, n: 50, data: 2 }); io_uring_enter(ring, 1);',
  () => 'io_uring_prep(ring, { op: IORING_OP_SEND, fd: fd(), buf: room, n: 3000, data: 3 }); io_uring_enter(ring, 1);',
  () => 'io_uring_prep(ring, { op: IORING_OP_CLOSE, fd: fd(), data: 4 }); io_uring_enter(ring, 1);',
  (d) => `io_uring_prep(ring, { op: IORING_OP_ASYNC_CANCEL, target: ${1 + d.below(3)} }); io_uring_enter(ring, 1);`,
  () => 'sendfile(fd(), data, 0, 9000);',
  () =>
    'splice(fd(), null, ends[1], null, 500, SPLICE_F_NONBLOCK); splice(ends[0], null, fd(), null, 500, SPLICE_F_NONBLOCK);',
  () => 'if (depth < 2 && fork() == 0) { depth++; }',
  (d) => `sleep(${d.below(d.pick([5, 60, 800]))});`,
  () => 'getpeername(fd()); getsockname(fd());',
  () => 'exit(0);',
  () => 'if (random(3) == 0) { raise(SIGKILL); }',
];

/** The program with this number. */
export function endings(number: number): { text: string; seed: number } {
  const d = new Dice(number * 2654435761 + 5);
  const ops = (from: readonly Op[], n: number): string =>
    Array.from({ length: n }, () => `  ${d.pick(from)(d)}`).join('\n');
  const remotes = Array.from(
    { length: 2 + d.below(5) },
    (_, i) =>
      `remote r${i} count ${1 + d.below(3)} every ${d.below(60)} at ${d.below(1500)} {\n  let s = connect(${80 + d.below(2)});\n${ops(REMOTE, d.below(8))}\n}`,
  );
  const servers = Array.from(
    { length: 1 + d.below(3) },
    (_, i) =>
      `process p${i} at ${d.below(600)} {\n  furnish();\n  keep(tcp_listen(${80 + i}, ${d.below(4)}));\n${ops(LOCAL, 10 + d.below(40))}\n}`,
  );
  const text = `machine { cpus = ${d.pick([1, 2, 2, 4, 8])}; quantum = ${d.pick([1, 5, 20])}; network_latency = ${d.pick([1, 20, 200])}; tcp_rto = ${100 + d.below(300)}; memory = ${d.pick([1, 2, 16])} MiB; cost_packet = ${d.below(20)}; cost_pipe = ${d.below(20)}; }
file "/data" = repeat("0123456789", 1000);
var depth = 0;
var kept = [];
var room = null;
var ep = -1;
var ring = -1;
var data = -1;
var ends = null;
fn zero() { return 0; }
fn keep(fd) { if (fd >= 0) { push(kept, fd); } }
fn fd() { return len(kept) == 0 || random(9) == 0 ? random(30) : kept[random(len(kept))]; }
fn on_signal() { }
fn furnish() {
  room = alloc(8192);
  ep = epoll_create1();
  ring = io_uring_setup(8);
  data = open("/data", O_RDONLY);
  ends = pipe();
  for (sig in [SIGALRM, SIGIO, SIGPIPE]) { sigaction(sig, on_signal); }
  setitimer(ITIMER_REAL, 300, 300);
}
${remotes.join('\n')}
${servers.join('\n')}
`;
  return { text, seed: d.below(5) };
}
