/** Each lesson's header is a promise: its walk, declared beside it, does what the header says. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from '../debugger/client.js';
import { headerFrom } from './header.js';
import { brokenPromises } from './promises.js';
import type { Walk } from './walk.js';
import { Walker } from './walker.js';

const folder = path.join(root, 'examples');

describe('lessons', () => {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.osim'))) {
    const program = path.join(folder, name);
    const text = readFileSync(program, 'utf8');
    // What only others import is no lesson.
    if (!/^process /m.test(text)) continue;
    walked(name, text, program, text, program.replace(/\.osim$/, '.walk.json'));
  }

  const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
  const tour = /^## Five minutes$(.*?)^Then choose another/ms.exec(readme)?.[1] ?? '';
  const program = path.join(folder, 'blocking-read.osim');
  // Its numbered steps are what the items are of a lesson.
  const steps = tour.split(/^(?=\d\. )/m).filter((part) => /^\d\. /.test(part));
  walked(
    'the five minutes of README.md',
    tour,
    program,
    readFileSync(program, 'utf8'),
    path.join(root, 'test/lessons/five-minutes.walk.json'),
    steps,
  );
});

function walked(name: string, header: string, program: string, text: string, file: string, steps?: string[]): void {
  describe(name, function () {
    // A walk through a hundred peers takes seconds; on a host that others keep busy, many.
    this.timeout(120_000);

    it('has a walk through all that its header promises', () => {
      assert.ok(existsSync(file), `${path.relative(root, file)} is not there: see "A lesson" in CONTRIBUTING.md`);
      const promised = steps
        ? { ...headerFrom(header), items: steps.map((s) => s.replace(/\s+/g, ' ').trim()) }
        : header;
      assert.deepEqual(brokenPromises(promised, JSON.parse(readFileSync(file, 'utf8'))), []);
    });
    if (!existsSync(file)) return;
    const { sessions } = JSON.parse(readFileSync(file, 'utf8')) as Walk;
    for (const [i, session] of (sessions ?? []).entries()) {
      it(`keeps them: session ${i + 1}${session.launch ? ` with ${JSON.stringify(session.launch)}` : ''}`, () =>
        new Walker(program, text, session).walk());
    }
  });
}
