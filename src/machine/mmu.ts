/**
 * The memory management unit: virtual pages to page frames.
 *
 * A page table maps pages of 4096 bytes in two levels: a directory, and small leaf tables that are made when an entry
 * in their range is first set. A process has few pages, far apart (data, heap, stacks), and there may be ten thousand
 * processes, so a leaf covers 64 pages (256 KiB of addresses). The leaves are what the history saves.
 *
 * The TLB of a CPU keeps 64 translations, direct-mapped: page v can only stand in line v & 63. It holds no address
 * space number: loading another page table empties it. A line allows writes only once the page's entry is dirty, so
 * the first write to a page always walks and marks it, as hardware does.
 */
import type { History, Saveable } from './history.js';
import { MachineError } from './errors.js';
import type { PhysicalMemory } from './memory.js';
import { HardwareValue } from './values.js';

export const PTE_PRESENT = 1;
export const PTE_WRITABLE = 2;
export const PTE_USER = 4;
export const PTE_ACCESSED = 32;
export const PTE_DIRTY = 64;
/** For the kernel's use; the hardware ignores it. */
export const PTE_COW = 512;
/** For the kernel's use; the hardware ignores it. */
export const PTE_SHARED = 1024;

/** The kernel's addresses begin here: user mode has no access. */
export const KERNEL_BASE = 0xc000_0000;

/** What translate() gives instead of an address. */
export const NOT_PRESENT = -1;
export const NO_PERMISSION = -2;

const LEAF_BITS = 6;
const LEAF_SIZE = 1 << LEAF_BITS;
const LEAF_MASK = LEAF_SIZE - 1;

/** A plain array: a small typed one costs more to make, and each fork makes some. */
const EMPTY_LEAF: readonly number[] = Array.from({ length: LEAF_SIZE }, () => 0);

class Leaf implements Saveable {
  entries: number[] = EMPTY_LEAF.slice();
  constructor(public epoch: number) {}
  copyContent(): number[] {
    return this.entries.slice();
  }
  swapContent(content: unknown): number[] {
    const old = this.entries;
    this.entries = content as number[];
    return old;
  }
  /** The entries twice, saved and present. */
  weigh(): number {
    return 2 * (LEAF_SIZE * 8 + 50);
  }
}

/**
 * One address space's page table. An entry is frame * 4096 + flags; 0 means none. It takes the history because the
 * leaves save themselves; the table itself never changes but for empty leaves, which are as good as none.
 */
export class PageTable extends HardwareValue implements Saveable {
  readonly kind = 'page table';
  private readonly leaves = new Map<number, Leaf>();
  epoch: number;
  /** The epoch in which it was made. */
  private readonly born: number;

  constructor(private readonly history: History) {
    super();
    this.epoch = this.born = history.epoch;
  }

  /** The entry for the page of an address. */
  get(address: number): number {
    const vpn = address >>> 12;
    const leaf = this.leaves.get(vpn >>> LEAF_BITS);
    return leaf === undefined ? 0 : leaf.entries[vpn & LEAF_MASK];
  }

  set(address: number, entry: number): void {
    if ((entry | 0) !== entry || entry < 0) throw new MachineError(`not a page-table entry: ${entry}`);
    const vpn = address >>> 12;
    let leaf = this.leaves.get(vpn >>> LEAF_BITS);
    if (leaf === undefined) {
      if (entry === 0) return;
      // As old as the table: in a later epoch the first write saves the empty leaf, and going back empties it again.
      this.leaves.set(vpn >>> LEAF_BITS, (leaf = new Leaf(this.born)));
    }
    if (leaf.entries[vpn & LEAF_MASK] === entry) return;
    if (leaf.epoch !== this.history.epoch) this.history.keep(leaf);
    leaf.entries[vpn & LEAF_MASK] = entry;
  }

  /** The addresses of all pages from `start` to before `end` that have an entry, ascending. */
  pages(start = 0, end = 2 ** 32): number[] {
    const [first, last] = [Math.ceil(start / 4096), Math.ceil(end / 4096) - 1];
    const pages: number[] = [];
    for (const number of this.leavesBetween(first >>> LEAF_BITS, last >>> LEAF_BITS)) {
      const { entries } = this.leaves.get(number) as Leaf;
      for (let i = 0; i < LEAF_SIZE; i++) {
        const page = (number << LEAF_BITS) | i;
        if (entries[i] !== 0 && page >= first && page <= last) pages.push(page * 4096);
      }
    }
    return pages;
  }

