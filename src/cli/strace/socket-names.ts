/** The codes of socket calls: families, types, options, flags. */
import { code, flags, hex, type Code, type Names } from './names.js';

const MESSAGE_FLAGS: Names = [
  ['MSG_OOB', 0x1],
  ['MSG_PEEK', 0x2],
  ['MSG_DONTROUTE', 0x4],
  ['MSG_CTRUNC', 0x8],
  ['MSG_PROBE', 0x10],
  ['MSG_TRUNC', 0x20],
  ['MSG_DONTWAIT', 0x40],
  ['MSG_EOR', 0x80],
  ['MSG_WAITALL', 0x100],
  ['MSG_CONFIRM', 0x800],
  ['MSG_ERRQUEUE', 0x2000],
  ['MSG_NOSIGNAL', 0x4000],
  ['MSG_MORE', 0x8000],
  ['MSG_WAITFORONE', 0x10000],
  ['MSG_ZEROCOPY', 0x4000000],
  ['MSG_CMSG_CLOEXEC', 0x40000000],
];
const TYPE_FLAGS: Names = [
  ['SOCK_CLOEXEC', 0x80000],
  ['SOCK_NONBLOCK', 0x800],
];
const TYPES = ['', 'STREAM', 'DGRAM', 'RAW', 'RDM', 'SEQPACKET', 'DCCP'];
const TYPE_MASK = 0xf;

const FAMILY = code('AF_', ['UNSPEC', 'UNIX', 'INET', 'AX25', 'IPX', 'APPLETALK', 'NETROM', 'BRIDGE'], {
  8: 'ATMPVC',
  9: 'X25',
  10: 'INET6',
  11: 'ROSE',
  16: 'NETLINK',
  17: 'PACKET',
});
const INTERNET: readonly number[] = [2, 10];
const PROTOCOL = code('IPPROTO_', ['IP', 'ICMP', 'IGMP'], { 6: 'TCP', 17: 'UDP', 255: 'RAW' });
const SHUT = code('SHUT_', ['RD', 'WR', 'RDWR']);

const LEVELS: Readonly<Record<number, string>> = { 0: 'SOL_IP', 1: 'SOL_SOCKET', 6: 'SOL_TCP', 17: 'SOL_UDP' };
const OPTIONS: Readonly<Record<number, Code>> = {
  1: code(
    'SO_',
    [
      ...['0', 'DEBUG', 'REUSEADDR', 'TYPE', 'ERROR', 'DONTROUTE', 'BROADCAST', 'SNDBUF', 'RCVBUF', 'KEEPALIVE'],
      ...['OOBINLINE', 'NO_CHECK', 'PRIORITY', 'LINGER', 'BSDCOMPAT', 'REUSEPORT', 'PASSCRED', 'PEERCRED'],
      ...['RCVLOWAT', 'SNDLOWAT', 'RCVTIMEO_OLD', 'SNDTIMEO_OLD'],
    ],
    { 30: 'ACCEPTCONN', 38: 'PROTOCOL', 39: 'DOMAIN' },
  ),
  6: code('TCP_', ['0', 'NODELAY', 'MAXSEG', 'CORK', 'KEEPIDLE', 'KEEPINTVL', 'KEEPCNT']),
};

/** `SOCK_STREAM|SOCK_NONBLOCK`. */
function type(value: number): string {
  const kind = value & TYPE_MASK;
  const name = TYPES[kind] ? `SOCK_${TYPES[kind]}` : kind === 0 ? '' : `${hex(kind)} /* SOCK_??? */`;
  const rest = value - kind;
  if (rest === 0) return name === '' ? '0' : name;
  return [name, flags(rest, TYPE_FLAGS, '', 'SOCK_')].filter(Boolean).join('|');
}

export const socketName = {
  family: FAMILY,
  type,
  shutdown: SHUT,
  protocol: (family: number, value: number): string => (INTERNET.includes(family) ? PROTOCOL(value) : String(value)),
  messageFlags: (value: number): string => flags(value, MESSAGE_FLAGS, '0', 'MSG_'),
  acceptFlags: (value: number): string => flags(value, TYPE_FLAGS, '0', 'SOCK_'),
  level: (value: number): string => LEVELS[value] ?? `${hex(value)} /* SOL_?? */`,
  option: (level: number, value: number): string => OPTIONS[level]?.(value) ?? String(value),
};
