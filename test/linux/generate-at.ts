/** Random calls of the words of prelude_at.osim: paths at open directories, flags of open, holes in files. */
import type { Word } from './generate-io.js';
import type { Actor, Generator } from './generate.js';

const NAMES = [
  '"a"',
  '"b"',
  '"d"',
  '"e"',
  '"s"',
  '"d/a"',
  '"d/e"',
  '""',
  '"."',
  '"d/../a"',
  '"a/"',
  '"d/"',
  '"s/"',
  '"f"',
];
const FLAGS = [
  'O_RDONLY',
  'O_RDWR|O_CREAT',
  'O_RDWR|O_CREAT|O_EXCL',
  'O_RDONLY|O_DIRECTORY',
  'O_RDONLY|O_NOFOLLOW',
  'O_PATH',
  'O_PATH',
  'O_PATH|O_NOFOLLOW',
  'O_PATH|O_DIRECTORY',
  'O_PATH|O_CREAT|O_TRUNC|O_RDWR',
  'O_PATH|O_CLOEXEC',
  'O_TMPFILE|O_RDWR',
  'O_TMPFILE|O_WRONLY',
  'O_TMPFILE|O_RDWR|O_EXCL',
  'O_TMPFILE|O_RDONLY',
  'O_TMPFILE|O_RDWR|O_CREAT',
  'O_RDWR|O_NOATIME',
  'O_RDWR|O_CREAT|O_SYNC',
  'O_RDWR|O_DSYNC|O_APPEND',
  'O_RDWR|O_ASYNC',
  'O_RDONLY|O_NONBLOCK',
];
const PLACES = [0, 1, 100, 4095, 4096, 4097, 8192, 10000, 20000, 40960, -1];
const LENGTHS = [1, 100, 4096, 5000, 8192, 12288, 0, -1];

/** A directory to begin at: mostly the working directory, or an open one. */
function directory(g: Generator, me: Actor): number | string {
  return g.dice.chance(45) ? 'AT_FDCWD' : g.fd(me, 'directory');
}

function name(g: Generator): string {
  return g.dice.pick(NAMES);
}

