/**
 * Structures in user memory, as the kernel's calls lay them out and strace shows them. Null: there is no such memory.
 */
import { listed, type Moment, pointer, quotedText } from './moment.js';
import { hex, show, unsigned } from './names.js';
import { signalInfo, signalSet } from './signals.js';

const SA_RESTORER = 0x4000000;
const HANDLERS = ['SIG_DFL', 'SIG_IGN'];
const TICKS_A_SECOND = 1_000_000_000;
const RECORD_LENGTH = 16;

/** A status or a descriptor: `[3]`. */
export function integerAt(m: Moment, at: number): string | null {
  const value = m.load(at, 4);
  return value === null ? null : `[${value}]`;
}

/** `{l_type=F_WRLCK, l_whence=SEEK_SET, l_start=0, l_len=0}`. */
export function recordLock(m: Moment, at: number, withPid: boolean): string | null {
  const pid = m.load(at + 24, 4);
  if (pid === null) return null;
  const lock = [
    `l_type=${show.lockType(m.load(at, 2) ?? 0)}`,
    `l_whence=${show.seek(m.load(at + 2, 2) ?? 0)}`,
    `l_start=${m.load(at + 8, 8)}`,
    `l_len=${m.load(at + 16, 8)}`,
    ...(withPid ? [`l_pid=${pid | 0}`] : []),
  ];
  return `{${lock.join(', ')}}`;
}

/** `{c_iflag=0, c_oflag=…, c_lflag=ISIG|ICANON, ...}`: of the flags a terminal here has those of c_lflag only. */
export function termios(m: Moment, at: number): string | null {
  const lflag = m.load(at + 12, 4);
  if (lflag === null) return null;
  const shown = ['c_iflag=0', 'c_oflag=NL0|CR0|TAB0|BS0|VT0|FF0', 'c_cflag=B0|CS5'];
  return `{${[...shown, `c_lflag=${show.terminalFlags(lflag)}`, '...'].join(', ')}}`;
}

/** `{ws_row=24, ws_col=80, ws_xpixel=0, ws_ypixel=0}`. */
export function windowSize(m: Moment, at: number): string | null {
  const sizes = [0, 2, 4, 6].map((offset) => m.load(at + offset, 2));
  if (sizes.includes(null)) return null;
  return `{${['ws_row', 'ws_col', 'ws_xpixel', 'ws_ypixel'].map((name, i) => `${name}=${sizes[i]}`).join(', ')}}`;
}

export function descriptorPair(m: Moment, at: number): string | null {
  const ends = [m.load(at, 4), m.load(at + 4, 4)];
  return ends.includes(null) ? null : `[${ends.join(', ')}]`;
}

/** `{st_mode=S_IFREG|0644, st_size=37, ...}`. */
export function fileStatus(m: Moment, at: number): string | null {
  const mode = m.load(at + 24, 4);
  if (mode === null) return null;
  const type = mode & 0o170000;
  const isDevice = type === 0o20000 || type === 0o60000;
  const size = isDevice ? `st_rdev=${device(m.load(at + 40, 8) ?? 0)}` : `st_size=${m.load(at + 48, 8)}`;
  return `{st_mode=${show.fileMode(mode)}, ${size}, ...}`;
}

function device(number: number): string {
  return `makedev(${hex(number >> 8)}, ${hex(number & 0xff)})`;
}

export function setOfSignals(m: Moment, at: number): string | null {
  const low = m.load(at, 4);
  const high = m.load(at + 4, 4);
  return low === null || high === null ? null : signalSet(low, high);
}

/** struct sigaction: four slots of 8 bytes. */
export function signalAction(m: Moment, at: number): string | null {
  const [handler, flags, restorer] = [0, 8, 16].map((offset) => m.load(at + offset, 8));
  const mask = setOfSignals(m, at + 24);
  if (handler == null || flags == null || restorer == null || mask === null) return null;
  const action = [`sa_handler=${HANDLERS[handler] ?? hex(handler)}`, `sa_mask=${mask}`];
  if (restorer === 0) return `{${[...action, `sa_flags=${show.actionFlags(flags)}`].join(', ')}}`;
  // Linux has a flag for it, and the C library sets it.
  const all = show.actionFlags(Number(BigInt(flags) | BigInt(SA_RESTORER)));
  return `{${[...action, `sa_flags=${all}`, `sa_restorer=${hex(restorer)}`].join(', ')}}`;
}

/** siginfo_t, as waitid() and sigwaitinfo() fill it. */
export function cameWith(m: Moment, at: number): string | null {
  const fields = [0, 8, 16, 20, 24].map((offset) => m.load(at + offset, 4));
  if (fields.includes(null)) return null;
  const [signal, code, pid, uid, status] = fields as [number, number, number, number, number];
  const [address, value] = [m.load(at + 16, 8) ?? 0, m.load(at + 24, 8) ?? 0];
  return signalInfo({ signal, code, pid, uid, status, address, value, band: address, fd: status });
}

/** Whom a file's signals go to: `{type=F_OWNER_PID, pid=3}`. */
export function fileOwner(m: Moment, at: number): string | null {
  const [type, pid] = [m.load(at, 4), m.load(at + 4, 4)];
  return type === null || pid === null ? null : `{type=${show.ownerType(type)}, pid=${pid}}`;
}