  /**
   * Numbers of the leaves from `first` to `last`, ascending. Goes through the range or the leaves, whichever is
   * shorter.
   */
  private leavesBetween(first: number, last: number): number[] {
    if (last - first >= this.leaves.size)
      return [...this.leaves.keys()].filter((number) => number >= first && number <= last).sort((a, b) => a - b);
    const found: number[] = [];
    for (let number = first; number <= last; number++) if (this.leaves.has(number)) found.push(number);
    return found;
  }

  /** The leaves save themselves: nothing is left to save here. */
  copyContent(): null {
    return null;
  }
  swapContent(): null {
    return null;
  }
}

/** Lines of the TLB. */
export const TLB_LINES = 64;

/**
 * A CPU's translations. The fast path of an access, inline in the CPU's loop, for a virtual page number v:
 * read: `tlb.tags[v & 63] === v`; write: `tlb.tags[64 | (v & 63)] === v`; then the frame is at `tlb.frames[v & 63]`.
 */
export class Tlb implements Saveable {
  epoch: number;
  /** Lines 0 … 63: the page that may be read; 64 … 127: the page that may be written. -1: none. */
  tags = new Int32Array(2 * TLB_LINES).fill(-1);
  /** The physical address of the line's frame. */
  frames = new Int32Array(TLB_LINES);
  /** Translations found, as far as translate() was asked; whoever takes the fast path inline counts there (or not). */
  hits = 0;
  misses = 0;
  flushes = 0;

  constructor(private readonly history: History) {
    this.epoch = history.epoch;
  }

  /** The physical address of a page's frame if an access needs no walk, else -1. */
  lookup(vpn: number, write: boolean): number {
    const line = vpn & (TLB_LINES - 1);
    return this.tags[write ? TLB_LINES | line : line] === vpn ? this.frames[line] : -1;
  }

  fill(vpn: number, frame: number, write: boolean): void {
    this.history.touch(this);
    const line = vpn & (TLB_LINES - 1);
    this.tags[line] = vpn;
    this.tags[TLB_LINES | line] = write ? vpn : -1;
    this.frames[line] = frame;
  }

  /** Drops all translations. */
  flush(): void {
    this.history.touch(this);
    this.tags.fill(-1);
    this.flushes++;
  }

  /** Drops the translation of one page, if it is there. */
  flushPage(vpn: number): void {
    this.history.touch(this);
    this.flushes++;
    const line = vpn & (TLB_LINES - 1);
    if (this.tags[line] !== vpn) return;
    this.tags[line] = -1;
    this.tags[TLB_LINES | line] = -1;
  }

  copyContent(): TlbContent {
    const { hits, misses, flushes } = this;
    return { tags: this.tags.slice(), frames: this.frames.slice(), hits, misses, flushes };
  }

  swapContent(content: unknown): TlbContent {
    const { tags, frames, hits, misses, flushes } = this;
    Object.assign(this, content);
    return { tags, frames, hits, misses, flushes };
  }
}

type TlbContent = Pick<Tlb, 'tags' | 'frames' | 'hits' | 'misses' | 'flushes'>;

/**
 * The physical address of a user address, by way of the TLB. Counts a hit or a miss, and marks the page accessed, and
 * dirty for a write, when it walks the table.
 * @returns NOT_PRESENT (-1): the page has no frame; NO_PERMISSION (-2): not writable, not the user's, or no address
 */
export function translate(
  memory: PhysicalMemory,
  table: PageTable | null,
  tlb: Tlb,
  address: number,
  write: boolean,
  history: History,
): number {
  if (table === null || !(address >= 0 && address < KERNEL_BASE)) return NO_PERMISSION;
  const vpn = address >>> 12;
  history.touch(tlb);
  const known = tlb.lookup(vpn, write);
  if (known >= 0) {
    tlb.hits++;
    return known + (address & 4095);
  }
  tlb.misses++;
  const entry = table.get(address);
  if ((entry & PTE_PRESENT) === 0) return NOT_PRESENT;
  if ((entry & PTE_USER) === 0 || (write && (entry & PTE_WRITABLE) === 0)) return NO_PERMISSION;
  const marked = entry | PTE_ACCESSED | (write ? PTE_DIRTY : 0);
  if (marked !== entry) table.set(address, marked);
  const frame = entry - (entry & 4095);
  if (frame >= memory.frameCount * 4096) {
    throw new MachineError(
      `page 0x${(vpn * 4096).toString(16)} is mapped to frame ${frame >>> 12}, which is not there`,
    );
  }
  tlb.fill(vpn, frame, (marked & PTE_WRITABLE) !== 0 && (marked & PTE_DIRTY) !== 0);
  return frame + (address & 4095);
}
