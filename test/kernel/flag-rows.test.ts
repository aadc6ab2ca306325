/**
 * Every name that a program may use as a flag, an option, a request or a number of a call: it works, is refused, or
 * stands in docs/differences.md. "It works" is shown by a test in test/kernel or test/std that uses the name, or by a
 * row here: an expression and what it gives. "It is refused": an expression and its error.
 *
 * A new constant in src/std/abi.osim fails this test until it is one of them.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Answers } from '../../src/computer/answers.js';
import { computerFor } from '../system.js';
import { programs, root } from '../std/program-run.js';

/** Names that are no flags: errors, and numbers of system calls. */
const NO_FLAG = /^(E[A-Z0-9]+|SYS_\w+)$/;

/** The expression, what print() shows of it. Names in it count as shown to work. */
type Row = readonly [expression: string, shows: string];

const WORKS: readonly Row[] = [
  // Files: what stat() and access bits say
  ['chmod("f", S_IRWXU | S_IRWXG | S_IRWXO) == 0 && (stat("f").mode & 0o777) == 0o777', 'true'],
  ['(S_IRUSR | S_IWUSR | S_IXUSR) == S_IRWXU && (S_IRGRP | S_IWGRP | S_IXGRP) == S_IRWXG', 'true'],
  ['(S_IROTH | S_IWOTH | S_IXOTH) == S_IRWXO', 'true'],
  ['chmod("f", S_ISUID | S_ISGID | S_ISVTX) == 0 && (stat("f").mode & 0o7777) == 0o7000', 'true'],
  ['open("/" + repeat("x", NAME_MAX + 1), O_RDONLY) == -1 && errno == ENAMETOOLONG', 'true'],
  ['open(repeat("x/", PATH_MAX), O_RDONLY) == -1 && errno == ENAMETOOLONG', 'true'],
  ['readv(fd, many(IOV_MAX + 1)) == -1 && errno == EINVAL', 'true'],
  ['fcntl(fd, F_DUPFD_CLOEXEC, 50) == 50 && fcntl(50, F_GETFD) == FD_CLOEXEC', 'true'],
  ['ioctl(50, FIONCLEX) == 0 && fcntl(50, F_GETFD) == 0', 'true'],
  ['fcntl(fd, F_OFD_SETLKW, { type: F_RDLCK, whence: SEEK_SET, start: 0, len: 0 })', '0'],
  ['fcntl(p[0], F_SETOWN, getpid()) == 0 && fcntl(p[0], F_GETOWN) == getpid()', 'true'],
  ['STDIN_FILENO + STDOUT_FILENO + STDERR_FILENO', '3'],
  // Splice: hints, which change nothing but are known
  ['splice(fd, p[1], 1, SPLICE_F_MOVE | SPLICE_F_MORE)', '1'],
  // Memory
  ['mmap(null, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANON) == MAP_FAILED', 'false'],
  [
    'mmap(null, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_POPULATE | MAP_STACK) == -1',
    'false',
  ],
  ['msync(mmap(null, 4096, PROT_READ, MAP_SHARED, fd, 0), 4096, MS_SYNC | MS_INVALIDATE)', '0'],
  // Signals
  [
    '[SIGQUIT, SIGTRAP, SIGXCPU, SIGVTALRM, SIGPROF, SIGWINCH, SIGPWR, SIGSYS, SIGSTKFLT]',
    '[3, 5, 24, 26, 27, 28, 30, 31, 16]',
  ],
  ['SIGPOLL == SIGIO && NSIG == SIGRTMAX + 1', 'true'],
  ['sigprocmask(SIG_SETMASK, [])', '[]'],
  ['told(SA_SIGINFO | SA_NODEFER, SIGUSR1) == SI_USER || told_code == SI_TKILL', 'true'],
  ['child_tells(SA_NOCLDSTOP)', '1'],
  ['child_tells(SA_NOCLDWAIT)', '1'],
  ['[CLD_KILLED, CLD_DUMPED, CLD_TRAPPED, CLD_STOPPED, CLD_CONTINUED]', '[2, 3, 4, 5, 6]'],
  ['[ILL_ILLOPC, FPE_INTDIV, SEGV_MAPERR, SEGV_ACCERR]', '[1, 1, 1, 2]'],
  ['[SI_KERNEL, SI_QUEUE, SI_TIMER, SI_SIGIO]', '[128, -1, -2, -5]'],
  ['[POLL_IN, POLL_OUT, POLL_MSG, POLL_ERR, POLL_PRI, POLL_HUP]', '[1, 2, 3, 4, 5, 6]'],
  // Waiting
  ['waitid(P_PGID, getpgrp(), WSTOPPED | WNOHANG) == -1 && errno == ECHILD', 'true'],
  // Limits, priorities, clocks
  ['getrlimit(RLIMIT_CPU).cur == RLIM_INFINITY', 'true'],
  ['getpriority(PRIO_USER, 0)', '0'],
  ['timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC) >= 0', 'true'],
  ['exit_codes(EXIT_SUCCESS) + exit_codes(EXIT_FAILURE)', '1'],
  // Terminals
  ['ioctl(0, TIOCGPGRP) == tcgetpgrp(0) && ioctl(0, TIOCGSID) == tcgetsid(0)', 'true'],
  ['ioctl(0, TIOCSWINSZ, { rows: 30, columns: 90 }) == 0 && ioctl(0, TIOCGWINSZ).rows == 30', 'true'],
  ['ioctl(0, TIOCINQ) + ioctl(0, TCFLSH, TCIFLUSH) + tcflush(0, TCOFLUSH) + tcflush(0, TCIOFLUSH)', '0'],
  ['ioctl(0, TCSETS, ioctl(0, TCGETS)) + ioctl(0, TCSETSW, tcgetattr(0)) + ioctl(0, TCSETSF, tcgetattr(0))', '0'],
  ['tcsetattr(0, TCSADRAIN, with_flags(ISIG | ICANON | NOFLSH | ECHO)) + tcgetattr(0).lflag', '131'],
  ['len(tcgetattr(0).cc) == NCCS', 'true'],
  ['keys_are([VINTR, VQUIT, VERASE, VKILL, VEOF, VSUSP])', '[3, 28, 127, 21, 4, 26]'],
  // Multiplexing
  ['select([FD_SETSIZE], null, null, 0) == -1 && errno == EINVAL || errno == EBADF', 'true'],
  ['polled(POLLWRNORM | POLLWRBAND | POLLRDBAND) == POLLWRNORM', 'true'],
  ['epoll_create1(EPOLL_CLOEXEC) >= 0 && signalfd([SIGUSR2], SFD_CLOEXEC) >= 0', 'true'],
  ['epoll_says(EPOLLOUT | EPOLLWRNORM | EPOLLPRI | EPOLLRDNORM)', '260'],
  // Asynchronous I/O: libc's own numbers for aio_read() and the others
  ['[LIO_READ, LIO_WRITE, LIO_NOP, LIO_DSYNC, LIO_SYNC, SIGEV_SIGNAL, SIGEV_NONE]', '[0, 1, 2, 3, 4, 0, 1]'],
];

