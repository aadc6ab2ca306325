/**
 * Runs a program with history for many steps, then goes back a little: `long-run.ts NAME STEPS` prints what that took.
 */
import { fileURLToPath } from 'node:url';
import { computerFor } from '../system.js';

/** By what the program does, for ever. */
export const RUNS: Readonly<Record<string, string>> = {
  forks: 'process p { while (true) { if (fork() == 0) { exit(0); } wait(); } }',
  'writes a byte a page': `machine { memory = 512 MiB; }
param pages = 40;
process p {
  let m = mmap(0, pages * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);
  while (true) { for (let i = 0; i < pages; i++) { m[4096 * i] = m[4096 * i] + 1 & 255; } }
}`,
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name = '', steps = ''] = process.argv.slice(2);
  // 200 MB of pages.
  const { machine } = computerFor(RUNS[name] ?? '', {
    history: true,
    params: name === 'forks' ? {} : { pages: 51_200 },
  });
  let megabytes = 0;
  while (machine.steps < Number(steps)) {
    machine.run(5_000_000);
    megabytes = Math.max(megabytes, Math.round(process.memoryUsage().rss / 1e6));
  }
  let slowestBack = 0;
  for (const back of [1, 10, 100, 1000]) {
    const began = performance.now();
    machine.seek(machine.steps - back);
    slowestBack = Math.max(slowestBack, Math.round(performance.now() - began));
  }
  process.stdout.write(JSON.stringify({ megabytes, slowestBack }));
}
