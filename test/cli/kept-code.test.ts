/** Compiled code beside a bundle makes the start faster, and never changes what runs. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { root } from '../std/program-run.js';
import { Folder } from './command.js';

describe('compiled code that is kept', () => {
  const helper = path.join(root, 'bin/compiled-code.cjs');
  const folder = new Folder({ 'a.cjs': 'exports.answer = () => "first";\n' });
  after(() => folder.remove());
  const at = (name: string): string => path.join(folder.path, name);

  /** Loads a.cjs in a process of its own; `keep` keeps its code. */
  function load(keep: boolean, ...flags: string[]): string {
    const script = `
      const { keepCode, useKeptCode } = require(${JSON.stringify(helper)});
      useKeptCode();
      process.stdout.write(require(${JSON.stringify(at('a.cjs'))}).answer());
      if (${keep}) keepCode();`;
    const { stdout, stderr } = spawnSync(process.execPath, [...flags, '-e', script], { encoding: 'utf8' });
    assert.equal(stderr, '');
    return stdout;
  }

  it('is of the very bundle, of this V8 and its flags, or is not used', () => {
    assert.equal(load(true), 'first');
    assert.equal(load(false), 'first');
    // As long as before, which is all that V8 looks at.
    folder.write('a.cjs', 'exports.answer = () => "other";\n');
    assert.equal(load(false), 'other');
    assert.equal(load(true, '--no-opt'), 'other');
    assert.equal(load(false), 'other');
    const kept = readFileSync(at('a.cjs.code'));
    for (const size of [0, 10, 40, kept.length - 8]) {
      writeFileSync(at('a.cjs.code'), kept.subarray(0, size));
      assert.equal(load(false), 'other', `${size} bytes of it`);
    }
  });

  it('is there for the command line after a build', () => {
    const script = `
      const vm = require('node:vm');
      const rejected = [];
      const { Script } = vm;
      vm.Script = class extends Script {
        constructor(text, options) {
          super(text, options);
          rejected.push(options.cachedData === undefined || this.cachedDataRejected);
        }
      };
      require(${JSON.stringify(helper)}).useKeptCode();
      require(${JSON.stringify(path.join(root, 'dist/cli.cjs'))});
      console.log(rejected.length > 0 && rejected.every((each) => !each));`;
    assert.equal(spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' }).stdout, 'true\n');
  });
});
