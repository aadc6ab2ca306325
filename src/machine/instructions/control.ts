/** What moves the CPU's own registers, its clock among them. Joined with the others: see loop.ts. */
import { Exit, KERNEL } from '../cpu.js';
import { assertContext, type ContextValue } from '../context.js';
import { WORDS } from '../../isa/isa.js';
import { privileged } from '../native.js';
import { spend } from '../watchdog.js';
import { OPCODE } from '../internal-opcodes.js';
import type { Running } from './running.js';

export function control({
  board,
  history,
  program,
  kind,
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
      case OPCODE.CURRENT:
        if (cpu.mode !== KERNEL) throw privileged('current');
        slots[fp + code[pc + 1]] = cpu.task;
        pc += WORDS;
        continue;
      case OPCODE.NOW:
        if (cpu.mode !== KERNEL) throw privileged('now');
        slots[fp + code[pc + 1]] = cpu.clock;
        pc += WORDS;
        continue;
      case OPCODE.SPEND: {
        kind.settle(cpu, limit - left);
        budget -= limit - left;
        limit = left;
        spend(program, cpu, slots[fp + code[pc + 1]]);
        slots[fp + code[pc + 1]] = null;
        pc += WORDS;
        limit = left = kind.allowance(cpu, budget) | 0;
        continue;
      }
      case OPCODE.COMPUTE: {
        if (cpu.pending !== 0 && cpu.mode !== KERNEL) {
          left++;
          kind.settle(cpu, limit - left);
          cpu.pc = pc;
          cpu.fp = fp;
          cpu.stack = stack;
          return Exit.Budget;
        }
        // It costs what it says and no tick of its own: cut short again and again, it must still come to its end.
        kind.settle(cpu, limit - left - 1);
        kind.settleFree(cpu);
        budget -= limit - left;
        limit = left;
        const base = fp + code[pc + 1];
        const rest = kind.compute(cpu, slots[base]);
        slots[base] = rest;
        if (rest === null) pc += WORDS;
        limit = left = kind.allowance(cpu, budget) | 0;
        continue;
      }
      case OPCODE.SAVE_CONTEXT: {
        if (cpu.mode !== KERNEL) throw privileged('save_context');
        const context = slots[fp + code[pc + 1]] as ContextValue;
        assertContext(context);
        history.touch(context);
        context.pc = pc + WORDS;
        context.fp = fp;
        context.result = fp + code[pc + 1];
        context.pageTable = cpu.pageTable;
        slots[fp + code[pc + 1]] = false;
        pc += WORDS;
        continue;
      }
      case OPCODE.RESTORE_CONTEXT: {
        if (cpu.mode !== KERNEL) throw privileged('restore_context');
        const context = slots[fp + code[pc + 1]] as ContextValue;
        assertContext(context);
        stack.fp = fp;
        stack = context.stack;
        cpu.kernelStack = stack;
        slots = stack.slots;
        fp = context.fp | 0;
        pc = context.pc | 0;
        stack.enter(history, fp);
        if (context.result >= 0) slots[context.result] = true;
        if (entries[pc >> 2] !== 0) left = 0 - left;
        continue;
      }
      case OPCODE.HALT: {
        if (cpu.mode !== KERNEL) throw privileged('halt');
        kind.settle(cpu, limit - left);
        slots[fp + code[pc + 1]] = null;
        cpu.pc = pc + WORDS;
        cpu.fp = fp;
        cpu.stack = stack;
        cpu.halted = true;
        return Exit.Halted;
      }
      case OPCODE.POWER_OFF: {
        if (cpu.mode !== KERNEL) throw privileged('power_off');
        kind.settle(cpu, limit - left);
        cpu.pc = pc;
        cpu.fp = fp;
        cpu.stack = stack;
        board.end('finished', []);
        return Exit.Ended;
      }
      case OPCODE.BREAK: {
        left++;
        kind.settle(cpu, limit - left);
        cpu.pc = pc;
        cpu.fp = fp;
        cpu.stack = stack;
        return Exit.Breakpoint;
      }
    }
  }
}