/** Refused, with this error. */
const REFUSED: readonly Row[] = [
  ['mknod_as(S_IFBLK)', 'EPERM'],
  ['setitimer(ITIMER_VIRTUAL, 1, 0)', 'EINVAL'],
  ['setitimer(ITIMER_PROF, 1, 0)', 'EINVAL'],
  ['timerfd_create(CLOCK_PROCESS_CPUTIME_ID)', 'EINVAL'],
  ['timerfd_create(CLOCK_THREAD_CPUTIME_ID)', 'EINVAL'],
  ['vmsplice(p[1], [alloc(1)], SPLICE_F_GIFT) == 1 ? -2 : -1', '-2'],
];

/**
 * Families that flags.test.ts walks (sockets, event files, rings); clone3's and futex's flags are the library's own.
 */
const ELSEWHERE =
  /^(CLONE_|FUTEX_|AF_|SOCK_|SO_|SOL_|IPPROTO_|TCP_|UDP_|SHUT_|MSG_|SCM_|SOMAXCONN|IORING_|IOSQE_|MUTEX_|INADDR_)/;

/** What getdents64() and siginfo tell, and programs compare with: no argument of a call. */
const ANSWERS = /^(DT_|F_OWNER_|F_GETOWN_EX|FIRST_QUEUED_SIGNAL)/;

