/**
 * A sequence: calls of one to three actors (processes started by fork, or threads), in one order. Step i is due at slot
 * i + 1; whoever is blocked or stopped then misses its turn. As text, a step is "ACTOR WORD ARGUMENT…", the words those
 * of prelude.osim:
 *
 *   0 pipe2 0          0 fork 1          1 read 0 10          0 write 1 a 3
 *
 * Arguments: numbers, constants ("O_RDWR|O_CREAT"), A0 … A2 (an actor's pid), -A1 (its group), m4096 (a place in the
 * arena), null, kernel; p0 … p3 (ports on 127.0.0.1; p9: port 0), w0 … w3 (the same on any address); "0,1,2" (a list)
 * and "-" (none); paths are in quotes.
 *
 * A sequence that begins with "tty" has a terminal, and "type KEYS" is what somebody types at it then, whoever is
 * blocked: "ab$" is ab and Enter, "^Z" Ctrl-Z. It counts as a step of an actor but is none's.
 */
export interface Step {
  readonly actor: number;
  readonly word: string;
  readonly args: readonly string[];
}

export type Sequence = readonly Step[];

export const ACTORS = 3;

export function parseStep(text: string): Step {
  const [actor = '', word = '', ...args] = text.trim().split(/ +/);
  if (!/^[0-2]$/.test(actor) || !/^\w+$/.test(word)) throw new Error(`not a step: ${text}`);
  return { actor: Number(actor), word, args };
}

export function parseSequence(lines: readonly string[]): Sequence {
  return lines.map(parseStep);
}

export function printStep({ actor, word, args }: Step): string {
  return [actor, word, ...args].join(' ');
}

/** Whether time itself plays a part: only then do slots have a length on the host. */
export function isTimed(sequence: Sequence): boolean {
  return sequence.some(({ word, args }) => {
    if (['sleep', 'alarm', 'setitimer', 'timerfd_settime'].includes(word)) return true;
    return Number(args[TIMEOUT_AT[word] ?? args.length] ?? 0) > 0;
  });
}

/** Which argument of a call is a time, in slots. */
const TIMEOUT_AT: Readonly<Record<string, number>> = {
  poll: 0,
  ppoll: 0,
  select: 0,
  epoll_wait: 2,
  sigtimedwait: 0,
  aio_suspend: 0,
  fwait: 3,
  mtimed: 1,
  cwait: 2,
  stimed: 1,
};

const GROUP_OF: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    descriptors: 'open close dup dup2 dup3 fcntl limit',
    'files and offsets': 'read write pread pwrite readv writev lseek truncate ftruncate fsync stat fstat lstat',
    'directories and links': 'mkdir rmdir link symlink unlink rename chmod umask chdir readdir',
    'pipes and capacity': 'pipe2 mkfifo fionread',
    'non-blocking': 'fionbio',
    'fork and wait': 'fork exit waitpid waitid getppid getpgid setpgid setsid yield',
    signals:
      'sigaction sigprocmask sigpending kill raise pause alarm sleep pass sigsuspend sigwaitinfo sigtimedwait sigqueue ' +
      'signalfd sigread setitimer',
    'signal-driven I/O': 'getown fioasync',
    mmap: 'mmap mmapx munmap mprotect peek poke readm writem mmapf msync',
    sockets:
      'socket socketpair bind listen accept4 connect send sendto recv recvfrom shutdown getsockname getpeername ' +
      'getsockopt setsockopt sendmsg recvmsg',
    'select and poll': 'select poll ppoll',
    'epoll: edges and levels': 'epoll_create epoll_ctl epoll_wait fill drain',
    'eventfd and timerfd': 'eventfd evread evwrite timerfd timerfd_settime',
    'zero copy': 'sendfile splice tee copy_file_range',
    'file locks': 'lock flock',
    aio: 'aio_read aio_write aio_fsync aio_error aio_return aio_suspend aio_cancel',
    'open directories':
      'openat mkdirat mkfifoat unlinkat symlinkat readlinkat linkat renameat2 fstatat access faccessat fchmod fchmodat ' +
      'fchdir',
    holes: 'fallocate preadv pwritev',
    'mappings that move': 'mremap madvise memfd getrandom opened',
    'job control': 'tty opentty tcgetpgrp tcsetpgrp tcgetsid getsid lflag vmin getlflag ctty notty tcflush',
    threads: 'thread join detach texit tkill',
    futex: 'fwait fwake fset fget',
    'mutexes and conditions': 'minit mlock mtry mtimed munlock mdestroy cinit cwait csignal cbroadcast cdestroy',
    'semaphores, rwlocks, barriers':
      'sinit swait stimed strywait spost sget sdestroy linit lread lwrite ltryread ltrywrite lunlock ldestroy ' +
      'binit bwait bdestroy',
    'io_uring chains': 'uring_setup uring_prep uring_enter',
  }).flatMap(([group, words]) => words.split(' ').map((word) => [word, group])),
);

/** The group that a call counts for. */
export function groupOf({ word, args }: Step): string {
  if (word === 'fcntl' && /F_SETOWN|F_SETSIG|F_GETSIG|O_ASYNC/.test(args.join(' '))) return 'signal-driven I/O';
  if (
    /^(fcntl|pipe2|open|socket|accept4|socketpair|eventfd|recv|send)$/.test(word) &&
    /NONBLOCK|DONTWAIT/.test(args.join(' '))
  )
    return 'non-blocking';
  return GROUP_OF[word] ?? 'other';
}

