/** poll, select, epoll and the files that tell of events, as strace shows them. */
import { call, integers, type Call, type Calls } from './call.js';
import { listed, type Moment, pointer } from './moment.js';
import { code, flags, show, unsigned, type Names } from './names.js';
import { setOfSignals, time, timerSpec, timerValue } from './structures.js';

const POLL_EVENTS: Names = [
  ['POLLIN', 0x1],
  ['POLLPRI', 0x2],
  ['POLLOUT', 0x4],
  ['POLLERR', 0x8],
  ['POLLHUP', 0x10],
  ['POLLNVAL', 0x20],
  ['POLLRDNORM', 0x40],
  ['POLLRDBAND', 0x80],
  ['POLLWRNORM', 0x100],
  ['POLLWRBAND', 0x200],
  ['POLLMSG', 0x400],
  ['POLLREMOVE', 0x1000],
  ['POLLRDHUP', 0x2000],
];
const EPOLL_EVENTS: Names = [
  ...POLL_EVENTS.filter(([name]) => name !== 'POLLREMOVE').map(([name, bit]) => [`E${name}`, bit] as const),
  ['EPOLLEXCLUSIVE', 0x10000000],
  ['EPOLLWAKEUP', 0x20000000],
  ['EPOLLONESHOT', 0x40000000],
  ['EPOLLET', 0x80000000],
];
const CLOEXEC = 0o2000000;
const NONBLOCK = 0o4000;

/** Flags of a call that makes a descriptor: its own, and the two that all have. */
function makingFlags(prefix: string, own: Names = []): (value: number) => string {
  const names: Names = [...own, [`${prefix}CLOEXEC`, CLOEXEC], [`${prefix}NONBLOCK`, NONBLOCK]];
  return (value) => flags(value, names, '0', prefix);
}

const epollFlags = makingFlags('EPOLL_');
const eventFlags = makingFlags('EFD_', [['EFD_SEMAPHORE', 1]]);
const timerFlags = makingFlags('TFD_', [
  ['TFD_TIMER_ABSTIME', 1],
  ['TFD_TIMER_CANCEL_ON_SET', 2],
]);
const signalFlags = makingFlags('SFD_');
const epollOperation = code('EPOLL_CTL_', [], { 1: 'ADD', 2: 'DEL', 3: 'MOD' });
const EPOLL_CTL_DEL = 2;
const intervalTimer = code('ITIMER_', ['REAL', 'VIRTUAL', 'PROF']);

const EVERY_LIMIT = 1 << 16;

// ---- poll ----------------------------------------------------------------------------------------------------------

const POLLFD = 8;

function pollFiles(m: Moment): string {
  const [at, count] = [m.value(0), m.value(1)];
  if (at === 0 || count < 0 || m.load(at, 4) === null) return pointer(at);
  const shown = Array.from({ length: Math.min(count, 33) }, (_, i) => {
    const fd = m.load(at + i * POLLFD, 4) ?? 0;
    const events = m.load(at + i * POLLFD + 4, 2) ?? 0;
    return fd < 0 ? `{fd=${fd}}` : `{fd=${fd}, events=${flags(events, POLL_EVENTS, '0', 'POLL')}}`;
  });
  return listed(shown, count);
}

/** `1 ([{fd=3, revents=POLLIN}])`: only those that have something. */
function polled(m: Moment, left = ''): string {
  if (m.result === 0) return '0 (Timeout)';
  const at = m.value(0);
  const found: string[] = [];
  for (let i = 0; i < Math.min(m.value(1), EVERY_LIMIT); i++) {
    const events = m.load(at + i * POLLFD + 6, 2) ?? 0;
    const fd = m.load(at + i * POLLFD, 4) ?? 0;
    if (events !== 0) found.push(`{fd=${fd}, revents=${flags(events, POLL_EVENTS, '0', 'POLL')}}`);
  }
  return `${m.result} (${listed(found)}${left})`;
}

// ---- Times and masks -----------------------------------------------------------------------------------------------

/** A timeout that is a number of ticks here, and a struct timespec in C; -1: none. */
function timeout(m: Moment, i: number): string {
  return m.value(i) < 0 ? 'NULL' : time(m.value(i));
}

/** What is left of it when the call returns: Linux stores it. */
function timeLeft(m: Moment, i: number): string[] {
  return m.value(i) < 0 ? [] : [`left ${time(Math.max(0, m.value(i) - m.elapsed))}`];
}

function mask(m: Moment, i: number): string {
  return m.at(i, (at) => setOfSignals(m, at));
}

// ---- select --------------------------------------------------------------------------------------------------------

const FDS_LIMIT = 1024;

