/** The library's modules: each function says what it does, stands on the page of its module, and is tried by a test. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isPublic, modulesOf } from '../../scripts/std-pages.mjs';
import { STD_MODULES } from '../../src/language/imports.js';
import { isFunction } from '../../src/language/library.js';
import { programs, root } from '../std/program-run.js';

const tests = programs('test/std')
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

describe('the modules of the library', () => {
  it('are those that a wrong import is told of', () => {
    assert.deepEqual(
      [...STD_MODULES].sort(),
      modulesOf(root)
        .map(({ name }) => name)
        .sort(),
    );
  });

  for (const { name, text, entries } of modulesOf(root)) {
    describe(`std/${name}`, () => {
      const functions = entries.filter(isFunction).filter(isPublic);

      it('opens by saying what it is, and which idea of the textbook it shows', () => {
        assert.match(text, /^\/\/ .*\n(\/\/.*\n)*\/\/.*\bTextbook: "/);
      });

      it('has a comment for each function, its first sentence on a line', () => {
        const silent = functions.filter(({ doc }) => !/^.{12,}[.:?]( |$)/.test(doc?.summary ?? ''));
        assert.deepEqual(
          silent.map((each) => each.name),
          [],
        );
      });

      it('has each of them on its page', () => {
        const page = readFileSync(path.join(root, `docs/std/${name}.md`), 'utf8');
        const missing = functions.filter((each) => !page.includes(`\n## ${each.name}\n`));
        assert.deepEqual(
          missing.map((each) => each.name),
          [],
        );
      });

      it('has each of them tried by a test in test/std', () => {
        const untried = functions.filter((each) => !new RegExp(`\\b${each.name}\\b`).test(tests));
        assert.deepEqual(
          untried.map((each) => each.name),
          [],
        );
      });
    });
  }
});
