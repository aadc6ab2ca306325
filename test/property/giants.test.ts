/**
 * No text makes the language throw or crawl: giants, and files that import each other by the hundred. There is no clock
 * here: what takes more than its share runs into the time limit of the test. OSIM_LONG makes them ten times as large.
 */
import assert from 'node:assert/strict';
import { pureCall } from '../../src/compiler/pure-calls.js';
import { createComputer } from '../../src/computer/computer.js';
import { formatSource } from '../../src/language/format.js';
import { completionsAt } from '../../src/language/server/completion.js';
import { highlightsAt, hoverAt } from '../../src/language/server/navigation.js';
import { foldsOf, symbolsOf } from '../../src/language/server/outline.js';
import { semanticTokens } from '../../src/language/server/semantic-tokens.js';
import { signatureAt } from '../../src/language/server/signature-help.js';
import { Workspace } from '../../src/language/server/workspace.js';
import { tokensOf } from '../../src/language/tokens.js';
import { system } from '../system.js';
import { GIANTS } from './giants.js';

const SCALE = process.env['OSIM_LONG'] ? 10 : 1;

function errorsOf(files: Readonly<Record<string, string>>, entry: string): string[] {
  const { problems } = createComputer(system(), { uri: entry, read: (uri) => files[uri] });
  return problems.filter(({ severity }) => severity === 'error').map(({ message }) => message);
}

describe('giants', function () {
  this.timeout(60_000 * SCALE);

  for (const { name, n, text, error } of GIANTS) {
    it(`${n} ${name}: ${error ? 'an error' : 'a program'}`, () => {
      const source = text(n);
      const [first, ...more] = errorsOf({ '/p.osim': source }, '/p.osim');
      if (error) assert.match(first ?? 'no error', error);
      else assert.deepEqual([first, ...more], [undefined]);
      if (!error && n < 100_000) assert.ok(formatSource(source).length > n);
      if (SCALE > 1) {
        errorsOf({ '/p.osim': text(n * SCALE) }, '/p.osim');
        tokensOf(text(n * SCALE));
      }
    });
  }

  it('the editor has an answer in the middle of each', async () => {
    for (const { name, n, text } of GIANTS) {
      const source = text(Math.min(n, name.includes('string') ? n : 150));
      const workspace = new Workspace(system().libraryIndex, () => Promise.resolve(undefined));
      workspace.set('file:///p.osim', source);
      const analysis = await workspace.analyse('file:///p.osim');
      for (const at of [20, Math.floor(source.length / 2), source.length - 3]) {
        completionsAt(workspace, analysis, at);
        hoverAt(analysis, at);
        highlightsAt(analysis, at);
        signatureAt(workspace, analysis, at);
      }
      semanticTokens(analysis);
      symbolsOf(analysis.file);
      foldsOf(source);
    }
  });

  it('a call of many constants', () => {
    const numbers = Array.from({ length: 200_000 }, (_, i) => i);
    assert.equal(pureCall('max', numbers), 199_999);
    assert.equal(pureCall('min', numbers), 0);
  });

  it('imports in a row, and in a circle', () => {
    const count = SCALE > 1 ? 1000 : 250;
    const chain: Record<string, string> = {};
    for (let i = 0; i < count; i++) {
      chain[`/f${i}.osim`] = `import "./f${(i + 1) % count}.osim"; const A${i} = A${(i + 1) % count} + 1;`;
    }
    chain[`/f${count - 1}.osim`] = `import "./f0.osim"; const A${count - 1} = 1; process p { print(A0); }`;
    assert.deepEqual(errorsOf(chain, `/f${count - 1}.osim`), []);
    const circle = { ...chain, [`/f${count - 1}.osim`]: `import "./f0.osim"; const A${count - 1} = A0;` };
    assert.match(errorsOf(circle, '/f0.osim')[0] ?? '', /depends on itself/);
  });

  it('a long list is made when the program runs', () => {
    const elements = (n: number): string => Array.from({ length: n }, (_, i) => i).join(',');
    const count = SCALE > 1 ? 250_000 : 130_000;
    const list = elements(count);
    const text = `const L = [${elements(1000)}]; process p { let l = [${list}]; print(len(l), l[${count - 1}], len(L)); }`;
    const { computer } = createComputer(system(), { uri: '/p.osim', read: () => text });
    assert.equal(computer?.run({ maxSteps: 10_000_000 }).kind, 'finished');
    assert.equal(computer?.machine.terminal.text(), `${count} ${count - 1} 1000\n`);
  });
});
