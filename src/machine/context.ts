/** What a CPU holds, saved and restored by the context switch: where a task's kernel stack goes on. */
import type { Saveable } from './history.js';
import type { PageTable } from './mmu.js';
import type { Stack } from './stack.js';
import { Fault, SIGILL } from './native.js';
import { HardwareValue, type Value } from './values.js';

type Content = [pc: number, fp: number, result: number, pageTable: PageTable | null];

export class ContextValue extends HardwareValue implements Saveable {
  readonly kind = 'context';
  /** Word offset of the instruction to go on at. */
  pc = 0;
  fp = 0;
  /** Slot that becomes true when the context is restored; -1: none. */
  result = -1;
  /** The page table that was loaded when it was saved, for the reader of the PCB. */
  pageTable: PageTable | null = null;

  constructor(
    public epoch: number,
    /** The task's kernel stack. */
    readonly stack: Stack,
  ) {
    super();
  }

  copyContent(): Content {
    return [this.pc, this.fp, this.result, this.pageTable];
  }
  swapContent(content: unknown): Content {
    const old = this.copyContent();
    [this.pc, this.fp, this.result, this.pageTable] = content as Content;
    return old;
  }
}

export function assertContext(value: Value): asserts value is ContextValue {
  if (!(value instanceof ContextValue)) throw new Fault(SIGILL, 'this is not a context: make one with new_context()');
}
