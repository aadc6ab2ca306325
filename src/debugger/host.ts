/** What a session asks of the place it runs in: a process, a worker of the editor, a browser's worker, a test. */
import type { System } from '../computer/computer.js';

export interface SessionHost {
  /** The kernel and the library as the build made them. */
  system(): Promise<BuiltSystem>;
  /** A file's bytes, by path or URI; rejects with a sentence when it can't be read. */
  read(path: string): Promise<Uint8Array>;
  /** The `.osim` files of a folder, by path or URI: for a kernel of one's own. */
  list?(folder: string): Promise<string[]>;
  /** Milliseconds. Measures slices; never part of a run. */
  now(): number;
  /** Resolves after whatever else waits has had its turn: a pause request, above all. */
  turn(): Promise<void>;
}

export interface BuiltSystem extends System {
  /** Sources of the modules that programs import, by URI: `std:/loop.osim`. */
  modules: Record<string, string>;
}
