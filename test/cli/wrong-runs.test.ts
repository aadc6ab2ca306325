/**
 * Programs that are wrong in ways that show when they run, and what their author is told: the line, what is wrong, how
 * to mend it. (test/language/wrong-programs.test.ts has those that are wrong before they run.)
 */
import assert from 'node:assert/strict';
import { Folder } from './command.js';
import { osimIn } from './in-process.js';

interface Wrong {
  /** The program: it stands in wrong.osim. */
  text: string;
  /** More files beside it. */
  files?: Record<string, string>;
  options?: string[];
  /** What standard error has, after the name of the file. */
  says: RegExp;
  status?: number;
  stdout?: string;
}

const ENDLESS = ['--max-steps', '300_000'];

/** A body of a process, on a line of its own: line 2. */
function body(statements: string): string {
  return `process a {\n${statements}\n}\n`;
}

const POLICY = `kernel;
fn create_queue() { return list_create(); }
fn enqueue_task(rq, t, flags) { list_add_head(rq.queue, t); }
fn dequeue_task(rq, t, flags) { list_remove(t); }
fn pick_next_task(rq) { return take(rq); }
fn task_tick(rq, t) { return true; }
fn check_preempt(rq, t) { return false; }
fn take(rq) {
  let t = list_take_first(rq.queue);
  if (t != null) { t.time_slice = 20; }
  return t;
}
`;
const WITH_POLICY = 'machine { scheduler = "./mine.osim"; }\nprocess a count 2 { print(getpid()); }\n';
const policy = (from: string | RegExp, to: string): Record<string, string> => ({
  'mine.osim': POLICY.replace(from, to),
});

