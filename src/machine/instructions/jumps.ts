/** Comparisons, and jumps that depend on them. Joined with the others: see loop.ts. */
import { compare, equal } from '../comparisons.js';
import { WORDS } from '../../isa/isa.js';
import * as operators from '../operators.js';
import { OPCODE } from '../internal-opcodes.js';
import type { Running } from './running.js';

export function jumps({ board, code, slots, fp, pc }: Running): never {
  for (;;) {
    switch (code[pc]) {
      case OPCODE.EQ: {
        const x = slots[fp + code[pc + 2]];
        const y = slots[fp + code[pc + 3]];
        if (x === y || x === null || y === null) {
          slots[fp + code[pc + 1]] = x === y;
          pc += WORDS;
          continue;
        }
        slots[fp + code[pc + 1]] = equal(board, x, y);
        pc += WORDS;
        break;
      }
      case OPCODE.NE: {
        const x = slots[fp + code[pc + 2]];
        const y = slots[fp + code[pc + 3]];
        if (x === y || x === null || y === null) {
          slots[fp + code[pc + 1]] = x !== y;
          pc += WORDS;
          continue;
        }
        slots[fp + code[pc + 1]] = !equal(board, x, y);
        pc += WORDS;
        break;
      }
      case OPCODE.LT: {
        const x = slots[fp + code[pc + 2]];
        const y = slots[fp + code[pc + 3]];
        if (typeof x === 'number' && typeof y === 'number') {
          slots[fp + code[pc + 1]] = x < y;
          pc += WORDS;
          continue;
        }
        slots[fp + code[pc + 1]] = compare(board, x, y, '<') < 0;
        pc += WORDS;
        break;
      }
      case OPCODE.LE: {
        const x = slots[fp + code[pc + 2]];
        const y = slots[fp + code[pc + 3]];
        if (typeof x === 'number' && typeof y === 'number') {
          slots[fp + code[pc + 1]] = x <= y;
          pc += WORDS;
          continue;
        }
        slots[fp + code[pc + 1]] = compare(board, x, y, '<=') <= 0;
        pc += WORDS;
        break;
      }
      case OPCODE.JMP:
        pc = code[pc + 1];
        continue;
      case OPCODE.JT: {
        const x = slots[fp + code[pc + 1]];
        pc = x !== false && x !== 0 && x !== null ? code[pc + 2] : pc + WORDS;
        continue;
      }
      case OPCODE.JF: {
        const x = slots[fp + code[pc + 1]];
        pc = x !== false && x !== 0 && x !== null ? pc + WORDS : code[pc + 2];
        continue;
      }
      case OPCODE.JEQ: {
        const x = slots[fp + code[pc + 1]];
        const y = slots[fp + code[pc + 2]];
        if (x === y || x === null || y === null) {
          pc = x === y ? code[pc + 3] : pc + WORDS;
          continue;
        }
        pc = equal(board, x, y) ? code[pc + 3] : pc + WORDS;
        break;
      }
      case OPCODE.JNE: {
        const x = slots[fp + code[pc + 1]];
        const y = slots[fp + code[pc + 2]];
        if (x === y || x === null || y === null) {
          pc = x === y ? pc + WORDS : code[pc + 3];
          continue;
        }
        pc = equal(board, x, y) ? pc + WORDS : code[pc + 3];
        break;
      }
      case OPCODE.JLT: {
        const x = slots[fp + code[pc + 1]];
        const y = slots[fp + code[pc + 2]];
        if (typeof x === 'number' && typeof y === 'number') {
          pc = x < y ? code[pc + 3] : pc + WORDS;
          continue;
        }
        pc = compare(board, x, y, '<') < 0 ? code[pc + 3] : pc + WORDS;
        break;
      }
      case OPCODE.JLE: {
        const x = slots[fp + code[pc + 1]];
        const y = slots[fp + code[pc + 2]];
        if (typeof x === 'number' && typeof y === 'number') {
          pc = x <= y ? code[pc + 3] : pc + WORDS;
          continue;
        }
        pc = compare(board, x, y, '<=') <= 0 ? code[pc + 3] : pc + WORDS;
        break;
      }
      case OPCODE.JGT: {
        const x = slots[fp + code[pc + 1]];
        const y = slots[fp + code[pc + 2]];
        if (typeof x === 'number' && typeof y === 'number') {
          pc = x > y ? code[pc + 3] : pc + WORDS;
          continue;
        }
        pc = compare(board, x, y, '>') > 0 ? code[pc + 3] : pc + WORDS;
        break;
      }
      case OPCODE.JGE: {
        const x = slots[fp + code[pc + 1]];
        const y = slots[fp + code[pc + 2]];
        if (typeof x === 'number' && typeof y === 'number') {
          pc = x >= y ? code[pc + 3] : pc + WORDS;
          continue;
        }
        pc = compare(board, x, y, '>=') >= 0 ? code[pc + 3] : pc + WORDS;
        break;
      }
      case OPCODE.JEQI: {
        const x = slots[fp + code[pc + 1]];
        pc =
          x === code[pc + 2] || (x === true && code[pc + 2] === 1) || (x === false && code[pc + 2] === 0)
            ? code[pc + 3]
            : pc + WORDS;
        continue;
      }
      case OPCODE.JNEI: {
        const x = slots[fp + code[pc + 1]];
        pc =
          x === code[pc + 2] || (x === true && code[pc + 2] === 1) || (x === false && code[pc + 2] === 0)
            ? pc + WORDS
            : code[pc + 3];
        continue;
      }
      case OPCODE.JLTI: {
        const x = slots[fp + code[pc + 1]];
        const y = code[pc + 2];
        pc = (typeof x === 'number' ? x < y : operators.compare(x, y, '<') < 0) ? code[pc + 3] : pc + WORDS;
        continue;
      }
      case OPCODE.JLEI: {
        const x = slots[fp + code[pc + 1]];
        const y = code[pc + 2];
        pc = (typeof x === 'number' ? x <= y : operators.compare(x, y, '<=') <= 0) ? code[pc + 3] : pc + WORDS;
        continue;
      }
      case OPCODE.JGTI: {
        const x = slots[fp + code[pc + 1]];
        const y = code[pc + 2];
        pc = (typeof x === 'number' ? x > y : operators.compare(x, y, '>') > 0) ? code[pc + 3] : pc + WORDS;
        continue;
      }
      case OPCODE.JGEI: {
        const x = slots[fp + code[pc + 1]];
        const y = code[pc + 2];
        pc = (typeof x === 'number' ? x >= y : operators.compare(x, y, '>=') >= 0) ? code[pc + 3] : pc + WORDS;
        continue;
      }
    }
  }
}
