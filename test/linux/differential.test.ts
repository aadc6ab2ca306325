/**
 * The kernel against Linux: known facts, differences of the past, and random sequences. `npm run test:linux` tries
 * more.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { compare, describe as described, type Agreement, type Comparison } from './compare.js';
import { FAULTS, find, shortest, type SeededFault, placeOf } from './faults.js';
import { generate } from './generate.js';
import { Host, missing } from './host.js';
import { leaveOut } from './left-out.js';
import { parseSequence, type Sequence } from './sequence.js';

const LONG = process.env['OSIM_LONG'] !== undefined;

/** What is tried each time: facts show these. OSIM_LONG tries them all. */
const SOME_FAULTS = [
  'a wake-up is missed: the last writer closes, and readers sleep on',
  'futex: who waits does not look at the word first',
  'close-on-exec survives dup',
  'chains: what a silent failure cancels is told',
];

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
    if (lack) leaveOut(this, lack, process.platform === 'linux');
    host = new Host();
  });

  after(() => host?.dispose());

  // Each comparison is made once: the seeded faults are looked for with what it has found.
  const made = new Map<string, Comparison>();
  function once(what: string, compared: () => Comparison): Comparison {
    const result = made.get(what) ?? compared();
    made.set(what, result);
    return result;
  }
  const known = (name: string): Comparison =>
    once(name, () => compare(host, sequencesOf(factsOf(name)), { strict: true }));
  const random = (): Comparison => once('random', () => compare(host, randomSequences(LONG ? 400 : 80)));

  for (const name of ['facts.json', 'regressions.json'])
    it(`agrees on ${name}`, () => agree(known(name), factsOf(name)));

  it('agrees on random sequences', () => {
    const result = random();
    agree(result);
    assert.ok(
      result.undecided.length <= (LONG ? 40 : 8),
      `the host did not agree with itself on ${result.undecided.join(', ')}`,
    );
    assert.ok(result.races.length <= 2, `races: ${result.races.join(', ')}`);
    assert.ok(result.blocked >= result.made / 10, `${result.blocked} of ${result.made} calls blocked`);
  });

  // A comparison that finds nothing is worth as much as its power to find something.
  describe('finds seeded faults', () => {
    const tried = LONG ? FAULTS : FAULTS.filter(({ what }) => SOME_FAULTS.includes(what));
    const all = (): Map<number, Agreement> =>
      new Map(
        [known('facts.json'), known('regressions.json'), random()].flatMap(({ agreed }, part) =>
          [...agreed].map(([number, agreement]) => [part * 1000 + number, agreement] as const),
        ),
      );

    // Only some are tried each time: the others must not lose their place unseen.
    it('each of which has its place in the kernel', () => {
      assert.equal(tried.length, LONG ? FAULTS.length : SOME_FAULTS.length);
      FAULTS.forEach((fault) => placeOf(fault));
    });

    for (const fault of tried) it(fault.what, () => assert.ok(find(fault, all()), 'no sequence noticed it'));

    if (LONG)
      it('and says so with a short sequence', () => {
        // There is much to leave out in a random sequence: that takes its time.
        const fault = FAULTS.find(({ what }) => what === 'epoll: an edge is lost') as SeededFault;
        const found = find(fault, random().agreed);
        assert.ok(found, 'no sequence noticed it');
        const { sequence } = shortest(host, fault, found);
        assert.ok(sequence.length < 12, `${sequence.length} steps`);
      });
  });
});
