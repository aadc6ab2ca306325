/** How benches measure: contenders take turns, several rounds, and the median of each counts. */

/** One line of the results. */
export interface Row {
  /** What was measured. */
  what: string;
  /** Our figure. */
  ours: number;
  unit: string;
  /** Whom it is compared with; null when a figure stands alone. */
  peer: string | null;
  /** The peer's figure, in the same unit; null when the peer is not installed. */
  theirs: number | null;
  /** Whether the peer was measured in this run, or its figure was measured elsewhere, once. */
  measured: boolean;
  /** The ratio ours / theirs that we want; null: for information. */
  target: Target | null;
}

/** A bound of a ratio: at least so much, at most so much, or away from 1 by so much at most. */
export type Target = { least: number } | { most: number } | { within: number };

export interface Bench {
  name: string;
  run(): Row[] | Promise<Row[]>;
}

export const ROUNDS = 5;

/** How long each contender warms up, at least: the JIT compiler takes its time over a large function. */
const WARM_UP_MS = 500;

/** Something that does a fixed amount of work when called, and says how many units that were. */
export type Work = () => number;

/**
 * Units per second of each contender: the median of `rounds`, after those that warm up. They take turns.
 * @param warmUp milliseconds
 */
export function rates<Name extends string>(
  contenders: Record<Name, Work>,
  rounds = ROUNDS,
  warmUp = WARM_UP_MS,
): Record<Name, number> {
  const names = Object.keys(contenders) as Name[];
  const figures = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (const name of names) {
    const start = performance.now();
    do contenders[name]();
    while (performance.now() - start < warmUp);
  }
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const start = performance.now();
      const units = contenders[name]();
      figures[name].push((units * 1000) / (performance.now() - start));
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(figures[name])])) as Record<Name, number>;
}

export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2; // never called with none
}
