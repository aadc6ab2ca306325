/** Every example of docs/language.md is a whole program, and its `expect`s hold. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expectsHold, root, scratch } from './program-run.js';

interface Example {
  /** The heading that it stands under. */
  title: string;
  line: number;
  text: string;
}

function examplesIn(markdown: string): Example[] {
  const examples: Example[] = [];
  let title = '';
  let open: Example | undefined;
  markdown.split('\n').forEach((line, i) => {
    if (open) {
      if (line === '```') open = undefined;
      else open.text += `${line}\n`;
    } else if (line === '```osim') {
      open = { title, line: i + 2, text: '' };
      examples.push(open);
    } else if (line.startsWith('#')) {
      title = line.replace(/^#+ /, '');
    }
  });
  return examples;
}

const examples = examplesIn(readFileSync(path.join(root, 'docs/language.md'), 'utf8'));

describe('docs/language.md', () => {
  it('has examples', () => assert.ok(examples.length > 30));

  for (const { title, line, text } of examples) {
    // A block that begins with a file's name in a comment is there to be imported by the next one.
    const name = /^\/\/ ([\w-]+\.osim)\n/.exec(text)?.[1];
    it(`line ${line}: ${title}`, async () => {
      const file = scratch(name ?? `line-${line}.osim`);
      writeFileSync(file, text);
      const problems = await expectsHold(file);
      if (name === undefined) assert.match(text, /^expect /m, 'an example checks itself');
      assert.deepEqual(
        problems.filter((each) => / (error|warning): /.test(each)),
        [],
      );
    });
  }
});
