/** What came of a sequence on a kernel, in a form in which two kernels can be compared. */
import { ACTORS, type Sequence } from './sequence.js';

export interface Outcome {
  /** Per actor, what was seen of it, in its own order. */
  lines: string[][];
  /** The run says nothing: the host was too slow for a timed sequence, or the run broke off. */
  unreliable?: string;
}

/** Reads the lines "NUMBER KIND …" of prelude.osim and host.c. What happens after the last slot is not part of it. */
export function outcomesOf(text: readonly string[], sequences: ReadonlyMap<number, Sequence>): Map<number, Outcome> {
  const outcomes = new Map<number, Outcome>();
  for (const number of sequences.keys()) outcomes.set(number, { lines: Array.from({ length: ACTORS }, () => []) });
  for (const line of text) {
    const match = /^(\d+) (\w+) ?(\d+)? ?(\d+)? ?([^]*)$/.exec(line);
    const outcome = match && outcomes.get(Number(match[1]));
    if (!outcome) continue;
    const [, number, kind, actor, second, rest = ''] = match as unknown as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    if (kind === 'late') outcome.unreliable = 'late';
    const steps = sequences.get(Number(number)) as Sequence;
    const mine = outcome.lines[Number(actor)];
    if (!mine) continue;
    if (kind === 'B') mine.push(`step ${second} begins`);
    if (kind === 'E') mine.push(`ends with status ${second}`);
    if (kind === 'H' && Number.parseInt(rest) <= steps.length) mine.push(`handles ${second} in slot ${rest}`);
    if (kind === 'R') {
      const [, slot, result = ''] = /^(\d+) ?([^]*)$/.exec(rest) ?? [];
      if (Number(slot) <= steps.length) mine.push(`step ${second} in slot ${slot}: ${runs(result)}`);
    }
  }
  for (const [number, outcome] of outcomes) {
    if (sequences.get(number)?.some(({ word }) => word.startsWith('aio_'))) outcome.lines.forEach(noticesLast);
  }
  return outcomes;
}

/**
 * A short asynchronous operation may end before the call that starts it has returned: its signal counts as coming
 * later. Two that end in one slot may find the signal of the first handled already or still pending: then they are one,
 * as is every signal below SIGRTMIN. How fast glibc's threads are decides both.
 */
function noticesLast(lines: string[]): void {
  for (let i = lines.length - 2; i >= 0; i--) {
    const slot = /^handles \d+ in slot (\d+) -4$/.exec(lines[i] ?? '')?.[1];
    if (slot === undefined) continue;
    for (let j = i; lines[j + 1]?.includes(` in slot ${slot}`); j++) lines.splice(j, 2, lines[j + 1], lines[j]);
  }
  for (let i = lines.length - 1; i > 0; i--) {
    const [, signal] = /^handles (\d+) in slot \d+ -4$/.exec(lines[i] ?? '') ?? [];
    if (Number(signal) < 32 && lines[i] === lines[i - 1]) lines.splice(i, 1);
  }
}

/**
 * Data are given after a #, by the simulated computer as they are: "3 #aab" is "3 #a*2 b*1". A byte that is no letter
 * is a question mark. What is said after the data begins with a \x01.
 */
function runs(result: string): string {
  const at = result.indexOf('#');
  const end = result.lastIndexOf('\x01from ');
  if (end >= 0) return `${runs(result.slice(0, end))} ${result.slice(end + 1)}`;
  if (at < 0 || result[at + 2] === '*') return result;
  const bytes = result.slice(at + 1).replace(/[^A-Za-z\0]/g, '?');
  const found: string[] = [];
  for (let i = 0; i < bytes.length;) {
    let j = i;
    while (bytes[j] === bytes[i]) j++;
    found.push(`${bytes[i] === '\0' ? '0' : bytes[i]}*${j - i}`);
    i = j;
  }
  return result.slice(0, at + 1) + found.join(' ');
}

/** Steps that came back later than they began, or never. */
export function blockedSteps(outcome: Outcome): number[] {
  const blocked: number[] = [];
  for (const lines of outcome.lines) {
    const open = new Set<number>();
    for (const line of lines) {
      const begins = /^step (\d+) begins/.exec(line);
      const back = /^step (\d+) in slot (\d+)/.exec(line);
      if (begins) open.add(Number(begins[1]));
      if (!back) continue;
      open.delete(Number(back[1]));
      if (Number(back[2]) > Number(back[1]) + 1) blocked.push(Number(back[1]));
    }
    blocked.push(...open);
  }
  return blocked;
}

/** The first line in which two outcomes differ, or null. */
export function difference(linux: Outcome, osim: Outcome): string | null {
  for (let k = 0; k < ACTORS; k++) {
    const a = linux.lines[k] ?? [];
    const b = osim.lines[k] ?? [];
    for (let i = 0; i < Math.max(a.length, b.length); i++) {
      if (a[i] !== b[i]) return `actor ${k}: Linux: ${a[i] ?? 'nothing more'} | OSim: ${b[i] ?? 'nothing more'}`;
    }
  }
  return null;
}
