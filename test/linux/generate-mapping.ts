/** Random calls of the words of prelude_mapping.osim: mappings that move, advice, files in memory, chance. */
import type { Word } from './generate-io.js';
import type { Generator } from './generate.js';

const PAGE = 4096;
/** Where sequences map, pages of the arena. They move to there, or to the other half of it. */
const PAGES = 6;

function place(g: Generator, pages: number): string {
  return `m${PAGE * g.dice.below(pages) + (g.dice.chance(4) ? 100 : 0)}`;
}

function size(g: Generator): number {
  return g.dice.chance(90) ? PAGE * (1 + g.dice.below(4)) : g.dice.pick([0, 1, 100, 5000, -1]);
}

export const MAPPING_WORDS: Readonly<Record<string, Word>> = {
  mremap: (g, k) => {
    const d = g.dice;
    const flags = d.pick([
      '0',
      'MREMAP_MAYMOVE|MREMAP_FIXED',
      'MREMAP_MAYMOVE|MREMAP_FIXED',
      'MREMAP_MAYMOVE|MREMAP_FIXED',
      'MREMAP_MAYMOVE|MREMAP_FIXED|MREMAP_DONTUNMAP',
      ...(d.chance(15) ? ['MREMAP_MAYMOVE', 'MREMAP_FIXED', 'MREMAP_DONTUNMAP', '64'] : []),
    ]);
    const old = d.chance(8) ? 0 : size(g);
    const length = d.chance(50) ? old : size(g);
    const to = d.chance(75) ? PAGES + d.below(6) : d.below(PAGES);
    g.add(k, 'mremap', place(g, PAGES), old, length, flags, `m${PAGE * to + (d.chance(4) ? 8 : 0)}`);
    if (flags.includes('FIXED') && d.chance(70)) g.add(k, 'peek', `m${PAGE * (to + d.below(2))}`);
  },
  madvise: (g, k) =>
    g.add(
      k,
      'madvise',
      place(g, 10),
      size(g),
      g.dice.pick([
        'MADV_DONTNEED',
        'MADV_DONTNEED',
        'MADV_DONTNEED',
        'MADV_WILLNEED',
        'MADV_FREE',
        'MADV_RANDOM',
        '99',
      ]),
    ),
  memfd: (g, k, me) => {
    const flags = g.dice.pick(['0', '0', '0', 'MFD_CLOEXEC', '32']);
    if (flags !== '32') g.give(me, 'file');
    g.add(k, 'memfd', g.dice.pick(['"m"', '""', '"a/b"']), flags);
  },
  getrandom: (g, k) =>
    g.add(
      k,
      'getrandom',
      g.dice.pick(['m0', 'm4096', 'm20480', 'null', 'kernel']),
      g.dice.pick([0, 1, 100, 4096, 5000]),
      g.dice.pick(['0', '0', 'GRND_NONBLOCK', 'GRND_RANDOM', 'GRND_RANDOM|GRND_INSECURE', '8']),
    ),
  opened: (g, k, me) => g.add(k, 'opened', g.fd(me, 'file')),
};

export const MAPPING_START: Readonly<Record<string, (g: Generator) => void>> = {
  remapping: (g) => {
    const d = g.dice;
    g.add(0, 'mmap', 0, 2 + d.below(3), 'PROT_READ|PROT_WRITE', d.pick(['MAP_PRIVATE', 'MAP_SHARED']));
    for (const page of [0, 1]) g.add(0, 'poke', `m${PAGE * page}`, 10 + page);
    g.add(0, 'memfd', '"m"', '0');
    g.give(g.actors[0], 'file');
    g.add(0, 'pwrite', 0, 'a', d.pick([10, 5000]), 0);
    g.step(0, 'mmapf');
  },
};

export const MAPPING_THEME: Readonly<Record<string, number>> = {
  mremap: 12,
  madvise: 6,
  poke: 6,
  peek: 9,
  mmap: 3,
  mmapf: 4,
  memfd: 1,
  munmap: 1,
  mprotect: 1,
  cut: 1,
  pread: 2,
  pwrite: 2,
  ftruncate: 1,
  fstat: 1,
  fallocate: 1,
  holes: 1,
  getrandom: 1,
  opened: 1,
  readm: 1,
  close: 1,
  fork: 2,
  waitpid: 2,
};
