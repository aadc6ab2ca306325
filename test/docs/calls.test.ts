/**
 * The table of calls, the library and the kernel agree: what the language promises is there, what is there is promised,
 * each says in its comment what there is to say, and each is tried by a test.
 */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { walk } from '../../src/language/ast-walk.js';
import { PROMISED_CALLS } from '../../src/language/calls.js';
import type { Fn, SourceFile } from '../../src/language/generated/ast.js';
import { isFunction, libraryView, type LibraryEntry, type LibraryIndex } from '../../src/language/library.js';
import { parseSource } from '../../src/language/parse.js';
import { kernelPaths } from '../kernel-file.js';
import { programs, root } from '../std/program-run.js';

/** The calls of the language's contract, by group. It does not shrink. */
const CONTRACT = `
fork getpid getppid gettid exit abort wait waitpid waitid exec spawn kill sched_yield nice setpriority sched_setaffinity setpgid
getpgid setsid getuid setuid chdir umask sleep clock getrlimit setrlimit WIFEXITED WEXITSTATUS WIFSIGNALED WTERMSIG WIFSTOPPED
WSTOPSIG WIFCONTINUED strerror errname
open close read write pread pwrite lseek dup dup2 dup3 fcntl flock ioctl stat fstat unlink link symlink rename mkdir rmdir mkfifo
chmod readdir truncate ftruncate fsync sync readv writev
pipe pipe2 socketpair eventfd timerfd_create timerfd_settime
socket bind listen accept accept4 connect send recv sendto recvfrom shutdown getsockopt setsockopt getsockname getpeername tcp_listen
select poll epoll_create1 epoll_ctl epoll_wait pselect ppoll epoll_pwait
sigaction sigprocmask sigpending sigsuspend sigwait sigtimedwait sigwaitinfo sigqueue pause alarm setitimer raise pthread_kill signalfd
aio_read aio_write aio_error aio_return aio_suspend aio_cancel io_uring_setup io_uring_prep io_uring_enter io_uring_cqe
alloc free mmap munmap msync mprotect sendfile splice tee copy_file_range peek poke addr
mutex lock trylock timedlock unlock cond wait_on notify notify_all semaphore sem_wait sem_trywait sem_timedwait
sem_post sem_getvalue rwlock rdlock wrlock tryrdlock trywrlock rwunlock barrier barrier_wait atomic_add atomic_cas
coroutine resume done running
print text bytes fill len str int repeat format push pop shift insert remove map keys has sort min max abs random compute log`;

/** Constants that the contract's table names. */
const CONTRACT_CONSTANTS = `WNOHANG WUNTRACED WCONTINUED F_GETLK FIONREAD FIONBIO FIOASYNC AF_INET AF_UNIX SOCK_STREAM SOCK_DGRAM
SIG_IGN SIG_DFL EAGAIN EDEADLK`;

/** Not there yet. Whoever makes one of them takes it off this list: a name too many fails as one too few does. */
const NOT_YET = ``;

/** Numbers of system calls that are not there yet. */
const NUMBERS_NOT_YET = '';

/** Functions of which the kernel's half is in a file that no system call of theirs leads to: it has left the result. */
const WITHOUT_TRAP = ['aio_return', 'io_uring_prep', 'io_uring_cqe'];

/** System calls that no function of the library makes: older forms, and what a C library would make of them. */
const WITHOUT_FUNCTION = `vfork sched_getaffinity getitimer tkill pipe eventfd
timerfd_gettime signalfd epoll_create`;

const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);
const index = JSON.parse(readFileSync(path.join(root, 'dist/library.json'), 'utf8')) as LibraryIndex;
const library = new Map([...libraryView(index).user].filter(([, entry]) => isFunction(entry)));
const notYet = new Set(words(NOT_YET));

