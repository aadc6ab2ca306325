import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CHOICE_KINDS, Choices, SeededChoices, type ChoiceKind } from '../../src/machine/choices.js';
import { History } from '../../src/machine/history.js';
import { ReplayedChoices, type ChoiceRecord, type RecordedLine } from '../../src/machine/replayed-choices.js';
import { undoIsIdentity } from './undo.js';

const KINDS = Object.keys(CHOICE_KINDS) as ChoiceKind[];

/** A record of which line i has offset i. */
function recordOf(...lines: (number | [ChoiceKind, number, number])[]): ChoiceRecord {
  return {
    uri: 'run.choices',
    offset: 0,
    line: 10,
    read(offset): RecordedLine | null {
      const line = lines[offset];
      if (line === undefined) return null;
      const next = offset + 1;
      if (typeof line === 'number') return { kind: null, count: line, next };
      const [kind, chosen, alternatives] = line;
      return { kind, chosen, alternatives, next };
    },
  };
}

const seeded = (): SeededChoices => new SeededChoices(5);

describe('choices', () => {
  it('are as written with seed 0, but for what is drawn', () => {
    const choices = new Choices(new SeededChoices(0));
    const drawn = new Set<ChoiceKind>();
    for (const kind of KINDS) for (let i = 0; i < 30; i++) if (choices.choose(kind, 9, 4) !== 4) drawn.add(kind);
    assert.deepEqual([...drawn], ['random', 'hw_random']);
    assert.equal(choices.jitter('disk', 12_345), 12_345);
  });

  it('follow from the seed, where it decides; ties are broken by rule with every seed', () => {
    const take = (seed: number): number[][] => {
      const choices = new Choices(new SeededChoices(seed));
      return KINDS.map((kind) => Array.from({ length: 20 }, () => choices.choose(kind, 51, 25)));
    };
    assert.deepEqual(take(3), take(3));
    assert.notDeepEqual(take(3), take(4));
    const byRule = KINDS.filter((_, i) => take(3)[i]?.every((chosen) => chosen === 25));
    assert.deepEqual(byRule, ['event', 'waiter', 'placement', 'balance', 'cpu']);
  });

  it('make a time a quarter longer or shorter at most', () => {
    const choices = new Choices(new SeededChoices(1));
    const times = Array.from({ length: 500 }, () => choices.jitter('network', 1000));
    assert.deepEqual([Math.min(...times), Math.max(...times)], [750, 1250]);
  });

  it('are told to a listener, those without an alternative are not', () => {
    const told: unknown[] = [];
    const choices = new Choices(new SeededChoices(0), (...choice) => void told.push(choice));
    assert.equal(choices.choose('cpu', 1), 0);
    assert.equal(choices.choose('cpu', 3), 0);
    assert.equal(choices.choose('quantum', 51, 25), 25);
    assert.deepEqual(told, [
      ['cpu', 3, 0, 0],
      ['quantum', 51, 25, 25],
    ]);
  });

  it('are replayed, and go back and forth with the history', () => {
    const record = recordOf(3, ['quantum', 7, 51], ['cpu', 1, 2], 2, ['random', 5, 6], 100_000);
    const kinds: [ChoiceKind, number, number][] = [['disk', 51, 25], ['event', 2, 0], ['cpu', 4, 0], ['quantum', 51, 25],
      ['cpu', 2, 0], ['network', 51, 25], ['waiter', 9, 0], ['random', 6, 0]]; // prettier-ignore
    const made: number[] = [];
    const replayed = new ReplayedChoices(record, seeded(), new History(), assert.fail);
    for (const choice of kinds) made.push(replayed.choose(...choice));
    assert.deepEqual(made, [25, 0, 0, 7, 1, 25, 0, 5]);
    assert.equal(replayed.choose('random', 1, 0), 0, 'without an alternative it is not recorded');
    undoIsIdentity(fc.constant(null), (history) => {
      const choices = new ReplayedChoices(record, seeded(), history, assert.fail);
      const place = (): unknown[] => [...choices.hashParts()];
      return {
        apply: () => {
          const line = record.read(place()[0] as number);
          if (line?.kind) choices.choose(line.kind, line.alternatives, 0);
          else choices.choose('cpu', 2, 0);
        },
        observe: place,
      };
    });
  });

  it('that are not asked for as recorded end the run, and the line is told', () => {
    const cases: [ChoiceRecord, ChoiceKind, number, RegExp][] = [
      [recordOf(['quantum', 7, 51]), 'disk', 51, /^run\.choices:10: the run asks for disk among 51/],
      [recordOf(['cpu', 1, 3]), 'cpu', 2, /^run\.choices:10: the run asks for cpu among 2/],
      [recordOf(), 'cpu', 2, /^run\.choices:10: the recording ends here.*--max-ticks/],
    ];
    for (const [record, kind, alternatives, message] of cases) {
      const told: string[] = [];
      const choices = new ReplayedChoices(record, seeded(), new History(), (why) => {
        told.push(why);
        return false;
      });
      assert.equal(choices.choose(kind, alternatives, 1), 1, 'then it is as written');
      assert.equal(choices.choose(kind, alternatives, 0), 0);
      assert.match(told.join('\n'), message);
      assert.equal(told.length, 1);
      assert.equal(choices.fault(false), told[0]);
    }
    const left = new ReplayedChoices(recordOf(1, ['cpu', 1, 2]), seeded(), new History(), assert.fail);
    left.choose('cpu', 2, 0);
    assert.match(left.fault(false) ?? '', /^run\.choices:11: the run has ended, and choices are left/);
    assert.equal(left.fault(true), null, 'a limit may cut a run short');
    left.choose('cpu', 2, 0);
    assert.equal(left.fault(false), null);
  });

  it('follow from the seed when the run has left the record', () => {
    const replayed = new ReplayedChoices(recordOf(['random', 3, 1000]), seeded(), new History(), () => true);
    const place = (): unknown => replayed.hashParts().slice(0, 5);
    assert.equal(replayed.choose('random', 1000, 0), 3);
    const before = place();
    const expected = seeded();
    for (let i = 0; i < 9; i++) assert.equal(replayed.choose('random', 1000, 0), expected.choose('random', 1000, 0));
    assert.notDeepEqual(place(), before, 'that it has left is no part of the state');
    assert.equal(replayed.fault(false), null);
  });
});
