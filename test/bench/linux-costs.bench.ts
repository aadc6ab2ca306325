/**
 * The linux cost profile: simulated time, not ours. Each program runs under `costs = linux`, and its ratio to getpid()
 * is compared with the one measured on Linux 6.18 (src/machine/costs.ts). Exact at every run, on every machine.
 */
import { checkProgram } from '../../src/language/checks.js';
import { computerFor, system } from '../system.js';
import type { Bench, Row } from './measure.js';

interface Subject {
  what: string;
  /** Ratio to getpid() on Linux. */
  linux: number;
  before?: string;
  /** Done N times. */
  body: string;
  /** What one round counts for, when it is not one. */
  units?: number;
  /** 1 unless said. */
  cpus?: number;
  after?: string;
  functions?: string;
}

const N = 50;
const FDS = 1000;

const SUBJECTS: readonly Subject[] = [
  {
    what: 'pread of 4 KiB in the page cache',
    linux: 3.4,
    before: 'let fd = open("/data", O_RDONLY); let buf = alloc(4096); pread(fd, buf, 4096, 0);',
    body: 'pread(fd, buf, 4096, 0);',
  },
  {
    what: 'open + close',
    linux: 14,
    before: 'close(open("/data", O_RDONLY));',
    body: 'close(open("/data", O_RDONLY));',
  },
  {
    what: 'pipe round trip, two processes',
    linux: 40,
    before: `let there = pipe(); let back = pipe(); let buf = alloc(1);
      if (fork() == 0) { for (let i = 0; i < ${N + 1}; i++) { read(there[0], buf, 1); write(back[1], buf, 1); } exit(0); }
      write(there[1], buf, 1); read(back[0], buf, 1);`,
    body: 'write(there[1], buf, 1); read(back[0], buf, 1);',
  },
  { what: 'fork + wait', linux: 1400, body: 'if (fork() == 0) { exit(0); } wait();' },
  {
    what: 'thread create + join',
    linux: 160,
    before: 'join(thread(nothing));',
    functions: 'fn nothing() { return 0; }',
    body: 'join(thread(nothing));',
  },
  {
    what: 'futex wake without a waiter',
    linux: 1.4,
    before: 'let buf = alloc(4); let w = addr(buf);',
    body: 'futex(w, FUTEX_WAKE, 1);',
  },
  {
    what: 'futex wait that fails',
    linux: 1.4,
    before: 'let buf = alloc(4); fill(buf, 0); let w = addr(buf);',
    body: 'futex(w, FUTEX_WAIT, 1);',
  },
  { what: 'sched_yield alone', linux: 2.3, body: 'sched_yield();' },
  {
    what: 'hop on one CPU by futex',
    linux: 10.3,
    before: `let a = alloc(4); let b = alloc(4); fill(a, 0); fill(b, 0); let x = addr(a); let y = addr(b);
      thread(back, a, b); sleep(100000);`,
    functions: `fn back(a, b) { let x = addr(a); let y = addr(b);
      while (true) { if (a[0] == 0) { futex(x, FUTEX_WAIT, 0); } a[0] = 0; b[0] = 1; futex(y, FUTEX_WAKE, 1); } }`,
    body: 'a[0] = 1; futex(x, FUTEX_WAKE, 1); if (b[0] == 0) { futex(y, FUTEX_WAIT, 0); } b[0] = 0;',
    units: 2,
  },
  {
    what: 'hop on one CPU by pipe',
    linux: 15,
    before: 'let there = pipe(); let here = pipe(); let buf = alloc(1); thread(back, there, here); sleep(100000);',
    functions: `fn back(there, here) { let buf = alloc(1);
      while (true) { read(there[0], buf, 1); write(here[1], buf, 1); } }`,
    body: 'write(there[1], buf, 1); read(here[0], buf, 1);',
    units: 2,
  },
  {
    what: 'hop on one CPU by condition variable',
    linux: 18.7,
    before: `let m = mutex(); let c = cond(); let turn = { of: 0 };
      thread(back, m, c, turn); sleep(100000);`,
    functions: `fn back(m, c, turn) {
      lock(m);
      while (true) { while (turn.of == 0) { wait_on(c, m); } turn.of = 0; notify(c); } }`,
    body: 'lock(m); turn.of = 1; notify(c); while (turn.of == 1) { wait_on(c, m); } unlock(m);',
    units: 2,
  },
  {
    what: 'hop to an idle CPU by futex',
    linux: 37.4,
    cpus: 2,
    before: `let a = alloc(4); let b = alloc(4); fill(a, 0); fill(b, 0); let x = addr(a); let y = addr(b);
      sched_setaffinity(0, 1); thread(back, a, b); sleep(100000);`,
    functions: `fn back(a, b) { let x = addr(a); let y = addr(b); sched_setaffinity(0, 2);
      while (true) { if (a[0] == 0) { futex(x, FUTEX_WAIT, 0); } a[0] = 0; b[0] = 1; futex(y, FUTEX_WAKE, 1); } }`,
    body: 'a[0] = 1; futex(x, FUTEX_WAKE, 1); if (b[0] == 0) { futex(y, FUTEX_WAIT, 0); } b[0] = 0;',
    units: 2,
  },
  {
    what: 'coroutine switch',
    linux: 0.19,
    before: 'let c = coroutine(turns); resume(c);',
    functions: 'fn turns() { while (true) { yield; } }',
    body: 'resume(c);',
    units: 2,
  },
  {
    what: 'free semaphore pair',
    linux: 0.19,
    before: 'let s = semaphore(1); sem_wait(s); sem_post(s);',
    body: 'sem_wait(s); sem_post(s);',
  },
  {
    what: 'uncontended mutex pair',
    linux: 0.19,
    before: 'let m = mutex(); lock(m); unlock(m);',
    body: 'lock(m); unlock(m);',
  },
  {
    what: 'minor page fault',
    linux: 12,
    before: `let buf = mmap(0, ${4096 * (N + 1)}, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); let at = 0;`,
    body: 'buf[at] = 1; at += 4096;',
  },
  {
    what: 'epoll_wait, 1,000 idle descriptors',
    linux: 2.7,
    before: `let ep = epoll_create1(0); let p = pipe();
      for (let i = 0; i < ${FDS}; i++) { epoll_ctl(ep, EPOLL_CTL_ADD, dup(p[0]), EPOLLIN); }`,
    body: 'epoll_wait(ep, 8, 0);',
  },
  {
    what: 'epoll_wait with something ready',
    linux: 1.5,
    before: `let ep = epoll_create1(0); let p = pipe(); write(p[1], "x"); epoll_ctl(ep, EPOLL_CTL_ADD, p[0], EPOLLIN);`,
    body: 'epoll_wait(ep, 1, -1);',
  },
  {
    what: 'poll, per descriptor',
    linux: 0.8,
    before: `let p = pipe(); let fds = []; for (let i = 0; i < ${FDS}; i++) { push(fds, { fd: dup(p[0]), events: POLLIN }); }`,
    body: 'poll(fds, 0);',
    units: FDS,
  },
];

