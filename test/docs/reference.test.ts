import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

describe('the reference pages', function () {
  this.timeout(60_000);

  it('say what the sources say: run `npm run docs` after changing a comment', () => {
    const { status, stderr } = spawnSync(process.execPath, ['--import=tsx', 'scripts/generate-docs.mts', '--check'], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
  });
});