const HELPERS = `
var told_code = 99;
fn on_signal(sig, info) { told_code = info.code; }
fn told(flags, sig) { sigaction(sig, on_signal, flags); raise(sig); return told_code; }
fn many(n) { let all = []; for (i in 0..n) { push(all, alloc(1)); } return all; }
fn exit_codes(code) {
  let child = fork();
  if (child == 0) { exit(code); }
  return WEXITSTATUS(waitpid(child).status);
}
var children = 0;
fn on_child() { children++; }
fn child_tells(flags) {
  children = 0;
  sigaction(SIGCHLD, on_child, flags);
  if (fork() == 0) { exit(0); }
  while (children == 0) { sleep(100); }
  wait();
  sigaction(SIGCHLD, SIG_DFL);
  return children;
}
fn with_flags(lflag) { let t = tcgetattr(0); t.lflag = lflag; return t; }
fn keys_are(places) { let keys = []; for (i in places) { push(keys, tcgetattr(0).cc[i]); } return keys; }
fn polled(events) { let one = [{ fd: pipe()[1], events: events }]; poll(one, 0); return one[0].revents; }
fn epoll_says(events) {
  let e = epoll_create1(0);
  epoll_ctl(e, EPOLL_CTL_ADD, pipe()[1], events);
  return epoll_wait(e, 1, 0)[0].events;
}
fn mknod_as(kind) { return syscall(SYS_mknod, addr(path_of("block")), kind | 0o600, 0); }
fn path_of(name) { let b = alloc(16); fill(b, 0); memcpy(b, name, len(name)); return b; }
fn error_of(result) { return result == -1 ? errname(errno) : str(result); }
`;

function abiNames(): string[] {
  const text = readFileSync(path.join(root, 'src/std/abi.osim'), 'utf8');
  return [...text.matchAll(/^const ([A-Z][A-Z0-9_]*) =/gm)].map(([, name]) => name ?? '');
}

function words(text: string): Set<string> {
  return new Set(text.replace(/\/\/.*/g, '').match(/\w+/g) ?? []);
}

/** What each of the expressions shows. */
function shown(rows: readonly string[]): string[] {
  const lines = rows.map((expression) => `  print(${expression});`);
  const computer = computerFor(
    `file "/f" = "some text";\nprocess p {\n  chdir("/");\n  let fd = open("f", O_RDWR);\n  let p = pipe();\n${lines.join('\n')}\n}\n${HELPERS}`,
  );
  computer.run({ maxTicks: 100_000_000, maxSteps: 100_000_000 });
  const { outcome } = computer.machine;
  const text = new Answers(computer).stdout('p');
  assert.equal(outcome?.kind, 'finished', text);
  return text.trimEnd().split('\n');
}

describe('every flag and option', () => {
  const names = abiNames().filter((name) => !NO_FLAG.test(name));
  const differences = readFileSync(path.join(root, 'docs/differences.md'), 'utf8');
  const tested = new Set(
    ['test/kernel', 'test/std'].flatMap(programs).flatMap((file) => [...words(readFileSync(file, 'utf8'))]),
  );
  const rows = words([...WORKS, ...REFUSED].map(([expression]) => expression).join(' '));

  it('are all walked', () => {
    assert.ok(names.length > 300);
    const strangers = names.filter(
      (name) =>
        !tested.has(name) &&
        !rows.has(name) &&
        !differences.includes(`\`${name}\``) &&
        !ELSEWHERE.test(name) &&
        !ANSWERS.test(name),
    );
    assert.deepEqual(strangers, []);
  });

  it('work as the rows say', () => {
    const results = shown(WORKS.map(([expression]) => expression));
    WORKS.forEach(([expression, wanted], i) => assert.equal(results[i], wanted, expression));
  });

  it('are refused as the rows say', () => {
    const results = shown(REFUSED.map(([expression]) => `error_of(${expression})`));
    REFUSED.forEach(([expression, wanted], i) => assert.equal(results[i], wanted, expression));
  });
});
