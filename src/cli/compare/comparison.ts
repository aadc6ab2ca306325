/** What came of a comparison: for each variant its runs, put together; medians where there are several. */
import { FIGURE_INFOS, type FigureInfo } from '../../computer/figures.js';
import { STATUS } from '../failure.js';
import type { JobResult, Measurement } from './job.js';
import type { Variant } from './variants.js';

/** A figure of several runs. Of one run all three are the same. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** A variant of which at least one run came to an end. */
export interface Column {
  readonly title: string;
  readonly variant: Variant;
  /** Runs that are in the figures, and the first of them. */
  readonly runs: number;
  readonly sample: Measurement;
  readonly outcome: string;
  readonly figures: Readonly<Record<string, Spread | null>>;
}

export interface Comparison {
  readonly columns: readonly Column[];
  /** The figures that any column has, in order. */
  readonly rows: readonly FigureInfo[];
  /** Whether runs with several seeds are behind each figure. */
  readonly seeds: readonly number[];
}

/** @param results of each variant: one a seed; undefined: it has not been run */
export function comparisonOf(
  variants: readonly Variant[],
  seeds: readonly number[],
  results: readonly (readonly (JobResult | undefined)[])[],
): Comparison {
  const titles = titlesOf(variants);
  const columns = variants.flatMap((variant, i): Column[] => {
    const runs = (results[i] ?? []).filter((result) => result !== undefined && result.failure === undefined);
    const [sample] = runs;
    if (sample === undefined) return [];
    const figures = FIGURE_INFOS.map(({ key }) => [key, spreadOf(runs.map((run) => run.figures[key] ?? null))]);
    const outcome = outcomes(runs.map((run) => run.outcome));
    return [
      { title: titles[i] ?? '', variant, runs: runs.length, sample, outcome, figures: Object.fromEntries(figures) },
    ];
  });
  const rows = FIGURE_INFOS.filter(({ key }) => columns.some(({ figures }) => figures[key] !== null));
  return { columns, rows, seeds };
}

function spreadOf(values: readonly (number | null)[]): Spread | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const [min] = sorted;
  const max = sorted[sorted.length - 1];
  if (min === undefined || max === undefined) return null;
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1] ?? min, sorted[Math.floor(middle)] ?? max];
  return { median: (low + high) / 2, min, max };
}

/** `finished`, or `18 finished, 3 deadlock`. */
function outcomes(all: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const each of all) counts.set(each, (counts.get(each) ?? 0) + 1);
  if (counts.size === 1) return all[0] ?? '';
  return [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
}

/** What tells each variant from the others: its file's name, and the options in which they differ. */
function titlesOf(variants: readonly Variant[]): string[] {
  const names = shortNames(variants.map(({ file }) => file));
  const differ = (of: (variant: Variant) => string | number | undefined): boolean => new Set(variants.map(of)).size > 1;
  const severalFiles = differ(({ file }) => file);
  const params = Object.keys(variants[0]?.set ?? {}).filter((name) => differ(({ set }) => set[name]));
  return variants.map((variant) => {
    const parts = params.map((name) => `${name}=${variant.set[name]}`);
    if (differ(({ scheduler }) => scheduler)) parts.push(baseName(variant.scheduler ?? ''));
    if (differ(({ cpus }) => cpus)) parts.push(`cpus=${variant.cpus}`);
    if (differ(({ costs }) => costs)) parts.push(variant.costs ?? '');
    if (severalFiles || parts.length === 0) parts.unshift(names.get(variant.file) ?? variant.file);
    return parts.join(' ');
  });
}

/** Names without folder and ending, where no two files share one. */
function shortNames(files: readonly string[]): Map<string, string> {
  const distinct = [...new Set(files)];
  const short = distinct.map(baseName);
  return new Map(
    distinct.map((file, i) => [file, short.filter((name) => name === short[i]).length > 1 ? file : (short[i] ?? '')]),
  );
}

function baseName(file: string): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1).replace(/\.osim$/, '');
}

/** The exit status: of all runs, that which `osim run` would put first. */
export function worstStatus(results: readonly (JobResult | undefined)[]): number {
  const order = [STATUS.ERRORS, STATUS.PANIC, STATUS.LIMIT, STATUS.EXPECT_FAILED, STATUS.DEADLOCK];
  const all = new Set(results.flatMap((result) => (result === undefined ? [] : [statusOf(result)])));
  return order.find((status) => all.has(status)) ?? STATUS.OK;
}

function statusOf(result: JobResult): number {
  return result.failure === undefined ? result.status : STATUS.ERRORS;
}
