/** The processes that run a comparison, with a stand-in for the command line that fails in every way. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Workers } from '../../../src/cli/compare/workers.js';
import type { JobResult } from '../../../src/cli/compare/job.js';
import type { Job } from '../../../src/cli/compare/variants.js';
import { Folder } from '../command.js';

const STAND_IN = `
process.on('message', ({ file }) => {
  if (file === 'crash') { console.error('something broke'); process.exit(7); }
  if (file === 'kill') return process.kill(process.pid, 'SIGKILL');
  if (file === 'memory') { console.error('FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\\n-----'); process.abort(); }
  if (file === 'long') return;
  process.send({ outcome: file + ' by ' + process.pid });
});
process.on('disconnect', () => process.exit(0));
process.send('ready');
`;

const jobs = (...files: string[]): Job[] => files.map((file) => ({ file, set: {}, limits: {} }));

describe('the processes of a comparison', function () {
  this.timeout(60_000);
  let folder: Folder;

  before(() => {
    folder = new Folder({
      'bin/osim.cjs': STAND_IN,
      'broken/bin/osim.cjs': 'process.exit(3);',
      'dist/x': '',
      'broken/dist/x': '',
    });
  });
  after(() => folder.remove());

  async function run(list: Job[], count: number, directory = 'dist'): Promise<(JobResult | undefined)[]> {
    const results: (JobResult | undefined)[] = list.map(() => undefined);
    await new Workers(join(folder.path, directory)).run(list, count, (number, result) => {
      assert.equal(results[number], undefined, 'each is told once');
      results[number] = result;
    });
    return results;
  }
  const told = (result: JobResult | undefined): string =>
    result?.failure?.join() ?? (result as { outcome: string }).outcome;

  it('run one job after another', async () => {
    const results = await run(jobs('a', 'b', 'c', 'd'), 1);
    assert.deepEqual(
      results.map((each) => told(each)[0]),
      ['a', 'b', 'c', 'd'],
    );
    assert.equal(new Set(results.map((each) => told(each).slice(1))).size, 1);
  });

  it('fail alone: the job is told, and the others are run', async () => {
    const results = (await run(jobs('a', 'crash', 'b', 'kill', 'memory', 'c'), 2)).map(told);
    assert.match(results[0] ?? '', /^a by/);
    assert.equal(results[1], 'crash: its process ended with status 7: something broke');
    assert.match(results[2] ?? '', /^b by/);
    assert.equal(results[3], 'kill: its process ended by SIGKILL');
    assert.equal(results[4], 'memory: its process has run out of memory of this host');
    assert.match(results[5] ?? '', /^c by/);
  });

  it('tell when none of them can start', async () => {
    const results = (await run(jobs('a', 'b'), 2, 'broken/dist')).map(told);
    assert.deepEqual(results, ['a: its process ended with status 3', 'b: its process ended with status 3']);
  });

  it('stop at once, and keep what is done', async () => {
    const workers = new Workers(join(folder.path, 'dist'));
    const done: string[] = [];
    await workers.run(jobs('a', 'long', 'b'), 1, (_, result) => {
      done.push(told(result)[0] ?? '');
      setTimeout(() => workers.stop(), 100);
    });
    assert.deepEqual(done, ['a']);
  });
});