export const AT_WORDS: Readonly<Record<string, Word>> = {
  openat: (g, k, me) => {
    const flags = g.dice.pick(FLAGS);
    const where = directory(g, me);
    const path = flags.includes('TMPFILE') ? g.dice.pick(['"d"', '"."', '"d"', name(g)]) : name(g);
    if (/CREAT|TMPFILE\|O_(RDWR|WRONLY)$/.test(flags) || path === '"d"')
      g.give(me, path === '"d"' ? 'directory' : 'file');
    g.add(k, 'openat', where, path, flags, g.dice.pick(['0o644', '0o600', '0o444', '0o755']));
  },
  mkdirat: (g, k, me) => g.add(k, 'mkdirat', directory(g, me), name(g), '0o755'),
  mkfifoat: (g, k, me) => g.add(k, 'mkfifoat', directory(g, me), name(g), '0o644'),
  unlinkat: (g, k, me) =>
    g.add(k, 'unlinkat', directory(g, me), name(g), g.dice.pick(['0', '0', 'AT_REMOVEDIR', 'AT_REMOVEDIR', '4'])),
  symlinkat: (g, k, me) =>
    g.add(k, 'symlinkat', g.dice.pick(['"a"', '"d"', '"none"', '""']), directory(g, me), name(g)),
  readlinkat: (g, k, me) => g.add(k, 'readlinkat', directory(g, me), g.dice.chance(60) ? '"s"' : name(g)),
  linkat: (g, k, me) => {
    const flags = g.dice.pick(['0', '0', 'AT_SYMLINK_FOLLOW', 'AT_EMPTY_PATH', 'AT_EMPTY_PATH', '1']);
    const from = flags === 'AT_EMPTY_PATH' ? [g.fd(me, 'file'), '""'] : [directory(g, me), name(g)];
    g.add(k, 'linkat', ...from, directory(g, me), name(g), flags);
  },
  renameat2: (g, k, me) =>
    g.add(
      k,
      'renameat2',
      directory(g, me),
      name(g),
      directory(g, me),
      name(g),
      g.dice.pick(['0', '0', 'RENAME_NOREPLACE', 'RENAME_EXCHANGE', 'RENAME_EXCHANGE', '3', '8']),
    ),
  fstatat: (g, k, me) =>
    g.add(
      k,
      'fstatat',
      directory(g, me),
      name(g),
      g.dice.pick(['0', '0', 'AT_SYMLINK_NOFOLLOW', 'AT_EMPTY_PATH', 'AT_SYMLINK_NOFOLLOW|AT_EMPTY_PATH', '1']),
    ),
  access: (g, k) => g.add(k, 'access', name(g), g.dice.pick(['F_OK', 'R_OK', 'W_OK', 'X_OK', 'R_OK|X_OK', '8'])),
  faccessat: (g, k, me) =>
    g.add(
      k,
      'faccessat',
      directory(g, me),
      name(g),
      g.dice.pick(['F_OK', 'R_OK', 'X_OK', 'R_OK|W_OK']),
      g.dice.pick(['0', 'AT_EACCESS', 'AT_SYMLINK_NOFOLLOW', 'AT_EMPTY_PATH', '1']),
    ),
  fchmod: (g, k, me) => g.add(k, 'fchmod', g.fd(me, 'file'), g.dice.pick(['0o600', '0o777', '0o444'])),
  fchmodat: (g, k, me) =>
    g.add(
      k,
      'fchmodat',
      directory(g, me),
      name(g),
      g.dice.pick(['0o600', '0o755']),
      g.dice.pick(['0', 'AT_SYMLINK_NOFOLLOW', '1']),
    ),
  fchdir: (g, k, me) => g.add(k, 'fchdir', g.fd(me, 'directory')),
  fallocate: (g, k, me) =>
    g.add(
      k,
      'fallocate',
      g.fd(me, 'file'),
      g.dice.pick([
        '0',
        'FALLOC_FL_KEEP_SIZE',
        'FALLOC_FL_KEEP_SIZE|FALLOC_FL_PUNCH_HOLE',
        'FALLOC_FL_KEEP_SIZE|FALLOC_FL_PUNCH_HOLE',
        'FALLOC_FL_PUNCH_HOLE',
        '0x80',
      ]),
      g.dice.pick(PLACES),
      g.dice.pick(LENGTHS),
    ),
  holes: (g, k, me) =>
    g.add(k, 'lseek', g.fd(me, 'file'), g.dice.pick(PLACES), g.dice.pick(['SEEK_DATA', 'SEEK_HOLE', 'SEEK_END'])),
  preadv: (g, k, me) => g.add(k, 'preadv', g.fd(me, 'file'), g.dice.pick([0, 3, 5000]), 4000, g.dice.pick(PLACES)),
  pwritev: (g, k, me) =>
    g.add(k, 'pwritev', g.fd(me, 'file'), g.nextLetter(), g.dice.pick([0, 3, 5000]), 100, g.dice.pick(PLACES)),
};

export const AT_START: Readonly<Record<string, (g: Generator) => void>> = {
  'open directories': (g) => {
    const me = g.actors[0];
    g.add(0, 'mkdir', '"d"', '0o755');
    g.add(0, 'open', '"d"', g.dice.pick(['O_RDONLY', 'O_PATH']), '0');
    g.give(me, 'directory');
    g.step(0, 'openat');
  },
  holes: (g) => {
    g.add(0, 'open', '"a"', 'O_RDWR|O_CREAT', '0o644');
    g.give(g.actors[0], 'file');
  },
};

export const AT_THEMES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'open directories': {
    openat: 12,
    mkdirat: 3,
    mkfifoat: 1,
    unlinkat: 5,
    symlinkat: 3,
    readlinkat: 2,
    linkat: 5,
    renameat2: 6,
    fstatat: 5,
    access: 2,
    faccessat: 2,
    fchmod: 1,
    fchmodat: 1,
    fchdir: 1,
    fstat: 3,
    fcntl: 6,
    dup: 1,
    dup2: 1,
    read: 2,
    write: 2,
    lseek: 1,
    ftruncate: 1,
    fsync: 1,
    fionread: 1,
    close: 3,
    readdir: 1,
    umask: 1,
    poll: 1,
    flock: 1,
  },
  holes: {
    fallocate: 8,
    holes: 10,
    pwrite: 4,
    pwritev: 2,
    preadv: 3,
    pread: 3,
    ftruncate: 3,
    fstat: 3,
    limit: 1,
    openat: 1,
    write: 1,
    close: 1,
  },
};