describe('the table of calls', () => {
  it('has every call of the contract', () => {
    const missing = words(CONTRACT).filter((name) => !PROMISED_CALLS.has(name));
    assert.deepEqual(missing, []);
    const constants = new Set(index.entries.filter(({ kind }) => kind === 'const').map(({ name }) => name));
    assert.deepEqual(
      words(CONTRACT_CONSTANTS).filter((name) => !constants.has(name)),
      [],
    );
  });

  it('is the library, but for what is not there yet', () => {
    assert.deepEqual([...PROMISED_CALLS.keys()].filter((name) => !library.has(name)).sort(), [...notYet].sort());
    assert.deepEqual(
      [...library.keys()].filter((name) => !PROMISED_CALLS.has(name)),
      [],
      'in the library, and not in src/language/calls.ts',
    );
  });

  it('calls a function as it can be called', () => {
    const wrong = [...PROMISED_CALLS.values()].filter(({ name, signature }) => {
      const entry = library.get(name);
      if (!entry) return false;
      const given = signature
        .slice(name.length + 1, -1)
        .split(', ')
        .filter(Boolean);
      const fixed = given.filter((each) => !each.startsWith('...')).length;
      return fixed < (entry.minArity ?? 0) || fixed > (entry.maxArity ?? Infinity);
    });
    assert.deepEqual(
      wrong.map(({ signature }) => signature),
      [],
    );
  });
});

describe('the library and the kernel', () => {
  const kernel = sources('src/kernel', () => true);
  const abi = sources('src/std', (name) => name === 'abi.osim');
  const libc = sources('src/std', (name) => /^libc/.test(name));
  const numbers = new Set(abi.flatMap(({ ast }) => ast.items.flatMap(numberOf)));
  const handlers = defined(kernel);
  const traps = trapsOf(libc);
  /** Which kernel file has a function. */
  const homes = new Map(kernel.flatMap(({ name, ast }) => functionsOf(ast).map((f) => [f.name, name] as const)));

  it('number the same system calls', () => {
    assert.ok(handlers.size > 120, `only ${handlers.size} calls in the kernel's table`);
    assert.deepEqual([...numbers].sort(), [...handlers.keys(), ...words(NUMBERS_NOT_YET)].sort());
  });

  it('have a function for each system call, but for older forms', () => {
    const made = new Set([...traps.values()].flatMap((each) => [...each]));
    const unmade = [...handlers.keys()].filter((number) => !made.has(number)).map((number) => number.slice(4));
    assert.deepEqual(unmade.sort(), words(WITHOUT_FUNCTION).sort());
    assert.deepEqual(
      [...made].filter((number) => !handlers.has(number)),
      [],
    );
  });

  it('are told of in a comment that leaves nothing out', () => {
    const faults = [...library.values()].flatMap((entry) => faultsOfComment(entry, traps.get(entry.name) ?? new Set()));
    assert.deepEqual(faults, []);
  });

  function faultsOfComment({ name, doc }: LibraryEntry, made: ReadonlySet<string>): string[] {
    const faults: string[] = [];
    if (!doc?.summary.endsWith('.')) faults.push('the first line must be a sentence');
    if (!doc?.returns) faults.push('no line "Returns: …"');
    if (made.size === 0) return faults.map((fault) => `${name}: ${fault}`);
    if (!doc?.errors) faults.push('no line "Errors: …" with each error, or "none"');
    if (!doc?.blocks) faults.push('no line "Blocks: …"');
    const vague = doc?.errors?.filter((error) => error.when === undefined) ?? [];
    if (vague.length > 0) faults.push(`when does it fail with ${vague.map((error) => error.name).join(', ')}?`);
    const named = (doc?.kernel?.match(/[\w/]+\.osim/g) ?? []).map((file) => path.posix.basename(file));
    const right = new Set([...made].map((number) => homes.get(handlers.get(number) ?? '')));
    if (named.some((file) => kernelPaths.every((kernelPath) => path.posix.basename(kernelPath) !== file)))
      faults.push(`${doc?.kernel}: no such file`);
    if (named.length === 0) faults.push(`no line "Kernel: …"; its calls are in ${[...right].join(', ')}`);
    else if (!named.some((file) => right.has(file)) && !WITHOUT_TRAP.includes(name))
      faults.push(`the kernel's half is in ${[...right].join(', ')}, not in ${named.join(', ')}`);
    return faults.map((fault) => `${name}: ${fault}`);
  }
});

