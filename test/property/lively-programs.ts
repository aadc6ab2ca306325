/**
 * Random programs in which much is popped, freed and replaced: handlers that nest, fault, call and yield, coroutines,
 * fork and exec in the middle of these, mappings, sockets, rings of requests, remotes. They are for going back and
 * forth in, with epochs so short that their boundaries fall into all of it.
 */
import { Dice } from './programs.js';

type Piece = (d: Dice) => string;

/** What handlers do; SIGUSR1 and SIGUSR2 nest in each other. */
const IN_HANDLER: readonly Piece[] = [
  () => 'k += sig;',
  (d) => `let a = k * 2; compute(${1 + d.below(9)}); k += a - k;`,
  () => 'if (depth < 3) { depth++; raise(SIGUSR2); depth--; }',
  () => 'if (depth < 3) { depth++; kill(getpid(), SIGUSR1); depth--; }',
  () => 'push(seen, sig); if (len(seen) > 5) { k += shift(seen) + pop(seen); }',
  (d) => `let c = coroutine(numbers, ${d.below(9)}); k += resume(c, 0); k += resume(c, 1);`,
  (d) => `k += deep(${1 + d.below(6)});`,
  (d) => `let b = alloc(${1 + d.below(600)}); b[0] = 1; k += b[0]; free(b);`,
  (d) => `sleep(${1 + d.below(40)});`,
  () => 'let pid = fork(); if (pid == 0) { exit(k % 7); } k += waitpid(pid, 0) == -1;',
  () => 'if (getpid() % 3 == 2) { exec("child", k % 9); }',
];

