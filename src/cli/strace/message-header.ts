/** struct msghdr and the control messages in it, as strace shows them for sendmsg and recvmsg. */
import { listed, type Moment, pointer } from './moment.js';
import { socketName } from './socket-names.js';
import { pieces } from './structures.js';

const SOL_SOCKET = 1;
const SCM_RIGHTS = 1;
const NAME_SIZE = 8;
const VECTOR = 16;
const CONTROL = 32;
const FLAGS = 48;
/** sizeof (struct cmsghdr); each begins at a multiple of 8. */
const CMSG_HEADER = 16;
/** So many control messages are looked at; a list is cut sooner. */
const MOST = 64;

/** How a name in user memory is shown; null: there is no such memory. */
export type ShowName = (m: Moment, at: number, length: number) => string | null;

/** `{msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="x", iov_len=1}], …}`; null: there is no such memory. */
export function messageSent(m: Moment, at: number, name: ShowName): string | null {
  const size = m.load(at + NAME_SIZE, 4);
  return size === null ? null : header(m, at, name, `${size}`, Infinity);
}

/** The same when it has come: the room for the name was `before`, and all else is what the kernel has put there. */
export function messageReceived(m: Moment, at: number, name: ShowName): string | null {
  const size = m.load(at + NAME_SIZE, 4);
  if (size === null) return null;
  if (m.failed) return `{msg_namelen=${size}}`;
  const { before } = m;
  return header(m, at, name, before === null || before === size ? `${size}` : `${before} => ${size}`, m.result);
}

function header(m: Moment, at: number, name: ShowName, nameSize: string, moved: number): string {
  const word = (offset: number): number => m.load(at + offset, 8) ?? 0;
  const nameAt = word(0);
  const count = word(VECTOR + 8);
  const control = messages(m, word(CONTROL), word(CONTROL + 8));
  const fields = [
    `msg_name=${name(m, nameAt, m.load(at + NAME_SIZE, 4) ?? 0) ?? pointer(nameAt)}`,
    `msg_namelen=${nameSize}`,
    `msg_iov=${pieces(m, word(VECTOR), count, moved) ?? pointer(word(VECTOR))}`,
    `msg_iovlen=${count}`,
    ...(control === null ? [] : [`msg_control=${control}`]),
    `msg_controllen=${word(CONTROL + 8)}`,
    `msg_flags=${socketName.messageFlags(m.load(at + FLAGS, 4) ?? 0)}`,
  ];
  return `{${fields.join(', ')}}`;
}

/** `[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[4]}]`; null: there are none. */
function messages(m: Moment, at: number, size: number): string | null {
  const shown: string[] = [];
  for (let from = 0; from + CMSG_HEADER <= size && shown.length < MOST;) {
    const length = m.load(at + from, 8);
    if (length === null) return pointer(at);
    shown.push(controlMessage(m, at + from, length));
    if (length < CMSG_HEADER) break;
    from += Math.ceil(length / 8) * 8;
  }
  return shown.length === 0 ? null : listed(shown);
}

function controlMessage(m: Moment, at: number, length: number): string {
  const level = m.load(at + 8, 4) ?? 0;
  const type = m.load(at + 12, 4) ?? 0;
  const rights = level === SOL_SOCKET && type === SCM_RIGHTS;
  const count = Math.max(0, Math.floor((length - CMSG_HEADER) / 4));
  const fds = Array.from({ length: Math.min(count, MOST) }, (_, i) =>
    String((m.load(at + CMSG_HEADER + 4 * i, 4) ?? 0) | 0),
  );
  const fields = [
    `cmsg_len=${length}`,
    `cmsg_level=${socketName.level(level)}`,
    `cmsg_type=${rights ? 'SCM_RIGHTS' : `0x${type.toString(16)}`}`,
    ...(rights && count > 0 ? [`cmsg_data=${listed(fds)}`] : []),
  ];
  return `{${fields.join(', ')}}`;
}
