/**
 * The two promises about time, over random programs: the same input gives the same run, and going back and forth in it
 * comes to the very same states. OSIM_PROGRAMS sets how many programs, OSIM_SEED where to begin.
 */
import assert from 'node:assert/strict';
import { computerFor } from '../system.js';
import { integer, kernelEvent, text as textField } from '../../src/computer/kernel-records.js';
import { Dice, randomProgram } from './programs.js';
import type { Machine } from '../../src/machine/machine.js';
import type { RecordValue } from '../../src/machine/values.js';

const PROGRAMS = Number(process.env['OSIM_PROGRAMS'] ?? (process.env['OSIM_LONG'] ? 4000 : 30));
const FIRST = Number(process.env['OSIM_SEED'] ?? 1);
/** Far more than any of the programs needs. */
const MOST_STEPS = 5_000_000;

interface Mark {
  step: number;
  hash: string;
}

describe('random programs', function () {
  this.timeout(600_000);
  const coverage = { programs: 0, fork: 0, block: 0, signalOrFault: 0, calls: new Map<string, number>() };

  it(`${PROGRAMS} of them give the same run twice, and going back and forth comes to the same states`, () => {
    for (let seed = FIRST; seed < FIRST + PROGRAMS; seed++) {
      try {
        tryProgram(seed, coverage);
      } catch (error) {
        (error as Error).message = `program ${seed}: ${(error as Error).message}`;
        throw error;
      }
    }
    const percent = (n: number): string => `${Math.round((100 * n) / coverage.programs)} %`;
    const calls = [...coverage.calls].sort((a, b) => a[1] - b[1]);
    console.log(
      `      coverage: fork ${percent(coverage.fork)}, block ${percent(coverage.block)}, ` +
        `signal or fault ${percent(coverage.signalOrFault)}; ${calls.length} calls, rarest ${calls[0]?.join(' ')} times`,
    );
    assert.ok(coverage.fork >= 0.6 * coverage.programs, 'too few programs fork');
    assert.ok(coverage.block >= 0.6 * coverage.programs, 'too few programs block');
    assert.ok(coverage.signalOrFault >= 0.2 * coverage.programs, 'too few programs take a signal or a fault');
    if (PROGRAMS >= 1000)
      assert.deepEqual(
        calls.filter(([, count]) => count < PROGRAMS / 50),
        [],
        'calls made too seldom',
      );
  });

  function tryProgram(seed: number, total: typeof coverage): void {
    const text = randomProgram(seed);
    const dice = new Dice(seed);
    const plain = computerFor(text, { seed: seed % 3 });
    const recorded = computerFor(text, { seed: seed % 3, history: true });
    const { history } = recorded.machine;
    history.epochSteps = 300 + dice.below(5000);
    if (dice.chance(50)) history.limit = 50_000 + dice.below(400_000);

    const deeds = { forked: false, blocked: false, killed: false };
    const traces: [string[], string[]] = [[], []];
    [plain, recorded].forEach((computer, which) => {
      computer.eventConsumers.push((event) => {
        const { name, fields } = kernelEvent(event);
        traces[which as 0 | 1].push(`${computer.machine.steps} ${name} ${described(fields)}`);
        if (which === 1) return;
        if (name === 'sys_enter') {
          const call = textField(fields, 'name');
          total.calls.set(call, (total.calls.get(call) ?? 0) + 1);
          if (call === 'fork' || call === 'spawn') deeds.forked = true;
        }
        if (
          name === 'sched_switch' &&
          integer(fields, 'prev_pid') > 1 &&
          [1, 2].includes(integer(fields, 'prev_state'))
        )
          deeds.blocked = true;
        if (name === 'signal_deliver') deeds.killed = true;
      });
    });

    const marks: Mark[] = [];
    while (!plain.machine.outcome && plain.machine.steps < MOST_STEPS) {
      plain.machine.run(1 + dice.below(20_000));
      if (marks.length < 12 || dice.chance(10)) marks.push(markOf(plain.machine));
    }
    const end = markOf(plain.machine);
    assert.ok(plain.machine.outcome, 'it does not end');
    assert.notEqual(plain.machine.outcome.kind, 'panic', plain.machine.outcome.report.join('\n'));

    while (!recorded.machine.outcome) recorded.machine.run(end.step + 1);
    assert.deepEqual(markOf(recorded.machine), end, 'a second run with history ends otherwise');
    assert.deepEqual(traces[1], traces[0], 'a second run has another trace');
    for (let i = 0; i < 6; i++) {
      const mark = dice.pick(marks);
      recorded.machine.seek(mark.step);
      assert.deepEqual(markOf(recorded.machine), mark, 'going there comes to another state');
    }
    assert.equal(traces[1].length, traces[0].length, 're-execution was not silent');
    recorded.machine.seek(end.step);
    assert.deepEqual(markOf(recorded.machine), end, 'going to the end again comes to another state');

    total.programs++;
    if (deeds.forked) total.fork++;
    if (deeds.blocked) total.block++;
    if (deeds.killed || plain.faults.length > 0) total.signalOrFault++;
  }
});

function markOf(machine: Machine): Mark {
  return { step: machine.steps, hash: machine.stateHash() };
}

function described(fields: RecordValue): string {
  return fields.fields.map((value) => (value !== null && typeof value === 'object' ? '…' : String(value))).join(' ');
}
