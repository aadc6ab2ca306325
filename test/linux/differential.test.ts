/** The kernel against Linux: known facts, differences of the past, and random sequences. `npm run test:linux` tries more. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { compileOwnKernel } from '../../src/computer/own-kernel.js';
import { system } from '../system.js';
import { compare, describe as described, type Comparison } from './compare.js';
import { FAULTS, type SeededFault } from './faults.js';
import { generate } from './generate.js';
import { Host, missing } from './host.js';
import { difference, type Outcome } from './outcome.js';
import { parseSequence, type Sequence } from './sequence.js';
import { simulate } from './simulated.js';

interface Fact {
  fact: string;
  steps: string[];
}

function factsOf(name: string): Fact[] {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as Fact[];
}

function sequencesOf(facts: readonly Fact[]): Map<number, Sequence> {
  return new Map(facts.map(({ steps }, i) => [i, parseSequence(steps)]));
}

function randomSequences(count: number): Map<number, Sequence> {
  return new Map(Array.from({ length: count }, (_, i) => [i + 1, generate(i + 1)]));
}

function agree({ differences }: Comparison, facts?: readonly Fact[]): void {
  const lines = differences.map((found) => `${facts?.[found.number]?.fact ?? ''}\n${described(found)}`);
  assert.equal(differences.length, 0, lines.join('\n'));
}

describe('The kernel against Linux', function () {
  this.timeout(900_000);
  let host: Host;

  before(function () {
    const lack = missing();
    if (lack) {
      console.log(`      skipped: ${lack}`);
      this.skip();
    }
    host = new Host();
  });

  after(() => host?.dispose());

  for (const name of ['facts.json', 'regressions.json']) {
    it(`agrees on ${name}`, () => {
      const facts = factsOf(name);
      agree(compare(host, sequencesOf(facts), { strict: true }), facts);
    });
  }

  it('agrees on random sequences', () => {
    const result = compare(host, randomSequences(220));
    agree(result);
    assert.ok(result.undecided.length <= 22, `the host did not agree with itself on ${result.undecided.join(', ')}`);
    assert.ok(result.races.length <= 11, `races: ${result.races.join(', ')}`);
    assert.ok(result.blocked >= result.made / 10, `${result.blocked} of ${result.made} calls blocked`);
  });

  // A comparison that finds nothing is worth as much as its power to find something.
  describe('finds seeded faults', () => {
    const tried = process.env['OSIM_LONG'] ? FAULTS : FAULTS.slice(0, 3);
    let random: Map<number, Sequence>;
    let truth: Map<number, Outcome>;

    before(() => {
      random = randomSequences(300);
      // What chance seldom meets, such as two zombies at once, a fact is there for.
      for (const [i, sequence] of sequencesOf(factsOf('facts.json'))) random.set(10_000 + i, sequence);
      truth = host.run(random);
    });

    for (const fault of tried) {
      it(fault.what, () => {
        const kernel = faulty(fault);
        const numbers = [...random.keys()];
        for (let at = 0; at < numbers.length; at += 25) {
          const batch = new Map(numbers.slice(at, at + 25).map((number) => [number, random.get(number) as Sequence]));
          for (const [number, outcome] of simulate(batch, { kernel, uid: process.getuid?.() ?? 0 })) {
            const linux = truth.get(number) as Outcome;
            if (!linux.unreliable && difference(linux, outcome) !== null) return;
          }
        }
        assert.fail('no sequence noticed it');
      });
    }
  });
});

/** The kernel with one thing changed. */
function faulty({ file, from, to }: SeededFault): NonNullable<ReturnType<typeof compileOwnKernel>['kernel']> {
  const built = system().kernel.files.find(({ uri }) => uri.endsWith(`/${file}`));
  assert.ok(built?.text, `there is no ${file}`);
  assert.ok(built.text.includes(from), `${file} has no longer: ${from}`);
  const { kernel, problems } = compileOwnKernel(system(), {
    files: [{ uri: built.uri, text: built.text.replace(from, to) }],
  });
  assert.ok(kernel, problems.map(({ message }) => message).join('\n'));
  return kernel;
}