const PIECES: Readonly<Record<string, readonly Piece[]>> = {
  handlers: [
    (d) => `for (i in 0..${2 + d.below(20)}) { alarm(${1 + d.below(40)}); pause(); }`,
    (d) =>
      `setitimer(ITIMER_REAL, ${5 + d.below(30)}, ${5 + d.below(30)}); for (i in 0..${50 + d.below(400)}) { k = (k * 31 + i) % 10007; } setitimer(ITIMER_REAL, 0, 0);`,
    (d) =>
      `setitimer(ITIMER_REAL, ${9 + d.below(30)}, ${20 + d.below(30)}); k += nested(${2 + d.below(30)}); setitimer(ITIMER_REAL, 0, 0);`,
    (d) => `raise(SIGUSR1); for (i in 0..${1 + d.below(5)}) { kill(getpid(), ${d.pick(['SIGUSR1', 'SIGUSR2'])}); }`,
    (d) =>
      `sigprocmask(SIG_BLOCK, [SIGUSR1, SIGUSR2]); raise(SIGUSR1); raise(SIGUSR2); compute(${d.below(50)}); sigprocmask(SIG_UNBLOCK, [SIGUSR1, SIGUSR2]);`,
    (d) =>
      `{ let pid = fork(); if (pid == 0) { for (i in 0..${1 + d.below(6)}) { kill(getppid(), SIGUSR1); sleep(${1 + d.below(30)}); } exit(0); } for (i in 0..200) { k = (k + i) % 10007; } waitpid(pid, 0); }`,
    () =>
      `{ let m = mmap(0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS); guarded = m; sigaction(SIGSEGV, open_page); m[5] = 9; k += m[5]; sigaction(SIGSEGV, SIG_DFL); munmap(m); }`,
    (d) =>
      `{ let pid = fork(); if (pid == 0) { sigaction(${d.pick(['SIGSEGV', 'SIGFPE'])}, last_words); sigaction(SIGUSR1, faulty); raise(SIGUSR1); exit(1); } waitpid(pid, 0); }`,
    (d) => `{ let c = coroutine(signalled, ${d.below(5)}); while (!done(c)) { k += number(resume(c, 1)); } }`,
    (d) =>
      `{ let pid = fork(); if (pid == 0) { sigaction(SIGUSR2, quits); for (i in 0..50) { sleep(${1 + d.below(9)}); } exit(1); } sleep(${1 + d.below(60)}); kill(pid, ${d.pick(['SIGUSR2', 'SIGKILL', 'SIGTERM'])}); waitpid(pid, 0); }`,
    (d) => `sigsuspended(${5 + d.below(40)});`,
  ],
  coroutines: [
    (d) =>
      `{ let all = []; for (i in 0..${1 + d.below(8)}) { push(all, coroutine(numbers, i)); } for (r in 0..${1 + d.below(5)}) { for (i in 0..len(all)) { if (!done(all[i])) { k += resume(all[i], r); } } } kept = all; }`,
    (d) =>
      `{ let c = coroutine(outer, ${1 + d.below(9)}); for (i in 0..${1 + d.below(6)}) { if (!done(c)) { k += number(resume(c, i)); } } let pid = fork(); if (pid == 0) { while (!done(c)) { k += number(resume(c, 2)); } exit(k % 5); } wait(); kept = c; }`,
    () => `{ if (kept == null) { kept = coroutine(numbers, 3); } else { kept = null; } }`,
  ],
  processes: [
    (d) =>
      `for (i in 0..${1 + d.below(6)}) { let pid = fork(); if (pid == 0) { let l = []; for (j in 0..${d.below(40)}) { push(l, j); } seen = l; exit(i); } wait(); }`,
    (d) => `{ let pid = fork(); if (pid == 0) { exec("child", ${d.below(9)}); } k += waitpid(pid, 0) == -1; }`,
    (d) =>
      `{ let p = pipe(); let pid = fork(); if (pid == 0) { for (i in 0..${1 + d.below(9)}) { write(p[1], repeat("y", ${1 + d.below(3000)})); } exit(0); } close(p[1]); let b = alloc(4000); while (read(p[0], b, ${1 + d.below(4000)}) > 0) {} close(p[0]); free(b); wait(); }`,
    (d) => `{ if (fork() == 0) { if (fork() == 0) { sleep(${d.below(60)}); exit(0); } exit(0); } wait(); }`,
  ],
  memory: [
    (d) =>
      `{ let m = mmap(0, ${4096 * (1 + d.below(9))}, PROT_READ | PROT_WRITE, ${d.pick(['MAP_PRIVATE', 'MAP_SHARED'])} | MAP_ANONYMOUS); m[0] = 1; m[${d.below(4096)}] = 2; let pid = fork(); if (pid == 0) { m[1] = 3; exit(m[0]); } wait(); k += m[1]; munmap(m); }`,
    (d) =>
      `{ let fd = open("/data", O_RDWR); let m = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd); if (m != -1) { m[${d.below(8000)}] = 65; msync(m); munmap(m); } close(fd); }`,
    (d) =>
      `{ let bs = []; for (i in 0..${1 + d.below(12)}) { push(bs, alloc(${1 + d.below(20000)})); bs[i][0] = i; } for (i in 0..len(bs)) { if (i % 2) { free(bs[i]); } } words = words + repeat("w", ${d.below(90)}); }`,
    (d) =>
      `{ let m = map(); for (i in 0..${d.below(60)}) { m[i] = str(i); } for (i in 0..${d.below(60)}) { if (m[i] != null) { m[i] = 0; } } seen = keys(m); words = ""; }`,
  ],
  sockets: [
    (d) =>
      `{ let s = socketpair(AF_UNIX, ${d.pick(['SOCK_STREAM', 'SOCK_DGRAM'])}); let pid = fork(); if (pid == 0) { send(s[1], repeat("u", ${1 + d.below(900)})); exit(0); } let b = alloc(1000); k += recv(s[0], b, ${1 + d.below(999)}); free(b); close(s[0]); close(s[1]); wait(); }`,
    (d) =>
      `{ let l = tcp_listen(${1000 + d.below(9)}); if (l != -1) { let pid = fork(); if (pid == 0) { let c = socket(); connect(c, getsockname(l).port); send(c, repeat("t", ${1 + d.below(5000)})); ${d.chance(50) ? 'shutdown(c, SHUT_WR);' : ''} exit(0); } let c = accept(l); let b = alloc(2000); while (recv(c, b, 2000) > 0) {} free(b); close(c); close(l); wait(); } }`,
    (d) =>
      `{ let a = socket(AF_INET, SOCK_DGRAM); bind(a, ${2000 + d.below(9)}); sendto(a, "datagram", 8, 0, ${2000 + d.below(9)}); let b = alloc(16); k += recv(a, b, 16, MSG_DONTWAIT); free(b); close(a); }`,
    () =>
      `{ let l = tcp_listen(80); if (l != -1) { setsockopt(l, SOL_SOCKET, SO_RCVTIMEO, 3000); let c = accept(l); if (c != -1) { let b = alloc(600); let n = recv(c, b, 600); if (n > 0) { send(c, text(b, n)); } free(b); close(c); } close(l); } }`,
  ],
  requests: [
    (d) =>
      `{ let ring = io_uring_setup(8); let fd = open("/data", O_RDWR); let b = alloc(600); io_uring_prep(ring, { op: IORING_OP_READ, fd: fd, buf: b, n: ${1 + d.below(500)}, offset: ${d.below(9000)}, data: 1 }); io_uring_prep(ring, { op: IORING_OP_WRITE, fd: fd, buf: "ring", n: 4, offset: ${d.below(9000)}, data: 2${d.chance(50) ? ', flags: IOSQE_IO_LINK' : ''} }); io_uring_prep(ring, { op: IORING_OP_NOP, data: 3 }); io_uring_enter(ring, 3, ${d.below(4)}); let cqe; while ((cqe = io_uring_cqe(ring)) != null) { k += cqe.res; } close(fd); }`,
    (d) =>
      `{ let fd = open("/data", O_RDWR); sigaction(SIGRTMIN, on_done); let cb = { fd: fd, buf: alloc(300), nbytes: ${1 + d.below(300)}, offset: ${d.below(9000)}, notify: { signo: SIGRTMIN, value: 4 } }; aio_read(cb); ${d.chance(50) ? 'for (i in 0..90) { k = (k + i) % 10007; }' : ''} aio_suspend([cb], 2000); k += aio_return(cb); close(fd); }`,
    (d) =>
      `{ let t = timerfd_create(); timerfd_settime(t, ${1 + d.below(60)}, ${d.below(30)}); let e = epoll_create1(); epoll_ctl(e, EPOLL_CTL_ADD, t, EPOLLIN, 7); k += len(epoll_wait(e, 4, 500)); let n = eventfd(2); epoll_ctl(e, EPOLL_CTL_ADD, n, EPOLLIN | EPOLLET, 8); k += len(epoll_wait(e, 4, 90)); close(t); close(n); close(e); }`,
    (d) =>
      `{ let fd = open("/tmp/f${d.below(3)}", O_RDWR | O_CREAT); write(fd, repeat("f", ${1 + d.below(9000)})); ${d.chance(50) ? 'fsync(fd);' : ''} ftruncate(fd, ${d.below(5000)}); close(fd); ${d.chance(30) ? 'unlink("/tmp/f1");' : ''} print(k); }`,
  ],
};

