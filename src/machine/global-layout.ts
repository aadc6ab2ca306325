/** Where the globals of user mode lie, and what is there before any code runs. */
import type { GlobalInfo, Image } from '../compiler/image.js';
import { SYNC_KINDS } from '../language/sync-objects.js';
import type { PhysicalMemory } from './memory.js';
import { SLOT_SYNC } from './slots.js';

/** Where things lie in a user's address space and in the kernel's. */
export const ADDRESS = {
  USER_TEXT: 0x0804_8000,
  USER_DATA: 0x0900_0000,
  SHARED_DATA: 0x0a00_0000,
  KERNEL: 0xc000_0000,
  KERNEL_TEXT: 0xc010_0000,
  KERNEL_HEAP: 0xc100_0000,
} as const;

const PAGE = 4096;
const SLOT = 8;

export interface LinkedGlobal extends GlobalInfo {
  image: Image['kind'];
  uri: string;
  /** User address of its 8-byte slot, of an array's first; for a kernel global its index in the kernel's data. */
  address: number;
  /** Each thread has its own: this is the address of the first thread's. */
  threadLocal?: boolean;
}

/** Variables of the library of which each thread has its own. They hold integers, begin as 0, and lie side by side. */
const THREAD_LOCALS: readonly string[] = ['errno'];

export class GlobalLayout {
  readonly kernel: LinkedGlobal[] = [];
  readonly user: LinkedGlobal[] = [];
  /** Bytes, whole pages, from ADDRESS.USER_DATA and ADDRESS.SHARED_DATA. */
  readonly dataSize: number;
  readonly sharedSize: number;

  constructor(images: readonly Image[]) {
    let [data, shared] = [0, 0];
    for (const image of images) {
      for (const global of image.globals) {
        const found = { ...global, image: image.kind, uri: image.files[global.file]?.uri ?? '' };
        const bytes = (SLOT + wordsOf(global).bytes) * (global.length ?? 1);
        if (image.kind === 'kernel') {
          this.kernel.push({ ...found, address: this.kernel.length });
        } else if (global.shared) {
          this.user.push({ ...found, address: ADDRESS.SHARED_DATA + shared });
          shared += bytes;
        } else {
          const threadLocal = image.kind === 'library' && THREAD_LOCALS.includes(global.name);
          const own = threadLocal ? { threadLocal } : {};
          this.user.push({ ...found, address: ADDRESS.USER_DATA + data, ...own });
          data += bytes;
        }
      }
    }
    this.dataSize = roundUp(data);
    this.sharedSize = roundUp(shared);
  }

  /** Puts the first values of the page at user address `from` into the frame at `pa`. */
  fill(memory: PhysicalMemory, pa: number, from: number): void {
    memory.fill(pa, 0, PAGE);
    const store = (address: number, size: 4 | 8, value: number): void => {
      if (address >= from && address < from + PAGE) memory.store(pa + address - from, size, value);
    };
    for (const global of this.user) {
      const { address, initial, length = 1, sync } = global;
      const { bytes, kind } = wordsOf(global);
      if (address >= from + PAGE || address + (SLOT + bytes) * length <= from) continue;
      if (sync) {
        for (let i = 0; i < length; i++) {
          const words = address + SLOT * length + bytes * i;
          store(address + SLOT * i, 4, words);
          store(address + SLOT * i + 4, 4, SLOT_SYNC + kind);
          store(words + 4 * (SYNC_KINDS[kind].argument?.word ?? 0), 4, sync.argument);
        }
      } else if (initial !== 0) {
        const first = Math.max(0, (from - address) / SLOT);
        const end = Math.min(length, (from + PAGE - address) / SLOT);
        for (let i = first; i < end; i++) store(address + i * SLOT, SLOT, initial);
      }
    }
  }
}

/** What each slot of a global has behind the slots: the words of a lock, if it holds one. */
function wordsOf({ sync }: GlobalInfo): { kind: number; bytes: number } {
  const kind = SYNC_KINDS.findIndex(({ name }) => name === sync?.kind);
  return { kind, bytes: kind < 0 ? 0 : 4 * SYNC_KINDS[kind].words.length };
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / PAGE) * PAGE;
}
