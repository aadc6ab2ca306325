/** What a session asks of the place it runs in: a process, a worker of the editor, a browser's worker, a test. */
import type { System } from '../computer/computer.js';
import type { Refusal } from '../language/host-file.js';

export interface SessionHost {
  /** The kernel and the library as the build made them. */
  system(): Promise<BuiltSystem>;
  /**
   * A file's bytes, by path or URI, or why it can't be read. With a folder it is a file that a program names, which
   * must lie there, links followed; without one the user names it. Always a regular file, and none that is too large.
   */
  read(path: string, folder?: string): Promise<Uint8Array | Refusal>;
  /**
   * The `.osim` files of a folder and of the folders in it, by path or URI: for a kernel of one's own. Rejects with a
   * sentence.
   */
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
