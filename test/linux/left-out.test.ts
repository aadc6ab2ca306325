import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { missing } from './host.js';
import { root } from '../std/program-run.js';

/** The differential test where no compiler is found, nor anything else. */
function withoutCompiler(ci: boolean): { status: number | null; said: string } {
  const words = [
    '--import',
    'tsx',
    'node_modules/mocha/bin/mocha.js',
    '--no-config',
    'test/linux/differential.test.ts',
  ];
  const { CI: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    cwd: root,
    env: { ...env, PATH: '', ...(ci && { CI: 'true' }) },
    encoding: 'utf8',
  });
  return { status, said: stdout + stderr };
}

describe('A host without a compiler', function () {
  this.timeout(60_000);

  before(function () {
    // Elsewhere than on Linux the reason is another.
    if (missing() !== null && !/compiler/.test(missing() ?? '')) this.skip();
  });

  it('fails on CI', () => {
    const { status, said } = withoutCompiler(true);
    assert.notEqual(status, 0);
    assert.match(said, /can not be left out on CI: there is no C compiler/);
  });

  it('is told of at home', () => {
    const { status, said } = withoutCompiler(false);
    assert.equal(status, 0, said);
    assert.match(said, /LEFT OUT: there is no C compiler/);
    assert.match(said, /\d+ pending/);
  });
});
