/** Calls: of functions, of library functions and intrinsics, of the system. Joined with the others: see loop.ts. */
import { attend } from '../attend.js';
import { arrangeArguments, callee, growStack } from '../calls.js';
import { KERNEL, USER, type Exit } from '../cpu.js';
import { HEADER, WORDS } from '../../isa/isa.js';
import { LongString, SHORT } from '../long-string.js';
import { returnBeyond } from '../kernel-entry.js';
import { privileged } from '../native.js';
import type { Quick } from '../quick.js';
import { OPCODE } from '../internal-opcodes.js';
import type { Running } from './running.js';

export function calls({
  board,
  host,
  program,
  kind,
  entry,
  registers,
  natives,
  quick,
  code,
  cpu,
  budget,
  stack,
  slots,
  fp,
  pc,
  limit,
  left,
  entries,
}: Running): Exit {
  for (;;) {
    switch (code[pc]) {
      case OPCODE.CALL: {
        const base = fp + code[pc + 1];
        const f = code[pc + 2];
        const top = base + registers[f];
        if (top > slots.length) growStack(stack, top);
        slots[base - 3] = pc + WORDS;
        slots[base - 2] = fp;
        slots[base - 1] = f;
        for (let i = base + code[pc + 3]; i < top; i++) slots[i] = null;
        fp = base;
        pc = entry[f] | 0;
        if (entries[pc >> 2] !== 0) left = 0 - left;
        continue;
      }
      case OPCODE.CALLR:
      case OPCODE.CALLV: {
        const base = fp + code[pc + 1];
        const f = code[pc] === OPCODE.CALLV ? callee(board, slots[fp + code[pc + 2]]) : code[pc + 2];
        if (base + Math.max(registers[f], code[pc + 3]) > slots.length) {
          growStack(stack, base + Math.max(registers[f], code[pc + 3]));
        }
        arrangeArguments(board, slots, base, f, code[pc + 3]);
        slots[base - 3] = pc + WORDS;
        slots[base - 2] = fp;
        slots[base - 1] = f;
        fp = base;
        pc = entry[f] | 0;
        if (entries[pc >> 2] !== 0) left = 0 - left;
        continue;
      }
      case OPCODE.RET:
      case OPCODE.RET0: {
        const result = code[pc] === OPCODE.RET ? slots[fp + code[pc + 1]] : null;
        const back = slots[fp - 3] as number;
        if (back >= 0) {
          slots[fp] = result;
          pc = back | 0;
          fp = (slots[fp - 2] as number) | 0;
          if (fp - HEADER < stack.saved) stack.extend(fp - HEADER);
          if (entries[pc >> 2] !== 0) left = 0 - left;
          continue;
        }
        kind.settle(cpu, limit - left);
        budget -= limit - left;
        limit = left = 0;
        cpu.pc = pc;
        cpu.fp = fp;
        cpu.stack = stack;
        returnBeyond(board, cpu, back, result);
        stack = cpu.stack;
        slots = stack.slots;
        fp = cpu.fp | 0;
        pc = cpu.pc | 0;
        if (board.attention !== 0) {
          const exit = attend(board, cpu);
          if (exit !== null) return exit;
        }
        limit = left = kind.allowance(cpu, budget) | 0;
        if (entries[pc >> 2] !== 0) left = 0 - left;
        continue;
      }
      case OPCODE.QUICK:
      case OPCODE.LIB:
      case OPCODE.INTR: {
        const base = fp + code[pc + 1];
        if (code[pc] === OPCODE.QUICK) {
          const value = (quick[code[pc + 2]] as Quick)(slots, base, code[pc + 3]);
          if (value !== undefined) {
            slots[base] = value;
            pc += WORDS;
            if (cpu.mode === KERNEL) continue;
            board.allocate(1); // as below: the two ways must not differ in anything
            break;
          }
        }
        kind.settle(cpu, limit - left);
        budget -= limit - left;
        limit = left;
        cpu.pc = pc;
        cpu.fp = fp;
        cpu.stack = stack;
        if (code[pc] === OPCODE.INTR && cpu.mode !== KERNEL) throw privileged(program.nativeNames[code[pc + 2]]);
        const result = natives[code[pc + 2]](host, slots, base, code[pc + 3]);
        slots = stack.slots;
        slots[base] = typeof result === 'string' && result.length > SHORT ? LongString.of(result) : result;
        pc += WORDS;
        if (cpu.mode === USER) board.allocate(typeof result === 'string' ? 2 + (result.length >> 3) : 1);
        break;
      }
      case OPCODE.TRAP:
      case OPCODE.SYSCALL: {
        kind.settle(cpu, limit - left);
        budget -= limit - left;
        limit = left = 0;
        const base = fp + code[pc + 1];
        const count = code[pc] === OPCODE.TRAP ? code[pc + 2] + 1 : code[pc + 3];
        stack.fp = fp;
        cpu.fp = fp;
        cpu.stack = stack;
        kind.trap(cpu, slots, base, count, pc + WORDS);
        stack = cpu.stack;
        slots = stack.slots;
        fp = cpu.fp | 0;
        pc = cpu.pc | 0;
        limit = left = kind.allowance(cpu, budget) | 0;
        if (entries[pc >> 2] !== 0) left = 0 - left;
        continue;
      }
    }
  }
}
