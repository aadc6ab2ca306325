/**
 * Lines for a person (log(), log points, printed events, what went wrong) are kept within bounds: a program can make
 * them without end, and costs itself nothing by it. What is too much is left out, and that is said once.
 */
import { LONGEST_LINE } from '../language/limits.js';

/** Characters in all, 16 for each line included. */
export const MOST_LINES = 64 * 2 ** 20;
const LINE_OVERHEAD = 16;

export class Flood {
  private taken = 0;

  /** @param what names the lines in the last one: "log(), log points and events" */
  constructor(
    private readonly what: string,
    private readonly most = MOST_LINES,
  ) {}

  /** The line to show for `line`; null when nothing more is to be shown. */
  admit(line: string): string | null {
    if (this.taken > this.most) return null;
    const shown =
      line.length <= LONGEST_LINE
        ? line
        : `${line.slice(0, LONGEST_LINE)}... (a line has ${LONGEST_LINE} characters at most)`;
    this.taken += shown.length + LINE_OVERHEAD;
    if (this.taken <= this.most) return shown;
    return `${this.what} have come to ${this.most >> 20} MiB: from here on they are not shown. The run goes on.`;
  }
}
