/**
 * Recorded runs of random programs: replayed, they are the same runs, going back and forth in them included; and with
 * another choice somewhere they are other runs, which end properly. OSIM_REPLAYS sets how many programs, OSIM_SEED
 * where to begin.
 */
import assert from 'node:assert/strict';
import type { Computer } from '../../src/computer/computer.js';
import type { ChoiceKind } from '../../src/machine/choices.js';
import type { RecordValue } from '../../src/machine/values.js';
import { computerFor, runTo } from '../system.js';
import { livelyProgram } from './lively-programs.js';
import { Dice } from './programs.js';

const PROGRAMS = Number(process.env['OSIM_REPLAYS'] ?? (process.env['OSIM_LONG'] ? 1000 : 5));
const FIRST = Number(process.env['OSIM_SEED'] ?? 1);
/** Enough for most of them to end; the others are left in their middle. */
const MOST_STEPS = 150_000;

interface Choice {
  kind: ChoiceKind;
  alternatives: number;
  usual: number;
  chosen: number;
}

describe('replays', function () {
  this.timeout(3_600_000);

  it(`of ${PROGRAMS} recorded programs are the same runs; one other choice makes another that ends properly`, () => {
    const kinds = new Map<string, number>();
    let changed = 0;
    for (let seed = FIRST; seed < FIRST + PROGRAMS; seed++) {
      try {
        changed += tryProgram(seed, kinds) ? 1 : 0;
      } catch (error) {
        (error as Error).message = `program ${seed}: ${(error as Error).message}`;
        throw error;
      }
    }
    console.log(`      coverage: ${[...kinds].map((each) => each.join(' ')).join(', ')}; ${changed} other runs`);
    for (const kind of ['quantum', 'network', 'event', 'cpu', 'placement']) {
      assert.ok((kinds.get(kind) ?? 0) > PROGRAMS, `too few choices of kind ${kind}`);
    }
    assert.ok(changed > PROGRAMS / 20, 'too few other choices make another run');
  });
});

/** Whether another choice made another run. */
function tryProgram(seed: number, kinds: Map<string, number>): boolean {
  const { text } = livelyProgram(seed);
  const dice = new Dice(seed);
  const plain = traceOf(computerFor(text, { seed: seed % 3 }));

  let lines = '';
  const recording = computerFor(text, { seed: seed % 3, record: (more) => void (lines += more) });
  const choices: Choice[] = [];
  const asked = recording.machine.choices;
  const choose = asked.choose.bind(asked);
  asked.choose = (kind, alternatives, usual = 0) => {
    const chosen = choose(kind, alternatives, usual);
    if (alternatives > 1) choices.push({ kind, alternatives, usual, chosen });
    return chosen;
  };
  assert.deepEqual(traceOf(recording), plain, 'being recorded, it runs otherwise');
  recording.recorder?.end();
  for (const { kind } of choices) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);

  replay(text, lines, plain, dice);
  return exploreOne(text, lines, choices, plain, dice);
}

/** Replays a recording with history: the same trace, and the same states when going back and forth. */
function replay(text: string, lines: string, plain: string[], dice: Dice): void {
  const from = { replay: { uri: 'run.choices', text: lines } };
  const straight = computerFor(text, from);
  const back = computerFor(text, { ...from, history: true });
  back.machine.history.epochSteps = 200 + dice.below(6000);
  if (dice.chance(50)) back.machine.history.limit = 50_000 + dice.below(400_000);
  const marks: { step: number; hash: string }[] = [];
  const trace = traceOf(straight, () => {
    straight.machine.run(Math.min(1 + dice.below(20_000), MOST_STEPS - straight.machine.steps));
    marks.push({ step: straight.machine.steps, hash: straight.machine.stateHash() });
  });
  assert.deepEqual(trace, plain, 'replayed, it runs otherwise');
  const { outcome } = straight.machine;
  assert.equal(straight.machine.replayed?.fault(outcome === null), null);
  runTo(back.machine, straight.machine.steps + (outcome ? 1 : 0));
  for (let i = 0; i < 6; i++) {
    const { step, hash } = dice.pick(marks);
    back.machine.seek(step);
    assert.equal(back.machine.stateHash(), hash, `going to ${step} in a replay comes to another state`);
  }
}

/** Takes another alternative at one place where a rule broke a tie, and goes on as written. */
function exploreOne(text: string, lines: string, choices: Choice[], plain: string[], dice: Dice): boolean {
  const ties = choices
    .map((_, i) => i)
    .filter((i) => ['cpu', 'event', 'waiter', 'placement', 'balance'].includes(choices[i].kind));
  if (ties.length === 0) return false;
  const at = dice.pick(ties);
  const { kind, alternatives } = choices[at];
  const before = choices.slice(0, at).map((choice) => lineOf(choice));
  const rest = 1_000_000_000;
  const header = lines.slice(0, lines.indexOf('\nchoices\n') + 9);
  const body = [...before, `${kind} ${1 + dice.below(alternatives - 1)}/${alternatives}`, `as-written ${rest}`];
  const other = computerFor(text, {
    replay: { uri: 'run.choices', text: `${header}${body.join('\n')}\nend ${at + 1 + rest}\n` },
  });
  const trace = traceOf(other);
  const { outcome } = other.machine;
  assert.notEqual(outcome?.kind, 'panic', `${kind} chosen otherwise: ${outcome?.report.join('\n')}`);
  assert.equal(other.machine.replayed?.fault(true), null);
  return JSON.stringify(trace) !== JSON.stringify(plain);
}

function lineOf({ kind, alternatives, usual, chosen }: Choice): string {
  return chosen === usual ? 'as-written 1' : `${kind} ${chosen}/${alternatives}`;
}

/** The events of a run, with their times, to its end or to the bound. */
function traceOf(computer: Computer, run?: () => void): string[] {
  const { machine } = computer;
  const trace: string[] = [];
  computer.eventConsumers.push(
    ({ time, cpu, name, fields }) => void trace.push(`${time} ${cpu} ${name} ${described(fields)}`),
  );
  while (!machine.outcome && machine.steps < MOST_STEPS) {
    if (run) run();
    else machine.run(MOST_STEPS - machine.steps);
  }
  return trace;
}

function described(fields: RecordValue): string {
  return fields.fields.map((value) => (value !== null && typeof value === 'object' ? '…' : String(value))).join(' ');
}
