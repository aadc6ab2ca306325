/**
 * Random sequences. The generator keeps a rough idea of who has which descriptors and which names exist, so that most
 * calls make sense; where its idea is wrong, both kernels are asked the same odd question, which is as good.
 */
import { Dice } from '../property/programs.js';
import { AT_START, AT_WORDS } from './generate-at.js';
import { ASYNC_START, ASYNC_WORDS } from './generate-async.js';
import { EDGE_START, EDGE_WORDS } from './generate-edges.js';
import { IO_WORDS, START, type Word } from './generate-io.js';
import { JOB_START, JOB_WORDS } from './generate-jobs.js';
import { MAPPING_START, MAPPING_WORDS } from './generate-mapping.js';
import { SOCKET_START, SOCKET_WORDS } from './generate-sockets.js';
import { THREAD_START, THREAD_WORDS } from './generate-threads.js';
import { URING_START, URING_WORDS } from './generate-uring.js';
import { ACTORS, type Sequence, type Step } from './sequence.js';
import { LONG, SLOW, THEMES } from './themes.js';

/** Words that the other files know to make. */
const WORDS: Readonly<Record<string, Word>> = {
  ...IO_WORDS,
  ...ASYNC_WORDS,
  ...EDGE_WORDS,
  ...JOB_WORDS,
  ...AT_WORDS,
  ...MAPPING_WORDS,
  ...SOCKET_WORDS,
  ...THREAD_WORDS,
  ...URING_WORDS,
};

/** How a theme begins. */
const STARTS: Readonly<Record<string, (g: Generator) => void>> = {
  ...START,
  ...ASYNC_START,
  ...EDGE_START,
  ...JOB_START,
  ...AT_START,
  ...MAPPING_START,
  ...SOCKET_START,
  ...THREAD_START,
  ...URING_START,
};

export type Kind =
  | 'file'
  | 'reader'
  | 'writer'
  | 'fifo'
  | 'directory'
  | 'fresh' // a socket that is not connected
  | 'listener'
  | 'stream' // a connected socket
  | 'dgram'
  | 'unix' // AF_UNIX: its buffers have the size that they say, so that they can be filled
  | 'mailbox' // AF_UNIX, messages
  | 'epoll'
  | 'eventfd'
  | 'timerfd'
  | 'signalfd';

export interface Actor {
  born: boolean;
  gone: boolean;
  fds: Map<number, Kind>;
  /** Its last call may not come back by itself. */
  waits: boolean;
}

const NAMES = ['"a"', '"b"', '"d"', '"d/a"', '"d/b"', '"e"', '"d/e"', '"s"', '"f"'];
const ODD_NAMES = [
  '"."',
  '"d/."',
  '"d/.."',
  '"a/"',
  '"d/"',
  '"a/x"',
  '"none/x"',
  '""',
  '"s/a"',
  '"e/"',
  '"d//a"',
  '"s/"',
  `"${'n'.repeat(256)}"`,
  '"d/../a"',
];
const FLAGS = [
  'O_RDONLY',
  'O_RDWR',
  'O_WRONLY',
  'O_RDWR|O_CREAT',
  'O_RDWR|O_CREAT',
  'O_RDWR|O_CREAT',
  'O_WRONLY|O_CREAT|O_APPEND',
  'O_RDWR|O_CREAT|O_APPEND',
  'O_RDWR|O_CREAT|O_TRUNC',
  'O_RDWR|O_CREAT|O_EXCL',
  'O_RDONLY|O_TRUNC',
  'O_RDONLY|O_DIRECTORY',
  'O_RDONLY|O_NOFOLLOW',
  'O_RDWR|O_CREAT|O_CLOEXEC',
  'O_RDWR|O_NONBLOCK',
  'O_RDONLY|O_CREAT|O_NOFOLLOW',
  'O_RDONLY|O_CREAT|O_DIRECTORY',
  'O_WRONLY|O_TRUNC',
  'O_WRONLY|O_RDWR',
];
const FIFO_FLAGS = ['O_RDONLY', 'O_WRONLY', 'O_RDWR', 'O_RDONLY|O_NONBLOCK', 'O_WRONLY|O_NONBLOCK'];
const SIZES = [0, 1, 2, 3, 5, 10, 100, 1000, 4000, 4095, 4096, 4097, 5000, 8192];
const PIPE_SIZES = [
  0, 1, 2, 10, 100, 1000, 4000, 4095, 4096, 4097, 8192, 10000, 30000, 61440, 65535, 65536, 65537, 70000,
];
const SIGNALS = [
  'SIGTERM',
  'SIGUSR1',
  'SIGUSR2',
  'SIGINT',
  'SIGCHLD',
  'SIGCONT',
  'SIGSTOP',
  'SIGTSTP',
  'SIGALRM',
  'SIGPIPE',
  'SIGHUP',
  'SIGURG',
  'SIGKILL',
  'SIGTTIN',
  'SIGWINCH',
  '0',
  'SIGSEGV',
  'SIGIO',
];
const CAUGHT = [
  'SIGTERM',
  'SIGUSR1',
  'SIGUSR2',
  'SIGALRM',
  'SIGCHLD',
  'SIGPIPE',
  'SIGCONT',
  'SIGTSTP',
  'SIGINT',
  'SIGHUP',
];

