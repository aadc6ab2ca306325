/** The examples do what they say, also with the other settings that they propose to try. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Stats } from '../../src/computer/report.js';
import { osimIn } from '../cli/in-process.js';
import { expectsHold, programs, root } from './program-run.js';

/** Ten thousand connections are for those who wait for them: a bench, not a test. */
const smaller = (file: string): string[] => (path.basename(file).startsWith('c10k') ? ['--set', 'clients=300'] : []);

describe('examples', () => {
  for (const file of programs('examples')) {
    it(path.basename(file), async () => {
      assert.deepEqual(
        await expectsHold(file, ...smaller(file)),
        [],
        'an example has nothing that the editor would mark',
      );
      const text = readFileSync(file, 'utf8');
      assert.match(text, /^\/\/ .*\n(\/\/.*\n)*\/\/ Watch for: /, 'it opens by saying what to watch for');
      assert.match(text, /^expect /m);
    });
  }

  const example = (name: string): string => path.join(root, 'examples', name);
  it('context-switch with other slices', async () => {
    for (const slice of [5, 50, 100, 1000])
      await expectsHold(example('context-switch.osim'), '--set', `slice=${slice}`);
  });
  it('deadlock, when one of the two is polite', () => expectsHold(example('deadlock.osim'), '--set', 'polite=1'));
  it('page-cache with other sizes', async () => {
    for (const pages of [4, 40]) await expectsHold(example('page-cache.osim'), '--set', `pages=${pages}`);
  });
  it('io-3-epoll-edge, when it reads all', () => expectsHold(example('io-3-epoll-edge.osim'), '--set', 'drain=1'));
  describe('zero-copy, by call', () => {
    for (const pages of [4, 8, 40]) {
      it(`${pages} pages`, async () => {
        const { status, stdout } = await osimIn(
          root,
          'run',
          'examples/zero-copy.osim',
          '--json',
          '--set',
          `pages=${pages}`,
        );
        assert.equal(status, 0);
        const { stats } = JSON.parse(stdout) as { stats: Pick<Stats, 'copiesByCall' | 'bytesCopiedByCall'> };
        const [copies, bytes] = [stats.copiesByCall, stats.bytesCopiedByCall];
        const whole = pages * 4096;
        // Two senders read, and all five readers do; three send by write(), one of them out of a mapping.
        assert.deepEqual(bytes['read'], { dma: 2 * whole, toUser: 6 * whole, fromUser: 0, kernel: 0 });
        assert.deepEqual(bytes['write'], { dma: whole, toUser: 0, fromUser: 3 * whole, kernel: 0 });
        assert.deepEqual(bytes['sendfile'], { dma: whole, toUser: 0, fromUser: 0, kernel: 0 });
        assert.deepEqual(bytes['splice'], { dma: whole, toUser: 0, fromUser: 0, kernel: 0 });
        assert.equal(copies['sendfile']?.dma, pages);
        assert.equal(copies['write']?.fromUser, 3 * pages);
      });
    }
  });

  describe('zero-copy-network, by call', () => {
    for (const pages of [4, 8, 40]) {
      it(`${pages} pages`, async () => {
        const file = 'examples/zero-copy-network.osim';
        const { status, stdout } = await osimIn(root, 'run', file, '--json', '--set', `pages=${pages}`);
        assert.equal(status, 0);
        const bytes = (JSON.parse(stdout) as { stats: Pick<Stats, 'bytesCopiedByCall'> }).stats.bytesCopiedByCall;
        const whole = pages * 4096;
        assert.equal(bytes['read']?.toUser, whole);
        assert.equal(bytes['write']?.fromUser, 2 * whole);
        for (const call of ['sendfile', 'splice']) {
          const { dma, toUser, fromUser, kernel } = bytes[call] ?? { dma: 0, toUser: 1, fromUser: 1, kernel: 1 };
          assert.deepEqual([toUser, fromUser, kernel], [0, 0, 0]);
          assert.ok(dma > whole, 'from the disk, and to the card');
        }
      });
    }
  });

  // In each run of the tests kernel/matrix.test.ts does so once, for all but the heaviest.
  if (process.env['OSIM_LONG'])
    it('hold with other timings, too', async function () {
      // A slow host needs its time.
      this.timeout(360_000);
      for (const file of programs('examples')) {
        for (const seed of [1, 2, 3]) await expectsHold(file, ...smaller(file), '--seed', String(seed));
      }
    });
});