describe('tests', function () {
  this.timeout(60_000);

  it('call every function of the library', () => {
    const texts = [
      ...['test/kernel', 'test/std', 'test/language/programs']
        .flatMap(programs)
        .map((file) => readFileSync(file, 'utf8')),
      ...examplesOf(readFileSync(path.join(root, 'docs/language.md'), 'utf8')),
    ];
    const called = new Set(texts.flatMap((text) => calledIn(parseSource(text, 'test.osim').ast)));
    assert.deepEqual(
      [...library.keys()].filter((name) => !called.has(name)),
      [],
    );
  });
});

// ---- Reading sources -----------------------------------------------------------------------------------------------

interface Source {
  name: string;
  ast: SourceFile;
}

function sources(folder: string, wanted: (name: string) => boolean): Source[] {
  const names = readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.osim') && wanted(name),
  );
  return names.map((name) => ({
    name: path.basename(name),
    ast: parseSource(readFileSync(path.join(root, folder, name), 'utf8'), name).ast,
  }));
}

function functionsOf(ast: SourceFile): Fn[] {
  return ast.items.filter((item): item is Fn => item.$type === 'Fn');
}

function numberOf(item: SourceFile['items'][number]): string[] {
  return item.$type === 'Const' && item.name.startsWith('SYS_') ? [item.name] : [];
}

/** The calls of a function by its bare name, in the order of the text. */
function callsBelow(node: Parameters<typeof walk>[0]): { name: string; args: string[] }[] {
  const found: { name: string; args: string[] }[] = [];
  walk(node, (each) => {
    if (each.$type !== 'Call') return;
    const { callee, args } = each as unknown as { callee: { $type: string; name: string }; args: { name?: string }[] };
    if (callee.$type === 'NameRef') found.push({ name: callee.name, args: args.map((arg) => arg.name ?? '') });
  });
  return found;
}

function calledIn(ast: SourceFile): string[] {
  return callsBelow(ast).map(({ name }) => name);
}

/** The kernel's table: define(SYS_read, "read", 3, sys_read) is `SYS_read` → `sys_read`. */
function defined(kernel: readonly Source[]): Map<string, string> {
  const table = kernel.find(({ name }) => name === 'syscall.osim');
  assert.ok(table);
  const entries = callsBelow(table.ast).filter(({ name }) => name === 'define');
  return new Map(entries.map(({ args }) => [args[0] ?? '', args[3] ?? '']));
}

/** The system calls that a function of the library comes to, by whatever functions. */
function trapsOf(libc: readonly Source[]): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const f of libc.flatMap(({ ast }) => functionsOf(ast))) {
    const below = new Set<string>();
    walk(f, (node) => {
      if (node.$type === 'NameRef') below.add((node as unknown as { name: string }).name);
    });
    names.set(f.name, below);
  }
  const reached = (name: string, seen: Set<string>): Set<string> => {
    if (seen.has(name)) return new Set();
    seen.add(name);
    const found = new Set<string>();
    for (const below of names.get(name) ?? []) {
      if (below.startsWith('SYS_')) found.add(below);
      else for (const number of reached(below, seen)) found.add(number);
    }
    return found;
  };
  return new Map([...names.keys()].map((name) => [name, reached(name, new Set())]));
}

/** The programs in a page: its ```osim blocks. */
function examplesOf(markdown: string): string[] {
  return [...markdown.matchAll(/^```osim\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '');
}
