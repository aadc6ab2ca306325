/** A small library of its own, so that these tests say the same whatever the real library has. */
import { checkProgram } from '../../src/language/checks.js';
import { buildLibraryIndex } from '../../src/language/library.js';
import { loadProgram, type LoadedProgram } from '../../src/language/names.js';
import type { Problem } from '../../src/language/problem.js';

const BUILTINS = `// The text of a buffer.
extern fn text(buffer, n = null);
extern fn len(x);
extern fn str(x);
extern fn repeat(s, n);
extern fn format(pattern, ...args);
extern fn alloc_pages(n);
extern fn random(n);
extern fn compute(ticks);
extern fn assert(condition, why = null);
extern fn coroutine(f, ...args);
extern fn resume(c, value = null);
extern fn atomic_add(variable, n);
extern fn atomic_xchg(variable, value);
extern fn atomic_cas(variable, old, new);
`;

const LIBC = `const O_RDONLY = 0;
const O_WRONLY = 1;
const O_NONBLOCK = 0x800;
const SEEK_SET = 0;
const SIGKILL = 9;
const EAGAIN = 11; // Resource temporarily unavailable
enum Whence { FIRST, SECOND = 5, THIRD }
var errno = 0;
struct Dirent { ino; name; }
fn _trap(n) { return n; }
// Reads up to n bytes into a buffer.
// More about it.
// Errors: EAGAIN, EBADF.
// Blocks: yes
// Kernel: fs/read.osim
// Returns: bytes read; 0 at the end
fn read(fd, buf, n) { return _trap(0); }
fn write(fd, data, n = null) { return _trap(1); }
fn open(path, flags, mode = 0) { return _trap(2); }
fn close(fd) { return 0; }
fn lseek(fd, offset, whence) { return 0; }
fn kill(pid, sig) { return 0; }
fn sigaction(sig, handler, flags = 0, mask = null) { return 0; }
fn getpid() { return 1; }
fn fork() { return 0; }
fn exit(code = 0) { }
fn exec(name, ...args) { return -1; }
fn spawn(name, ...args) { return -1; }
fn alloc(n) { return 0; }
fn print(...values) { }
fn mutex(kind = 0) { return 0; }
fn strerror(e) { return ""; }
fn sleep(ticks) { return 0; }
`;

const INTRINSICS = `kernel;
// Lets time pass.
extern fn spend(ticks);
extern fn current();
`;

export const LIBRARY = buildLibraryIndex([
  { path: 'src/std/builtins.osim', text: BUILTINS },
  { path: 'src/std/libc.osim', text: LIBC },
  { path: 'src/kernel/intrinsics.osim', text: INTRINSICS },
]);

export const MAIN = 'file:///lesson/main.osim';

/** Loads a program whose other files are given by name. */
export function load(text: string, others: Readonly<Record<string, string>> = {}): LoadedProgram {
  return loadProgram(MAIN, (uri) => (uri === MAIN ? text : others[uri.replace('file:///lesson/', './')]), LIBRARY);
}

export function problemsOf(text: string, others: Readonly<Record<string, string>> = {}): Problem[] {
  return checkProgram(load(text, others), LIBRARY);
}

/** `1:5 missing-semicolon`, for short assertions. */
export function places(problems: readonly Problem[]): string[] {
  return problems.map((problem) => `${problem.from.line}:${problem.from.column} ${problem.code}`);
}

/** Uses every construct of the language. */
export const EVERYTHING = `import "./peers.osim";
param clients = 3;
machine {
  cpus = 1; scheduler = rr; quantum = 20; costs = teaching; memory = 256 MiB; cost_syscall = 100;
}
file "/etc/motd" = "Welcome\\n";
file "/data" = repeat("x", 4096);
file "/w" from "./words.txt";
keyboard at 50 "ls\\n";
keyboard at 90 eof;
const LIMIT = 16;
const OPS = { read: handle, n: LIMIT * 2, };
enum Phase { WAIT, COPY = 5, DONE, }
struct Conn { fd; phase; got = 0; }
var served = 0;
shared var total = 0;
shared var guard = mutex();
shared var ring[LIMIT * 2] = 0;
/* A block
   comment. */
fn handle(conn, more = 1, ...rest) { served += 1; return conn.got; }
fn generator(n) { let got = yield n; for (i in 0..n) { yield i; } return got; }
fn loops(xs) {
  for (let i = 0; i < 10; i++) { if (i == 3) { continue; } else if (i > 5) break; else { } }
  for (x in xs) print(x);
  for (let y in xs) { print(y); }
  for (;;) { break; }
  let n;
  while ((n = read(0, alloc(3), 3)) > 0) { n--; }
  do { n += 1; } while (n < 3 && !(n == 2) || n != 1);
  switch (n) { case 1: case WAIT: print("one"); break; case 'a': { } default: return; }
  ;
}
process server {
  let fd = open("/etc/motd", O_RDONLY | O_NONBLOCK);
  let buf = alloc(LIMIT);
  let n = read(fd, buf, LIMIT);
  print(text(buf, n), buf[0..n], buf[1], -n + ~n * +n % 3 << 2 >> 1 & 7 ^ 1 | 8);
  let c = Conn { fd: 3 };
  c.phase = COPY;
  c.fd++; ++c.fd; c.got -= 1; c.got *= 2; c.got /= 2; c.got %= 2; c.got &= 1; c.got |= 1; c.got ^= 1; c.got <<= 1; c.got >>= 1;
  OPS.read(c, 1)[0](2).x = n > 0 ? [1, 2, [3]] : { a: 1, process: 2 };
  const local = "\\x00\\u00e9\\"";
  let z = n = 0x1F + 0b101 + 0o17 + 017 + 1_000;
  print(local, z, true, false, null, generator, loops);
  assert(n == 0, "why");
  close(fd);
}
process worker count 2 at 10 nice -5 (i) { compute(30); }
process many count (clients * 2) { }
program child(arg) { exit(arg); }
remote browser count clients every 20 at 100 (i) {
  let s = connect(80); send(s, "GET /\\n"); let reply = recv(s, 64); close(s); print(reply);
}
expect stdout("server") == "Welcome\\n";
expect stat("context_switches") <= 8, "blocking once is enough";
`;