const FAULTS: Record<string, Wrong> = {
  'a division by zero': {
    text: body('let x = 0; print(5 / x);'),
    says: /:2:18: a \(pid 2\) was ended by SIGFPE: division by zero: 5 \/ 0/,
  },
  'a remainder of zero': { text: body('let x = 0; print(5 % x);'), says: /SIGFPE: division by zero: 5 % 0/ },
  'a sum beyond 53 bits': {
    text: body('let x = 9007199254740991; x += 1;'),
    says: /:2:27: .*SIGFPE: integer overflow: 9007199254740991 \+ 1 /,
  },
  'a shift beyond 53 bits': { text: body('let x = 1; print(x << 60);'), says: /SIGFPE: integer overflow: 1 << 60/ },
  'a shift by a negative number': {
    text: body('let n = -1; print(1 << n);'),
    says: /SIGFPE: shift by a negative number/,
  },
  'a field of null': {
    text: body('let x; print(x.foo);'),
    says: /:2:\d+: .*SIGSEGV: \.foo of null: was a variable never given a value\?/,
  },
  'a struct epoll_event as in C': {
    text: body('let n = epoll_ctl(epoll_create1(0), EPOLL_CTL_ADD, 0, { events: EPOLLIN, data: 0 }); print(n);'),
    says: /:2:\d+: .*SIGILL: epoll_ctl: the events must be an integer, not a record; the data follow them/,
  },
  'a field of an integer': {
    text: body('let w = wait(); print(w.pid);'),
    says: /SIGILL: \.pid of -1: wait\(\) failed, and errno says why; test for -1 first/,
  },
  'a field of another integer': {
    text: body('let n = 7; print(n.pid);'),
    says: /SIGILL: \.pid needs a struct or a record, this is an integer/,
  },
  'one signal where a list is wanted': {
    text: body('sigprocmask(SIG_BLOCK, SIGINT);'),
    says: /:2:\d+: .*SIGILL: sigprocmask: the signals are a list: \[SIGINT\], not an integer/,
  },
  'one signal for a signalfd': {
    text: body('signalfd(SIGINT);'),
    says: /:2:\d+: .*SIGILL: signalfd: the signals are a list/,
  },
  'one buffer for a readv': {
    text: body('let n = readv(0, alloc(4)); print(n);'),
    says: /:2:\d+: .*SIGILL: readv: the buffers are a list: \[a, b\], not a buffer/,
  },
  'a port that is none': {
    text: body('let n = bind(socket(), 99999); print(n);'),
    says: /:2:\d+: .*SIGILL: a port is a number from 0 to 65535, not 99999/,
  },
  'a field that the struct lacks': {
    text: `struct P { x; }\n${body('let p = P { x: 1 }; let q = p; print(q.z);')}`,
    says: /:3:\d+: .*struct P has no field z; it has x/,
  },
  'a field that the record lacks': { text: body('let r = { a: 1 }; r.b = 2;'), says: /no field b; it has a/ },
  'an index behind the end': {
    text: body('let l = [1, 2]; print(l[2]);'),
    says: /index 2 is outside of the list: it has 2 elements/,
  },
  'an index before the beginning': { text: body('let l = [1, 2]; let i = -1; l[i] = 0;'), says: /index -1 is outside/ },
  'an index that is a string': {
    text: body('let l = [1, 2]; print(l["x"]);'),
    says: /an index must be an integer, this is a string/,
  },
  'a missing key in a sum': {
    text: body('let m = map(); print(m["x"] + 1);'),
    says: /is null: was a variable never given a value\?/,
  },
  'a key that is a list': {
    text: body('let m = map(); m[[1]] = 2;'),
    says: /a map's key must be an integer, a string, or true or false/,
  },
  'a slice behind the end': { text: body('print("hello"[3..9]);'), says: /slice 3\.\.9 is outside: the length is 5/ },
  'a string that shall change': { text: body('let s = "abc"; s[0] = 120;'), says: /a string cannot be changed/ },
  'a loop over null': { text: body('let y; for (x in y) { }'), says: /for … in needs a list, a map, .* this is null/ },
  'a call of an integer': { text: body('let f = 3; f(1);'), says: /only a function can be called, this is an integer/ },
  'too few arguments through a variable': {
    text: `fn g(a, b) { return a + b; }\n${body('let f = g; print(f(1));')}`,
    says: /g takes 2 arguments, and got 1/,
  },
  'a sum of a string and an integer': {
    text: body('let n = 3; print("n = " + n);'),
    says: /\+ joins two strings, but one side is an integer: write str\(…\) around it/,
  },
  'a comparison of a string and an integer': {
    text: body('let n = 3; print("2" < n);'),
    says: /< needs integers, this is a string/,
  },
  'a sort of unlike things': { text: body('print(sort([1, "a"]));'), says: /:2:\d+: .*SIGILL/ },
  'a least of a list': {
    text: body('print(min([4, 2]));'),
    says: /min: the first argument must be an integer or a string, not a list/,
  },
  'a conversion that does not fit': {
    text: body('print(format("%d", "x"));'),
    says: /format: %d needs an integer, this is a string/,
  },
  'a conversion that is none': {
    text: body('let f = "%q"; print(format(f, 1));'),
    says: /no conversion %q; there are %d/,
  },
  'a conversion without an argument': {
    text: body('let f = "%d %d"; print(format(f, 1));'),
    says: /%d has no argument/,
  },
  'recursion without end': {
    text: `fn f(n) { return f(n + 1) + 1; }\n${body('f(0);')}`,
    says: /:1:18: .*SIGSEGV: the stack is full \(65536 bytes\): does a function call itself without end\?/,
  },
  'recursion without end in a coroutine': {
    text: `fn f(n) { return f(n + 1) + 1; }\n${body('resume(coroutine(f, 0));')}`,
    says: /the stack is full \(8192 bytes\)/,
  },
  'recursion without end in a thread': {
    text: `fn f(n) { return f(n + 1) + 1; }\n${body('join(thread(f, 0));')}`,
    says: /:1:18: f \(pid 2, thread 3\) was .*the stack is full \(65536 bytes\).* This is the stack of thread 3; machine { thread_stack = …; } gives more/,
  },
  'bytes below the stack of a thread': {
    text: `fn f() { poke(0xafff0000 - 8, 1); }\n${body('join(thread(f));')}`,
    says: /:1:10: f \(pid 2, thread 3\) .*SIGSEGV: its stack is full \(65472 bytes; address 0xaffefff8 is on the guard page/,
  },
  'a coroutine resumed by another thread': {
    text: `fn g() { yield 1; }\nfn f(c) { return resume(c); }\n${body('let c = coroutine(g); resume(c); join(thread(f, c));')}`,
    says: /:2:18: f \(pid 2, thread 3\) .*resume of a coroutine of thread 2 in thread 3: .* only in the thread that made it/,
  },
  'a thread of what is no function': {
    text: body('thread(5);'),
    says: /thread: only a function can be run, not an int/,
  },
  'a thread with too few arguments': {
    text: `fn f(a, b) {}\n${body('join(thread(f, 1));')}`,
    says: /SIGILL: f takes 2 arguments, and got 1/,
  },
  'a join of what is no number': {
    text: body('join("t");'),
    says: /join: a thread is a number, as thread\(\) returns it/,
  },
  'a coroutine resumed after its end': {
    text: `fn f() { return 1; }\n${body('let c = coroutine(f); print(resume(c)); resume(c);')}`,
    says: /resume of a coroutine that has returned: test done\(c\) first/,
    stdout: '1\n',
  },
  'a coroutine that resumes itself': {
    text: `var c;\nfn f() { resume(c); }\n${body('c = coroutine(f); resume(c);')}`,
    says: /:2:\d+: .*resume of a coroutine that is running: it is the one that asks, in coroutine f #1/,
  },
  'a coroutine that resumes the one that waits for it': {
    text: `var c;\nfn g() { resume(c); }\nfn f() { resume(coroutine(g)); }\n${body('c = coroutine(f); resume(c);')}`,
    says: /:2:\d+: .*running: it waits for the coroutine that it has resumed itself, in coroutine g #2/,
  },
  'a loop over a coroutine that is running': {
    text: `fn f() { for (x in running()) { } }\n${body('resume(coroutine(f));')}`,
    says: /:1:\d+: .*resume of a coroutine that is running: it is the one that asks/,
  },
  'a fault in a coroutine': {
    text: `fn f(n) { yield n; let z = 0; yield n / z; }\n${body('for (x in coroutine(f, 3)) { print(x); }')}`,
    says: /:1:\d+: .*SIGFPE: division by zero: 3 \/ 0, in coroutine f #1/,
  },
  'a yield outside of a coroutine': {
    text: `fn f() { yield 1; }\n${body('f();')}`,
    says: /:1:10: .*yield outside of a coroutine: nobody has resumed this; coroutine\(f, …\) makes one/,
  },
  'a buffer that is a list': {
    text: body('let n = read(0, [1, 2], 10); print(n);'),
    says: /read: the buffer cannot be a list/,
  },
  'a descriptor that is a string': {
    text: body('let n = read("x", alloc(4), 4); print(n);'),
    says: /read\(\) got a string where it needs an integer/,
  },
  'more bytes than the buffer has': {
    text: body('let b = alloc(4); let n = read(0, b, 9000); print(n);'),
    says: /read of 9000 bytes into a buffer of 4/,
  },
  'text of a failed read': {
    text: body('let b = alloc(10); let n = read(77, b, 10); print(text(b, n));'),
    says: /text: the second argument is -1: did the call that gave it fail\?/,
  },
  'a buffer given back twice': {
    text: body('let b = alloc(10); free(b); free(b);'),
    says: /:2:29: .*SIGABRT: free\(\): double free/,
  },
  'a large buffer used after free': {
    text: body('let b = alloc(1000000); free(b); b[0] = 1;'),
    says: /SIGSEGV: there is no memory at address 0x[0-9a-f]+: was it freed, or never allocated\?/,
  },
  'a write to the kernel': {
    text: body('poke(0xC0000000, 1);'),
    says: /SIGSEGV: address 0xc0000000 belongs to the kernel/,
  },
  'a read at address 0': { text: body('print(peek(0));'), says: /SIGSEGV: address 0x0 is near 0, where no memory is/ },
  'a failed assert': {
    text: body('let n = 3; assert(n == 4, "n must be four");'),
    says: /:2:12: a \(pid 2\) was ended by SIGABRT: assertion failed: n must be four/,
  },
  'an alarm without a handler': {
    text: body('alarm(100);\npause();'),
    says: /:3:1: a \(pid 2\) was ended by SIGALRM: its alarm\(\) went off, and there is no handler for it/,
  },
  'abort()': { text: body('abort();'), says: /:2:1: .*SIGABRT: it called abort\(\)/ },
  'a pipe that nobody reads': {
    text: body('let p = pipe(); close(p[0]); if (write(p[1], "x") == -1) { print("no"); }'),
    says: /SIGPIPE: it wrote to a pipe or a socket that nobody reads any more/,
  },
  'a fault in a child': {
    text: body('if (fork() == 0) { let l = []; print(l[0]); } wait(); print("on");'),
    says: /a \(pid 3\) was ended by SIGILL: index 0 is outside of the list: it has 0 elements/,
    stdout: 'on\n',
  },
  'strings without end': {
    text: body('let s = "x"; while (true) { s = s + s; }'),
    says: /a string may have 16 MiB at most/,
  },
  'a string that is far too long': {
    text: body('print(len(repeat("x", 10000000000)));'),
    says: /a string may have 16 MiB at most/,
  },
  'memory without end': {
    text: `machine { memory = 1 MiB; }\n${body('while (true) { let b = alloc(100000); fill(b, 1); }')}`,
    says: /SIGKILL: the memory is full; machine \{ memory = … \} sets another size/,
  },
};

const ENDS: Record<string, Wrong> = {
  'a loop without end': {
    text: body('while (true) { }'),
    options: ENDLESS,
    status: 5,
    says: /limit at tick \d+.*\n {2}the run reached 300000 steps without an end; --max-steps N sets another limit/,
  },
  'a loop without end, by the clock': {
    text: body('while (true) { }'),
    options: ['--max-ticks', '1000'],
    status: 5,
    says: /simulated time reached 1000 ticks; --max-ticks N/,
  },
  'forks without end': {
    text: body('while (true) { if (fork() == -1) { break; } }'),
    options: ENDLESS,
    status: 5,
    says: /--max-steps N sets another limit/,
  },
  'lists without end': {
    text: `machine { memory = 1 MiB; }\n${body('let l = []; while (true) { push(l, [1, 2, 3]); }')}`,
    options: ['--max-steps', '9_000_000'],
    status: 5,
    says: /take more than 1 MiB; machine \{ memory = … \} sets another limit/,
  },
  'output without end': {
    text: `machine { output_limit = 4 KiB; }\n${body('while (true) { print("spam"); }')}`,
    status: 5,
    says: /the output passed the limit of 4096 bytes .*machine \{ output_limit = … \} sets another/,
  },
  'a wait for oneself': {
    text: body('let p = pipe(); let n = read(p[0], alloc(1), 1); print(n);'),
    status: 3,
    says: /deadlock at tick \d+.*\n {2}pid 2 \(a\) waits for pipe read, which only itself could end/,
  },
  'a wait for the keyboard': {
    text: body('let n = read(0, alloc(1), 1); print(n);'),
    says: /idle at tick \d+.*\n {2}pid 2 \(a\) waits for terminal/,
  },
  'a server and its peer that wait for each other': {
    text: `${body('let fd = accept(tcp_listen(80)); let n = read(fd, alloc(1), 1); print(n);')}
remote peer at 300 { let s = connect(80); print(recv(s, 1)); }
remote done at 300 { sleep(5); }\n`,
    says: /idle at tick \d+.*\n {2}pid 2 \(a\) waits for socket receive\n {2}peer waits for bytes\n$/,
  },
  'no process': { text: 'fn f() { }\n', says: /starts nothing: it has no process\. Declare one: process main/ },
  'an expect that fails': {
    text: `${body('print("hi");')}expect stdout("a") == "ho\\n", "a greeting";\n`,
    status: 1,
    says: /line 4: expect stdout\("a"\) == "ho\\n" failed; actual: "hi\\n" \(a greeting\)\n1 of 1 expect failed/,
  },
  'an expect of an unknown statistic': {
    text: `${body('')}expect stat("context_swiches") == 1;\n`,
    status: 1,
    says: /There is no statistic "context_swiches"\. There are: context_switches,/,
  },
  'an expect of an unknown process': {
    text: `${body('')}expect stdout("b") == "";\n`,
    status: 2,
    says: /:4:15: error: There is no process "b" in this program\. There are: a\./,
  },
  'a param that is not there': {
    text: `param clients = 1;\n${body('')}`,
    options: ['--set', 'client=3'],
    status: 2,
    says: /has no param `client`\. Did you mean `clients`\?/,
  },
  'a param of another type': {
    text: `param n = 1;\n${body('')}`,
    options: ['--set', 'n=many'],
    status: 2,
    says: /:1:1: error: The param `n` is an integer; "many" is not\. Its default is 1\./,
  },
  'a param that is no setting': {
    text: `param s = "rr";\nmachine { scheduler = s; }\n${body('')}`,
    options: ['--set', 's=bfs'],
    status: 2,
    says: /:2:23: error: `bfs` is no value for `scheduler`\. .*The choices are fifo, /,
  },
  'a param beyond a setting’s limits': {
    text: `param c = 1;\nmachine { cpus = c; }\n${body('')}`,
    options: ['--set', 'c=12'],
    status: 2,
    says: /:2:18: error: `cpus` is a number of CPUs, from 1 to 8; 12 is outside\. The most is 8\./,
  },
};

const FILES: Record<string, Wrong> = {
  'a file of the host that is missing': {
    text: `file "/w" from "./words.txt";\n${body('')}`,
    status: 2,
    says: /:1:1: error: The file ".\/words.txt" can not be used: there is no such file\./,
  },
  'a file of the host outside of the folder': {
    text: `file "/w" from "../../../etc/passwd";\n${body('')}`,
    status: 2,
    says: /can not be used: (it lies outside of the program's folder|there is no such file)\./,
  },
  'a file of the host by its full path': {
    text: `file "/w" from "/etc/passwd";\n${body('')}`,
    status: 2,
    says: /it must be beside the program/,
  },
  'a folder as a file of the host': {
    text: `file "/w" from "./sub";\n${body('')}`,
    files: { 'sub/x': '' },
    status: 2,
    says: /can not be used: it is not a file\./,
  },
  'UTF-16': {
    text: Buffer.from(`\ufeff${body('print(1);')}`, 'utf16le').toString(),
    status: 2,
    says: /:1:1: error: This file is not text in UTF-8\./,
  },
  'a file with carriage returns': {
    text: 'process a {\r\n  print(y);\r\n}\r\n',
    status: 2,
    says: /:2:9: error: There is no name `y`/,
  },
  'a type in a loop': {
    text: body('for (int i = 0; i < 3; i++) { print(i); }'),
    status: 2,
    says: /:2:6: error: `int`: there are no types to declare here\. Write `for \(let i = 0; …; …\)`\./,
  },
  'a type before a parameter': {
    text: `fn f(int a) { }\n${body('')}`,
    status: 2,
    says: /:1:6: error: `int`: there are no types .* Write the name alone: `a`\./,
  },
  'a type before a field': {
    text: `struct P { int x; }\n${body('')}`,
    status: 2,
    says: /`int`: there are no types .* Write the name alone: `x`\./,
  },
  'a cast': {
    text: body('let x = 3; let y = (int) x;'),
    status: 2,
    says: /:2:20: error: `\(int\)`: there are no types, so there are no casts\./,
  },
  'an address': {
    text: body('let x = 3; print(&x);'),
    status: 2,
    says: /:2:18: error: `&x`: there are no pointers to variables\./,
  },
  'a program without its quotes': {
    text: `program child() { }\n${body('exec(child);')}`,
    status: 2,
    says: /:3:6: error: `child` is a program, not a value\. Its name goes in quotes: exec\("child"\)\./,
  },
  'a process as a value': { text: body('print(a);'), status: 2, says: /:2:7: error: `a` is a process, not a value\./ },
  'a function that should be a process': {
    text: 'fn main() { print("hi"); }\n',
    says: /starts nothing: it has no process\. Make one of fn main\(\): process main \{ … \}/,
  },
  'an import of a file with errors': {
    text: `import "./other.osim";\n${body('')}`,
    files: { 'other.osim': 'fn f() {\n  return zz;\n}\n' },
    status: 2,
    says: /^other\.osim:2:10: error: There is no name `zz`/,
  },
  'a name that two files declare': {
    text: `import "./other.osim";\nconst B = 2;\n${body('')}`,
    files: { 'other.osim': 'const B = 3;\n' },
    status: 2,
    says: /`B` is already declared in wrong\.osim, line 2\. Rename one/,
  },
};

const KERNELS: Record<string, Wrong> = {
  'a scheduler that is missing': {
    text: WITH_POLICY,
    status: 2,
    says: /wrong\.osim:1:11: error: The scheduler mine\.osim can not be read: there is no such file\./,
  },
  'a scheduler without ./': {
    text: WITH_POLICY.replace('./', ''),
    files: { 'mine.osim': POLICY },
    status: 2,
    says: /The path of a file starts with a dot: ".\/mine\.osim"/,
  },
  'a scheduler without a function': {
    text: WITH_POLICY,
    files: policy(/fn task_tick.*/, ''),
    status: 2,
    says: /mine\.osim:1:1: error: This scheduler has no function `task_tick`\. Declare it: fn task_tick\(rq, t\)/,
  },
  'a scheduler with other parameters': {
    text: WITH_POLICY,
    files: policy('task_tick(rq, t)', 'task_tick(rq)'),
    status: 2,
    says: /mine\.osim:6:1: error: The kernel calls `task_tick` with 2 arguments, and this takes 1\./,
  },
  'a scheduler that is a program': {
    text: WITH_POLICY,
    files: policy('kernel;', ''),
    status: 2,
    says: /mine\.osim:1:1: error: A scheduler is a part of the kernel\. Its file begins with the line `kernel;`\./,
  },
  'a scheduler with a slip': {
    text: WITH_POLICY,
    files: policy('return true', 'return tru'),
    status: 2,
    says: /mine\.osim:6:30: error: There is no name `tru`/,
  },
  'a scheduler that uses null': {
    text: WITH_POLICY,
    files: policy('return t;', 'let x; return x.y;'),
    status: 4,
    says: /kernel panic: mine\.osim:11:\d+: \.y of null/,
  },
  'a scheduler that picks nobody': {
    text: WITH_POLICY,
    files: policy('return t;', 'return null;'),
    status: 4,
    says: /kernel panic: .*the scheduler mine\.osim picks nobody, though 1 could run \(its pick_next_task\)/,
  },
  'a scheduler that picks who can not run': {
    text: 'machine { scheduler = "./mine.osim"; }\nprocess a { sleep(50); }\n',
    files: policy('return t;', 'return t == null ? tasks[2] : t;'),
    status: 4,
    says: /kernel panic: .*the scheduler mine\.osim picks a \(pid 2\), who can not run, or runs already/,
  },
  'a scheduler that never ends': {
    text: WITH_POLICY,
    files: policy('return t;', 'while (true) { }'),
    status: 4,
    says: /kernel panic: mine\.osim:11:\d+: soft lockup: .* an endless loop\?/,
  },
  'a scheduler that is run': {
    text: POLICY,
    status: 2,
    says: /:1:1: error: This is a part of the kernel, not a program: .* machine \{ scheduler = "\.\/[\w-]+\.osim"; \}/,
  },
  'a scheduler that is run, without a function': {
    text: POLICY.replace(/fn task_tick.*/, ''),
    status: 2,
    says: /:1:1: error: This scheduler has no function `task_tick`\./,
  },
  'a kernel file that is run': {
    text: 'kernel;\nfn note(rq) { return list_create(); }\n',
    status: 2,
    says: /:1:1: error: This is a part of the kernel, not a program: .* osim run PROGRAM --kernel FOLDER/,
  },
  'a kernel file with a slip': {
    text: body(''),
    options: ['--kernel', 'k'],
    files: { 'k/note.osim': 'kernel;\nfn note() { return nothing; }\n' },
    status: 2,
    says: /k\/note\.osim:2:20: error: There is no name `nothing`/,
  },
  'a kernel file with too few arguments': {
    text: body(''),
    options: ['--kernel', 'k'],
    files: { 'k/note.osim': 'kernel;\nfn one(a) { return a; }\nfn note() { return one(); }\n' },
    status: 2,
    says: /k\/note\.osim:3:20: error: one\(\) takes 1 argument, not 0/,
  },
  'a kernel folder without a file': {
    text: body(''),
    options: ['--kernel', 'k'],
    files: { 'k/readme': '' },
    status: 2,
    says: /k has no \.osim file in it\./,
  },
};

/** Words of ours that mean nothing to a beginner. */
const NOISE =
  /undefined|\[object|\bat \S+\.[cm]?[jt]s\b|TypeError|RangeError|This should not have happened|NameRef|Expression/;

for (const [title, table] of Object.entries({
  'Runs that go wrong': FAULTS,
  'Runs that end badly': ENDS,
  'Files that are wrong': FILES,
  'Kernels that are wrong': KERNELS,
})) {
  describe(title, () => {
    for (const [name, wrong] of Object.entries(table)) {
      it(name, async () => {
        const folder = new Folder({ 'wrong.osim': wrong.text, ...wrong.files });
        try {
          const { status, stdout, stderr } = await osimIn(folder.path, 'run', 'wrong.osim', ...(wrong.options ?? []));
          assert.match(stderr, wrong.says);
          assert.doesNotMatch(stderr, NOISE);
          assert.equal(status, wrong.status ?? 0, stderr);
          if (wrong.stdout !== undefined) assert.equal(stdout, wrong.stdout);
        } finally {
          folder.remove();
        }
      });
    }
  });
}

describe('A scheduler of one’s own', () => {
  it('runs: last come, first served', async () => {
    const folder = new Folder({ 'wrong.osim': WITH_POLICY, 'mine.osim': POLICY });
    try {
      assert.equal((await osimIn(folder.path, 'run', 'wrong.osim')).stdout, '3\n2\n');
      folder.write('other.osim', 'process a count 2 { print(getpid()); }\n');
      assert.equal((await osimIn(folder.path, 'run', 'other.osim')).stdout, '2\n3\n');
      assert.equal((await osimIn(folder.path, 'run', 'other.osim', '--scheduler', 'mine.osim')).stdout, '3\n2\n');
      folder.write('sub/main.osim', 'import "../machine.osim";\nprocess a count 2 { print(getpid()); }\n');
      folder.write('machine.osim', 'machine { scheduler = "./mine.osim"; }\n');
      assert.equal((await osimIn(folder.path, 'run', 'sub/main.osim')).stdout, '3\n2\n');
    } finally {
      folder.remove();
    }
  });
});
