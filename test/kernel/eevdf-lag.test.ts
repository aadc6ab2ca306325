/**
 * EEVDF's promise: nobody is further behind, or ahead of, its exact share than the longest turn that anyone asks for
 * (Stoica and Abdel-Wahab, 1995, theorem 1), as long as all stay runnable. Who sleeps comes back with what it was owed,
 * up to two of its own turns, as in Linux (update_entity_lag()), and may have to wait for one turn more.
 */
import assert from 'node:assert/strict';
import { field, globalRecords, integer, isStruct, kernelEvent, text } from '../../src/computer/kernel-records.js';
import { tasksOf } from '../../src/computer/inspect.js';
import type { Machine } from '../../src/machine/machine.js';
import { RecordValue } from '../../src/machine/values.js';
import { Dice } from '../property/programs.js';
import { computerFor } from '../system.js';

/** A virtual tick of nice 0 (weights.osim): NICE_0_WEIGHT * VIRTUAL_TICK. */
const UNIT = 1024 * 64;
/** What a task asks for that says nothing: sched_base_slice. */
const BASE = 20;

interface Lag {
  name: string;
  own: number;
  lag: number;
}

/** How many ticks each task of the first CPU's queue is behind its share. */
function lags(machine: Machine): Lag[] {
  const queue = field(globalRecords(machine, 'run_queues')[0] ?? null, 'queue');
  assert.ok(queue instanceof RecordValue && isStruct(queue, 'EevdfQueue'));
  const now = integer(queue, 'base') + integer(queue, 'sum') / integer(queue, 'load');
  return tasksOf(machine).flatMap((task) => {
    const sched = field(task, 'sched');
    if (!(sched instanceof RecordValue) || !isStruct(sched, 'EevdfTask') || integer(sched, 'weight') === 0) return [];
    const time = field(sched, 'vruntime');
    assert.ok(time instanceof RecordValue && isStruct(time, 'VirtualTime'));
    const lag = ((now - integer(time, 'ticks')) * integer(sched, 'weight')) / UNIT;
    return { name: text(task, 'name'), own: integer(task, 'burst') || BASE, lag };
  });
}

/** Looks at all lags at each switch of a random program. */
function watch(seed: number, sleeps: readonly number[], look: (lag: Lag, longest: number, text: string) => void): void {
  const d = new Dice(seed * 31 + 5);
  let longest = BASE;
  const processes = Array.from({ length: 2 + d.below(5) }, (_, i) => {
    const slice = d.chance(50) ? 0 : 1 + d.below(100);
    longest = Math.max(longest, slice);
    const nap = d.pick(sleeps);
    const body = `compute(${1 + d.below(120)}); ${nap > 0 ? `sleep(${nap});` : ''}`;
    const attributes = `at ${d.below(200)} nice ${d.pick([0, 0, 0, 5, -5, 10, 1, -1])} burst ${slice || BASE}`;
    return `process t${i} ${attributes} { for (let i = 0; i < ${20 + d.below(60)}; i++) { ${body} } }`;
  });
  const text = `machine { costs = none; scheduler = eevdf; }\n${processes.join('\n')}`;
  const computer = computerFor(text);
  computer.eventConsumers.push((event) => {
    if (kernelEvent(event).name !== 'sched_switch') return;
    for (const lag of lags(computer.machine)) look(lag, longest, text);
  });
  assert.equal(computer.run({ maxSteps: 50_000_000 }).kind, 'finished');
}

describe('the lag under EEVDF', () => {
  it('is at most the longest turn while all stay runnable', () => {
    let most = 0;
    for (let seed = 1; seed <= 25; seed++) {
      watch(seed, [0], ({ name, lag }, longest, text) => {
        most = Math.max(most, Math.abs(lag) / longest);
        assert.ok(Math.abs(lag) <= longest + 1, `${name}: ${lag} of ${longest}\n${text}`);
      });
    }
    assert.ok(most > 0.5, 'the bound is not far from what happens');
  });

  it('is at most two own turns more when tasks sleep, however long others run alone', () => {
    for (let seed = 1; seed <= 60; seed++) {
      watch(seed, [0, 0, 1, 7, 30, 100, 300], ({ name, own, lag }, longest, text) => {
        assert.ok(Math.abs(lag) <= longest + 2 * own + 1, `${name}: ${lag} of ${longest} + 2 * ${own}\n${text}`);
      });
    }
  });
});
