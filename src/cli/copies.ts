/** The copies of a run as a table: a line for each call, a column for each kind. */
import type { CopyKinds, Stats } from '../computer/report.js';

const KINDS: readonly (keyof CopyKinds)[] = ['dma', 'toUser', 'fromUser', 'kernel'];
const HEADINGS = ['copies', 'DMA', 'to user', 'from user', 'in the kernel'];

/** `sendfile    4 (16384)   ·   1 (5)   ·`: how often, and how many bytes. */
export function copyTable(stats: Stats): string[] {
  const calls = Object.keys(stats.copiesByCall).sort();
  const row = (name: string, copies: CopyKinds | undefined, bytes: CopyKinds | undefined): string[] => [
    name,
    ...KINDS.map((kind) => (copies?.[kind] ? `${copies[kind]} (${bytes?.[kind]})` : '·')),
  ];
  const rows = [
    HEADINGS,
    ...calls.map((call) => row(call, stats.copiesByCall[call], stats.bytesCopiedByCall[call])),
    row('all', stats.copies, stats.bytesCopied),
  ];
  const widths = HEADINGS.map((_, i) => Math.max(...rows.map((cells) => cells[i]?.length ?? 0)));
  const cell = (text: string, i: number): string =>
    i === 0 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0);
  return rows.map((cells) => cells.map(cell).join('  '));
}
