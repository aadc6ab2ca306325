/** Coroutines. Joined with the others: see loop.ts. */
import { countFrames, createCoroutine, enterCoroutine, resumedElsewhere } from '../calls.js';
import { CoroutineValue } from '../stack.js';
import { WORDS } from '../../isa/isa.js';
import { Fault, SIGILL } from '../native.js';
import * as operators from '../operators.js';
import { OPCODE } from '../internal-opcodes.js';
import type { Running } from './running.js';

export function coroutines({ board, history, registers, code, cpu, stack, slots, fp, pc }: Running): never {
  for (;;) {
    switch (code[pc]) {
      case OPCODE.COROUTINE: {
        const base = fp + code[pc + 1];
        slots[base] = createCoroutine(board, stack, slots, base, code[pc + 3]);
        pc += WORDS;
        continue;
      }
      case OPCODE.RESUME: {
        const base = fp + code[pc + 1];
        const c = slots[base];
        const sent = code[pc + 3] > 1 ? slots[base + 1] : null;
        if (!(c instanceof CoroutineValue))
          throw new Fault(SIGILL, `resume needs a coroutine, this is ${operators.aKindOf(c)}`);
        if (c.thread !== cpu.kernelStack.thread) throw resumedElsewhere(c, cpu);
        if (c.state === 'done') throw new Fault(SIGILL, 'resume of a coroutine that has returned: test done(c) first');
        enterCoroutine(history, stack, c, fp, { result: base, next: pc + WORDS, end: -1 }, sent);
        stack = c.stack;
        slots = stack.slots;
        fp = c.fp | 0;
        pc = c.pc | 0;
        board.chargeCoroutine();
        break;
      }
      case OPCODE.YIELD: {
        const c = stack.coroutine;
        if (c === null || c.resumer === null)
          throw new Fault(SIGILL, 'yield outside of a coroutine: nobody has resumed this; coroutine(f, …) makes one');
        const value = slots[fp + code[pc + 2]];
        history.touch(c);
        c.pc = pc + WORDS;
        c.fp = fp;
        c.result = fp + code[pc + 1];
        c.state = 'suspended';
        countFrames(board, c, fp + registers[slots[fp - 1] as number]);
        stack.fp = fp;
        stack = c.resumer;
        c.resumer = null;
        fp = c.resumerFp | 0;
        stack.enter(history, fp);
        slots = stack.slots;
        pc = c.resumerPc | 0;
        slots[c.resumerResult] = value;
        board.chargeCoroutine();
        break;
      }
    }
  }
}
