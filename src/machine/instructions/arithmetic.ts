/**
 * Arithmetic. Two integers take the fast path; everything else (strings, overflow, errors) is a call. Joined with the
 * others: see loop.ts.
 */
import { WORDS } from '../../isa/isa.js';
import * as operators from '../operators.js';
import { isCount } from '../operators.js';
import { OPCODE } from '../internal-opcodes.js';
import type { Running } from './running.js';

const MAX = Number.MAX_SAFE_INTEGER;

export function arithmetic({ board, code, slots, fp, pc }: Running): never {
  for (;;) {
    switch (code[pc]) {
      case OPCODE.ADD: {
        const x = slots[fp + code[pc + 2]];
        const y = slots[fp + code[pc + 3]];
        if (typeof x === 'number' && typeof y === 'number') {
          const sum = x + y;
          slots[fp + code[pc + 1]] = sum <= MAX && sum >= -MAX ? sum : operators.add(x, y);
        } else {
          const sum = operators.add(x, y);
          slots[fp + code[pc + 1]] = sum;
          if (typeof sum !== 'number') board.allocate(4 + (sum.length >> 6));
        }
        pc += WORDS;
        continue;
      }
      case OPCODE.SUB: {
        const x = slots[fp + code[pc + 2]];
        const y = slots[fp + code[pc + 3]];
        if (typeof x === 'number' && typeof y === 'number') {
          const difference = x - y;
          slots[fp + code[pc + 1]] = difference <= MAX && difference >= -MAX ? difference : operators.sub(x, y);
        } else slots[fp + code[pc + 1]] = operators.sub(x, y);
        pc += WORDS;
        continue;
      }
      case OPCODE.MUL: {
        const x = slots[fp + code[pc + 2]];
        const y = slots[fp + code[pc + 3]];
        const product = typeof x === 'number' && typeof y === 'number' ? x * y : 0;
        // A zero may be the one with a sign.
        slots[fp + code[pc + 1]] = product <= MAX && product >= -MAX && product !== 0 ? product : operators.mul(x, y);
        pc += WORDS;
        continue;
      }
      case OPCODE.DIV: {
        const x = slots[fp + code[pc + 2]];
        const y = slots[fp + code[pc + 3]];
        slots[fp + code[pc + 1]] = isCount(x) && isCount(y) && y > 0 ? (x / y) | 0 : operators.div(x, y);
        pc += WORDS;
        continue;
      }
      case OPCODE.MOD: {
        const x = slots[fp + code[pc + 2]];
        const y = slots[fp + code[pc + 3]];
        slots[fp + code[pc + 1]] = isCount(x) && isCount(y) && y > 0 ? x % y : operators.mod(x, y);
        pc += WORDS;
        continue;
      }
      case OPCODE.AND: {
        const x = slots[fp + code[pc + 2]];
        const y = slots[fp + code[pc + 3]];
        // Exact on 32-bit integers; the rest goes the careful way.
        slots[fp + code[pc + 1]] = x === ((x as number) | 0) && y === ((y as number) | 0) ? x & y : operators.and(x, y);
        pc += WORDS;
        continue;
      }
      case OPCODE.OR: {
        const x = slots[fp + code[pc + 2]];
        const y = slots[fp + code[pc + 3]];
        slots[fp + code[pc + 1]] = x === ((x as number) | 0) && y === ((y as number) | 0) ? x | y : operators.or(x, y);
        pc += WORDS;
        continue;
      }
      case OPCODE.XOR:
        slots[fp + code[pc + 1]] = operators.xor(slots[fp + code[pc + 2]], slots[fp + code[pc + 3]]);
        pc += WORDS;
        continue;
      case OPCODE.SHL: {
        const x = slots[fp + code[pc + 2]];
        const y = slots[fp + code[pc + 3]];
        slots[fp + code[pc + 1]] = isCount(x) && isCount(y) && y < 21 ? x * (1 << y) : operators.shl(x, y);
        pc += WORDS;
        continue;
      }
      case OPCODE.SHR: {
        const x = slots[fp + code[pc + 2]];
        const y = slots[fp + code[pc + 3]];
        slots[fp + code[pc + 1]] = isCount(x) && isCount(y) && y < 32 ? x >> y : operators.shr(x, y);
        pc += WORDS;
        continue;
      }
      case OPCODE.ADDI: {
        const x = slots[fp + code[pc + 2]];
        if (typeof x === 'number') {
          const sum = x + code[pc + 3];
          slots[fp + code[pc + 1]] = sum <= MAX && sum >= -MAX ? sum : operators.addImmediate(x, code[pc + 3]);
        } else slots[fp + code[pc + 1]] = operators.addImmediate(x, code[pc + 3]);
        pc += WORDS;
        continue;
      }
      case OPCODE.NEG:
        slots[fp + code[pc + 1]] = operators.neg(slots[fp + code[pc + 2]]);
        pc += WORDS;
        continue;
      case OPCODE.NOT:
        slots[fp + code[pc + 1]] = !operators.truth(slots[fp + code[pc + 2]]);
        pc += WORDS;
        continue;
      case OPCODE.BNOT:
        slots[fp + code[pc + 1]] = operators.bnot(slots[fp + code[pc + 2]]);
        pc += WORDS;
        continue;
    }
  }
}