export const KINDS = Object.keys(PIECES);

/** The source of the lively program with this number, and of which kinds its pieces are. */
export function livelyProgram(seed: number): { text: string; kinds: ReadonlySet<string> } {
  const d = new Dice(seed * 2246822519 + 7);
  const kinds = new Set<string>();
  const pieces = (count: number): string => {
    const list = Array.from({ length: count }, () => {
      const kind = d.chance(40) ? 'handlers' : d.pick(KINDS);
      kinds.add(kind);
      return d.pick(PIECES[kind])(d);
    });
    return list.join('\n  ');
  };
  const handler = (): string => `{ ${d.pick(IN_HANDLER)(d)} } ${d.chance(40) ? `{ ${d.pick(IN_HANDLER)(d)} }` : ''}`;
  const remotes = d.chance(30);
  if (remotes) kinds.add('remotes');
  const bodies = Array.from({ length: 1 + d.below(3) }, (_, i) => {
    const flags = d.pick(['0', 'SA_RESTART', 'SA_NODEFER', 'SA_RESTART', '0']);
    return `process p${i} {
  sigaction(SIGUSR1, first, ${flags}); sigaction(SIGUSR2, second, ${flags}); sigaction(SIGALRM, third, ${flags});
  ${d.chance(30) ? 'sigaction(SIGCHLD, second);' : ''}
  ${pieces(2 + d.below(4))}
  print(k);
}`;
  });
  const text = `machine { cpus = ${d.pick([1, 1, 2, 3, 4])}; quantum = ${5 + d.below(60)}; memory = 16 MiB; costs = ${d.pick(['teaching', 'teaching', 'linux'])}; }
file "/data" = repeat("0123456789", 900);
var k = 0;
var depth = 0;
var seen = [];
var kept = null;
var guarded = null;
var words = "";
fn numbers(n) { while (n < 40) { let got = yield n; n = n + 1 + got; } return -1; }
fn outer(n) { let inner = coroutine(numbers, n); while (!done(inner)) { let got = yield resume(inner, 1); n += got; } return n; }
fn signalled(n) { for (i in 0..3) { raise(SIGUSR1); n += yield n; raise(SIGUSR2); } return n; }
fn number(n) { return n == null ? 0 : n; }
fn deep(n) { return n == 0 ? 0 : deep(n - 1) + 1; }
fn nested(n) { let a = n + 1; let b = deep(3) + a; return n == 0 ? b : nested(n - 1) + a - b; }
fn first(sig) { ${handler()} }
fn second(sig) { ${handler()} }
fn third(sig) { ${handler()} }
fn quits(sig) { exit(4); }
fn on_done(sig, info) { k += info.value; }
fn open_page(sig) { mprotect(guarded, 4096, PROT_READ | PROT_WRITE); }
fn last_words(sig) { k += sig; exit(3); }
fn faulty(sig) { ${d.pick(['poke(16, 1);', 'let z = k - k; k = 1 / z;', 'k = peek(0xC0000000);'])} }
fn sigsuspended(n) { sigprocmask(SIG_BLOCK, [SIGALRM]); alarm(n); sigsuspend([]); sigprocmask(SIG_UNBLOCK, [SIGALRM]); }
${remotes ? `remote asks count ${1 + d.below(3)} at ${d.below(900)} (i) { let s = connect(80); if (s != null) { send(s, repeat("q", ${1 + d.below(900)})); print(recv(s, 400) != null); } }` : ''}
program child(n) { k = n; ${d.chance(50) ? 'sigaction(SIGUSR1, first); raise(SIGUSR1);' : ''} exit(n); }
${bodies.join('\n')}
`;
  return { text, kinds };
}
