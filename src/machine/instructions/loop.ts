/**
 * The CPU: one loop over the instructions, for user and kernel code alike.
 *
 * Registers live in local variables while it runs (pc, fp, the stack's slots) and are written back when it leaves.
 * `left` counts instructions down to whatever comes first: the caller's budget or, in user mode, where each costs a
 * tick, the deadline. In the kernel instructions take no time; only spend() does.
 *
 * An instruction that cannot be completed throws (Fault, PageFault) before it has changed anything; `pc` still points
 * at it, the kernel is entered, and if the kernel returns it is executed again.
 *
 * What runs is one function, since a call for each instruction would cost more than the instruction. The build
 * (scripts/interpreter.mts) makes it, generated/interpreter.ts, of this loop and the `case`s of the other files here;
 * and writes out the fused forms from the same `case`s. So each instruction's meaning stands in one place.
 */
import { attend } from '../attend.js';
import { Exit, type Cpu } from '../cpu.js';
import type { KernelHost } from '../kernel-host.js';
import { enterTranslated } from '../translated/driver.js';
import { R } from '../translated/running.js';
import { instructions } from './running.js';

/**
 * Runs `cpu` for at most `budget` instructions, and while its clock is before `deadline` (ticks).
 * @param plainOnly no fused forms and no breakpoints
 */
export function execute(host: KernelHost, cpu: Cpu, budget: number, deadline: number, plainOnly: boolean): Exit {
  const { board } = host;
  cpu.until = deadline;
  const { program, history, kernelData, registers: machineRegisters } = board;
  const { kind } = cpu;
  const { plain, constants, entry, registers, shapes, natives, quick } = program;
  const code = plainOnly ? plain : program.code;
  const entries = plainOnly || !kind.runsTranslated || R.busy ? program.noEntries : program.enterable;
  history.touch(cpu);
  history.touch(machineRegisters);
  let stack = cpu.stack;
  let slots = stack.slots;
  let fp = cpu.fp | 0;
  let pc = cpu.pc | 0;
  stack.run(history, fp);
  let limit = kind.allowance(cpu, budget) | 0;
  let left = limit;
  // Less than 0: translated code comes next, and has so many.
  if (entries[pc >> 2] !== 0) left = 0 - left;

  for (;;) {
    try {
      for (;;) {
        if (left <= 0) {
          if (left === 0) {
            kind.settle(cpu, limit - left);
            budget -= limit - left;
            cpu.pc = pc;
            cpu.fp = fp;
            cpu.stack = stack;
            return Exit.Budget;
          }
          const thrown = enterTranslated(host, cpu, entries, stack, fp, pc, budget, limit, -left);
          stack = R.stack;
          slots = stack.slots;
          fp = R.fp | 0;
          pc = R.pc | 0;
          budget = R.budget;
          limit = R.limit | 0;
          left = R.left | 0;
          if (thrown !== undefined) throw thrown;
        } else {
          left--;
          switch (code[pc]) {
            default:
              instructions({
                board,
                host,
                history,
                program,
                kernelData,
                machineRegisters,
                kind,
                constants,
                entry,
                registers,
                shapes,
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
              });
          }
        }
        // Here come the instructions that may have asked for attention; all others have gone on above.
        if (board.attention === 0) continue;
        kind.settle(cpu, limit - left);
        budget -= limit - left;
        limit = left = 0;
        cpu.pc = pc;
        cpu.fp = fp;
        cpu.stack = stack;
        const exit = attend(board, cpu);
        if (exit !== null) return exit;
        stack = cpu.stack; // the kernel's, after a page fault
        slots = stack.slots;
        fp = cpu.fp | 0;
        pc = cpu.pc | 0;
        limit = left = kind.allowance(cpu, budget) | 0;
        if (entries[pc >> 2] !== 0) left = 0 - left;
      }
    } catch (thrown) {
      kind.settle(cpu, limit - left);
      budget -= limit - left;
      cpu.pc = pc;
      cpu.fp = fp;
      cpu.stack = stack;
      if (!kind.handle(cpu, thrown)) return Exit.Ended;
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
    }
  }
}
