/** Sequences on the host's own kernel, by host.c. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { outcomesOf, type Outcome } from './outcome.js';
import { isTimed, printStep, type Sequence } from './sequence.js';

/** Why there is nothing to compare with, or null. */
export function missing(): string | null {
  if (process.platform !== 'linux') return `the host's kernel is ${process.platform}, not Linux`;
  if (process.arch !== 'x64') return `the host is ${process.arch}: flags and limits are those of x64 here`;
  return spawnSync('cc', ['--version']).status === 0 ? null : 'there is no C compiler (cc)';
}

/** What runs that were killed have left: the directory's name says whose it was. */
function removeAbandoned(place: string): void {
  for (const name of readdirSync(place)) {
    const pid = /^osim-linux-(\d+)-\w+$/.exec(name)?.[1];
    if (pid && !existsSync(`/proc/${pid}`)) rmSync(path.join(place, name), { recursive: true, force: true });
  }
}

/**
 * The host's kernel. It works in a fresh directory, in memory if there is a place for that, and leaves nothing behind.
 */
export class Host {
  private readonly directory: string;
  private runs = 0;

  constructor() {
    const place = existsSync('/dev/shm') && statSync('/dev/shm').isDirectory() ? '/dev/shm' : tmpdir();
    removeAbandoned(place);
    this.directory = mkdtempSync(path.join(place, `osim-linux-${process.pid}-`));
    const source = fileURLToPath(new URL('./host.c', import.meta.url));
    execFileSync('cc', ['-O1', '-w', '-o', path.join(this.directory, 'host'), source, '-pthread', '-lrt']);
  }

  /** `milliseconds`: the length of a slot in timed sequences. */
  run(sequences: ReadonlyMap<number, Sequence>, milliseconds = 20): Map<number, Outcome> {
    const input = [...sequences].map(([number, sequence]) =>
      [`seq ${number} ${isTimed(sequence) ? 1 : 0}`, ...sequence.map(printStep), 'end'].join('\n'),
    );
    const work = path.join(this.directory, `run-${this.runs++}`);
    execFileSync('mkdir', [work]);
    const { stdout, stderr, status, error } = spawnSync(
      path.join(this.directory, 'host'),
      [work, String(milliseconds)],
      {
        input: input.join('\n') + '\n',
        encoding: 'latin1',
        maxBuffer: 1 << 30,
        timeout: 30_000 + sequences.size * 1000,
      },
    );
    execFileSync('chmod', ['-R', 'u+rwx', work]);
    rmSync(work, { recursive: true, force: true });
    if (status !== 0) throw new Error(`host.c: ${error?.message ?? stderr}`);
    return outcomesOf(stdout.split('\n'), sequences);
  }

  dispose(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
