/**
 * Taking back the handles that no global names any more. A program that stores one string after another in a global
 * would otherwise keep them all: a slot is bytes, and overwriting it tells nobody.
 *
 * Mark: all slots of the address space's .data are read, page by page, where a page is present (one that is not holds
 * what the image has, and the image holds no handles). Sweep: HeapValue.sweep(). Call it when `heap.sweepDue`, after a
 * store; the cost is spread over the handles given since the last time.
 */
import type { PhysicalMemory } from './memory.js';
import { PTE_PRESENT, type PageTable } from './mmu.js';
import { SLOT_HANDLE, type HeapValue } from './slots.js';

/**
 * @param base user address of .data, at the beginning of a page
 * @param bytes its size
 */
export function sweepHandles(
  heap: HeapValue,
  memory: PhysicalMemory,
  table: PageTable,
  base: number,
  bytes: number,
): void {
  const marked = new Set<number>();
  for (let page = base; page < base + bytes; page += 4096) {
    const entry = table.get(page);
    if ((entry & PTE_PRESENT) === 0) continue;
    const words = memory.frames[entry >>> 12]?.words;
    if (words === undefined) continue;
    for (let at = 0; at < words.length; at += 2) {
      if (words[at + 1] === SLOT_HANDLE) marked.add(words[at]);
    }
  }
  heap.sweep(marked);
}
