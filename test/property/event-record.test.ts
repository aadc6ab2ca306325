/**
 * The log of a debugged run, of which most has been thinned, against a straight run: whatever is asked, wherever the
 * machine stands, after runs, ways back and forth and inputs, the events are those of a straight run with these inputs.
 * OSIM_RECORDS sets how many programs, OSIM_SEED where to begin.
 */
import assert from 'node:assert/strict';
import { computerFor, runTo } from '../system.js';
import type { TraceEvent } from '../../src/computer/events/event.js';
import { EventLog } from '../../src/computer/events/log.js';
import { PassingEvent } from '../../src/computer/events/passing.js';
import { countUntil, select } from '../../src/computer/events/select.js';
import { processByPid } from '../../src/computer/inspect.js';
import { callKernel, constant } from '../../src/computer/kernel-records.js';
import { EventRecord } from '../../src/debugger/event-record.js';
import type { Machine } from '../../src/machine/machine.js';
import { ListValue } from '../../src/machine/values.js';
import { livelyProgram } from './lively-programs.js';
import { Dice } from './programs.js';

const PROGRAMS = Number(process.env['OSIM_RECORDS'] ?? (process.env['OSIM_LONG'] ? 300 : 5));
const FIRST = Number(process.env['OSIM_SEED'] ?? 1);
const MOST_STEPS = 60_000;
const SIGUSR1 = 10;

interface Kill {
  step: number;
  pid: number;
}

function textOf({ step, time, cpu, pid, task, name, fields }: TraceEvent): string {
  const values = fields.fields.map((value) => (value instanceof ListValue ? `[${value.toArray().join()}]` : value));
  return `${step} ${time} ${cpu} ${pid} ${task} ${name} ${values.join()}`;
}

/** Sends a signal from outside, as the debugger does when a thread is to be ended. */
function kill(machine: Machine, pid: number): void {
  machine.input((at) => {
    const process = processByPid(at, pid);
    if (!process) return;
    const info = callKernel(at, 'kernel_signal', [SIGUSR1, constant(at, 'SI_KERNEL')]);
    callKernel(at, 'signal_process', [process, SIGUSR1, info]);
  });
}

/** The events of a straight run with some inputs, up to a step. */
function straight(text: string, seed: number, kills: readonly Kill[], to: number): string[] {
  const { machine } = computerFor(text, { seed });
  const events: string[] = [];
  const event = new PassingEvent(machine);
  machine.onEvent = (name, fields) => {
    event.name = name;
    event.fields = fields;
    events.push(textOf(event));
  };
  for (const { step, pid } of kills) {
    runTo(machine, step);
    if (machine.steps < step) break;
    kill(machine, pid);
  }
  runTo(machine, to);
  return events;
}

function finish<Found>(way: Generator<number, Found>): Found {
  for (;;) {
    const { done, value } = way.next();
    if (done) return value;
  }
}

describe('the log of a debugged run', function () {
  this.timeout(3_600_000);

  it(`is that of a straight run, in ${PROGRAMS} programs`, () => {
    const total = { questions: 0, remade: 0, inputs: 0, inThePast: 0, thinnedCut: 0 };
    for (let seed = FIRST; seed < FIRST + PROGRAMS; seed++) {
      try {
        tryProgram(seed, total);
      } catch (error) {
        (error as Error).message = `program ${seed}: ${(error as Error).message}`;
        throw error;
      }
    }
    console.log(`      ${JSON.stringify(total)}`);
    assert.ok(
      total.remade > 2 * PROGRAMS && total.inThePast > PROGRAMS / 2 && total.thinnedCut > 0,
      JSON.stringify(total),
    );
  });

  function tryProgram(number: number, total: Record<string, number>): void {
    const dice = new Dice(number);
    const { text } = livelyProgram(number);
    const seed = number % 3;
    const { machine } = computerFor(text, { seed, history: true });
    machine.history.epochSteps = 300 + dice.below(4000);
    if (dice.chance(50)) machine.history.limit = 50_000 + dice.below(400_000);
    const record = new EventRecord(machine, new EventLog(1000 + dice.below(4000), 15 + dice.below(30)));
    const { log } = record;
    let kills: Kill[] = [];
    let furthest = 0;
    let wanted: string[] = [];
    for (let i = 0; i < 12; i++) {
      const move = dice.below(10);
      if (i === 0 || move < 4) runTo(machine, Math.min(MOST_STEPS, machine.steps + dice.below(20_000)));
      else if (move < 7) machine.seek(dice.below(furthest + 1));
      else {
        const thin = log.all.filter((part) => !part.exact);
        if (thin.length > 0 && dice.chance(60)) {
          const { fromStep, toStep } = dice.pick(thin);
          machine.seek(fromStep + dice.below(toStep - fromStep));
        }
        if (machine.outcome) continue;
        if (machine.steps < furthest) total['inThePast']++;
        if (log.thinnedAcross(machine.steps)) total['thinnedCut']++;
        total['inputs']++;
        const { steps } = machine;
        const pid = 2 + dice.below(4);
        kills = [...kills.filter(({ step }) => step <= steps), { step: steps, pid }];
        furthest = 0;
        record.input(() => kill(machine, pid));
      }
      if (machine.steps > furthest) {
        furthest = machine.steps;
        wanted = straight(text, seed, kills, furthest);
      }
      const [hash, step] = [machine.stateHash(), machine.steps];
      for (let j = 0; j < 3; j++) {
        total['questions']++;
        const where = `at ${step}, furthest ${furthest}, question ${j}`;
        assert.equal(log.length, wanted.length, where);
        const [from, most] = [dice.below(wanted.length + 2), 1 + dice.below(100)];
        const backward = dice.chance(40);
        if (log.partWith(from)?.exact === false) total['remade']++;
        const { events } = finish(record.answer(select(log, { from, backward, filter: {}, most })));
        const expected = backward
          ? wanted.slice(Math.max(0, Math.min(from, wanted.length - 1) + 1 - most), from + 1).reverse()
          : wanted.slice(from, from + most);
        assert.deepEqual(events.map(textOf), expected, where);
        const at = dice.below(furthest + 1);
        const until = finish(record.answer(countUntil(log, at)));
        assert.equal(until, wanted.filter((event) => Number(event.split(' ')[0]) <= at).length, where);
        assert.equal(machine.steps, step, where);
        assert.equal(machine.stateHash(), hash, where);
      }
    }
  }
});
