import type { ExpectResult } from '../computer/expects.js';
import type { UnnamedEnding } from '../computer/unnamed-endings.js';

/** What became of one file of `osim test`. */
export interface FileResult {
  file: string;
  ok: boolean;
  /** Null when it did not run. */
  outcome: string | null;
  /** Ticks. */
  time: number;
  expects: ExpectResult[];
  /** Ends of processes that no `expect` names: each is a failure. */
  endings: UnnamedEnding[];
  /** Diagnostics of the file, as lines. */
  problems: string[];
  /** Of a run that failed: why, and what its programs did wrong. */
  notes: string[];
  /** Exit status that this file alone would give. */
  status: number;
}
