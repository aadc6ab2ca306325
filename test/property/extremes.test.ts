/**
 * Time and space have ends: with every setting at one of its ends, and times in every call that takes one, a run may
 * come to a limit, and a call may fail, but the kernel does not panic and the simulator does not throw.
 * OSIM_SEED sets the number of the first program; OSIM_LONG makes them many.
 */
import assert from 'node:assert/strict';
import { END_OF_TIME } from '../../src/language/limits.js';
import { SETTING_NAMES, settingShape } from '../../src/language/settings.js';
import { computerFor } from '../system.js';
import { Dice } from './programs.js';

const PROGRAMS = process.env['OSIM_LONG'] ? 5000 : 24;
const FIRST = Number(process.env['OSIM_SEED'] ?? 1);

const TIMES = [
  ...[0, 1, -1, 7, 100, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 51 - 1, 2 ** 51, 2 ** 52, Number.MAX_SAFE_INTEGER],
  ...[END_OF_TIME - 100, END_OF_TIME, 1e12, -(2 ** 31), -(2 ** 51), -Number.MAX_SAFE_INTEGER],
];

/** One call each; T is a time. */
const CALLS = [
  'sleep(T);',
  'compute(abs(T));',
  `compute(max(0, ${END_OF_TIME - 3000} - clock()));`,
  'poll([], T);',
  'poll([{ fd: p[0], events: POLLIN }], T);',
  'select([p[0]], null, null, T);',
  '{ let ep = epoll_create1(); epoll_ctl(ep, EPOLL_CTL_ADD, p[0], EPOLLIN); epoll_wait(ep, 4, T); }',
  'alarm(T);',
  'setitimer(ITIMER_REAL, T, T);',
  '{ let t = timerfd_create(); timerfd_settime(t, T, T); read(t, buf, 8); }',
  '{ let t = timerfd_create(); timerfd_settime(t, T, T, TFD_TIMER_ABSTIME); read(t, buf, 0); }',
  'sigtimedwait([SIGUSR1], T);',
  '{ let s = socketpair(); setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, T); recv(s[0], buf, 8); setsockopt(s[0], SOL_SOCKET, SO_LINGER, T); }',
  '{ let r = io_uring_setup(4); io_uring_prep(r, { op: IORING_OP_TIMEOUT, ticks: T, n: random(3) }); io_uring_enter(r, 1, random(2)); }',
  '{ let r = io_uring_setup(4); io_uring_prep(r, { op: IORING_OP_TIMEOUT, ticks: T, op_flags: IORING_TIMEOUT_ABS }); io_uring_enter(r, 1, 1); }',
  'aio_suspend([{ fd: 1, buf: buf, n: 1 }], T);',
  '{ let fd = open("/data", O_RDWR | O_CREAT); lseek(fd, T, SEEK_SET); write(fd, "x"); pwrite(fd, "y", 1, T); ftruncate(fd, T); close(fd); }',
  '{ let fd = open("/data", O_RDWR); fcntl(fd, F_SETLK, { type: F_WRLCK, whence: SEEK_SET, start: T, len: T }); sendfile(1, fd, T, 10); close(fd); }',
  'aio_read({ fd: 3, buf: buf, n: T, offset: T, value: T });',
  '{ let r = io_uring_setup(4); io_uring_prep(r, { op: IORING_OP_READ, fd: 0, buf: buf, n: 4, offset: T, data: T }); io_uring_enter(r, 1); io_uring_cqe(r); }',
  '{ let fd = open("/data", O_RDWR); copy_file_range(fd, T, fd, T, T); splice(fd, p[1], 5, 0, T); fcntl(fd, F_GETLK, { type: F_RDLCK, whence: SEEK_END, start: T, len: T }); close(fd); }',
  'sigqueue(getpid(), SIGALRM, T);',
  'mmap(T, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED);',
  'setrlimit(RLIMIT_CPU, T);',
  'setrlimit(RLIMIT_AS, T);',
  'mmap(0, T, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);',
  'fcntl(p[1], F_SETPIPE_SZ, T);',
  'if (fork() == 0) { nice(T); setpriority(0, 0, T); exit(T); }',
  'alloc(T);',
  '{ let fd = tcp_listen(80); close(fd); }',
  '{ let fd = socket(); if (connect(fd, "10.0.0.2:80") == 0) { send(fd, "hello"); } close(fd); }',
];

function settings(d: Dice): string[] {
  return SETTING_NAMES.flatMap((name) => {
    // A CPU that is not there is an error, not an extreme.
    if (name === 'irq_cpu') return [];
    const shape = settingShape(name);
    if (shape === undefined) return [];
    if (shape.kind === 'word') return d.chance(40) ? [`${name} = ${d.pick(shape.words)};`] : [];
    if (!d.chance(35)) return [];
    const middle = Math.min(shape.max, Math.max(shape.min, d.pick([1, 3, 1000])));
    return [`${name} = ${d.pick([shape.min, shape.min, shape.max, middle])};`];
  });
}

function programOf(d: Dice): string {
  const time = (): string => String(d.pick(TIMES));
  const body = (): string => Array.from({ length: 6 }, () => d.pick(CALLS).replaceAll(/\bT\b/g, time)).join('\n  ');
  return `
machine { ${settings(d).join(' ')} }
file "/data" = "some text";
keyboard at ${d.pick([0, 5, END_OF_TIME])} "typed\\n";
remote far count ${1 + d.below(3)} at ${d.pick([0, 10, END_OF_TIME])} every ${d.pick([0, 1e12])} {
  let c = connect(80);
  sleep(${d.pick([1, 2 ** 31, 2 ** 52, Number.MAX_SAFE_INTEGER])});
  if (c != null) { send(c, "x"); recv(c, 10); }
}
fn noted(sig) { }
fn work() {
  let buf = alloc(64);
  let p = pipe();
  sigaction(SIGALRM, noted, SA_RESTART);
  ${body()}
}
process one at ${d.pick([0, 0, 3, END_OF_TIME - 50])} { work(); work(); }
process two count ${1 + d.below(3)} nice ${d.pick([-20, 0, 19])} priority ${d.pick([0, 139])} burst ${d.pick([0, END_OF_TIME])} {
  work();
}
`;
}

describe('the ends of time and space', function () {
  this.timeout(7_200_000);

  it(`are limits, never a panic: ${PROGRAMS} programs`, () => {
    const outcomes = new Map<string, number>();
    for (let seed = FIRST; seed < FIRST + PROGRAMS; seed++) {
      const d = new Dice(seed * 2654435761 + 5);
      const text = programOf(d);
      let kind: string;
      try {
        const computer = computerFor(text, { seed: d.pick([0, seed]) });
        const outcome = computer.run({ maxSteps: 60_000 });
        assert.notEqual(outcome.kind, 'panic', outcome.report.join('\n'));
        kind = outcome.kind === 'limit' ? outcome.report.join().replace(/\d+/g, 'N') : outcome.kind;
      } catch (error) {
        throw new Error(`program ${seed}:\n${text}`, { cause: error });
      }
      outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1);
    }
    const ended = [...outcomes].filter(([kind]) => /came to its end/.test(kind)).reduce((sum, [, n]) => sum + n, 0);
    console.log(`      ${[...outcomes].map(([kind, n]) => `${n} ${kind.slice(0, 60)}`).join(', ')}`);
    assert.ok(ended >= PROGRAMS / 20, 'hardly any run comes to the end of time');
  });
});
