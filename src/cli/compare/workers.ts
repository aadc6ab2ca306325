/**
 * Runs jobs in processes of this same command line, one a core: a job that ends its process is told, and costs no
 * other.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { JobResult } from './job.js';
import type { Job } from './variants.js';
import { WORKER_COMMAND } from './worker.js';

/** Characters of what a worker wrote last, for whoever asks why it ended. */
const LAST_WORDS = 20_000;

/** A job, its place in the list, and who hears of its result. */
interface Assignment {
  job: Job;
  number: number;
}

export class Workers {
  private readonly processes = new Set<ChildProcess>();
  private stopped = false;

  /** @param directory where the build's bundles are */
  constructor(private readonly directory: string) {}

  /** Runs the jobs, `count` at a time; tells of each result as it comes. Ends early when stop() is called. */
  async run(jobs: readonly Job[], count: number, done: (number: number, result: JobResult) => void): Promise<void> {
    const queue = jobs.map((job, number): Assignment => ({ job, number }));
    queue.reverse(); // the first is at the end, where pop() takes it
    const lanes = Array.from({ length: Math.min(count, jobs.length) }, async () => {
      // A process takes jobs until it fails; then another one takes its place.
      while (queue.length > 0 && !this.stopped) await this.lane(queue, done);
    });
    await Promise.all(lanes);
  }

  /** No more jobs, and no more of those that run. */
  stop(): void {
    this.stopped = true;
    for (const child of this.processes) child.kill('SIGKILL');
  }

  /** The life of one process. */
  private lane(queue: Assignment[], done: (number: number, result: JobResult) => void): Promise<void> {
    const entry = join(this.directory, '..', 'bin', 'osim.cjs');
    // What the child writes is kept from the terminal; `execArgv`: the parent's own flags are not for it.
    const child = fork(entry, [WORKER_COMMAND], { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.processes.add(child);
    let words = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-LAST_WORDS);
    });
    let current: Assignment | undefined;
    const next = (): void => {
      current = this.stopped ? undefined : queue.pop();
      if (current) child.send(current.job);
      else child.disconnect();
    };
    child.on('message', (message) => {
      if (current) done(current.number, message as JobResult);
      next();
    });
    return new Promise((resolve) => {
      let over = false;
      const end = (why: string): void => {
        if (over) return;
        over = true;
        this.processes.delete(child);
        // It may have failed before it took a job: then no process will do better, and the job tells why.
        const lost = current ?? (why === '' || this.stopped ? undefined : queue.pop());
        if (lost && !this.stopped) done(lost.number, { failure: [`${lost.job.file}: ${why || 'its process ended'}`] });
        resolve();
      };
      child.on('error', (error) => end(`its process could not be started: ${error.message}`));
      // ('close' is not told of a child whose channel we have closed.) Its last words may come after its exit.
      child.on('exit', (code, signal) => {
        const told = (): void => end(code === 0 ? '' : reasonFor(code, signal, words));
        if (code === 0 || !child.stderr || child.stderr.readableEnded) told();
        else child.stderr.on('close', told);
      });
    });
  }
}

function reasonFor(code: number | null, signal: string | null, words: string): string {
  if (/heap out of memory|Allocation failed/.test(words)) return 'its process has run out of memory of this host';
  const last = words.trim().split('\n').pop() ?? '';
  const how = signal === null ? `with status ${code}` : `by ${signal}`;
  return `its process ended ${how}${last === '' ? '' : `: ${last}`}`;
}