export class Generator {
  readonly steps: Step[] = [];
  readonly actors: Actor[] = [];
  /** Whether calls may wait for a time: then slots have a length on the host, and it takes long. */
  readonly timed: boolean;
  /** Odd: sockets are mostly AF_UNIX; even: AF_INET. */
  readonly flavour: number;
  private letter = 0;

  constructor(
    readonly dice: Dice,
    readonly theme: string,
  ) {
    this.timed = SLOW.has(theme) ? dice.chance(50) : dice.chance(4);
    this.flavour = dice.below(2);
    for (let k = 0; k < ACTORS; k++) this.actors.push({ born: k === 0, gone: false, fds: new Map(), waits: false });
  }

  make(length: number): Sequence {
    const weights = Object.entries(THEMES[this.theme] ?? {});
    const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
    this.prepare();
    while (this.steps.length < length) {
      let at = this.dice.below(total);
      const [word = ''] = weights.find(([, weight]) => (at -= weight) < 0) ?? [];
      this.step(this.someone(), word);
    }
    for (const k of this.dice.chance(50) ? [0, 1, 2] : [2, 1, 0]) if (this.actors[k]?.born) this.add(k, 'exit', 10 + k);
    return this.steps;
  }

  /** What makes the theme possible at all. */
  private prepare(): void {
    const first = {
      descriptors: ['open'],
      files: ['open', 'write'],
      pipes: ['pipe2', 'fork'],
      fifos: ['mkfifo', 'fork'],
      processes: ['fork'],
      signals: ['fork'],
      time: ['fork'],
      memory: ['mmap'],
    }[this.theme];
    for (const word of first ?? []) this.step(0, word);
    STARTS[this.theme]?.(this);
    // The custom with a pipe: each side closes the end that it does not use, or nobody would ever see an end of file.
    if (this.theme === 'pipes' && this.actors[1]?.born && this.dice.chance(60)) {
      this.actors[1].fds.delete(1);
      this.add(1, 'close', 1);
      if (this.dice.chance(50)) {
        this.actors[0]?.fds.delete(0);
        this.add(0, 'close', 0);
      }
    }
  }

  private someone(): number {
    const able = this.actors.flatMap(({ born, gone, waits }, k) =>
      !born ? [] : gone || waits ? [k] : [k, k, k, k, k],
    );
    return this.dice.pick(able);
  }

  add(actor: number, word: string, ...args: (string | number)[]): void {
    this.steps.push({ actor, word, args: args.map(String) });
  }

  name(): string {
    return this.dice.chance(88) ? this.dice.pick(NAMES) : this.dice.pick(ODD_NAMES);
  }

