/** User mode's way to memory: globals and buffers, through the TLB of the running CPU. */
import { ATTENTION } from './attention.js';
import type { Board } from './board.js';
import type { Cpu } from './cpu.js';
import { sweepHandles } from './handle-sweep.js';
import { ADDRESS } from './link.js';
import { translate } from './mmu.js';
import { Fault, PageFault, SIGILL } from './native.js';
import { aKindOf } from './operators.js';
import { decode, encode, type HeapValue } from './slots.js';
import { SyncValue, type Value } from './values.js';

/** The physical address of a user address; throws PageFault when the kernel must bring it in, or refuse. */
export function translateFor(board: Board, cpu: Cpu, address: number, write: boolean): number {
  const pa = translated(board, cpu, address, write);
  if (pa >= 0) return pa;
  throw pageFault(cpu, address, write);
}

/** The same, negative in place of a page fault. */
function translated(board: Board, cpu: Cpu, address: number, write: boolean): number {
  const { tlb } = cpu;
  const vpn = address >>> 12;
  if (tlb.tags[write ? 64 | (vpn & 63) : vpn & 63] === vpn) return tlb.frames[vpn & 63] + (address & 4095);
  const misses = tlb.misses;
  const pa = translate(board.memory, cpu.pageTable, tlb, address, write, board.history);
  if (tlb.misses !== misses && board.costs.tlb_miss > 0) board.charge(board.costs.tlb_miss);
  return pa;
}

function pageFault(cpu: Cpu, address: number, write: boolean): PageFault {
  return new PageFault(address, write, (cpu.pageTable?.get(address) ?? 0) !== 0);
}

/** The value of the global, or of any slot of 8 bytes, at a user address. */
export function loadGlobal(board: Board, cpu: Cpu, address: number): Value {
  return slotAt(board, cpu, translateFor(board, cpu, address, false));
}

/**
 * The same; undefined when the kernel must bring its page in first, and the instruction must be executed again. Each
 * child of a fork begins with such a fault, and throwing one takes longer than to serve it.
 */
export function globalIfThere(board: Board, cpu: Cpu, address: number): Value | undefined {
  const pa = translated(board, cpu, address, false);
  if (pa >= 0) return slotAt(board, cpu, pa);
  board.pageFault = pageFault(cpu, address, false);
  board.attention |= ATTENTION.PAGE_FAULT;
  return undefined;
}

function slotAt(board: Board, cpu: Cpu, pa: number): Value {
  const frame = board.memory.frames[pa >>> 12];
  if (frame === undefined) return 0;
  const at = (pa & 4095) >> 2;
  const lo = frame.words[at];
  const hi = frame.words[at + 1];
  return hi === lo >> 31 ? lo : decode(lo, hi, cpu.stack.heap as HeapValue, board.program.userFunctions);
}

/** How far the running thread's own variables lie from the first thread's, bytes. */
export function threadOffset(cpu: Cpu): number {
  return cpu.kernelStack.thread?.offset ?? 0;
}

export function storeGlobal(board: Board, cpu: Cpu, address: number, value: Value): void {
  const pa = translateFor(board, cpu, address, true);
  const frame = board.memory.frame(pa >>> 12);
  if (frame.epoch !== board.history.epoch) board.history.keep(frame);
  const at = (pa & 4095) >> 2;
  if (typeof value === 'number' && (value | 0) === value) {
    frame.words[at] = value;
    frame.words[at + 1] = value >> 31;
    return;
  }
  if (typeof value !== 'number' && address >= ADDRESS.SHARED_DATA && !isShared(board, value)) {
    const why = typeof value === 'object' && value !== null ? "lies in one process's own memory" : 'is none';
    throw new Fault(SIGILL, `a shared var holds an integer, or a lock made with it: ${aKindOf(value)} ${why}`);
  }
  const heap = cpu.stack.heap as HeapValue;
  encode(value, heap, frame.words, at);
  if (heap.sweepDue) sweepHeap(board, cpu);
}

/** A lock that was made as the value of a `shared var`: its words lie where all processes see them. */
function isShared({ program }: Board, value: Value): boolean {
  if (!(value instanceof SyncValue)) return false;
  return value.address >= ADDRESS.SHARED_DATA && value.address < ADDRESS.SHARED_DATA + program.sharedSize;
}

/** Takes back the handles that the running process's globals name no more: what only they hold is dead. */
export function sweepHeap(board: Board, cpu: Cpu): void {
  const { heap } = cpu.stack;
  if (heap && cpu.pageTable) {
    sweepHandles(heap, board.memory, cpu.pageTable, ADDRESS.USER_DATA, board.program.dataSize);
  }
}
