/** A copy in a sentence. */
import type { LastCopy } from '../../computer/views/data/copy.js';
import { number, plural } from '../text.js';

const BUFFERS = { cache: 'the page cache', pipe: 'a pipe', socket: 'a socket buffer' };

export function said({ kind, way, buffer, bytes, call, pid, task, time }: LastCopy): string {
  const who = pid > 0 ? ` of ${pid} ${task}` : '';
  const memory = `the memory${who}`;
  const inKernel = buffer === null || buffer === 'user' ? 'the kernel' : BUFFERS[buffer];
  const device = way.startsWith('net') ? 'the network' : 'the disk';
  const inside = buffer === 'user' ? memory : inKernel;
  const ends = {
    toUser: [inKernel, memory],
    fromUser: [memory, inKernel],
    dma: way.endsWith('Out') ? [inside, device] : [device, inside],
    kernel: ['one page', 'another'],
  }[kind];
  const by = kind === 'dma' ? 'DMA' : 'the CPU';
  const isCall = !['page_fault', 'write_back', 'interrupt'].includes(call);
  const why = isCall ? `${call}()${kind === 'dma' || kind === 'kernel' ? who : ''}` : call.replace('_', ' ');
  return `Tick ${number(time)}: ${plural(bytes, 'byte')} from ${ends[0]} to ${ends[1]} by ${by}, for ${why}.`;
}

export function countOfCopies(count: number): string {
  return `${number(count)} ${count === 1 ? 'copy' : 'copies'}`;
}