  nextLetter(): string {
    return 'abcdefghijklmnopqrstuvwxyz'[this.letter++ % 26];
  }

  give(actor: Actor, kind: Kind, from = 0): number {
    let fd = from;
    while (actor.fds.has(fd)) fd++;
    actor.fds.set(fd, kind);
    return fd;
  }

  /** A descriptor of one of these kinds, if there is one; sometimes any number. */
  fd(actor: Actor, ...kinds: Kind[]): number {
    const fitting = [...actor.fds].filter(([, kind]) => kinds.length === 0 || kinds.includes(kind)).map(([fd]) => fd);
    const any = [...actor.fds.keys()];
    if (fitting.length > 0 && this.dice.chance(90)) return this.dice.pick(fitting);
    return any.length > 0 && this.dice.chance(70) ? this.dice.pick(any) : this.dice.pick([0, 1, 5, 9, -1, 5000]);
  }

  pid(k: number): string {
    const known = this.actors.flatMap(({ born }, j) => (born ? [`A${j}`] : []));
    const others = known.filter((name) => name !== `A${k}`);
    return others.length > 0 && this.dice.chance(80) ? this.dice.pick(others) : this.dice.pick(known);
  }

  private size(actor: Actor, fd: number): number {
    const kind = actor.fds.get(fd);
    if (kind === 'eventfd' || kind === 'timerfd' || kind === 'signalfd') return this.dice.pick([0, 3, 7]);
    if (kind === 'stream') return this.dice.pick([0, 1, 2, 10, 100, 1000, 3000]);
    return this.dice.pick(kind === 'reader' || kind === 'writer' || kind === 'fifo' ? PIPE_SIZES : SIZES);
  }

  offset(): number {
    return this.dice.pick([0, 1, 5, 100, 4095, 4096, 5000, 10000, 20480, -1, -5, 1_000_000]);
  }