// ---- As a program for the simulated computer -----------------------------------------------------------------------

/** Words with a letter, or the name of an action, among their arguments. */
const QUOTED = new Set(['aio_write', 'write', 'pwritev', 'pwrite', 'writev', 'sigaction', 'send', 'sendto', 'sendmsg']);
/** Words whose arguments from here on are one list. */
const LIST_FROM: Readonly<Record<string, number>> = {
  sigprocmask: 1,
  sigsuspend: 0,
  sigwaitinfo: 0,
  sigtimedwait: 1,
  signalfd: 2,
  sigaction: 3,
  poll: 1,
  ppoll: 2,
  aio_suspend: 1,
  sendmsg: 4,
};

function argument(step: Step, arg: string, index: number): string {
  if (arg.startsWith('"')) return arg;
  if (/^-?A[0-2]$/.test(arg)) return arg.replace(/A(\d)/, 'pid_of($1)');
  if (/^m\d+$/.test(arg)) return `at(${arg.slice(1)})`;
  if (/^p\d$/.test(arg)) return `here(${arg.slice(1)})`;
  if (/^w\d$/.test(arg)) return `everywhere(${arg.slice(1)})`;
  if (arg === '-' || (arg === 'null' && /splice|sendfile|copy_file_range/.test(step.word))) return 'null';
  if (arg.includes(',') || step.word === 'select') return index > 0 ? `[${arg}]` : arg;
  if (arg === 'null' && step.word === 'aio_cancel') return '-1';
  if (arg === 'null') return step.word === 'bind' || step.word === 'connect' || step.word === 'sendto' ? 'null' : '0';
  if (arg === 'kernel') return 'KERNEL_ADDRESS';
  const letter =
    (index === 1 || (index === 3 && step.word === 'writev') || (index === 2 && step.word === 'aio_write')) &&
    QUOTED.has(step.word) &&
    /^[A-Za-z]+$/.test(arg);
  return letter ? `"${arg}"` : arg.replaceAll('|', ' | ');
}

function call(step: Step): string {
  const args = step.args.map((arg, index) => argument(step, arg, index));
  const from = LIST_FROM[step.word];
  if (from !== undefined) args.splice(from, args.length, `[${args.slice(from).join(', ')}]`);
  return `op_${step.word}(${args.join(', ')})`;
}

function body(sequence: Sequence, actor: number, from: number, name: string): string {
  const lines = sequence.flatMap((step, i) => {
    if (step.actor !== actor || i < from || step.word === 'type') return [];
    const child = step.args[0];
    if (step.word === 'thread') return [`  if (turn(${i})) { say(${i}, op_thread(${child}, ${name}_${i})); }`];
    if (step.word !== 'fork') return [`  if (turn(${i})) { say(${i}, ${call(step)}); }`];
    return [
      `  if (turn(${i})) {`,
      '    let pid = fork();',
      `    if (pid == 0) { become(${child}); ${name}_${i}(); }`,
      `    forked(${i}, ${child}, pid);`,
      '  }',
    ];
  });
  return lines.join('\n');
}

function hasTerminal(sequence: Sequence): boolean {
  return sequence[0]?.word === 'tty';
}

/** What is typed in a sequence that begins at `start`. */
function typing(sequence: Sequence, start: number): string[] {
  const key = (keys: string): string =>
    keys.startsWith('^')
      ? `\\x${(keys[1] === '?' ? 127 : keys.charCodeAt(1) & 31).toString(16).padStart(2, '0')}`
      : keys.replace('$', '\\n');
  return sequence.flatMap(({ word, args }, i) => {
    if (word !== 'type') return [];
    const text = (args[0] ?? '').replace(/\^.|\$/g, key);
    return [`keyboard at ${start + (i + 1) * SLOT} "${text}";`];
  });
}

/** The length of a slot in prelude.osim, ticks. */
const SLOT = 10_000;

/** The window of time that each sequence of a batch has for itself, ticks: more than 100 slots. */
export const WINDOW = 2_000_000;

/** A program that makes these sequences one after another, each by a process of its own. */
export function emit(sequences: ReadonlyMap<number, Sequence>): string {
  // A sequence takes the host some milliseconds: no segment is sent again, and no page written back, in that time.
  const machine = 'costs = none; quantum = 1000000; tcp_rto = 1000000000; writeback_interval = 1000000000;';
  const parts = ['import "./prelude.osim";', `machine { ${machine} }`];
  // The first process leads the group of all, and could not have a session of its own.
  parts.push('process leader { exit(0); }');
  for (const [number, sequence] of sequences) {
    const name = `actor_${number}`;
    sequence.forEach((step, i) => {
      if (step.word !== 'fork' && step.word !== 'thread') return;
      const first = step.word === 'thread' ? `  become_thread(${step.args[0]});\n` : '';
      parts.push(`fn ${name}_${i}() {\n${first}${body(sequence, Number(step.args[0]), i + 1, name)}\n  hang();\n}`);
    });
    const start = [...sequences.keys()].indexOf(number) * WINDOW;
    const begin = `begin(${number}, ${hasTerminal(sequence)});`;
    parts.push(
      ...(hasTerminal(sequence) ? typing(sequence, start) : []),
      `process main_${number} at ${start} {\n  ${begin}\n${body(sequence, 0, 0, name)}\n  hang();\n}`,
    );
  }
  return parts.join('\n\n') + '\n';
}
