/**
 * Breakpoints are patched into the fast code; the plain code stays as it is. Translated code knows none: with one in
 * the kernel or the library, these are interpreted.
 */
import { WORDS } from '../isa/isa.js';
import { FUSED_BEFORE } from './fuse.js';
import { INTERNAL } from './internal-opcodes.js';
import type { Linked } from './link.js';

export class CodeBreakpoints {
  private pcs: ReadonlySet<number> = new Set();

  constructor(private readonly program: Linked) {}

  /** Sets them at these word offsets, and nowhere else. Returns where they were. */
  set(pcs: Iterable<number>): ReadonlySet<number> {
    const { code, fast, plain } = this.program;
    const reach = FUSED_BEFORE * WORDS;
    const before = this.pcs;
    for (const pc of before) for (let at = Math.max(0, pc - reach); at <= pc; at += WORDS) code[at] = fast[at];
    this.pcs = new Set(pcs);
    // A fused form that begins before a breakpoint would run over it.
    for (const pc of this.pcs) for (let at = Math.max(0, pc - reach); at < pc; at += WORDS) code[at] = plain[at];
    for (const pc of this.pcs) code[pc] = INTERNAL.BREAK;
    const isOwn = (pc: number): boolean => this.program.functionAt(pc)?.image === 'program';
    this.program.enterable = [...this.pcs].every(isOwn) ? this.program.translated : this.program.noEntries;
    return before;
  }
}
