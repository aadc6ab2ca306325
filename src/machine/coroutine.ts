/** A coroutine: a stack of its own in user mode. The kernel knows nothing of it. */
import type { Saveable } from './history.js';
import type { Stack } from './stack.js';
import { HardwareValue } from './values.js';

export type CoroutineState = 'new' | 'suspended' | 'running' | 'done';

type Content = [CoroutineState, number, number, number, Stack | null, number, number, number];

export class CoroutineValue extends HardwareValue implements Saveable {
  readonly kind = 'coroutine';
  state: CoroutineState = 'new';
  /** Where it goes on, and the slot that gets the value sent by resume(). */
  pc = 0;
  fp = 0;
  result = -1;
  /** Who resumed it: stack, pc, fp and the slot that gets the yielded value. */
  resumer: Stack | null = null;
  resumerPc = 0;
  resumerFp = 0;
  resumerResult = -1;

  constructor(
    public epoch: number,
    readonly stack: Stack,
    /** The function it runs, for the reader. */
    readonly functionIndex: number,
  ) {
    super();
    stack.coroutine = this;
  }

  copyContent(): Content {
    return [
      this.state,
      this.pc,
      this.fp,
      this.result,
      this.resumer,
      this.resumerPc,
      this.resumerFp,
      this.resumerResult,
    ];
  }
  swapContent(content: unknown): Content {
    const old = this.copyContent();
    [this.state, this.pc, this.fp, this.result, this.resumer, this.resumerPc, this.resumerFp, this.resumerResult] =
      content as Content;
    return old;
  }
}
