/**
 * Whatever a program does, the debugger answers: "pause" stops it soon. How soon is measured here; it is the one test
 * that looks at the host's clock, with margins that a busy host keeps. OSIM_LONG asserts the figures that are promised,
 * after a longer run of each program. OSIM_RUNAWAY names a part of those that are wanted.
 */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { clientFor, PROGRAM } from './client.js';
import { RUNAWAYS, type Runaway } from './runaway-programs.js';

const LONG = Boolean(process.env['OSIM_LONG']);
/** Milliseconds that each program runs before it is paused. */
const RUN_UP = Number(process.env['OSIM_RUN_UP'] ?? (LONG ? 3000 : 120));
/** Milliseconds. */
const MOST = LONG ? { median: 100, worst: 500 } : { median: 2500, worst: 5000 };
const WANTED = process.env['OSIM_RUNAWAY'];

describe('debugger: pause', function () {
  this.timeout(60_000);
  // Beside much other work one program in sixty stood still already, once in two runs: why is not known yet. Whoever
  // meets it again reads below how far it had come.
  const latencies: { name: string; ms: number }[] = [];

  for (const runaway of RUNAWAYS.filter(({ name }) => WANTED === undefined || name.includes(WANTED))) {
    it(`stops ${runaway.name}`, async () => {
      const ms = await latencyOf(runaway);
      latencies.push({ name: runaway.name, ms });
      assert.ok(ms <= MOST.worst, `it took ${Math.round(ms)} ms`);
    });
  }

  after(() => {
    if (latencies.length === 0) return;
    latencies.sort((a, b) => a.ms - b.ms);
    const median = latencies[latencies.length >> 1]?.ms ?? 0;
    const shown = latencies.slice(-5).map(({ name, ms }) => `${name} ${Math.round(ms)} ms`);
    console.log(`      ${latencies.length} programs: median ${Math.round(median)} ms; slowest: ${shown.join(', ')}`);
    assert.ok(median <= MOST.median, `the median is ${median} ms`);
  });
});

/** Milliseconds from the moment at which the user wants a pause to the event that tells of the stop. */
async function latencyOf({ text, launch, logPoint, endsSoon }: Runaway): Promise<number> {
  const client = clientFor(text);
  await client.initialize();
  await client.request('launch', { program: PROGRAM, stopOnExit: true, ...launch });
  await client.event('initialized');
  if (logPoint !== undefined) await client.breakpoints(PROGRAM, [{ line: 2, logMessage: logPoint }]);
  await client.request('setExceptionBreakpoints', { filters: [] });
  const runUp = endsSoon ? Math.min(RUN_UP, 120) : RUN_UP;
  const wanted = performance.now() + runUp;
  const timer = delay(runUp);
  await client.request('configurationDone');
  await timer;
  const stopped = client.stopped();
  await client.request('pause', { threadId: 1 }).catch((error: Error) => {
    const { machine } = client.session.loaded();
    console.log(`      refused at step ${machine.steps}: ${JSON.stringify(machine.outcome)}`);
    console.log(
      client.events
        .slice(-4)
        .map(({ event, body }) => `      ${event} ${JSON.stringify(body)}`)
        .join('\n'),
    );
    throw error;
  });
  await stopped;
  const ms = performance.now() - wanted;
  assert.deepEqual(client.faults, []);
  const { machine } = client.session.loaded();
  if (WANTED !== undefined || LONG) {
    const memory = Math.round(process.memoryUsage.rss() / 2 ** 20);
    console.log(
      `      ${Math.round(ms)} ms, at step ${machine.steps}, ${memory} MiB ${machine.outcome?.report.join(' ') ?? ''}`,
    );
  }
  return ms;
}
