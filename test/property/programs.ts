/**
 * Random programs for the promises that must hold of every program: the same input gives the same run, and going back
 * undoes going forward. Each is made of small pieces that fork, block, fail and touch every call that the library has.
 */
import { SCHEDULER_NAMES } from '../../src/language/schedulers.js';

/** A published generator (mulberry32): the same seed makes the same program on every host. */
export class Dice {
  constructor(private state: number) {}
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  }
  below(n: number): number {
    return this.next() % n;
  }
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }
}

type Piece = (d: Dice) => string;

const FLAGS = [
  'O_RDONLY',
  'O_RDWR',
  'O_WRONLY | O_APPEND',
  'O_RDWR | O_CREAT',
  'O_RDWR | O_TRUNC',
  'O_RDWR | O_CREAT | O_EXCL',
];
const PATHS = ['"/data"', '"/tmp/a"', '"/tmp/b"', '"/tmp/d/x"', '"/nowhere/y"', '"/tmp/a"'];

/** Pieces that do their work and go on. */
const QUIET: readonly Piece[] = [
  (d) =>
    `{ let fd = open(${d.pick(PATHS)}, ${d.pick(FLAGS)}); let b = alloc(64); g += read(fd, b, ${d.below(64)}); g += write(fd, "some text", ${d.below(9)}); g += lseek(fd, ${d.below(5000)}, ${d.pick(['SEEK_SET', 'SEEK_CUR', 'SEEK_END'])}); g += write(fd, "more"); let e = errno; g += e; fsync(fd); close(fd); free(b); }`,
  (d) =>
    `{ let fd = open("/data", O_RDWR); let b = alloc(100); pread(fd, b, 50, ${d.below(9000)}); pwrite(fd, "xyz", 3, ${d.below(9000)}); g += readv(fd, [b[0..10], b[10..20]]); writev(fd, ["ab", "cd"]); fdatasync(fd); if (fstat(fd) != -1) { g += fstat(fd).size; } ftruncate(fd, ${d.below(9000)}); close(fd); }`,
  (d) =>
    `{ let fd = open("/data", O_RDONLY); let f2 = dup(fd); g += dup2(fd, ${3 + d.below(12)}); g += dup3(fd, ${3 + d.below(12)}, O_CLOEXEC); g += fcntl(f2, F_GETFL); fcntl(f2, F_SETFD, FD_CLOEXEC); g += fcntl(fd, F_DUPFD, 10); close(f2); }`,
  () =>
    `{ mkdir("/tmp/d"); link("/data", "/tmp/a"); symlink("/data", "/tmp/s"); rename("/tmp/a", "/tmp/b"); unlink("/tmp/b"); chmod("/data", 0o600); let names = readdir("/tmp"); if (names != -1) { g += len(names); } rmdir("/tmp/d"); }`,
  (d) =>
    `{ mkfifo("/tmp/f${d.below(3)}"); let s = stat("/data"); if (s != -1) { g += s.size + s.nlink; } let l = lstat("/tmp/s"); truncate("/data", ${d.below(6000)}); sync(); chdir("/tmp"); umask(${d.below(64)}); g += access(); }`,
  () =>
    `{ g += getpid() + getppid() + gettid() + getuid(); g += getpgid(0); setpgid(0, 0); setsid(); setuid(0); g += getpriority(0, 0); setpriority(0, 0, 3); nice(1); sched_setaffinity(0, 1); g += getrlimit(RLIMIT_NOFILE) != -1; setrlimit(RLIMIT_NOFILE, 20); }`,
  (d) =>
    `{ let m = mmap(0, ${4096 * (1 + d.below(4))}, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS); if (m != -1) { m[${d.below(4000)}] = 7; g += peek(addr(m)); mprotect(m, 4096, PROT_READ); munmap(m); } }`,
  (d) =>
    `{ let l = [3, 1, 2]; push(l, ${d.below(99)}); sort(l); g += shift(l) + pop(l) + len(l); let m = map(); m["k"] = l; m[${d.below(9)}] = 1; g += len(keys(m)); insert(l, 0, 5); remove(l, 0); shared_list = l; }`,
  (d) =>
    `{ let c = coroutine(numbers, ${d.below(50)}); for (let i = 0; i < ${1 + d.below(6)}; i++) { g += resume(c, i); } if (!done(c)) { kept = c; } }`,
  (d) =>
    `{ compute(${d.below(300)}); g = (g * 31 + ${d.below(1000)}) % 100003; total = total + 1; for (let i = 0; i < ${d.below(200)}; i++) { g = (g + i) % 100003; } }`,
  (d) =>
    `{ let b = alloc(${1 + d.below(6000)}); b[0] = ${d.below(256)}; fill(b[0..1], 65); g += peek(addr(b)); poke(addr(b), 3); print("out", g % 10, text(b, 1)); free(b); }`,
  (d) =>
    `{ sigaction(SIGUSR1, SIG_IGN); g += sigprocmask(SIG_BLOCK, [SIGUSR2]) != -1; raise(SIGUSR1); raise(SIGUSR2); g += len(sigpending()); kill(getpid(), ${d.pick(['0', 'SIGUSR1', 'SIGCHLD'])}); }`,
  (d) =>
    `{ let e = eventless(${d.below(9)}); g += e; g += ioctl(0, FIONREAD); sched_yield(); g += clock() % 7; g += len(strerror(errno)) + len(errname(EAGAIN)); }`,
];

