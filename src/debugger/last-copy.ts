/** The copy that happened last before an instant: what was copied, from where to where, for whom. */
import type { LastCopy } from '../computer/views/data/copy.js';
import type { FollowedDma } from '../computer/views/data/dma.js';
import { countUntil, select, type Missing, type NumberedEvent } from '../computer/events/select.js';
import type { EventLog } from '../computer/events/log.js';
import { taskByTid } from '../computer/inspect.js';
import { constant, field, integer, kernelEvent, members, text, type KernelRecord } from '../computer/kernel-records.js';
import { visible } from '../language/visible.js';
import type { Machine } from '../machine/machine.js';
import { textOf } from '../machine/text.js';
import { kindOfFile } from './file-names.js';
import { fdRows } from './snapshot.js';

/** Calls whose first argument is the descriptor of what is read or written. */
const ON_DESCRIPTORS = /^(p?(read|write)v?(64|2)?|(recv|send)(from|to|msg|mmsg)?)$/;
const KINDS = new Set(['copy_dma', 'copy_to_user', 'copy_from_user', 'copy_kernel']);

/** @param dma that has read the log until here */
export function* lastCopy(
  machine: Machine,
  log: EventLog,
  dma: FollowedDma,
): Generator<Missing, LastCopy | null, void> {
  const from = (yield* countUntil(log, machine.steps)) - 1;
  const wants = (name: string): boolean => KINDS.has(name);
  const copy = (yield* select(log, { from, backward: true, filter: { wants }, most: 1 })).events.at(0);
  if (!copy) return null;
  const { name, fields } = kernelEvent(copy);
  if (name !== 'copy_dma' && name !== 'copy_to_user' && name !== 'copy_from_user' && name !== 'copy_kernel')
    return null;
  const pid = integer(fields, 'pid');
  const call = textOf(text(fields, 'call'));
  const file = yield* fileOf(machine, log, copy, pid, call);
  const task = taskByTid(machine, pid);
  return {
    ...endsOf(machine, copy, dma, file),
    bytes: integer(fields, 'bytes'),
    call,
    pid,
    task: visible(textOf(copy.pid === pid ? copy.task : task ? text(task, 'name') : '')),
    address: name === 'copy_to_user' || name === 'copy_from_user' ? integer(fields, 'addr') : null,
    step: copy.step,
    time: copy.time,
  };
}

function endsOf(
  machine: Machine,
  copy: NumberedEvent,
  dma: FollowedDma,
  file: KernelRecord<'File'> | null,
): Pick<LastCopy, 'kind' | 'way' | 'buffer'> {
  const buffer = bufferOf(file);
  switch (copy.name) {
    case 'copy_to_user':
      return { kind: 'toUser', way: 'toUser', buffer };
    case 'copy_from_user':
      return { kind: 'fromUser', way: 'fromUser', buffer };
    case 'copy_dma': {
      const way = dma.wayAt(copy.step) ?? 'diskIn';
      const isDirect = file !== null && (integer(file, 'flags') & constant(machine, 'O_DIRECT')) !== 0;
      return { kind: 'dma', way, buffer: way.startsWith('net') ? 'socket' : isDirect ? 'user' : 'cache' };
    }
    default:
      return { kind: 'kernel', way: 'kernel', buffer: null };
  }
}

function bufferOf(file: KernelRecord<'File'> | null): LastCopy['buffer'] {
  const kind = file && kindOfFile(file);
  return kind === 'file' ? 'cache' : kind === 'pipe' || kind === 'socket' ? kind : null;
}

/** The open file that the call is about, if its task is in such a call and has the descriptor still. */
function* fileOf(
  machine: Machine,
  log: EventLog,
  copy: NumberedEvent,
  pid: number,
  call: string,
): Generator<Missing, KernelRecord<'File'> | null, void> {
  const task = taskByTid(machine, pid);
  if (!task || !ON_DESCRIPTORS.test(call)) return null;
  const filter = { wants: (name: string) => name === 'sys_enter', pid };
  const enter = (yield* select(log, { from: copy.number, backward: true, filter, most: 1 })).events.at(0);
  const event = enter && kernelEvent(enter);
  if (event?.name !== 'sys_enter' || textOf(text(event.fields, 'name')) !== call) return null;
  const [fd] = members(field(event.fields, 'args'));
  return fdRows(task).find((row) => row.fd === fd)?.file ?? null;
}
