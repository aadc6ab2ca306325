/**
 * The network in the Variables view: the card's ring and queue, the frames on the link, the remotes and their
 * connections, and what TIME_WAIT keeps of connections.
 */
import { showAddress } from '../machine/text.js';
import type { CardBuffer } from '../machine/network/card.js';
import { describeFrame, dotted } from '../machine/network/frame.js';
import type { Endpoint } from '../machine/network/endpoint.js';
import type { Remote } from '../machine/network/remote.js';
import { flag, globalRecords, integer, record } from '../computer/kernel-records.js';
import { internetAddress } from './file-names.js';
import { Group, Row, type Container, type Part, type Reading } from './containers.js';

/** The row of the network; null when this computer has nothing to do with one. */
export function networkPart(reading: Reading): Part | null {
  const { network } = reading.machine;
  const { posted, filled, sending } = network.card.buffers;
  const { remotes } = network.farSide;
  if (remotes.length === 0 && posted.length + filled.length + sending.length === 0) return null;
  const link = network.underWay();
  const text = `${posted.length} buffers free, ${filled.length} filled, ${sending.length} to send, ${link.length} on the link`;
  return shown(
    'network',
    text,
    new Group(5, () => [
      list('receive ring: free', posted, (buffer) => bufferPart(reading, buffer, '')),
      list('receive ring: filled', filled, (buffer) => bufferPart(reading, buffer, frameIn(reading, buffer))),
      list('to send', sending, (buffer) => bufferPart(reading, buffer, frameIn(reading, buffer))),
      list('on the link', link, (frame) => ({ text: describeFrame(frame) })),
      list('remotes', remotes, remotePart),
    ]),
  );
}

/** Connections that are over on both sides, and whose ports are still taken; null when there are none. */
export function timeWaitPart({ machine }: Reading): Part | null {
  const now = machine.time;
  // The kernel takes out those that are over when it looks next.
  const waiting = globalRecords(machine, 'time_waits').filter((tw) => !flag(tw, 'gone') && integer(tw, 'until') > now);
  if (waiting.length === 0) return null;
  return list('TIME_WAIT', waiting, (tw) => ({
    text:
      `TCP ${internetAddress(record(tw, 'name'))} ⇄ ${internetAddress(record(tw, 'peer_name'))}, ` +
      `for ${integer(tw, 'until') - now} more ticks`,
  }));
}

type Contents = Omit<Part, 'name' | 'expression' | 'fixed'>;

function shown(name: string, text: string, inside?: Container | null): Part {
  return { name, text, expression: null, fixed: true, ...(inside ? { inside } : {}) };
}

function list<T>(name: string, items: readonly T[], contents: (item: T) => Contents): Part {
  const row = new Row(items.length, (i) => ({ ...shown(String(i), ''), ...contents(items[i]) }));
  return shown(name, String(items.length), items.length > 0 ? row : null);
}

function bufferPart(reading: Reading, { pa, length }: CardBuffer, what: string): Contents {
  const text = `${length} bytes at physical ${showAddress(pa)}${what === '' ? '' : `: ${what}`}`;
  return { text, memory: reading.physicalMemory(pa) };
}

function frameIn({ machine }: Reading, { pa, length }: CardBuffer): string {
  const frame = new Uint8Array(length);
  machine.memory.readBytes(pa, frame);
  return describeFrame(frame);
}

function remotePart(remote: Remote): Contents {
  const { open, label, address, doing } = remote;
  const inside = new Row(open.length, (i) => shown(String(i), connectionText(open[i])));
  return { text: `${label}, ${dotted(address)}: ${doing}`, ...(open.length > 0 ? { inside } : {}) };
}

function connectionText({ localPort, port, state, unacknowledged, waiting }: Endpoint): string {
  return `port ${localPort} to our ${port}: ${state}, ${unacknowledged} bytes not acknowledged, ${waiting} to read`;
}
