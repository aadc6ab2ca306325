/**
 * Runs translated code from where the interpreter is, as long as it goes. A translated function calls the next one as
 * JavaScript does. When one is left before its end, all are: what they were doing stands in the frames, and the
 * interpreter goes on from there. When the interpreter, or a function entered here, returns into the middle of a
 * translated function, that is entered at the block after its call.
 */
import { HEADER } from '../../isa/isa.js';
import { BLOCK_BITS, FUNCTIONS } from '../generated/translated.js';
import type { Cpu } from '../cpu.js';
import type { KernelHost } from '../kernel-host.js';
import type { Stack } from '../stack.js';
import type { Translated } from './running.js';
import { R, UNWIND } from './running.js';

const BLOCK = (1 << BLOCK_BITS) - 1;

/**
 * Executes translated code, from where the interpreter is, with so many instructions left. Afterwards R has what the
 * interpreter is to go on with.
 * @returns what was thrown, undefined if nothing
 */
export function enterTranslated(
  host: KernelHost,
  cpu: Cpu,
  entries: Int32Array,
  stack: Stack,
  fp: number,
  pc: number,
  budget: number,
  limit: number,
  left: number,
): unknown {
  const { board } = host;
  R.host = host;
  R.board = board;
  R.history = board.history;
  R.epoch = board.history.epoch;
  R.program = board.program;
  R.constants = board.program.constants;
  R.kernelData = board.kernelData;
  R.globals = board.kernelData.values;
  R.machineRegisters = board.registers;
  R.cpu = cpu;
  R.kind = cpu.kind;
  R.stack = stack;
  R.slots = stack.slots;
  R.fp = fp;
  R.pc = pc;
  R.budget = budget;
  R.limit = limit;
  R.left = left;
  return runTranslated(entries);
}

/**
 * Runs from R.pc, where a block begins by `entries`. Afterwards R says where the interpreter goes on.
 * @returns what was thrown, undefined if nothing
 */
function runTranslated(entries: Int32Array): unknown {
  R.busy = true;
  try {
    for (;;) {
      const entry = entries[R.pc >> 2];
      const { fp } = R;
      const result = (FUNCTIONS[(entry >>> BLOCK_BITS) - 1] as Translated)(fp, entry & BLOCK);
      if (result === UNWIND) return undefined;
      const { slots, stack } = R;
      R.pc = slots[fp - 3] as number;
      R.fp = slots[fp - 2] as number;
      if (R.fp - HEADER < stack.saved) stack.extend(R.fp - HEADER);
      if (entries[R.pc >> 2] === 0) return undefined;
    }
  } catch (thrown) {
    return thrown ?? new Error('nothing was thrown');
  } finally {
    R.busy = false;
  }
}
