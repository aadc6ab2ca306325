/** Tests that are programs: the kernel's and the language's own, each with its `expect`s. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expectsHold, programs } from './std/program-run.js';

for (const folder of ['test/kernel', 'test/language/programs']) {
  describe(folder, function () {
    this.timeout(120_000); // Those that fill the memory take a while on a busy host.
    for (const file of programs(folder)) it(path.basename(file), () => expectsHold(file));
  });
}

describe('Each process of the tests written in .osim', () => {
  for (const file of [...programs('test/kernel'), ...programs('test/std')]) {
    it(`is expected to say what it checked: ${path.basename(file)}`, () => {
      const text = readFileSync(file, 'utf8');
      const expects = (text.match(/^expect [^;]*;/gm) ?? []).join('\n');
      for (const [, name = '', body = ''] of text.matchAll(/^process (\w+)(.*?(?:\}|^\}))$/gms)) {
        if (!/\b(?:check|call|holds)\(/.test(body)) continue;
        // One that a signal ends has checked that it does not come further.
        const said = `stdout\\("${name}"\\) ==[^;]*[0-9] checks?\\\\n`;
        const counted = new RegExp(`${said}|exit_code\\("${name}"\\) == [1-9]|term_signal\\("${name}"\\) ==`);
        assert.match(
          expects,
          counted,
          `${name} checks, and nobody expects how often: checked(), and its line expected`,
        );
      }
    });
  }
});
