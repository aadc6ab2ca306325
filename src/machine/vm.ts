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
 * It is one function, and the fused forms (fuse.ts) write out again what their instructions do: a call, or a table of
 * functions, would cost more than the dispatch that a fused form saves.
 */
import { attend } from './attend.js';
import { arrangeArguments, callee, createCoroutine, growStack } from './calls.js';
import { chargeBytes, compare, equal } from './comparisons.js';
import { Exit, KERNEL, USER, type Cpu } from './cpu.js';
import { CoroutineValue } from './stack.js';
import { assertContext, type ContextValue } from './context.js';
import { hardwareField } from './hardware-fields.js';
import { HEADER, WORDS } from '../isa/isa.js';
import { isText, LongString, SHORT } from './long-string.js';
import { returnBeyond } from './kernel-entry.js';
import type { KernelHost } from './kernel-host.js';
import { Fault, privileged, SIGILL } from './native.js';
import * as operators from './operators.js';
import * as parts from './parts.js';
import type { Quick } from './quick.js';
import { loadGlobal, storeGlobal, translateFor } from './user-memory.js';
import { BufferValue, ListValue, RecordValue } from './values.js';
import { spend } from './watchdog.js';

/**
 * All opcodes as literals, in the order of isa.ts and internal-opcodes.ts (a test compares them): only a `switch` over
 * literals becomes a jump table.
 */
export const enum Op {
  MOV,
  LDI,
  LDK,
  ADD,
  SUB,
  MUL,
  DIV,
  MOD,
  AND,
  OR,
  XOR,
  SHL,
  SHR,
  ADDI,
  NEG,
  NOT,
  BNOT,
  EQ,
  NE,
  LT,
  LE,
  JMP,
  JT,
  JF,
  JEQ,
  JNE,
  JLT,
  JLE,
  JGT,
  JGE,
  JEQI,
  JNEI,
  JLTI,
  JLEI,
  JGTI,
  JGEI,
  CALL,
  CALLV,
  RET,
  RET0,
  LIB,
  INTR,
  TRAP,
  YIELD,
  NEW,
  LIST,
  GETF,
  SETF,
  GETI,
  SETI,
  SLICE,
  ITER,
  NEXT,
  GLD,
  GST,
  KLD,
  KST,
  BREAK,
  CALLR,
  RESUME,
  COROUTINE,
  COMPUTE,
  SYSCALL,
  SPEND,
  CURRENT,
  SAVE_CONTEXT,
  RESTORE_CONTEXT,
  HALT,
  POWER_OFF,
  ADDI_JLT,
  ADDI_JLTI,
  ADDI_JMP,
  MOV_MOV,
  MOV_GETF,
  MOV_CALL,
  KLD_GETF,
  GETF_GETF,
  GETF_MOV,
  GETF_ADDI_SETF,
  SETF_GETF,
  ADD_SETF,
  LDK_SETF,
  LDK_JEQ,
  LDK_JNE,
  QUICK,
}

const MAX = Number.MAX_SAFE_INTEGER;
/** A number within this and an immediate operand (32 bits) have an exact sum. */
const NEAR_MAX = MAX - 2 ** 32;

/**
 * Runs `cpu` for at most `budget` instructions, and while its clock is before `deadline` (ticks).
 * @param plainOnly no fused forms and no breakpoints
 */
