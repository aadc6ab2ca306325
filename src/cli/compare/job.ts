/** One run of a comparison, in whatever process: what it is given, and what comes of it. */
import { figuresOf } from '../../computer/figures.js';
import { verdictOf } from '../../computer/verdict.js';
import type { BuiltSystem } from '../../debugger/host.js';
import { Failure } from '../failure.js';
import { prepare, runToEnd } from '../finished-run.js';
import { problemText } from '../problems.js';
import type { RunOptions } from '../run-options.js';
import { failureText } from '../run.js';
import type { Job } from './variants.js';

/** What a job says when it could not run: lines for people. Or the run's figures, and how it ended. */
export type JobResult = { readonly failure: readonly string[] } | Measurement;

export interface Measurement {
  readonly failure?: undefined;
  readonly outcome: string;
  /** The exit status that `osim run` would have. */
  readonly status: number;
  /** What the outcome is explained by, and the `expect`s that failed. */
  readonly notes: readonly string[];
  /** As they were in this run, whoever set them. */
  readonly scheduler: string;
  readonly cpus: number;
  readonly costs: string;
  /** By key, see computer/figures.ts. */
  readonly figures: Readonly<Record<string, number | null>>;
}

/** Notes of one run that are told. */
const MOST_NOTES = 5;

export function runJob(system: BuiltSystem, job: Job): JobResult {
  const { file, set, limits, seed, scheduler, cpus, costs } = job;
  const options: RunOptions = {
    ...limits,
    set,
    ...(seed !== undefined && { seed }),
    ...(scheduler !== undefined && { scheduler }),
    ...(cpus !== undefined && { cpus }),
    ...(costs !== undefined && { costs }),
  };
  try {
    const { computer, problems } = prepare(system, file, options);
    if (!computer) {
      return { failure: problems.filter(({ severity }) => severity === 'error').map(problemText) };
    }
    const { machine } = computer;
    const { image } = computer.compiled;
    if (image.processes.length === 0) return { failure: [`${file} has no process: there is nothing to measure.`] };
    runToEnd(computer, null, limits);
    const { expects, status } = verdictOf(computer);
    const { kind: outcome, report } = machine.outcome ?? { kind: 'limit', report: [] };
    const failed = expects.filter(({ ok }) => !ok).map(failureText);
    const notes = [...(outcome === 'finished' || outcome === 'idle' ? [] : report), ...failed].slice(0, MOST_NOTES);
    return {
      outcome,
      status,
      notes,
      scheduler: scheduler ?? String(image.machine['scheduler'] ?? 'rr'),
      cpus: machine.cpus.length,
      costs: costs ?? String(image.machine['costs'] ?? 'teaching'),
      figures: figuresOf(computer),
    };
  } catch (error) {
    if (error instanceof Failure) return { failure: [error.message] };
    throw error;
  }
}
