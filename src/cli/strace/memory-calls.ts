/** Memory, files in memory, and bytes of chance, as strace shows them. */
import { call, type Calls } from './call.js';
import type { Moment } from './moment.js';
import { code, flags, hex, show, type Names } from './names.js';

const REMAP_FLAGS: Names = [
  ['MREMAP_MAYMOVE', 1],
  ['MREMAP_FIXED', 2],
  ['MREMAP_DONTUNMAP', 4],
];
const MEMFD_FLAGS: Names = [
  ['MFD_CLOEXEC', 1],
  ['MFD_ALLOW_SEALING', 2],
];
const RANDOM_FLAGS: Names = [
  ['GRND_NONBLOCK', 1],
  ['GRND_RANDOM', 2],
  ['GRND_INSECURE', 4],
];
const advice = code('MADV_', ['NORMAL', 'RANDOM', 'SEQUENTIAL', 'WILLNEED', 'DONTNEED'], { 8: 'FREE' });
const MREMAP_FIXED = 2;
const asAddress = (m: Moment): string => hex(m.result);

export const MEMORY_CALLS: Calls = {
  brk: call('brk', (m) => [m.address(0)], undefined, asAddress),
  mmap: call(
    'mmap',
    (m) => [m.address(0), m.size(1), show.protection(m.value(2)), show.mapFlags(m.value(3)), m.int(4), hex(m.value(5))],
    undefined,
    asAddress,
  ),
  munmap: call('munmap', (m) => [m.address(0), m.size(1)]),
  mprotect: call('mprotect', (m) => [m.address(0), m.size(1), show.protection(m.value(2))]),
  msync: call('msync', (m) => [m.address(0), m.size(1), show.syncFlags(m.value(2))]),
  madvise: call('madvise', (m) => [m.address(0), m.size(1), advice(m.value(2))]),
  mremap: call(
    'mremap',
    (m) => [
      ...[m.address(0), m.size(1), m.size(2), flags(m.value(3), REMAP_FLAGS, '0', 'MREMAP_')],
      ...(m.value(3) & MREMAP_FIXED ? [m.address(4)] : []),
    ],
    undefined,
    asAddress,
  ),
  memfd_create: call('memfd_create', (m) => [m.path(0), flags(m.value(1), MEMFD_FLAGS, '0', 'MFD_')]),
  getrandom: call(
    'getrandom',
    () => [],
    (m) => [
      m.failed ? m.address(0) : m.data(m.value(0), m.result),
      m.size(1),
      flags(m.value(2), RANDOM_FLAGS, '0', 'GRND_'),
    ],
  ),
};