/** `[0 3]`: the descriptors below the first argument that are in a set; null: there is no such memory. */
function descriptors(m: Moment, i: number): string | null {
  const at = m.value(i);
  const members: number[] = [];
  for (let fd = 0; fd < Math.min(m.value(0), FDS_LIMIT); fd++) {
    const byte = m.load(at + (fd >> 3), 1);
    if (byte === null) return null;
    if (((byte >> (fd & 7)) & 1) === 1) members.push(fd);
  }
  return `[${members.join(' ')}]`;
}

function selectArguments(m: Moment): string[] {
  return [m.int(0), ...[1, 2, 3].map((i) => m.at(i, () => descriptors(m, i))), timeout(m, 4)];
}

function selected(m: Moment): string {
  if (m.result === 0) return '0 (Timeout)';
  const sets = ['in', 'out', 'except'].flatMap((name, i) => {
    const found = m.value(i + 1) === 0 ? '[]' : descriptors(m, i + 1);
    return found === null || found === '[]' ? [] : [`${name} ${found}`];
  });
  return `${m.result} (${[...sets, ...timeLeft(m, 4)].join(', ')})`;
}

// ---- epoll ---------------------------------------------------------------------------------------------------------

const EPOLL_EVENT = 12;

/** `{events=EPOLLIN, data={u32=4, u64=4}}`. */
function epollEvent(m: Moment, at: number): string | null {
  const [events, data] = [m.load(at, 4), m.load(at + 4, 8)];
  if (events === null || data === null) return null;
  const shown = flags(events >>> 0, EPOLL_EVENTS, '0', 'EPOLL');
  const low = BigInt.asUintN(32, BigInt(data));
  return `{events=${shown}, data={u32=${low}, u64=${unsigned(data)}}}`;
}

function epollEvents(m: Moment): string[] {
  const at = m.value(1);
  const events = Array.from({ length: Math.max(0, m.result) }, (_, i) => epollEvent(m, at + i * EPOLL_EVENT) ?? '');
  return [m.failed ? pointer(at) : listed(events), m.int(2), m.int(3)];
}

const changesTimer = (name: string, early: (m: Moment) => string[], first: number, shown: typeof timerSpec): Call =>
  call(
    name,
    (m) => [...early(m), m.at(first, (at) => shown(m, at))],
    (m) => [m.filled(first + 1, (at) => shown(m, at))],
  );

const signalDescriptor = (m: Moment): string[] => [m.int(0), mask(m, 1), m.size(2)];

export const EVENT_CALLS: Calls = {
  poll: call('poll', (m) => [pollFiles(m), m.int(1), m.int(2)], undefined, polled),
  ppoll: call(
    'ppoll',
    (m) => [pollFiles(m), m.int(1), timeout(m, 2), mask(m, 3), m.size(4)],
    undefined,
    (m) =>
      polled(
        m,
        timeLeft(m, 2)
          .map((left) => `, ${left}`)
          .join(''),
      ),
  ),
  select: call('pselect6', (m) => [...selectArguments(m), 'NULL'], undefined, selected),
  pselect6: call(
    'pselect6',
    (m) => [...selectArguments(m), m.value(5) === 0 ? 'NULL' : `{sigmask=${mask(m, 5)}, sigsetsize=8}`],
    undefined,
    selected,
  ),
  epoll_create1: call('epoll_create1', (m) => [epollFlags(m.value(0))]),
  epoll_ctl: call('epoll_ctl', (m) => [
    m.int(0),
    epollOperation(m.value(1)),
    m.int(2),
    m.value(1) === EPOLL_CTL_DEL ? m.address(3) : m.at(3, (at) => epollEvent(m, at)),
  ]),
  epoll_wait: call('epoll_wait', integers(1), epollEvents),
  epoll_pwait: call('epoll_pwait', integers(1), (m) => [...epollEvents(m), mask(m, 4), m.size(5)]),

  eventfd2: call('eventfd2', (m) => [String(m.value(0) >>> 0), eventFlags(m.value(1))]),
  timerfd_create: call('timerfd_create', (m) => [show.clock(m.value(0)), timerFlags(m.value(1))]),
  timerfd_settime: changesTimer('timerfd_settime', (m) => [m.int(0), timerFlags(m.value(1))], 2, timerSpec),
  timerfd_gettime: call('timerfd_gettime', integers(1), (m) => [m.filled(1, (at) => timerSpec(m, at))]),
  signalfd: call('signalfd', signalDescriptor),
  signalfd4: call('signalfd4', (m) => [...signalDescriptor(m), signalFlags(m.value(3))]),
  setitimer: changesTimer('setitimer', (m) => [intervalTimer(m.value(0))], 1, timerValue),
  getitimer: call(
    'getitimer',
    (m) => [intervalTimer(m.value(0))],
    (m) => [m.filled(1, (at) => timerValue(m, at))],
  ),
};