/** A place in a file: `[4096]`. */
export function offsetAt(m: Moment, at: number): string | null {
  const offset = m.load(at, 8);
  return offset === null ? null : `[${offset}]`;
}

/** Ticks, which are nanoseconds in the machine that is like a real one. */
export function time(ticks: number): string {
  const seconds = Math.floor(ticks / TICKS_A_SECOND);
  return `{tv_sec=${seconds}, tv_nsec=${ticks - seconds * TICKS_A_SECOND}}`;
}

/** Microseconds, as setitimer() has them. */
function coarseTime(ticks: number): string {
  const seconds = Math.floor(ticks / TICKS_A_SECOND);
  return `{tv_sec=${seconds}, tv_usec=${Math.floor((ticks - seconds * TICKS_A_SECOND) / 1000)}}`;
}

/** An interval and a first time, 8 bytes each. */
function timer(m: Moment, at: number, shown: (ticks: number) => string): string | null {
  const [interval, value] = [m.load(at, 8), m.load(at + 8, 8)];
  return interval === null || value === null ? null : `{it_interval=${shown(interval)}, it_value=${shown(value)}}`;
}

export const timerSpec = (m: Moment, at: number): string | null => timer(m, at, time);
export const timerValue = (m: Moment, at: number): string | null => timer(m, at, coarseTime);

export function timeAt(m: Moment, at: number): string | null {
  const ticks = m.load(at, 8);
  return ticks === null ? null : time(ticks);
}

export function resourceLimit(m: Moment, at: number): string | null {
  const [soft, hard] = [m.load(at, 8), m.load(at + 8, 8)];
  return soft === null || hard === null ? null : `{rlim_cur=${limit(soft)}, rlim_max=${limit(hard)}}`;
}

function limit(value: number): string {
  if (value === -1) return 'RLIM64_INFINITY';
  return value > 1024 && value % 1024 === 0 ? `${value / 1024}*1024` : unsigned(value);
}

/** `{size=48, sched_policy=SCHED_OTHER, …}`: struct sched_attr. */
export function schedulingAttributes(m: Moment, at: number): string | null {
  const fields = [
    ['size', 0, 4],
    ['sched_policy', 4, 4],
    ['sched_flags', 8, 8],
    ['sched_nice', 16, 4],
    ['sched_priority', 20, 4],
    ['sched_runtime', 24, 8],
    ['sched_deadline', 32, 8],
    ['sched_period', 40, 8],
  ] as const;
  const values = fields.map(([, offset, size]) => m.load(at + offset, size));
  if (values.includes(null)) return null;
  const shown = fields.map(([name], i) => {
    const value = Number(values[i]);
    if (name === 'sched_policy' && value === 0) return `${name}=SCHED_OTHER`;
    return `${name}=${name === 'sched_nice' ? value | 0 : value}`;
  });
  return `{${shown.join(', ')}}`;
}

/** `[0 2]`: the bits that are set. */
export function cpuSet(m: Moment, at: number, bytes: number): string | null {
  const mask = m.load(at, bytes >= 8 ? 8 : 4);
  if (mask === null) return null;
  const bits = BigInt.asUintN(64, BigInt(mask));
  return `[${Array.from({ length: 64 }, (_, i) => i)
    .filter((i) => ((bits >> BigInt(i)) & 1n) === 1n)
    .join(' ')}]`;
}

/** The directory entries in so many bytes. */
export function countRecords(m: Moment, at: number, bytes: number): string {
  let count = 0;
  for (let offset = 0; offset < bytes; count++) {
    const length = m.load(at + offset + RECORD_LENGTH, 2);
    if (length === null || length === 0) break;
    offset += length;
  }
  return `${pointer(at)} /* ${count} entries */`;
}

/** The pieces of a readv() or writev(), 8 bytes each, with as much of their contents as was moved; null: none of it. */
export function pieces(m: Moment, at: number, count: number, moved: number | null): string | null {
  if (count < 0 || m.load(at, 4) === null) return count === 0 ? '[]' : null;
  let left = moved ?? 0;
  const shown: string[] = [];
  for (let i = 0; i < Math.min(count, 32); i++) {
    const address = (m.load(at + i * 8, 4) ?? 0) >>> 0;
    const length = (m.load(at + i * 8 + 4, 4) ?? 0) >>> 0;
    const taken = Math.min(left, length);
    left -= taken;
    const base = moved === null ? pointer(address) : m.data(address, taken);
    shown.push(`{iov_base=${base}, iov_len=${length}}`);
  }
  return listed(shown, count);
}

/** The arguments of a program, from the block that exec() hands over (exec.osim). */
export function programArguments(m: Moment, path: string, at: number): string {
  const count = at === 0 ? 0 : (m.load(at, 8) ?? 0);
  const shown = [path];
  for (let i = 0; i < Math.min(count, 32); i++) {
    const kind = m.load(at + 8 + i * 16, 8) ?? -1;
    const value = m.load(at + 16 + i * 16, 8) ?? 0;
    shown.push(kind < 0 ? `"${value}"` : quotedText(m.memory(at + value, kind)));
  }
  return listed(shown, count + 1);
}
