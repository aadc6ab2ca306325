/** What is to be compared: programs, and the values that each option may have; every combination of them is a run. */
import { InvalidArgumentError } from 'commander';
import { Failure } from '../failure.js';
import { integer, type RunOptions } from '../run-options.js';

/** The options' values. A list that is empty: the option is not given. */
export interface Choices {
  files: readonly string[];
  set: ReadonlyMap<string, readonly string[]>;
  schedulers: readonly string[];
  cpus: readonly number[];
  costs: readonly string[];
  seeds: readonly number[];
}

/** One column of the table: a program with its options. Its seeds are runs of their own. */
export interface Variant {
  readonly file: string;
  readonly set: Readonly<Record<string, string>>;
  readonly scheduler?: string;
  readonly cpus?: number;
  readonly costs?: string;
}

/** One run. */
export interface Job extends Variant {
  readonly seed?: number;
  readonly limits: Pick<RunOptions, 'maxTicks' | 'maxSteps' | 'kernel' | 'workspace'>;
}

/** More runs than this are a slip: a comma too many. */
const MOST_RUNS = 10_000;

export function variantsOf({ files, set, schedulers, cpus, costs, seeds }: Choices): Variant[] {
  const lists = [files, ...set.values(), schedulers, cpus, costs, seeds];
  const runs = lists.reduce((product, list) => product * Math.max(1, list.length), 1);
  if (runs > MOST_RUNS) throw new Failure(`These are ${runs} runs; ${MOST_RUNS} at most are compared at a time.`);
  let variants: Variant[] = files.map((file) => ({ file, set: {} }));
  for (const [name, values] of set) {
    variants = variants.flatMap((each) => values.map((value) => ({ ...each, set: { ...each.set, [name]: value } })));
  }
  variants = times(variants, schedulers, (each, scheduler) => ({ ...each, scheduler }));
  variants = times(variants, cpus, (each, number) => ({ ...each, cpus: number }));
  return times(variants, costs, (each, name) => ({ ...each, costs: name }));
}

function times<T>(variants: Variant[], values: readonly T[], using: (each: Variant, value: T) => Variant): Variant[] {
  return values.length === 0 ? variants : variants.flatMap((each) => values.map((value) => using(each, value)));
}

/** The runs of a variant: one, or one a seed. */
export function jobsOf(variant: Variant, seeds: readonly number[], limits: Job['limits']): Job[] {
  const list = seeds.length === 0 ? [undefined] : seeds;
  return list.map((seed) => ({ ...variant, ...(seed !== undefined && { seed }), limits }));
}

/** `rr,fifo`; an empty part is none. */
export function listOf(text: string): string[] {
  return text.split(',').filter((part) => part !== '');
}

/** `0..20`, `1,2,5`, or both mixed. */
export function seedsIn(text: string): number[] {
  const number = integer('--seed', 0);
  return listOf(text).flatMap((part) => {
    const ends = part.split('..');
    const [from, to = from] = ends.map(number);
    if (from === undefined || to === undefined || ends.length > 2 || to < from) {
      throw new InvalidArgumentError(`--seed takes a number, a list, or a range such as 0..20; ${part} is none.`);
    }
    if (to - from >= MOST_RUNS) throw new InvalidArgumentError(`${part} has more than ${MOST_RUNS} seeds.`);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}
