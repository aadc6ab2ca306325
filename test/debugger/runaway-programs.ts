/**
 * Programs that never end, or that do something huge, each in its own way. None may keep the debugger from its user.
 */

export interface Runaway {
  name: string;
  text: string;
  /** More of the launch configuration. */
  launch?: { trace?: boolean | string; cpus?: number };
  /** The message of a log point on line 1. */
  logPoint?: string;
  /** A limit ends it after a second or so: it is paused before. */
  endsSoon?: true;
}

const forever = (body: string): string => `process main { while (true) { ${body} } }`;

/** `made` once, then `body` for ever. */
const once = (made: string, body: string): string => `process main { ${made} while (true) { ${body} } }`;

/** Doubles a list or a string n times. */
const doubled = (n: number): string => `for (let i = 0; i < ${n}; i++) { s += s; }`;

/** A list of `n` elements. */
const listOf = (n: number, element = 'i'): string =>
  `let l = []; for (let i = 0; i < ${n}; i++) { push(l, ${element}); }`;

const CHEAP = 'for (let i = 0; i < 3000000; i++) { }';

export const RUNAWAYS: readonly Runaway[] = [
  { name: 'an empty loop', text: forever('') },
  { name: 'an empty loop on four CPUs', text: `process p count 4 { while (true) { } }`, launch: { cpus: 4 } },
  { name: 'a fork bomb', text: forever('fork();') },
  { name: 'fork and wait', text: forever('if (fork() == 0) { exit(0); } wait();') },
  { name: 'an exec loop', text: `program again(n) { exec("again", n + 1); }\nprocess main { exec("again", 0); }` },
  { name: 'a spawn loop', text: `program child(n) { exit(0); }\nprocess main { while (true) { spawn("child", 1); } }` },
  {
    name: 'deep recursion, again and again',
    text: `fn f(n) { return f(n + 1) + 1; }\n${forever('if (fork() == 0) { f(0); } wait();')}`,
  },
  {
    name: 'a storm of signals',
    text: `fn h(sig) { }\nprocess main { sigaction(SIGUSR1, h); while (true) { raise(SIGUSR1); } }`,
  },
  {
    name: 'signals that two processes send each other',
    text: `fn h(sig) { }
process main {
  sigaction(SIGUSR1, h);
  let child = fork();
  let other = child == 0 ? getppid() : child;
  while (true) { kill(other, SIGUSR1); }
}`,
  },
  { name: 'faults, again and again', text: forever('if (fork() == 0) { let x = null; x.y = 1; } wait();') },
  { name: 'output of single characters', text: forever('write(1, "x", 1);') },
  { name: 'output of 64 KiB lines', text: once('let s = repeat("x", 65536);', 'print(s);'), endsSoon: true },
  { name: 'log of a word', text: forever('log("hello");') },
  { name: 'log of a million bytes', text: once('let s = repeat("x", 1000000);', 'log(s, s);') },
  { name: 'log of a long list', text: once(listOf(500_000), 'log(l);') },
  { name: 'a log point', text: `process main { let i = 0;\nwhile (true) { i++; } }`, logPoint: 'i is {i}' },
  { name: 'all events printed', text: forever('getpid();'), launch: { trace: true } },
  { name: 'allocations that are kept', text: once('let kept = null;', 'kept = { next: kept, value: [1, 2] };') },
  { name: 'allocations that are dropped', text: forever('let x = [1, 2, [3, 4], { a: 5 }];') },
  { name: 'alloc() without end', text: forever('let b = alloc(65536); if (b != null) { b[0] = 1; }') },
  {
    name: 'pages touched, one byte each',
    text: once('let b = alloc(200 * 1024 * 1024); let i = 0;', 'b[i] = 1; i = (i + 4096) % len(b);'),
  },
  { name: 'memory filled', text: once('let b = alloc(16 * 1024 * 1024);', 'fill(b, 7);') },
  { name: 'memory read as text', text: once('let b = alloc(16 * 1024 * 1024);', 'let s = text(b);') },
  { name: 'forks of a large heap', text: once(listOf(300_000, '{ a: i }'), 'if (fork() == 0) { exit(0); } wait();') },
  {
    name: 'a string indexed as it grows',
    text: once('let s = ""; let t = 0;', 's += "abcdefgh"; t += s[0]; if (len(s) > 8000000) { s = ""; }'),
  },
  {
    name: 'a large string indexed after each append',
    text: once(`let s = "abcdefgh"; ${doubled(20)}`, `let t = s + "a"; t[0]; s = t[1..len(t)];`),
  },
  { name: 'strings doubled', text: forever(`let s = "abcdefgh"; ${doubled(20)}`) },
  {
    name: 'a string that is shortened at its front',
    text: once(`let s = "abcdefgh"; ${doubled(20)}`, `s = s[1..len(s)] + "x";`),
  },
  {
    name: 'large strings compared',
    text: once(`let s = "abcdefgh"; ${doubled(20)} let t = s + ""; let n = 0;`, `if (s == t + "" && s <= t) { n++; }`),
  },
  {
    name: 'a search without luck',
    text: once('let s = repeat("a", 4000000); let t = "b" + repeat("a", 2000000);', 'has(s, t);'),
  },
  { name: 'bytes() of a large string', text: once('let s = repeat("a", 8000000);', 'let l = bytes(s);') },
  { name: 'format() of a large pattern', text: once('let p = repeat("%%", 50000);', 'format(p);') },
  { name: 'int() of a large string', text: once('let p = repeat("1", 8000000);', 'int(p);') },
  { name: 'str() of a list with a million entries', text: once(listOf(1_000_000), 'str(l);') },
  {
    name: 'str() of nested lists',
    text: once('let l = [1, 2, 3, 4, 5, 6, 7, 8]; for (let i = 0; i < 20; i++) { l = [l, l, l]; }', 'str(l);'),
  },
  {
    name: 'sort() of a million numbers',
    text: once(listOf(1_000_000, '(i * 7919) % 1000003'), 'let m = l[0..len(l)]; sort(m);'),
  },
  {
    name: 'sort() of long strings that are nearly equal',
    text: once(listOf(1000, 'repeat("a", 20000) + str((i * 7919) % 1009)'), 'let m = l[0..len(l)]; sort(m);'),
  },
  {
    name: 'sort() with a function',
    text: `fn less(a, b) { return a - b; }\n${once(listOf(20_000, '(i * 7919) % 100003'), 'let m = l[0..len(l)]; sort(m, less);')}`,
  },
  {
    name: 'insert and remove at the front of a large list',
    text: once(listOf(1_000_000), 'insert(l, 0, 1); remove(l, 0);'),
  },
  { name: 'slices of a large list', text: once(listOf(1_000_000), 'let m = l[0..len(l)];') },
  {
    name: 'a search through a list of long strings',
    text: once(
      `let s = "abcdefgh"; ${doubled(20)} let l = []; for (let i = 0; i < 20; i++) { push(l, s + "a"); }`,
      'has(l, s + "b");',
    ),
  },
  { name: 'a search through a large list', text: once(listOf(1_000_000), 'has(l, -1);') },
  {
    name: 'a map of a million keys',
    text: once('let m = map(); let i = 0;', 'm[i] = i; i++; if (i > 1000000) { i = 0; m = map(); }'),
  },
  {
    name: 'a map that only grows',
    text: once('let m = map(); let i = 0;', 'm[i] = i; i++;'),
  },
  {
    name: 'a list that only grows',
    text: once('let l = [];', 'push(l, l);'),
  },
  {
    name: 'the keys of a large map',
    text: once('let m = map(); for (let i = 0; i < 500000; i++) { m[i] = i; }', 'let k = keys(m);'),
  },
  {
    name: 'long strings as keys',
    text: once('let m = map(); let s = repeat("k", 1000000); let i = 0;', 'm[s + str(i % 10)] = i; i++;'),
  },
  { name: 'a cheap loop, then a dear one', text: once(`${listOf(1_000_000)} ${CHEAP}`, 'str(l);') },
  {
    name: 'coroutines without end',
    text: `fn f() { while (true) { yield 1; } }\n${once('let all = [];', 'let c = coroutine(f); resume(c); push(all, c); if (len(all) > 50000) { all = []; }')}`,
  },
  {
    name: 'pipes that are written and read',
    text: once('let p = pipe(); let b = alloc(4096);', 'write(p[1], b, 4096); read(p[0], b, 4096);'),
  },
  {
    name: 'epoll with thousands of descriptors',
    text: once(
      'setrlimit(RLIMIT_NOFILE, 8192); let ep = epoll_create1(0); for (let i = 0; i < 3000; i++) { let e = eventfd(1); epoll_ctl(ep, EPOLL_CTL_ADD, e, EPOLLIN); }',
      'epoll_wait(ep, 4096, 0);',
    ),
  },
  {
    name: 'poll() of a thousand descriptors',
    text: once(
      'let p = pipe(); let l = []; for (let i = 0; i < 1000; i++) { push(l, { fd: p[0], events: POLLIN }); }',
      'poll(l, 0);',
    ),
  },
  {
    name: 'timers of one tick',
    text: `fn h(sig) { }\nprocess main { sigaction(SIGALRM, h); setitimer(ITIMER_REAL, 1, 1); while (true) { pause(); } }`,
  },
  { name: 'sleeps of one tick', text: `process p count 100 { while (true) { sleep(1); } }` },
  {
    name: 'reads of an io_uring',
    text: once(
      'let r = io_uring_setup(64); let b = alloc(64);',
      'for (let i = 0; i < 64; i++) { io_uring_prep(r, { op: IORING_OP_NOP, data: i }); } io_uring_enter(r, 64, 64); while (io_uring_cqe(r) != null) { }',
    ),
  },
  {
    name: 'remotes that connect without end',
    text: `remote r count 20 { while (true) { let s = connect(80); send(s, "x"); recv(s, 1); close(s); } }
process main { let fd = tcp_listen(80, 50); let b = alloc(8); while (true) { let c = accept(fd); recv(c, b, 8, 0); send(c, "y"); close(c); } }`,
  },
  {
    name: 'remotes that sleep while nothing runs',
    text: `remote r { while (true) { sleep(1); } }\nprocess main { let fd = tcp_listen(80); accept(fd); }`,
    endsSoon: true,
  },
  {
    name: 'files made and removed',
    text: forever('let fd = open("/f", O_RDWR | O_CREAT, 0644); write(fd, "hello", 5); close(fd); unlink("/f");'),
  },
  {
    name: 'a file that grows',
    text: once('let fd = open("/f", O_RDWR | O_CREAT, 0644); let b = alloc(65536);', 'pwrite(fd, b, 65536, 0);'),
  },
  {
    name: 'mappings made and removed',
    text: forever(
      'let b = mmap(0, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); b[0] = 1; munmap(b, 65536);',
    ),
  },
];