export function execute(host: KernelHost, cpu: Cpu, budget: number, deadline: number, plainOnly: boolean): Exit {
  const { board } = host;
  const { program, history, kernelData, registers: machineRegisters } = board;
  const { kind } = cpu;
  const { plain, constants, entry, registers, shapes, natives, quick } = program;
  const code = plainOnly ? plain : program.code;
  history.touch(cpu);
  history.touch(machineRegisters);
  let stack = cpu.stack;
  let slots = stack.slots;
  let fp = cpu.fp | 0;
  let pc = cpu.pc | 0;
  stack.run(history, fp);
  let limit = kind.allowance(cpu, budget, deadline) | 0;
  let left = limit;

  for (;;) {
    try {
      for (;;) {
        if (left <= 0) {
          kind.settle(cpu, limit - left);
          budget -= limit - left;
          cpu.pc = pc;
          cpu.fp = fp;
          cpu.stack = stack;
          return Exit.Budget;
        }
        left--;
        switch (code[pc]) {
          case Op.MOV:
            slots[fp + code[pc + 1]] = slots[fp + code[pc + 2]];
            pc += WORDS;
            continue;
          case Op.LDI:
            slots[fp + code[pc + 1]] = code[pc + 2];
            pc += WORDS;
            continue;
          case Op.LDK:
            slots[fp + code[pc + 1]] = constants[code[pc + 2]];
            pc += WORDS;
            continue;
          case Op.ADD: {
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
          case Op.SUB: {
            const x = slots[fp + code[pc + 2]];
            const y = slots[fp + code[pc + 3]];
            if (typeof x === 'number' && typeof y === 'number') {
              const difference = x - y;
              slots[fp + code[pc + 1]] = difference <= MAX && difference >= -MAX ? difference : operators.sub(x, y);
            } else slots[fp + code[pc + 1]] = operators.sub(x, y);
            pc += WORDS;
            continue;
          }
          case Op.MUL:
            slots[fp + code[pc + 1]] = operators.mul(slots[fp + code[pc + 2]], slots[fp + code[pc + 3]]);
            pc += WORDS;
            continue;
          case Op.DIV:
            slots[fp + code[pc + 1]] = operators.div(slots[fp + code[pc + 2]], slots[fp + code[pc + 3]]);
            pc += WORDS;
            continue;
          case Op.MOD:
            slots[fp + code[pc + 1]] = operators.mod(slots[fp + code[pc + 2]], slots[fp + code[pc + 3]]);
            pc += WORDS;
            continue;
          case Op.AND: {
            const x = slots[fp + code[pc + 2]];
            const y = slots[fp + code[pc + 3]];
            // Exact on 32-bit integers; the rest goes the careful way.
            slots[fp + code[pc + 1]] =
              x === ((x as number) | 0) && y === ((y as number) | 0) ? x & y : operators.and(x, y);
            pc += WORDS;
            continue;
          }
          case Op.OR: {
            const x = slots[fp + code[pc + 2]];
            const y = slots[fp + code[pc + 3]];
            slots[fp + code[pc + 1]] =
              x === ((x as number) | 0) && y === ((y as number) | 0) ? x | y : operators.or(x, y);
            pc += WORDS;
            continue;
          }
          case Op.XOR:
            slots[fp + code[pc + 1]] = operators.xor(slots[fp + code[pc + 2]], slots[fp + code[pc + 3]]);
            pc += WORDS;
            continue;
          case Op.SHL:
            slots[fp + code[pc + 1]] = operators.shl(slots[fp + code[pc + 2]], slots[fp + code[pc + 3]]);
            pc += WORDS;
            continue;
          case Op.SHR:
            slots[fp + code[pc + 1]] = operators.shr(slots[fp + code[pc + 2]], slots[fp + code[pc + 3]]);
            pc += WORDS;
            continue;
          case Op.ADDI: {
            const x = slots[fp + code[pc + 2]];
            if (typeof x === 'number') {
              const sum = x + code[pc + 3];
              slots[fp + code[pc + 1]] = sum <= MAX && sum >= -MAX ? sum : operators.addImmediate(x, code[pc + 3]);
            } else slots[fp + code[pc + 1]] = operators.addImmediate(x, code[pc + 3]);
            pc += WORDS;
            continue;
          }
          case Op.NEG:
            slots[fp + code[pc + 1]] = operators.neg(slots[fp + code[pc + 2]]);
            pc += WORDS;
            continue;
          case Op.NOT:
            slots[fp + code[pc + 1]] = !operators.truth(slots[fp + code[pc + 2]]);
            pc += WORDS;
            continue;
          case Op.BNOT:
            slots[fp + code[pc + 1]] = operators.bnot(slots[fp + code[pc + 2]]);
            pc += WORDS;
            continue;
          case Op.EQ: {
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
          case Op.NE: {
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
          case Op.LT: {
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
          case Op.LE: {
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
          case Op.JMP:
            pc = code[pc + 1];
            continue;
          case Op.JT: {
            const x = slots[fp + code[pc + 1]];
            pc = x !== false && x !== 0 && x !== null ? code[pc + 2] : pc + WORDS;
            continue;
          }
          case Op.JF: {
            const x = slots[fp + code[pc + 1]];
            pc = x !== false && x !== 0 && x !== null ? pc + WORDS : code[pc + 2];
            continue;
          }
          case Op.JEQ: {
            const x = slots[fp + code[pc + 1]];
            const y = slots[fp + code[pc + 2]];
            if (x === y || x === null || y === null) {
              pc = x === y ? code[pc + 3] : pc + WORDS;
              continue;
            }
            pc = equal(board, x, y) ? code[pc + 3] : pc + WORDS;
            break;
          }
          case Op.JNE: {
            const x = slots[fp + code[pc + 1]];
            const y = slots[fp + code[pc + 2]];
            if (x === y || x === null || y === null) {
              pc = x === y ? pc + WORDS : code[pc + 3];
              continue;
            }
            pc = equal(board, x, y) ? pc + WORDS : code[pc + 3];
            break;
          }
          case Op.JLT: {
            const x = slots[fp + code[pc + 1]];
            const y = slots[fp + code[pc + 2]];
            if (typeof x === 'number' && typeof y === 'number') {
              pc = x < y ? code[pc + 3] : pc + WORDS;
              continue;
            }
            pc = compare(board, x, y, '<') < 0 ? code[pc + 3] : pc + WORDS;
            break;
          }
          case Op.JLE: {
            const x = slots[fp + code[pc + 1]];
            const y = slots[fp + code[pc + 2]];
            if (typeof x === 'number' && typeof y === 'number') {
              pc = x <= y ? code[pc + 3] : pc + WORDS;
              continue;
            }
            pc = compare(board, x, y, '<=') <= 0 ? code[pc + 3] : pc + WORDS;
            break;
          }
          case Op.JGT: {
            const x = slots[fp + code[pc + 1]];
            const y = slots[fp + code[pc + 2]];
            if (typeof x === 'number' && typeof y === 'number') {
              pc = x > y ? code[pc + 3] : pc + WORDS;
              continue;
            }
            pc = compare(board, x, y, '>') > 0 ? code[pc + 3] : pc + WORDS;
            break;
          }
          case Op.JGE: {
            const x = slots[fp + code[pc + 1]];
            const y = slots[fp + code[pc + 2]];
            if (typeof x === 'number' && typeof y === 'number') {
              pc = x >= y ? code[pc + 3] : pc + WORDS;
              continue;
            }
            pc = compare(board, x, y, '>=') >= 0 ? code[pc + 3] : pc + WORDS;
            break;
          }
          case Op.JEQI: {
            const x = slots[fp + code[pc + 1]];
            pc =
              x === code[pc + 2] || (x === true && code[pc + 2] === 1) || (x === false && code[pc + 2] === 0)
                ? code[pc + 3]
                : pc + WORDS;
            continue;
          }
          case Op.JNEI: {
            const x = slots[fp + code[pc + 1]];
            pc =
              x === code[pc + 2] || (x === true && code[pc + 2] === 1) || (x === false && code[pc + 2] === 0)
                ? pc + WORDS
                : code[pc + 3];
            continue;
          }
          case Op.JLTI: {
            const x = slots[fp + code[pc + 1]];
            const y = code[pc + 2];
            pc = (typeof x === 'number' ? x < y : operators.compare(x, y, '<') < 0) ? code[pc + 3] : pc + WORDS;
            continue;
          }
          case Op.JLEI: {
            const x = slots[fp + code[pc + 1]];
            const y = code[pc + 2];
            pc = (typeof x === 'number' ? x <= y : operators.compare(x, y, '<=') <= 0) ? code[pc + 3] : pc + WORDS;
            continue;
          }
          case Op.JGTI: {
            const x = slots[fp + code[pc + 1]];
            const y = code[pc + 2];
            pc = (typeof x === 'number' ? x > y : operators.compare(x, y, '>') > 0) ? code[pc + 3] : pc + WORDS;
            continue;
          }
          case Op.JGEI: {
            const x = slots[fp + code[pc + 1]];
            const y = code[pc + 2];
            pc = (typeof x === 'number' ? x >= y : operators.compare(x, y, '>=') >= 0) ? code[pc + 3] : pc + WORDS;
            continue;
          }

          // -- fused forms: two instructions, the first already counted -----------------------------------------
          case Op.ADDI_JLT: {
            const x = slots[fp + code[pc + 2]];
            const y = slots[fp + code[pc + 6]];
            const sum = (x as number) + code[pc + 3];
            if (
              left < 1 ||
              typeof x !== 'number' ||
              typeof y !== 'number' ||
              sum > MAX ||
              code[pc + 5] !== code[pc + 1]
            ) {
              // The first instruction alone: the second one stands there by itself, with its breakpoint if it has one.
              slots[fp + code[pc + 1]] = operators.addImmediate(x, code[pc + 3]);
              pc += WORDS;
              continue;
            }
            left--;
            slots[fp + code[pc + 1]] = sum;
            // The limit may be the counter itself (`i < i`), so it is read again.
            pc = sum < (slots[fp + code[pc + 6]] as number) ? code[pc + 7] : pc + 2 * WORDS;
            continue;
          }
          case Op.ADDI_JLTI: {
            const x = slots[fp + code[pc + 2]];
            const sum = (x as number) + code[pc + 3];
            if (left < 1 || typeof x !== 'number' || sum > MAX || code[pc + 5] !== code[pc + 1]) {
              // The first instruction alone: the second one stands there by itself, with its breakpoint if it has one.
              slots[fp + code[pc + 1]] = operators.addImmediate(x, code[pc + 3]);
              pc += WORDS;
              continue;
            }
            left--;
            slots[fp + code[pc + 1]] = sum;
            pc = sum < code[pc + 6] ? code[pc + 7] : pc + 2 * WORDS;
            continue;
          }
          case Op.ADDI_JMP: {
            const x = slots[fp + code[pc + 2]];
            const sum = (x as number) + code[pc + 3];
            if (left < 1 || typeof x !== 'number' || sum > MAX || sum < -MAX) {
              // The first instruction alone: the second one stands there by itself, with its breakpoint if it has one.
              slots[fp + code[pc + 1]] = operators.addImmediate(x, code[pc + 3]);
              pc += WORDS;
              continue;
            }
            left--;
            slots[fp + code[pc + 1]] = sum;
            pc = code[pc + 5];
            continue;
          }

          // The second instruction is left to its own dispatch when it is not the simple case, or does not fit any
          // more.
          case Op.MOV_MOV:
            slots[fp + code[pc + 1]] = slots[fp + code[pc + 2]];
            pc += WORDS;
            if (left <= 0) continue;
            left--;
            slots[fp + code[pc + 1]] = slots[fp + code[pc + 2]];
            pc += WORDS;
            continue;
          case Op.MOV_GETF: {
            slots[fp + code[pc + 1]] = slots[fp + code[pc + 2]];
            pc += WORDS;
            const o = slots[fp + code[pc + 2]];
            const slot = o instanceof RecordValue ? o.shape.slotOf[code[pc + 3]] : -1;
            if (left > 0 && slot >= 0) {
              left--;
              slots[fp + code[pc + 1]] = (o as RecordValue).fields[slot];
              pc += WORDS;
            }
            continue;
          }
          case Op.MOV_CALL: {
            slots[fp + code[pc + 1]] = slots[fp + code[pc + 2]];
            pc += WORDS;
            if (left <= 0) continue;
            left--;
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
            continue;
          }
          case Op.KLD_GETF: {
            if (cpu.mode !== KERNEL) throw privileged('KLD');
            slots[fp + code[pc + 1]] = kernelData.values[code[pc + 2]];
            pc += WORDS;
            const o = slots[fp + code[pc + 2]];
            const slot = o instanceof RecordValue ? o.shape.slotOf[code[pc + 3]] : -1;
            if (left > 0 && slot >= 0) {
              left--;
              slots[fp + code[pc + 1]] = (o as RecordValue).fields[slot];
              pc += WORDS;
            }
            continue;
          }
          case Op.GETF_GETF: {
            const from = slots[fp + code[pc + 2]];
            const at = from instanceof RecordValue ? from.shape.slotOf[code[pc + 3]] : -1;
            slots[fp + code[pc + 1]] =
              at >= 0 ? (from as RecordValue).fields[at] : hardwareField(program, from, code[pc + 3]);
            pc += WORDS;
            const o = slots[fp + code[pc + 2]];
            const slot = o instanceof RecordValue ? o.shape.slotOf[code[pc + 3]] : -1;
            if (left > 0 && slot >= 0) {
              left--;
              slots[fp + code[pc + 1]] = (o as RecordValue).fields[slot];
              pc += WORDS;
            }
            continue;
          }
          case Op.GETF_MOV: {
            const from = slots[fp + code[pc + 2]];
            const at = from instanceof RecordValue ? from.shape.slotOf[code[pc + 3]] : -1;
            slots[fp + code[pc + 1]] =
              at >= 0 ? (from as RecordValue).fields[at] : hardwareField(program, from, code[pc + 3]);
            pc += WORDS;
            if (left <= 0) continue;
            left--;
            slots[fp + code[pc + 1]] = slots[fp + code[pc + 2]];
            pc += WORDS;
            continue;
          }
          case Op.GETF_ADDI_SETF: {
            const from = slots[fp + code[pc + 2]];
            const at = from instanceof RecordValue ? from.shape.slotOf[code[pc + 3]] : -1;
            slots[fp + code[pc + 1]] =
              at >= 0 ? (from as RecordValue).fields[at] : hardwareField(program, from, code[pc + 3]);
            pc += WORDS;
            const x = slots[fp + code[pc + 2]];
            if (left <= 0 || typeof x !== 'number' || x > NEAR_MAX || x < -NEAR_MAX) continue;
            left--;
            slots[fp + code[pc + 1]] = x + code[pc + 3];
            pc += WORDS;
            const to = slots[fp + code[pc + 1]];
            const slot = to instanceof RecordValue ? to.shape.slotOf[code[pc + 2]] : -1;
            if (left > 0 && slot >= 0) {
              left--;
              const record = to as RecordValue;
              if (record.epoch !== history.epoch) history.keep(record);
              record.fields[slot] = slots[fp + code[pc + 3]];
              pc += WORDS;
            }
            continue;
          }
          case Op.SETF_GETF: {
            const to = slots[fp + code[pc + 1]];
            const field = to instanceof RecordValue ? to.shape.slotOf[code[pc + 2]] : -1;
            if (!(field >= 0)) throw parts.missingField(to, program.names[code[pc + 2]]);
            const record = to as RecordValue;
            if (record.epoch !== history.epoch) history.keep(record);
            record.fields[field] = slots[fp + code[pc + 3]];
            pc += WORDS;
            const o = slots[fp + code[pc + 2]];
            const slot = o instanceof RecordValue ? o.shape.slotOf[code[pc + 3]] : -1;
            if (left > 0 && slot >= 0) {
              left--;
              slots[fp + code[pc + 1]] = (o as RecordValue).fields[slot];
              pc += WORDS;
            }
            continue;
          }
          case Op.ADD_SETF: {
            const x = slots[fp + code[pc + 2]];
            const y = slots[fp + code[pc + 3]];
            const sum = typeof x === 'number' && typeof y === 'number' ? x + y : NaN;
            if (!(sum <= MAX && sum >= -MAX)) {
              // The plain addition alone; what is left stands there by itself.
              const result = operators.add(x, y);
              slots[fp + code[pc + 1]] = result;
              if (typeof result !== 'number') board.allocate(4 + (result.length >> 6));
              pc += WORDS;
              continue;
            }
            slots[fp + code[pc + 1]] = sum;
            pc += WORDS;
            const to = slots[fp + code[pc + 1]];
            const slot = to instanceof RecordValue ? to.shape.slotOf[code[pc + 2]] : -1;
            if (left > 0 && slot >= 0) {
              left--;
              const record = to as RecordValue;
              if (record.epoch !== history.epoch) history.keep(record);
              record.fields[slot] = slots[fp + code[pc + 3]];
              pc += WORDS;
            }
            continue;
          }
          case Op.LDK_SETF: {
            slots[fp + code[pc + 1]] = constants[code[pc + 2]];
            pc += WORDS;
            const to = slots[fp + code[pc + 1]];
            const slot = to instanceof RecordValue ? to.shape.slotOf[code[pc + 2]] : -1;
            if (left > 0 && slot >= 0) {
              left--;
              const record = to as RecordValue;
              if (record.epoch !== history.epoch) history.keep(record);
              record.fields[slot] = slots[fp + code[pc + 3]];
              pc += WORDS;
            }
            continue;
          }
          case Op.LDK_JEQ: {
            slots[fp + code[pc + 1]] = constants[code[pc + 2]];
            pc += WORDS;
            if (left <= 0) continue;
            left--;
            const x = slots[fp + code[pc + 1]];
            const y = slots[fp + code[pc + 2]];
            if (x === y || x === null || y === null) {
              pc = x === y ? code[pc + 3] : pc + WORDS;
              continue;
            }
            pc = equal(board, x, y) ? code[pc + 3] : pc + WORDS;
            break;
          }
          case Op.LDK_JNE: {
            slots[fp + code[pc + 1]] = constants[code[pc + 2]];
            pc += WORDS;
            if (left <= 0) continue;
            left--;
            const x = slots[fp + code[pc + 1]];
            const y = slots[fp + code[pc + 2]];
            if (x === y || x === null || y === null) {
              pc = x === y ? pc + WORDS : code[pc + 3];
              continue;
            }
            pc = equal(board, x, y) ? pc + WORDS : code[pc + 3];
            break;
          }

          // -- calls ----------------------------------------------------------------------------------------------
          case Op.CALL: {
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
            continue;
          }
          case Op.CALLR:
          case Op.CALLV: {
            const base = fp + code[pc + 1];
            const f = code[pc] === Op.CALLV ? callee(board, slots[fp + code[pc + 2]]) : code[pc + 2];
            if (base + Math.max(registers[f], code[pc + 3]) > slots.length) {
              growStack(stack, base + Math.max(registers[f], code[pc + 3]));
            }
            arrangeArguments(board, slots, base, f, code[pc + 3]);
            slots[base - 3] = pc + WORDS;
            slots[base - 2] = fp;
            slots[base - 1] = f;
            fp = base;
            pc = entry[f] | 0;
            continue;
          }
          case Op.RET:
          case Op.RET0: {
            const result = code[pc] === Op.RET ? slots[fp + code[pc + 1]] : null;
            const back = slots[fp - 3] as number;
            if (back >= 0) {
              slots[fp] = result;
              pc = back | 0;
              fp = (slots[fp - 2] as number) | 0;
              if (fp - HEADER < stack.saved) stack.extend(fp - HEADER);
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
            limit = left = kind.allowance(cpu, budget, deadline) | 0;
            continue;
          }
          case Op.QUICK:
          case Op.LIB:
          case Op.INTR: {
            const base = fp + code[pc + 1];
            if (code[pc] === Op.QUICK) {
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
            if (code[pc] === Op.INTR && cpu.mode !== KERNEL) throw privileged(program.nativeNames[code[pc + 2]]);
            const result = natives[code[pc + 2]](host, slots, base, code[pc + 3]);
            slots = stack.slots;
            slots[base] = typeof result === 'string' && result.length > SHORT ? LongString.of(result) : result;
            pc += WORDS;
            if (cpu.mode === USER) board.allocate(typeof result === 'string' ? 2 + (result.length >> 3) : 1);
            break;
          }
          case Op.TRAP:
          case Op.SYSCALL: {
            kind.settle(cpu, limit - left);
            budget -= limit - left;
            limit = left = 0;
            const base = fp + code[pc + 1];
            const count = code[pc] === Op.TRAP ? code[pc + 2] + 1 : code[pc + 3];
            stack.fp = fp;
            cpu.fp = fp;
            cpu.stack = stack;
            kind.trap(cpu, slots, base, count, pc + WORDS);
            stack = cpu.stack;
            slots = stack.slots;
            fp = cpu.fp | 0;
            pc = cpu.pc | 0;
            limit = left = kind.allowance(cpu, budget, deadline) | 0;
            continue;
          }

          // -- coroutines -------------------------------------------------------------------------------------------
          case Op.COROUTINE: {
            const base = fp + code[pc + 1];
            slots[base] = createCoroutine(board, stack, slots, base, code[pc + 3]);
            pc += WORDS;
            continue;
          }
          case Op.RESUME: {
            const base = fp + code[pc + 1];
            const c = slots[base];
            const sent = code[pc + 3] > 1 ? slots[base + 1] : null;
            if (!(c instanceof CoroutineValue))
              throw new Fault(SIGILL, `resume needs a coroutine, this is ${operators.aKindOf(c)}`);
            if (c.state === 'done')
              throw new Fault(SIGILL, 'resume of a coroutine that has returned: test done(c) first');
            if (c.state === 'running') throw new Fault(SIGILL, 'resume of a coroutine that is running');
            history.touch(c);
            stack.fp = fp;
            c.resumer = stack;
            c.resumerPc = pc + WORDS;
            c.resumerFp = fp;
            c.resumerResult = base;
            c.stack.enter(history, c.fp);
            c.stack.sp = stack.sp;
            stack = c.stack;
            slots = stack.slots;
            fp = c.fp | 0;
            pc = c.pc | 0;
            if (c.state === 'suspended') slots[c.result] = sent;
            c.state = 'running';
            continue;
          }
          case Op.YIELD: {
            const c = stack.coroutine;
            if (c === null || c.resumer === null)
              throw new Fault(SIGILL, 'yield outside of a coroutine: nobody has resumed this');
            const value = slots[fp + code[pc + 2]];
            history.touch(c);
            c.pc = pc + WORDS;
            c.fp = fp;
            c.result = fp + code[pc + 1];
            c.state = 'suspended';
            stack.fp = fp;
            stack = c.resumer;
            c.resumer = null;
            fp = c.resumerFp | 0;
            stack.enter(history, fp);
            slots = stack.slots;
            pc = c.resumerPc | 0;
            slots[c.resumerResult] = value;
            continue;
          }

          // -- values with parts --------------------------------------------------------------------------------------
          case Op.NEW: {
            const shape = shapes[code[pc + 2]];
            const from = fp + code[pc + 3];
            const fields = slots.slice(from, from + shape.fields.length);
            slots[fp + code[pc + 1]] = new RecordValue(
              history.epoch,
              shape,
              fields,
              cpu.mode === KERNEL ? machineRegisters.addressFor(fields.length) : 0,
            );
            pc += WORDS;
            if (cpu.mode === KERNEL) continue;
            board.allocate(fields.length + 3);
            break;
          }
          case Op.LIST: {
            const from = fp + code[pc + 2];
            const count = code[pc + 3];
            slots[fp + code[pc + 1]] = new ListValue(history.epoch, slots.slice(from, from + count));
            pc += WORDS;
            if (cpu.mode === KERNEL) continue;
            board.allocate(count + 3);
            break;
          }
          case Op.GETF: {
            const o = slots[fp + code[pc + 2]];
            const slot = o instanceof RecordValue ? o.shape.slotOf[code[pc + 3]] : -1;
            slots[fp + code[pc + 1]] =
              slot >= 0 ? (o as RecordValue).fields[slot] : hardwareField(program, o, code[pc + 3]);
            pc += WORDS;
            continue;
          }
          case Op.SETF: {
            const o = slots[fp + code[pc + 1]];
            const slot = o instanceof RecordValue ? o.shape.slotOf[code[pc + 2]] : -1;
            if (!(slot >= 0)) throw parts.missingField(o, program.names[code[pc + 2]]);
            const record = o as RecordValue;
            if (record.epoch !== history.epoch) history.keep(record);
            record.fields[slot] = slots[fp + code[pc + 3]];
            pc += WORDS;
            continue;
          }
          case Op.GETI: {
            const o = slots[fp + code[pc + 2]];
            const key = slots[fp + code[pc + 3]];
            if (o instanceof ListValue && typeof key === 'number') {
              const at = o.head + key;
              if (key >= 0 && at < o.items.length) {
                slots[fp + code[pc + 1]] = o.items[at];
                pc += WORDS;
                continue;
              }
            }
            if (o instanceof BufferValue) {
              const address = o.address + parts.index(key, 'buffer', o.length);
              slots[fp + code[pc + 1]] = board.memory.load(translateFor(board, cpu, address, false), 1);
            } else {
              slots[fp + code[pc + 1]] = parts.getIndex(o, key);
              if (isText(key)) chargeBytes(board, key.length);
            }
            pc += WORDS;
            break;
          }
          case Op.SETI: {
            const o = slots[fp + code[pc + 1]];
            const key = slots[fp + code[pc + 2]];
            const value = slots[fp + code[pc + 3]];
            if (o instanceof BufferValue) {
              const address = o.address + parts.index(key, 'buffer', o.length);
              if (typeof value !== 'number')
                throw new Fault(SIGILL, `a buffer holds bytes, this is ${operators.aKindOf(value)}`);
              board.memory.store(translateFor(board, cpu, address, true), 1, value & 255);
            } else {
              parts.setIndex(history, o, key, value);
              if (isText(key)) chargeBytes(board, key.length);
              if (cpu.mode === USER) board.allocate(4);
            }
            pc += WORDS;
            break;
          }
          case Op.SLICE: {
            const at = fp + code[pc + 3];
            const part = parts.slice(history.epoch, slots[fp + code[pc + 2]], slots[at], slots[at + 1]);
            slots[fp + code[pc + 1]] = part;
            pc += WORDS;
            if (part instanceof ListValue) {
              board.charge(part.length);
              board.allocate(part.length + 3);
            } else board.allocate(2);
            break;
          }
          case Op.ITER: {
            const at = fp + code[pc + 1];
            const from = slots[fp + code[pc + 2]];
            const walked = parts.iterated(history.epoch, from);
            slots[at] = walked;
            slots[at + 1] = 0;
            pc += WORDS;
            if (walked !== from && walked instanceof ListValue) {
              board.charge(walked.length);
              board.allocate(walked.length + 3);
            }
            break;
          }
          case Op.NEXT: {
            const at = fp + code[pc + 1];
            const o = slots[at] as ListValue | string | LongString | BufferValue;
            const i = slots[at + 1] as number;
            if (i >= o.length) {
              pc = code[pc + 3];
              continue;
            }
            if (o instanceof ListValue) slots[fp + code[pc + 2]] = o.items[o.head + i];
            else if (isText(o)) slots[fp + code[pc + 2]] = o.charCodeAt(i);
            else slots[fp + code[pc + 2]] = board.memory.load(translateFor(board, cpu, o.address + i, false), 1);
            slots[at + 1] = i + 1;
            pc += WORDS;
            break;
          }

          // -- globals --------------------------------------------------------------------------------------------
          case Op.GLD:
            slots[fp + code[pc + 1]] = loadGlobal(board, cpu, code[pc + 2]);
            pc += WORDS;
            break;
          case Op.GST:
            storeGlobal(board, cpu, code[pc + 1], slots[fp + code[pc + 2]]);
            pc += WORDS;
            break;
          case Op.KLD:
            if (cpu.mode !== KERNEL) throw privileged('KLD');
            slots[fp + code[pc + 1]] = kernelData.values[code[pc + 2]];
            pc += WORDS;
            continue;
          case Op.KST:
            if (cpu.mode !== KERNEL) throw privileged('KST');
            history.touch(kernelData);
            kernelData.values[code[pc + 1]] = slots[fp + code[pc + 2]];
            pc += WORDS;
            continue;

          // -- what moves the CPU's own registers ----------------------------------------------------------------
          case Op.CURRENT:
            if (cpu.mode !== KERNEL) throw privileged('current');
            slots[fp + code[pc + 1]] = cpu.task;
            pc += WORDS;
            continue;
          case Op.SPEND: {
            kind.settle(cpu, limit - left);
            budget -= limit - left;
            spend(cpu, slots[fp + code[pc + 1]]);
            slots[fp + code[pc + 1]] = null;
            pc += WORDS;
            limit = left = kind.allowance(cpu, budget, deadline) | 0;
            continue;
          }
          case Op.COMPUTE: {
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
            const rest = kind.compute(cpu, slots[base], deadline);
            slots[base] = rest;
            if (rest === null) pc += WORDS;
            limit = left = kind.allowance(cpu, budget, deadline) | 0;
            continue;
          }
          case Op.SAVE_CONTEXT: {
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
          case Op.RESTORE_CONTEXT: {
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
            continue;
          }
          case Op.HALT: {
            if (cpu.mode !== KERNEL) throw privileged('halt');
            kind.settle(cpu, limit - left);
            slots[fp + code[pc + 1]] = null;
            cpu.pc = pc + WORDS;
            cpu.fp = fp;
            cpu.stack = stack;
            cpu.halted = true;
            return Exit.Halted;
          }
          case Op.POWER_OFF: {
            if (cpu.mode !== KERNEL) throw privileged('power_off');
            kind.settle(cpu, limit - left);
            cpu.pc = pc;
            cpu.fp = fp;
            cpu.stack = stack;
            board.end('finished', []);
            return Exit.Ended;
          }
          case Op.BREAK: {
            left++;
            kind.settle(cpu, limit - left);
            cpu.pc = pc;
            cpu.fp = fp;
            cpu.stack = stack;
            return Exit.Breakpoint;
          }
          default:
            throw new Error(`bad opcode ${code[pc]} at ${pc}`);
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
        limit = left = kind.allowance(cpu, budget, deadline) | 0;
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
      limit = left = kind.allowance(cpu, budget, deadline) | 0;
    }
  }
}