/** Simulated nanoseconds of one round, or null with the reason why the program does not run. */
function time({ before, body, after, functions, cpus = 1 }: Subject): number | string {
  const text = `machine { costs = linux; quantum = 1000000000; cpus = ${cpus}; }
    file "/data" = repeat("x", 8192);
    ${functions ?? ''}
    process p {
      setrlimit(RLIMIT_NOFILE, 4096);
      ${before ?? ''}
      let start = clock();
      for (let round = 0; round < ${N}; round++) { ${body} }
      let taken = clock() - start;
      ${after ?? ''}
      print(taken);
    }`;
  try {
    const computer = computerFor(text);
    const missing = checkProgram(computer.loaded, system().libraryIndex).find(({ code }) => code === 'not-yet');
    if (missing) return missing.message;
    const { kind, report } = computer.run({ maxSteps: 200_000_000 });
    const shown = computer.machine.terminal.text();
    const taken = Number.parseInt(shown, 10);
    return kind === 'finished' && taken >= 0 ? taken / N : `${kind}: ${report.join(' ') || shown}`;
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).split('\n')[0];
  }
}

export const bench: Bench = {
  name: 'linux-costs',
  run(): Row[] {
    const getpid = time({ what: 'getpid()', linux: 1, body: 'getpid();' });
    if (typeof getpid === 'string') throw new Error(getpid);
    // The loop's own instructions are part of every figure: two or three nanoseconds a round.
    const rows: Row[] = [
      { what: 'getpid()', ours: getpid, unit: 'ns', peer: 'Linux 6.18', theirs: 107, measured: false, target: null },
    ];
    for (const subject of SUBJECTS) {
      const taken = time(subject);
      if (typeof taken === 'string') {
        console.log(`  ${subject.what}: left out: ${taken}`);
        continue;
      }
      const ours = taken / (subject.units ?? 1) / getpid;
      const row = {
        what: subject.what,
        ours,
        unit: '× getpid()',
        peer: 'Linux 6.18',
        theirs: subject.linux,
        measured: false,
      };
      rows.push({ ...row, target: { within: 0.3 } });
    }
    return rows;
  },
};