/** Pieces that wait for something. */
const BLOCKING: readonly Piece[] = [
  (d) => `sleep(${1 + d.below(400)});`,
  (d) =>
    `{ let p = pipe(); let pid = fork(); if (pid == 0) { ${quiet(d)} write(p[1], repeat("z", ${1 + d.below(200)})); exit(${d.below(4)}); } close(p[1]); let b = alloc(128); let n = read(p[0], b, 128); while (n > 0) { g += n; n = read(p[0], b, 128); } close(p[0]); let w = wait(); g += WEXITSTATUS(w.status); }`,
  (d) =>
    `{ let pid = fork(); if (pid == 0) { ${quiet(d)} ${quiet(d)} exit(${d.below(200)}); } let w = waitpid(pid, 0); g += w == -1 ? 1 : WIFEXITED(w.status) + WIFSIGNALED(w.status); }`,
  (d) => `{ let pid = spawn("child", ${d.below(50)}, "text"); waitid(P_PID, pid, WEXITED); waitpid(-1, WNOHANG); }`,
  (d) => `{ let pid = fork(); if (pid == 0) { exec("child", ${d.below(50)}, "more"); exit(9); } wait(); }`,
  (d) =>
    `{ let fds = pipe2(O_NONBLOCK); let b = alloc(16); g += read(fds[0], b, 8); g += errno; write(fds[1], "12345"); g += read(fds[0], b, ${1 + d.below(8)}); close(fds[0]); close(fds[1]); alarm(${50 + d.below(500)}); alarm(0); }`,
  (d) =>
    `{ let fd = open("/data", O_RDONLY); let b = alloc(512); for (let i = 0; i < ${1 + d.below(12)}; i++) { g += read(fd, b, 512); } close(fd); }`,
];

/** Pieces in which a child is killed: by a fault of its own or by a signal. */
const FATAL: readonly Piece[] = [
  (d) => `{ let pid = fork(); if (pid == 0) { ${fault(d)} } let w = wait(); g += WTERMSIG(w.status); }`,
  (d) =>
    `{ let pid = fork(); if (pid == 0) { pause(); exit(1); } sleep(${1 + d.below(60)}); kill(pid, ${d.pick(['SIGTERM', 'SIGKILL', 'SIGINT'])}); wait(); }`,
  (d) =>
    `{ let p = pipe(); let pid = fork(); if (pid == 0) { close(p[0]); ${quiet(d)} while (write(p[1], "x") > 0) {} exit(7); } close(p[1]); close(p[0]); wait(); }`,
  () => `{ let pid = fork(); if (pid == 0) { alarm(30); pause(); } wait(); }`,
];

function fault(d: Dice): string {
  return d.pick([
    'let z = 0; g = 1 / z;',
    'poke(16, 1);',
    'let n = null; g = n.field;',
    'let l = [1]; g = l[5];',
    'assert(g < 0, "no");',
    'abort();',
    'g = peek(0xC0000000);',
    'deep(1);',
  ]);
}

/** Whether a run of such a program forked, waited, and had something killed: what the coverage counts. */
export interface Deeds {
  forked: boolean;
  blocked: boolean;
  killed: boolean;
}

function quiet(d: Dice): string {
  return d.pick(QUIET)(d);
}

/** The source of the random program with this number. */
export function randomProgram(seed: number): string {
  const d = new Dice(seed * 2654435761 + 1);
  const bodies = Array.from({ length: 1 + d.below(3) }, (_, i) => {
    const pieces: string[] = [];
    const count = 3 + d.below(4);
    for (let k = 0; k < count; k++) {
      const kind = d.below(100);
      pieces.push((kind < 40 ? d.pick(QUIET) : kind < 86 ? d.pick(BLOCKING) : d.pick(FATAL))(d));
    }
    return `process p${i} at ${d.below(100)} {\n  ${pieces.join('\n  ')}\n  print("done", g);\n}`;
  });
  return `machine { cpus = ${d.pick([1, 1, 1, 2, 3])}; scheduler = ${d.pick(SCHEDULER_NAMES)}; quantum = ${5 + d.below(60)}; memory = 16 MiB; }
file "/data" = repeat("0123456789", 900);
var g = ${d.below(1000)};
var kept = null;
var shared_list = null;
shared var total = 0;
fn numbers(n) { while (n < 60) { let got = yield n; n = n + 1 + got; } return -1; }

fn eventless(n) { return n * 2; }
fn access() { return open("/no/such", O_RDONLY); }
fn deep(n) { return deep(n + 1) + 1; }
program child(n, text) { g = n; ${d.chance(50) ? 'print("child", n, text);' : ''} ${d.chance(30) ? quiet(d) : ''} exit(n); }
${bodies.join('\n')}
`;
}
