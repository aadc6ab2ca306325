/** Moving values: between registers, from constants, to and from globals. Joined with the others: see loop.ts. */
import { KERNEL } from '../cpu.js';
import { WORDS } from '../../isa/isa.js';
import { PageFault, privileged } from '../native.js';
import { globalIfThere, storeGlobal, threadOffset } from '../user-memory.js';
import { WordsValue } from '../values.js';
import { OPCODE } from '../internal-opcodes.js';
import type { Running } from './running.js';

export function moves({ board, history, kernelData, constants, code, cpu, slots, fp, pc }: Running): never {
  for (;;) {
    switch (code[pc]) {
      case OPCODE.MOV:
        slots[fp + code[pc + 1]] = slots[fp + code[pc + 2]];
        pc += WORDS;
        continue;
      case OPCODE.LDI:
        slots[fp + code[pc + 1]] = code[pc + 2];
        pc += WORDS;
        continue;
      case OPCODE.LDK:
        slots[fp + code[pc + 1]] = constants[code[pc + 2]];
        pc += WORDS;
        continue;
      case OPCODE.GLD: {
        const value = globalIfThere(board, cpu, code[pc + 2]);
        if (value !== undefined) {
          slots[fp + code[pc + 1]] = value;
          pc += WORDS;
        }
        break;
      }
      case OPCODE.GST:
        storeGlobal(board, cpu, code[pc + 1], slots[fp + code[pc + 2]]);
        pc += WORDS;
        break;
      case OPCODE.TLD: {
        const value = globalIfThere(board, cpu, code[pc + 2] + threadOffset(cpu));
        if (value !== undefined) {
          slots[fp + code[pc + 1]] = value;
          pc += WORDS;
        }
        break;
      }
      case OPCODE.TST:
        storeGlobal(board, cpu, code[pc + 1] + threadOffset(cpu), slots[fp + code[pc + 2]]);
        pc += WORDS;
        break;
      case OPCODE.GARR:
        // A remote has no memory of ours: it must fail here, not with the first element.
        if (cpu.pageTable === null) throw new PageFault(code[pc + 2], false, false);
        slots[fp + code[pc + 1]] = new WordsValue(code[pc + 2], code[pc + 3]);
        pc += WORDS;
        board.allocate(1);
        break;
      case OPCODE.KLD:
        if (cpu.mode !== KERNEL) throw privileged('KLD');
        slots[fp + code[pc + 1]] = kernelData.values[code[pc + 2]];
        pc += WORDS;
        continue;
      case OPCODE.KST:
        if (cpu.mode !== KERNEL) throw privileged('KST');
        history.touch(kernelData);
        kernelData.values[code[pc + 1]] = slots[fp + code[pc + 2]];
        pc += WORDS;
        continue;
    }
  }
}
