/** Reads the frames of a stopped machine: which functions are active, innermost first. Changes nothing. */
import type { Board } from './board.js';
import { KERNEL, USER, type Cpu, type Mode } from './cpu.js';
import { ContextValue } from './context.js';
import { HEADER } from '../isa/isa.js';
import type { LinkedFunction } from './link.js';
import { KERNEL_BASE, RETURN, Stack, USER_STATE } from './stack.js';
import { RecordValue, type Value } from './values.js';

export interface Frame {
  function: LinkedFunction;
  /** Word offset of the instruction it will execute next, or of the call that it waits in. */
  pc: number;
  fp: number;
  stack: Stack;
  mode: Mode;
  /** Called by the kernel in place of what the process did: a signal handler. */
  handler: boolean;
}

/** No stack is deeper than its limit of slots; this bounds the walk over a broken one. */
const MOST_FRAMES = 100_000;

/** The frames of what a CPU does now: kernel frames first when it is in the kernel, then the user's. */
export function framesOfCpu(board: Board, cpu: Cpu): Frame[] {
  const frames: Frame[] = [];
  walk(board, cpu.stack, cpu.pc, cpu.fp, cpu.mode, frames);
  return frames;
}

/**
 * The user frames of a task that is in the kernel, from what was saved on its way in. Unlike the others this also
 * serves at a tracepoint, in the middle of kernel code, where the CPU's own registers are not up to date.
 */
export function userFramesBelow(board: Board, task: Value): Frame[] {
  const context = task instanceof RecordValue ? task.fieldNamed('context') : null;
  const frames: Frame[] = [];
  if (context instanceof ContextValue) walk(board, context.stack, context.pc, KERNEL_BASE, KERNEL, frames);
  return frames.filter(({ mode }) => mode === USER);
}

/**
 * The frames of a task (a kernel record with a field `context`): from the CPU that runs it, or from where its context
 * was saved.
 */
export function framesOfTask(board: Board, task: RecordValue): Frame[] {
  const cpu = board.cpus.find((candidate) => candidate.task === task);
  if (cpu) return framesOfCpu(board, cpu);
  const context = task.fieldNamed('context');
  const frames: Frame[] = [];
  if (context instanceof ContextValue) walk(board, context.stack, context.pc, context.fp, KERNEL, frames);
  return frames;
}

function walk(board: Board, first: Stack, firstPc: number, firstFp: number, firstMode: Mode, frames: Frame[]): void {
  let stack = first;
  let pc = firstPc;
  let fp = firstFp;
  let mode = firstMode;
  let waiting = false;
  while (frames.length < MOST_FRAMES && fp >= HEADER) {
    const f = board.program.functions[stack.slots[fp - 1] as number];
    if (!f) return;
    const back = stack.slots[fp - 3] as number;
    // A caller's pc is that of the instruction after the call: show the call.
    const frame: Frame = {
      function: f,
      pc: waiting ? pc - 4 : pc,
      fp,
      stack,
      mode,
      handler: back === RETURN.FROM_HANDLER,
    };
    frames.push(frame);
    waiting = true;
    if (back >= 0) {
      pc = back;
      fp = stack.slots[fp - 2] as number;
      continue;
    }
    const from = fp - HEADER - 2;
    switch (back) {
      case RETURN.TO_USER: {
        const user = stack.slots[USER_STATE.STACK];
        if (!(user instanceof Stack)) return;
        pc = stack.slots[USER_STATE.PC] as number;
        // After a trap the saved pc is the next instruction; after an interrupt or a fault it is the one to execute.
        waiting = (stack.slots[USER_STATE.RESULT] as number) >= 0;
        fp = stack.slots[USER_STATE.FP] as number;
        stack = user;
        mode = USER;
        break;
      }
      case RETURN.TO_KERNEL:
      case RETURN.FROM_HANDLER:
        pc = stack.slots[from] as number;
        fp = stack.slots[from + 1] as number;
        waiting = back === RETURN.TO_KERNEL;
        break;
      case RETURN.COROUTINE_END: {
        const c = stack.coroutine;
        if (!c?.resumer) return;
        pc = c.resumerPc;
        fp = c.resumerFp;
        stack = c.resumer;
        break;
      }
      default:
        return;
    }
  }
}
