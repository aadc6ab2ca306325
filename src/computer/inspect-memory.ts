/**
 * Reading (and, for the debugger's inputs, writing) a process's memory through its page table, as the MMU would; pages
 * that are not there are not brought in.
 */
import { ContextValue } from '../machine/context.js';
import type { Board } from '../machine/board.js';
import type { LinkedGlobal } from '../machine/link.js';
import type { Machine } from '../machine/machine.js';
import { PTE_COW, PTE_PRESENT, PTE_WRITABLE, PageTable } from '../machine/mmu.js';
import { decode, encode, HeapValue } from '../machine/slots.js';
import { WordsValue, type Value } from '../machine/values.js';
import { pageTableOf, processOf, taskOn, type Task } from './inspect.js';
import { callKernel, field, hasFunction, integer, record, records, type KernelRecord } from './kernel-records.js';

const PAGE = 4096;
const PROT_WRITE = 2;

/** The physical address of a user address in a task's address space; -1 when the page has no frame. */
export function physical(task: Task, address: number): number {
  const table = pageTableOf(task);
  if (!(table instanceof PageTable)) return -1;
  const entry = table.get(address);
  return (entry & PTE_PRESENT) === 0 ? -1 : entry - (entry & (PAGE - 1)) + (address & (PAGE - 1));
}

/** The bytes from a user address up to `count` of them, or up to the first page that is not there. */
export function readBytes(machine: Board, task: Task, address: number, count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  let done = 0;
  while (done < count) {
    const at = address + done;
    const pa = physical(task, at);
    if (pa < 0) break;
    const piece = Math.min(count - done, PAGE - (at & (PAGE - 1)));
    const frame = machine.memory.frames[Math.floor(pa / PAGE)];
    if (frame) bytes.set(frame.bytes.subarray(pa & (PAGE - 1), (pa & (PAGE - 1)) + piece), done);
    done += piece;
  }
  return done === count ? bytes : bytes.subarray(0, done);
}

/** The area of a task's address space that an address is in. */
export function areaAt(task: Task, address: number): KernelRecord<'Vma'> | undefined {
  const areas = records(record(processOf(task), 'mm'), 'areas');
  return areas.find((area) => integer(area, 'start') <= address && address < integer(area, 'end'));
}

/** Whether a process may write at an address, whether or not a page is there yet. */
export function mayWrite(task: Task, address: number): boolean {
  const area = areaAt(task, address);
  return area !== undefined && (integer(area, 'prot') & PROT_WRITE) !== 0;
}

/**
 * The physical address for a write, as the process itself would get it: the kernel brings the page in, or makes a copy
 * of one that is shared since a fork. -1 if it can't. Part of an input.
 */
export function physicalForWriting(machine: Machine, task: Task, address: number): number {
  const table = pageTableOf(task);
  const entry = table instanceof PageTable ? table.get(address) : 0;
  const ready = PTE_PRESENT | PTE_WRITABLE;
  if ((entry & ready) !== ready && mayAsk(machine)) {
    callKernel(machine, 'handle_mm_fault', [record(processOf(task), 'mm'), address, true]);
  }
  return (entry & PTE_COW) !== 0 && !mayAsk(machine) ? -1 : physical(task, address);
}

/** In the middle of a switch the kernel must not be asked: no time may pass there. */
function mayAsk(machine: Board): boolean {
  return integer(taskOn(machine.cpu), 'state', 1) === 0 && hasFunction(machine, 'handle_mm_fault');
}

/** Writes bytes at a physical address; part of an input, so the history keeps what was there. */
export function writePhysical(machine: Board, pa: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) {
    const at = pa + done;
    const piece = Math.min(bytes.length - done, PAGE - (at & (PAGE - 1)));
    const frame = machine.memory.frame(Math.floor(at / PAGE));
    machine.history.touch(frame);
    frame.bytes.set(bytes.subarray(done, done + piece), at & (PAGE - 1));
    done += piece;
  }
}

/** Where a task has a user global: of some, each thread has its own. */
export function addressOfGlobal(task: Task, global: LinkedGlobal): number {
  if (!global.threadLocal) return global.address;
  const context = field(task, 'context');
  return global.address + (context instanceof ContextValue ? (context.stack.thread?.offset ?? 0) : 0);
}

/** A user global's value in a task's address space; undefined while its page was never touched. */
export function readGlobal(machine: Board, task: Task, global: LinkedGlobal): Value | undefined {
  if (global.length !== undefined) return new WordsValue(global.address, global.length);
  return readSlot(machine, task, addressOfGlobal(task, global));
}

/** The value in the slot at a user address: a global's, or an array element's. */
export function readSlot(machine: Board, task: Task, address: number): Value | undefined {
  const pa = physical(task, address);
  const heap = field(record(processOf(task), 'mm'), 'heap');
  if (pa < 0 || !(heap instanceof HeapValue)) return undefined;
  const frame = machine.memory.frames[Math.floor(pa / PAGE)];
  if (!frame) return 0;
  const at = (pa & (PAGE - 1)) >> 2;
  return decode(frame.words[at], frame.words[at + 1], heap, machine.program.userFunctions);
}

/** The first elements of a shared array, `count` at most; null where a page was never touched. */
export function readElements(machine: Board, task: Task, array: WordsValue, count: number): Value[] | null {
  const elements: Value[] = [];
  for (let i = 0; i < Math.min(count, array.length); i++) {
    const element = readSlot(machine, task, array.address + 8 * i);
    if (element === undefined) return null;
    elements.push(element);
  }
  return elements;
}

/** Sets the slot at a user address; false while its page has no frame. Part of an input. */
export function writeSlot(machine: Machine, task: Task, address: number, value: Value): boolean {
  const pa = physicalForWriting(machine, task, address);
  const heap = field(record(processOf(task), 'mm'), 'heap');
  if (pa < 0 || !(heap instanceof HeapValue)) return false;
  const frame = machine.memory.frame(Math.floor(pa / PAGE));
  machine.history.touch(frame);
  encode(value, heap, frame.words, (pa & (PAGE - 1)) >> 2);
  return true;
}
