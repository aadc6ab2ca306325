/** What the Data path view asks for, beyond the kernel's counts: plain data. */
import type { DmaTotals, DmaWay } from './dma.js';

export interface LastCopy {
  kind: 'dma' | 'toUser' | 'fromUser' | 'kernel';
  way: DmaWay | 'toUser' | 'fromUser' | 'kernel';
  /**
   * The kernel's buffer that the bytes came from or went to, where the call tells which: the page cache, a pipe, a
   * socket. Of DMA past the page cache (O_DIRECT) it is the user's own.
   */
  buffer: 'cache' | 'pipe' | 'socket' | 'user' | null;
  bytes: number;
  /** The call for which it was; or `page_fault`, `write_back`, `interrupt`. */
  call: string;
  /** For whom; 0 when that is not known. */
  pid: number;
  task: string;
  /** In user memory; null of a copy that does not touch it. */
  address: number | null;
  step: number;
  /** Ticks. */
  time: number;
}

export interface DataPathAnswer {
  dma: DmaTotals;
  last: LastCopy | null;
}
