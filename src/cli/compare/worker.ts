/**
 * The other side of workers.ts: a process of this same command line that runs one job after another. Whatever a program
 * does to it (memory that runs out, say) it does to this process only.
 */
import type { Command } from 'commander';
import type { BuiltSystem } from '../../debugger/host.js';
import { runJob } from './job.js';
import type { Job } from './variants.js';

/** The hidden command that workers.ts starts. */
export const WORKER_COMMAND = 'compare-worker';

export function compareWorkerCommand(program: Command, system: BuiltSystem): void {
  program.command(WORKER_COMMAND, { hidden: true }).action(() => work(system));
}

async function work(system: BuiltSystem): Promise<void> {
  // Ctrl-C goes to all processes of a terminal. Whoever has started this one says when it is enough.
  process.on('SIGINT', () => {});
  process.on('message', (job) => process.send?.(runJob(system, job as Job)));
  process.send?.('ready');
  await new Promise((resolve) => process.on('disconnect', resolve));
}
