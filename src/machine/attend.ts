/** What the CPU's loop does between two instructions, when the first one has asked for its attention. */
import { ATTENTION } from './attention.js';
import type { Board } from './board.js';
import { Exit, KERNEL, type Cpu } from './cpu.js';
import { liveSizeInPieces } from './live-size.js';
import type { Stack } from './stack.js';
import { MEASURE_EVERY } from './state.js';
import { sweepHeap } from './user-memory.js';
import { toEnd, type Pieces } from './work.js';

/** Does what was asked for. Returns why the CPU is to stop; null when it goes on. */
export function attend(board: Board, cpu: Cpu): Exit | null {
  const { pageFault } = board;
  if (pageFault !== null) {
    board.pageFault = null;
    board.attention &= ~ATTENTION.PAGE_FAULT;
    if (!cpu.kind.handle(cpu, pageFault)) return Exit.Ended;
  }
  const why = board.attention;
  board.attention = 0;
  if (board.extra > 0) {
    cpu.clock += board.extra;
    cpu.userTicks += board.extra;
    board.extra = 0;
  }
  if (why & ATTENTION.MEASURE && !measureObjects(board, cpu)) return Exit.Requested;
  if ((why | board.attention) & ATTENTION.OUTCOME) return Exit.Ended;
  if (why & ATTENTION.STOP) return Exit.Requested;
  return why & ATTENTION.ORDER ? Exit.Budget : null;
}

/**
 * Ends the run when the running process's objects take more than memory has: what is dead costs nothing. Returns
 * whether all have been measured; else that goes on before the next instruction.
 */
function measureObjects(board: Board, cpu: Cpu): boolean {
  if (cpu.mode === KERNEL) return true;
  cpu.stack.fp = cpu.fp;
  sweepHeap(board, cpu);
  const measured = measure(board, cpu.stack);
  if (cpu.kind.interruptible) return board.work.follow(measured);
  toEnd(measured);
  return true;
}

function* measure(board: Board, stack: Stack): Pieces<void> {
  const { registers, memory } = board;
  const live = yield* liveSizeInPieces([stack]);
  registers.measureAt = registers.allocated + Math.max(MEASURE_EVERY, live / 8);
  if (live <= memory.bytes) return;
  const mebibytes = Math.floor(memory.bytes / (1024 * 1024));
  board.end('limit', [
    `the objects (lists, maps, strings …) of one process take more than ${mebibytes} MiB; machine { memory = … } sets another limit`,
  ]);
}