  step(k: number, word: string): void {
    const d = this.dice;
    const me = this.actors[k];
    me.waits = false;
    const io = WORDS[word];
    if (io) return io(this, k, me);
    const flags = (): number | string =>
      d.pick([
        '0',
        '0',
        '0',
        'WNOHANG',
        'WNOHANG',
        'WUNTRACED',
        'WUNTRACED|WNOHANG',
        'WCONTINUED|WNOHANG',
        'WUNTRACED|WCONTINUED',
        '64',
      ]);
    switch (word) {
      case 'open': {
        const how = this.theme === 'fifos' ? d.pick(FIFO_FLAGS) : d.pick(FLAGS);
        const name = this.theme === 'fifos' ? d.pick(['"f"', '"f"', '"g"']) : this.name();
        if (this.theme === 'fifos' && !how.includes('NONBLOCK')) me.waits = true;
        const kind: Kind =
          this.theme === 'fifos'
            ? how.startsWith('O_RDONLY')
              ? 'reader'
              : how.startsWith('O_WRONLY')
                ? 'writer'
                : 'fifo'
            : how.includes('DIRECTORY')
              ? 'directory'
              : 'file';
        if (how.includes('CREAT') || how.includes('RDWR') || this.theme === 'fifos') this.give(me, kind);
        return this.add(k, word, name, how, d.pick(['0o644', '0o644', '0o600', '0o777', '0o444']));
      }
      case 'close': {
        const fd = this.fd(me);
        me.fds.delete(fd);
        return this.add(k, word, fd);
      }
      case 'dup': {
        const fd = this.fd(me);
        if (me.fds.has(fd)) this.give(me, me.fds.get(fd) as Kind);
        return this.add(k, word, fd);
      }
      case 'dup2':
      case 'dup3': {
        const fd = this.fd(me);
        const to = d.chance(80) ? d.below(8) : d.pick([-1, 11, 1023, 1024, 5000]);
        if (me.fds.has(fd) && to >= 0 && to < 1024) me.fds.set(to, me.fds.get(fd) as Kind);
        return word === 'dup2'
          ? this.add(k, word, fd, to)
          : this.add(k, word, fd, to, d.pick(['0', 'O_CLOEXEC', 'O_CLOEXEC', 'O_NONBLOCK']));
      }
      case 'fcntl': {
        const cmd = d.pick([
          'F_DUPFD',
          'F_DUPFD_CLOEXEC',
          'F_GETFD',
          'F_SETFD',
          'F_GETFL',
          'F_GETFL',
          'F_SETFL',
          'F_SETFL',
          'F_GETPIPE_SZ',
          '999',
        ]);
        const arg = cmd.startsWith('F_DUPFD')
          ? d.pick([0, 0, 3, 7, 10, -1, 5000])
          : cmd === 'F_SETFD'
            ? d.pick(['0', 'FD_CLOEXEC', '2'])
            : cmd === 'F_SETFL'
              ? d.pick(['0', 'O_NONBLOCK', 'O_NONBLOCK', 'O_APPEND', 'O_WRONLY|O_APPEND', 'O_TRUNC|O_NONBLOCK'])
              : 0;
        const fd = this.fd(me, ...(this.theme === 'pipes' ? (['reader', 'writer'] as const) : []));
        if (cmd.startsWith('F_DUPFD') && me.fds.has(fd) && Number(arg) >= 0 && Number(arg) < 1024)
          this.give(me, me.fds.get(fd) as Kind, Number(arg));
        return this.add(k, word, fd, cmd, arg);
      }
      case 'limit':
        return d.chance(60)
          ? this.add(k, word, 'RLIMIT_NOFILE', d.pick([2, 3, 4, 5, 8, 12, 0]))
          : this.add(k, word, 'RLIMIT_FSIZE', d.pick([0, 10, 4096, 5000, 20000]));
      case 'pipe2': {
        const how = d.pick(['0', '0', '0', '0', 'O_NONBLOCK', 'O_CLOEXEC', 'O_NONBLOCK|O_CLOEXEC', 'O_APPEND']);
        if (how !== 'O_APPEND') {
          this.give(me, 'reader');
          this.give(me, 'writer');
        }
        return this.add(k, word, how);
      }
      case 'read': {
        const fd = this.fd(me, 'file', 'reader', 'fifo', 'stream');
        me.waits = me.fds.get(fd) !== 'file';
        return this.add(k, word, fd, this.size(me, fd));
      }
      case 'write': {
        const fd = this.fd(me, 'file', 'writer', 'fifo', 'stream');
        return this.add(k, word, fd, this.nextLetter(), this.size(me, fd));
      }
      case 'pread':
        return this.add(k, word, this.fd(me, 'file'), d.pick(SIZES), this.offset());
      case 'pwrite':
        return this.add(k, word, this.fd(me, 'file'), this.nextLetter(), d.pick(SIZES), this.offset());
      case 'readv': {
        const fd = this.fd(me, 'file', 'reader');
        me.waits = me.fds.get(fd) !== 'file';
        return this.add(k, word, fd, d.pick(SIZES), d.pick(SIZES));
      }
      case 'writev': {
        const fd = this.fd(me, 'file', 'writer');
        return this.add(
          k,
          word,
          fd,
          this.nextLetter(),
          this.size(me, fd) % 40000,
          this.nextLetter(),
          this.size(me, fd) % 40000,
        );
      }
      case 'lseek':
        return this.add(
          k,
          word,
          this.fd(me, 'file'),
          this.offset(),
          d.pick(['SEEK_SET', 'SEEK_SET', 'SEEK_CUR', 'SEEK_END', '9']),
        );
      case 'truncate':
        return this.add(k, word, this.name(), this.offset());
      case 'ftruncate':
        return this.add(k, word, this.fd(me, 'file'), this.offset());
      case 'fsync':
      case 'fstat':
      case 'fionread':
        return this.add(k, word, this.fd(me));
      case 'fionbio':
        return this.add(k, word, this.fd(me, 'reader', 'writer'), d.below(2));
      case 'mkdir':
        return this.add(
          k,
          word,
          d.chance(60) ? d.pick(['"d"', '"e"', '"d/e"']) : this.name(),
          d.pick(['0o755', '0o700', '0o777']),
        );
      case 'mkfifo':
        return this.add(k, word, this.theme === 'fifos' ? '"f"' : this.name(), '0o644');
      case 'rmdir':
        return this.add(k, word, d.chance(60) ? d.pick(['"d"', '"e"', '"d/e"']) : this.name());
      case 'symlink':
        return this.add(
          k,
          word,
          d.pick(['"a"', '"d"', '"s"', '"none"', '"d/a"', '"b"', '""']),
          d.chance(50) ? '"s"' : this.name(),
        );
      case 'link':
      case 'rename':
        return this.add(k, word, this.name(), this.name());
      case 'unlink':
      case 'stat':
      case 'lstat':
        return this.add(k, word, this.name());
      case 'chdir':
        return this.add(k, word, d.pick(['"d"', '"e"', '"a"', '"."']));
      case 'readdir':
        return this.add(k, word, d.pick(['"."', '"d"', '"e"', '"a"', '"d/e"', '"s"']));
      case 'chmod':
        return this.add(k, word, this.name(), d.pick(['0o600', '0o777', '0o1777', '0o4755']));
      case 'umask':
        return this.add(k, word, d.pick(['0', '0o22', '0o77', '0o777']));
      case 'fork': {
        const child = this.actors.findIndex(({ born }) => !born);
        if (child < 0) return;
        this.actors[child] = { born: true, gone: false, waits: false, fds: new Map(me.fds) };
        return this.add(k, word, child);
      }
      case 'exit':
        if (k === 0 && d.chance(80)) return;
        me.gone = true;
        return this.add(k, word, d.pick([0, 1, 7, 255, 256, -1]));
      case 'waitpid':
        me.waits = true;
        return this.add(k, word, d.pick(['-1', '-1', '-1', this.pid(k), this.pid(k), '0', '-A1']), flags());
      case 'waitid': {
        me.waits = true;
        const how = d.pick([
          'WEXITED',
          'WEXITED',
          'WEXITED|WNOHANG',
          'WEXITED|WNOWAIT',
          'WSTOPPED|WNOHANG',
          'WEXITED|WSTOPPED',
          'WEXITED|WCONTINUED|WNOHANG',
          'WNOHANG',
          'WEXITED|WNOWAIT|WNOHANG',
        ]);
        const [type, id] = d.pick([
          ['P_ALL', '0'],
          ['P_PID', this.pid(k)],
          ['P_PGID', 'A1'],
          ['P_PGID', '0'],
          ['P_PID', '0'],
          ['77', '0'],
        ] as const);
        return this.add(k, word, type, id, how);
      }
      case 'getppid':
      case 'setsid':
      case 'yield':
      case 'pass':
        return this.add(k, word);
      case 'sigpending':
        return this.add(k, word);
      case 'getpgid':
        return this.add(k, word, d.pick(['0', this.pid(k)]));
      case 'setpgid':
        return this.add(k, word, d.pick(['0', this.pid(k)]), d.pick(['0', this.pid(k), '-5']));
      case 'kill':
        return this.add(
          k,
          word,
          d.pick([this.pid(k), this.pid(k), this.pid(k), this.pid(k), '0', '-A1', '-A2']),
          d.chance(4) ? d.pick(['-1', '65', '99']) : d.pick(SIGNALS),
        );
      case 'raise':
        return this.add(k, word, d.pick(SIGNALS));
      case 'sigaction':
        return this.add(
          k,
          word,
          d.chance(90) ? d.pick(CAUGHT) : d.pick(SIGNALS),
          d.pick(['H', 'H', 'IGN', 'DFL']),
          d.pick(['0', '0', 'SA_RESTART', 'SA_RESTART', 'SA_RESETHAND', 'SA_NODEFER', 'SA_NOCLDWAIT', 'SA_NOCLDSTOP']),
        );
      case 'sigprocmask':
        return this.add(
          k,
          word,
          d.pick(['SIG_BLOCK', 'SIG_BLOCK', 'SIG_UNBLOCK', 'SIG_SETMASK', '9']),
          ...d.pick([
            ['SIGUSR1'],
            ['SIGTERM', 'SIGUSR2'],
            ['SIGCHLD'],
            ['SIGALRM'],
            ['SIGTSTP', 'SIGCONT'],
            ['SIGKILL', 'SIGSTOP', 'SIGUSR1'],
            ['SIGUSR1', 'SIGUSR2', 'SIGTERM', 'SIGPIPE'],
          ]),
        );
      case 'pause':
        me.waits = true;
        return this.add(k, word);
      case 'alarm':
        return this.add(k, word, d.pick([0, 1, 2, 3, 5]));
      case 'sleep':
        me.waits = true;
        return this.add(k, word, d.pick([0, 1, 2, 3]));
      case 'mmap':
        return this.add(
          k,
          word,
          d.below(6),
          1 + d.below(4),
          this.protection(),
          d.pick(['MAP_PRIVATE', 'MAP_PRIVATE', 'MAP_SHARED', 'MAP_PRIVATE|MAP_SHARED', '0']),
        );
      case 'mmapx':
        return this.add(
          k,
          word,
          d.pick(['null', 'm5', 'm0']),
          d.pick([0, 1, 4096, -1]),
          'PROT_READ',
          d.pick([
            'MAP_PRIVATE|MAP_ANONYMOUS',
            'MAP_ANONYMOUS',
            'MAP_FIXED|MAP_PRIVATE|MAP_ANONYMOUS',
            'MAP_FIXED_NOREPLACE|MAP_PRIVATE|MAP_ANONYMOUS',
          ]),
        );
      case 'munmap':
        return this.add(
          k,
          word,
          `m${4096 * d.below(6) + (d.chance(10) ? 100 : 0)}`,
          d.pick([4096, 4096, 8192, 100, 0, -1]),
        );
      case 'mprotect':
        return this.add(
          k,
          word,
          `m${4096 * d.below(6) + (d.chance(8) ? 8 : 0)}`,
          d.pick([4096, 4096, 8192, 100, 0, 16384]),
          d.chance(4) ? '64' : this.protection(),
        );
      case 'poke':
        return this.add(k, word, `m${4096 * d.below(5) + d.pick([0, 1, 4095])}`, d.below(256));
      case 'peek':
        return this.add(k, word, `m${4096 * d.below(5) + d.pick([0, 1, 4095])}`);
      case 'readm':
      case 'writem':
        return this.add(
          k,
          word,
          this.fd(me, word === 'readm' ? 'reader' : 'writer', 'file'),
          d.pick([
            'null',
            'kernel',
            `m${4096 * d.below(5)}`,
            `m${4096 * d.below(5) + 4000}`,
            `m${4096 * d.below(5) + 4000}`,
          ]),
          d.pick([0, 1, 96, 200, 4096, 8192]),
        );
    }
  }

  private protection(): string {
    return this.dice.pick(['PROT_READ|PROT_WRITE', 'PROT_READ|PROT_WRITE', 'PROT_READ', 'PROT_WRITE', 'PROT_NONE']);
  }
}

/** The sequence of a seed: the same on every host. `theme`: of that one only. */
export function generate(seed: number, theme?: string): Sequence {
  const dice = new Dice(seed * 7919 + 17);
  const themes = Object.keys(THEMES).flatMap((theme) => (SLOW.has(theme) ? [theme] : [theme, theme]));
  const about = theme ?? dice.pick(themes);
  return new Generator(dice, about).make((LONG[about] ?? 8) + dice.below(22));
}
