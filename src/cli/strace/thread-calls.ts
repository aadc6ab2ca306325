/** clone3() and futex(), as strace shows them. */
import { call, type Call, type Calls } from './call.js';
import { pointer, type Moment } from './moment.js';
import { flags, hex, type Names } from './names.js';
import { timeAt } from './structures.js';

const CLONE_FLAGS: Names = [
  ['CLONE_VM', 0x100],
  ['CLONE_FS', 0x200],
  ['CLONE_FILES', 0x400],
  ['CLONE_SIGHAND', 0x800],
  ['CLONE_THREAD', 0x10000],
  ['CLONE_SYSVSEM', 0x40000],
  ['CLONE_SETTLS', 0x80000],
  ['CLONE_PARENT_SETTID', 0x100000],
  ['CLONE_CHILD_CLEARTID', 0x200000],
];

/** struct clone_args, what a C library of today fills in. */
function cloneArguments(m: Moment, at: number): string | null {
  const fields = Array.from({ length: 8 }, (_, i) => m.load(at + 8 * i, 8));
  if (fields.includes(null)) return null;
  const [what = 0, , child = 0, parent = 0, signal = 0, stack = 0, size = 0, tls = 0] = fields as number[];
  const parts = [
    `flags=${flags(what, CLONE_FLAGS, '0', 'CLONE_')}`,
    `child_tid=${pointer(child)}`,
    `parent_tid=${pointer(parent)}`,
    `exit_signal=${signal}`,
    `stack=${pointer(stack)}`,
    `stack_size=${hex(size)}`,
    `tls=${pointer(tls)}`,
  ];
  return `{${parts.join(', ')}}`;
}

/** The kernel has set a word on the way; strace shows that behind the arguments. */
function cloned(m: Moment): string[] {
  const parent = m.load(m.value(0) + 24, 8);
  return [m.failed || parent === null ? '' : ` => {parent_tid=[${m.result}]}`, `, ${m.int(1)}`];
}

const COMMANDS: Readonly<Record<number, string>> = {
  0: 'WAIT',
  1: 'WAKE',
  2: 'FD',
  3: 'REQUEUE',
  4: 'CMP_REQUEUE',
  5: 'WAKE_OP',
  6: 'LOCK_PI',
  7: 'UNLOCK_PI',
  8: 'TRYLOCK_PI',
  9: 'WAIT_BITSET',
  10: 'WAKE_BITSET',
  11: 'WAIT_REQUEUE_PI',
  12: 'CMP_REQUEUE_PI',
  13: 'LOCK_PI2',
};
const PRIVATE = 128;
const CLOCK_REALTIME = 256;
/** Ours: the word names its owner. */
const OWNER_TID = 1024;

/** `FUTEX_WAIT_PRIVATE`, and the flags that are no part of the name. */
function operation(op: number): string {
  const command = COMMANDS[op & ~(PRIVATE | CLOCK_REALTIME | OWNER_TID)];
  if (command === undefined) return `${hex(op)} /* FUTEX_??? */`;
  const clock = (op & CLOCK_REALTIME) === 0 ? '' : '|FUTEX_CLOCK_REALTIME';
  const owner = (op & OWNER_TID) === 0 ? '' : '|FUTEX_OWNER_TID';
  return `FUTEX_${command}${(op & PRIVATE) === 0 ? '' : '_PRIVATE'}${clock}${owner}`;
}

const unsigned = (value: number): string => String(value >>> 0);
const bits = (value: number): string => (value >>> 0 === 0xffffffff ? 'FUTEX_BITSET_MATCH_ANY' : hex(value >>> 0));

function futexArguments(m: Moment): string[] {
  const begin = [m.address(0), operation(m.value(1)), unsigned(m.value(2))];
  const limit = (): string => m.at(3, (at) => timeAt(m, at));
  switch (COMMANDS[m.value(1) & ~(PRIVATE | CLOCK_REALTIME | OWNER_TID)]) {
    case 'WAIT':
      return [...begin, limit()];
    case 'WAIT_BITSET':
      return [...begin, limit(), bits(m.value(5))];
    case 'WAKE':
    case 'FD':
      return begin;
    case 'LOCK_PI':
    case 'LOCK_PI2':
      return [m.address(0), operation(m.value(1)), limit()];
    case 'UNLOCK_PI':
    case 'TRYLOCK_PI':
      return [m.address(0), operation(m.value(1))];
    case 'WAKE_BITSET':
      return [...begin, bits(m.value(5))];
    case 'REQUEUE':
      return [...begin, unsigned(m.value(3)), m.address(4)];
    case 'CMP_REQUEUE':
      return [...begin, unsigned(m.value(3)), m.address(4), unsigned(m.value(5))];
    default:
      return [...begin, m.address(3), m.address(4), hex(m.value(5))];
  }
}

const clone3: Call = {
  ...call(
    'clone3',
    (m) => [m.at(0, (at) => cloneArguments(m, at))],
    (m) => [cloned(m).join('')],
  ),
  joined: true,
};

export const THREAD_CALLS = { clone3, futex: call('futex', futexArguments) } satisfies Calls;
