/** Signals as strace shows them: names, sets, what came with one, what became of a child. */
import { hex } from './names.js';

const NAMES = (
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG ' +
  'XCPU XFSZ VTALRM PROF WINCH IO PWR SYS RTMIN'
).split(' ');
const LAST = 64;
const FIRST_REAL_TIME = 32;

const SIGCHLD = 17;
const SIGIO = 29;
/** Signals that come with the address of what failed. */
const FAULTS: readonly number[] = [4, 7, 8, 11];
const STOPS: readonly number[] = [19, 20, 21, 22];

const SI_QUEUE = -1;
const CLD_EXITED = 1;
const CODES: Readonly<Record<number, string>> = {
  0: 'SI_USER',
  128: 'SI_KERNEL',
  [SI_QUEUE]: 'SI_QUEUE',
  [-2]: 'SI_TIMER',
  [-3]: 'SI_MESGQ',
  [-4]: 'SI_ASYNCIO',
  [-5]: 'SI_SIGIO',
  [-6]: 'SI_TKILL',
};
/** By signal: the names of 1, 2, 3 …. */
const CODES_OF: Readonly<Record<number, readonly string[]>> = {
  4: ['ILL_ILLOPC', 'ILL_ILLOPN', 'ILL_ILLADR', 'ILL_ILLTRP', 'ILL_PRVOPC'],
  7: ['BUS_ADRALN', 'BUS_ADRERR', 'BUS_OBJERR'],
  8: ['FPE_INTDIV', 'FPE_INTOVF', 'FPE_FLTDIV'],
  11: ['SEGV_MAPERR', 'SEGV_ACCERR'],
  [SIGCHLD]: ['CLD_EXITED', 'CLD_KILLED', 'CLD_DUMPED', 'CLD_TRAPPED', 'CLD_STOPPED', 'CLD_CONTINUED'],
  [SIGIO]: ['POLL_IN', 'POLL_OUT', 'POLL_MSG', 'POLL_ERR', 'POLL_PRI', 'POLL_HUP'],
};

export interface SignalInfo {
  signal: number;
  code: number;
  pid: number;
  uid: number;
  status: number;
  address: number;
  value: number;
  /** Of a file that something happened on: what, and which. */
  band: number;
  fd: number;
}

export function isStopSignal(signal: number): boolean {
  return STOPS.includes(signal);
}

/** `SIGCHLD`, `SIGRT_3`; a number that is no signal stays one. */
export function signalName(signal: number): string {
  const name = shortName(signal);
  return name === undefined ? String(signal) : `SIG${name}`;
}

function shortName(signal: number): string | undefined {
  return signal > FIRST_REAL_TIME && signal <= LAST ? `RT_${signal - FIRST_REAL_TIME}` : NAMES[signal - 1];
}

/** `[INT USR1]`; a set of most signals is shown by what it lacks: `~[ALRM]`. */
export function signalSet(low: number, high: number): string {
  const all = Array.from({ length: LAST }, (_, i) => i + 1);
  const has = (signal: number): boolean => (((signal <= 32 ? low : high) >>> ((signal - 1) & 31)) & 1) === 1;
  const inside = all.filter(has);
  const most = inside.length >= (LAST * 2) / 3;
  const shown = most ? all.filter((signal) => !has(signal)) : inside;
  return `${most ? '~' : ''}[${shown.map(shortName).join(' ')}]`;
}

/** `{si_signo=SIGTERM, si_code=SI_USER, si_pid=3, si_uid=0}`. */
export function signalInfo(info: SignalInfo): string {
  if (info.signal === 0) return '{}';
  return `{${[`si_signo=${signalName(info.signal)}`, `si_code=${codeName(info)}`, ...details(info)].join(', ')}}`;
}

function codeName({ signal, code }: SignalInfo): string {
  return CODES[code] ?? CODES_OF[signal]?.[code - 1] ?? hex(code);
}

function details(info: SignalInfo): string[] {
  const sender = [`si_pid=${info.pid}`, `si_uid=${info.uid}`];
  if (info.code <= 0) return info.code === SI_QUEUE ? [...sender, value(info)] : sender;
  if (info.signal === SIGCHLD) {
    const status = info.code === CLD_EXITED ? String(info.status) : signalName(info.status);
    return [...sender, `si_status=${status}`, 'si_utime=0', 'si_stime=0'];
  }
  if (info.signal === SIGIO && info.code <= 6) return [`si_band=${info.band}`, `si_fd=${info.fd}`];
  if (FAULTS.includes(info.signal)) return [`si_addr=${info.address === 0 ? 'NULL' : hex(info.address)}`];
  return info.pid === 0 && info.uid === 0 ? [] : sender;
}

function value(info: SignalInfo): string {
  return `si_int=${info.value | 0}, si_ptr=${info.value === 0 ? 'NULL' : hex(info.value)}`;
}

/** The status word of wait(), taken apart as C's macros do it. */
export function waitStatus(status: number): string {
  if (status === 0xffff) return '{WIFCONTINUED(s)}';
  const signal = status & 0x7f;
  const high = (status >> 8) & 0xff;
  if (signal === 0) return `{WIFEXITED(s) && WEXITSTATUS(s) == ${high}}`;
  if (signal === 0x7f) return `{WIFSTOPPED(s) && WSTOPSIG(s) == ${signalName(high)}}`;
  const core = (status & 0x80) === 0 ? '' : ' && WCOREDUMP(s)';
  return `{WIFSIGNALED(s) && WTERMSIG(s) == ${signalName(signal)}${core}}`;
}
