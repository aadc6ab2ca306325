/**
 * The log against the plain list of all events: whatever is asked, thinned or not, the answers are those of the list.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { densityOf, UNTOLD } from '../../src/computer/events/density.js';
import type { TraceEvent } from '../../src/computer/events/event.js';
import { namesLike, type EventFilter } from '../../src/computer/events/filter.js';
import { EventLog } from '../../src/computer/events/log.js';
import { Remaking } from '../../src/computer/events/remaking.js';
import { countUntil, select, type Missing } from '../../src/computer/events/select.js';
import { ListValue, RecordValue, Shape, type Value } from '../../src/machine/values.js';
import { computerFor } from '../system.js';

const PROGRAM = `var k = 0;
process a { for (i in 0..300) { k = k + getpid(); if (i % 3 == 0) { let p = pipe(); write(p[1], "abc"); close(p[0]); close(p[1]); } } }
process b count 5 { for (i in 0..60) { sleep(7); } }
process once { let fd = open("/new", O_CREAT | O_RDWR); write(fd, "x"); sleep(2000); raise(SIGUSR1); }
`;

/** As text: equal events have equal texts. */
function textOf({ step, time, cpu, pid, task, name, fields }: TraceEvent): string {
  const values = fields.fields.map((value) => (value instanceof ListValue ? `[${value.toArray().join()}]` : value));
  return `${step} ${time} ${cpu} ${pid} ${task} ${name} ${fields.shape.fields.join()} ${values.join()}`;
}

interface Plain {
  text: string;
  step: number;
  time: number;
  pid: number;
  name: string;
}

const events: Plain[] = [];

const passed: TraceEvent[] = [];

/** The run: each event goes to `take`. */
function run(take: (event: TraceEvent) => void): void {
  for (const event of passed) take(event);
}

function logOf(limit: number, chunkEvents: number): EventLog {
  const log = new EventLog(limit, chunkEvents);
  run((event) => log.append(event));
  return log;
}

/** The answer, with all that is missed made anew by another run; how often that was. */
function ask<Found>(log: EventLog, question: Generator<Missing, Found, void>): { found: Found; remade: number } {
  for (let remade = 0; ; remade++) {
    const { done, value } = question.next();
    if (done) return { found: value, remade };
    const { summary, wanted } = value;
    const remaking = new Remaking(log, summary, wanted);
    run((event) => remaking.take(event));
    remaking.end();
    if ('number' in wanted) assert.ok(log.partWith(wanted.number)?.exact, 'what was wanted is there');
  }
}

function naive(filter: EventFilter, { name, pid, time }: Plain): boolean {
  const { wants, fromTime = -Infinity, toTime = Infinity } = filter;
  return (
    (!wants || wants(name)) && (filter.pid === undefined || filter.pid === pid) && time >= fromTime && time < toTime
  );
}

describe('the log of events', function () {
  this.timeout(120_000);

  before(() => {
    const computer = computerFor(PROGRAM, { settings: { cpus: 2 } });
    computer.eventConsumers.push((event) => {
      const { step, time, cpu, pid, task, name, fields } = event;
      events.push({ text: textOf(event), step, time, pid, name });
      passed.push({ step, time, cpu, pid, task, name, fields });
    });
    computer.run();
    assert.ok(events.length > 4000);
  });

  it('gives back what it was given, in a few bytes an event', () => {
    const log = logOf(2 ** 30, 500);
    const { events: found, next } = ask(
      log,
      select(log, { from: 0, backward: false, filter: {}, most: Infinity }),
    ).found;
    assert.deepEqual(
      found.map((event) => textOf(event)),
      events.map(({ text }) => text),
    );
    assert.equal(next, null);
    assert.equal(log.length, events.length);
    const bytes = log.weight / log.length;
    assert.ok(bytes < 40, `${bytes.toFixed(1)} bytes an event`);
  });

  it('answers as the list of all events does, when most of it has been thinned, too', () => {
    const names = ['*', 'sys_*', 'sched_switch', 'sys_enter,sys_exit', 'signal_*', 'none'];
    const end = events[events.length - 1].time;
    const question = fc.record({
      chunk: fc.constantFrom(50, 200, 1000),
      limit: fc.constantFrom(30_000, 60_000, 2 ** 30),
      name: fc.constantFrom(...names),
      pid: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
      fromTime: fc.option(fc.integer({ min: 0, max: end }), { nil: undefined }),
      length: fc.integer({ min: 1, max: end }),
      from: fc.integer({ min: 0, max: events.length }),
      backward: fc.boolean(),
      most: fc.integer({ min: 1, max: 300 }),
    });
    const logs = new Map<string, EventLog>();
    let remade = 0;
    fc.assert(
      fc.property(question, ({ chunk, limit, name, pid, fromTime, length, from, backward, most }) => {
        const key = `${chunk} ${limit}`;
        let log = logs.get(key);
        if (!log) logs.set(key, (log = logOf(limit, chunk)));
        const filter: EventFilter = {
          wants: namesLike(name),
          ...(pid !== undefined && { pid }),
          ...(fromTime !== undefined && { fromTime, toTime: fromTime + length }),
        };
        const answer = ask(log, select(log, { from, backward, filter, most }));
        remade += answer.remade;
        const numbered = events.map((event, number) => ({ ...event, number }));
        const before = backward ? numbered.slice(0, from + 1).reverse() : numbered.slice(from);
        const wanted = before.filter((event) => naive(filter, event));
        assert.deepEqual(
          answer.found.events.map((event) => `${event.number} ${textOf(event)}`),
          wanted.slice(0, most).map(({ number, text }) => `${number} ${text}`),
        );
        if (wanted.length > most) assert.notEqual(answer.found.next, null);
        const step = events[Math.min(from, events.length - 1)].step - (from % 2);
        const count = ask(log, countUntil(log, step));
        assert.equal(count.found, events.filter((event) => event.step <= step).length);
        // What is written now, and what was asked for last, are there in any case.
        assert.ok(log.weight <= limit + 2 * 40 * chunk + 5000, `${log.weight} bytes of ${limit}`);
      }),
      { numRuns: 150 },
    );
    assert.ok(remade > 20, `only ${remade} parts were made anew`);
  });

  it('counts by kind and stretch of time; from what was thinned nothing is missing, and a rare event is in its place', () => {
    const end = events[events.length - 1].time + 1;
    const exact = logOf(2 ** 30, 100);
    const thinned = logOf(30_000, 100);
    assert.ok(
      thinned.all.some((part) => !part.exact),
      'it has been thinned',
    );
    for (const bins of [1, 7, 100]) {
      const binOf = (time: number): number => Math.min(bins - 1, Math.floor((time * bins) / end));
      const wanted = Array.from({ length: bins }, () => new Map<string, number>());
      for (const { time, name } of events) {
        const counts = wanted[binOf(time)];
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
      const whole = { fromTime: 0, toTime: end };
      assert.deepEqual(
        densityOf(exact, whole, bins).map(({ counts }) => [...counts].sort()),
        wanted.map((counts) => [...counts].sort()),
      );
      const rough = densityOf(thinned, whole, bins);
      const totals = (some: { counts: ReadonlyMap<string, number> }[]): Map<string, number> => {
        const sums = new Map<string, number>();
        for (const { counts } of some)
          for (const [name, count] of counts) sums.set(name, (sums.get(name) ?? 0) + count);
        return sums;
      };
      assert.deepEqual(
        [...totals(rough)].sort(),
        [...totals(wanted.map((counts) => ({ counts })))].sort(),
        `${bins} bins`,
      );
      const rare = events.find(({ name }) => name === 'signal_generate')!;
      assert.ok((rough[binOf(rare.time)].counts.get('signal_generate') ?? 0) > 0);
      assert.ok(rough.some((bin) => !bin.exact));
    }
  });

  it('counts the events of one task, and says that their kinds are not known where they were thinned', () => {
    const end = events[events.length - 1].time + 1;
    const [bin] = densityOf(logOf(30_000, 100), { fromTime: 0, toTime: end, pid: 3 }, 1);
    const all = [...bin.counts.values()].reduce((sum, count) => sum + count, 0);
    assert.equal(all, events.filter(({ pid }) => pid === 3).length);
    assert.ok(bin.counts.get(UNTOLD)! > 0);
  });

  it('drops what an input has made another future, and goes on from there', () => {
    for (const number of [0, 99, 100, 101, 2500, events.length - 1]) {
      const log = logOf(2 ** 30, 100);
      const { step } = events[number];
      log.forgetAfter(step);
      assert.equal(log.length, number + 1);
      assert.equal(log.lastStep, step);
      run((event) => event.step > step && log.append(event));
      const { found } = ask(log, select(log, { from: 0, backward: false, filter: {}, most: Infinity }));
      assert.deepEqual(
        found.events.map((event) => textOf(event)),
        events.map(({ text }) => text),
      );
    }
  });

  it('stays within its limit however long the run, and however many tasks it has', () => {
    const log = new EventLog(200_000, 64);
    const shape = new Shape(0, null, ['pid', 'comm', 'n'], [0, 1, 2], 3);
    for (let i = 0; i < 400_000; i++) {
      const fields = new RecordValue(0, shape, [i, `name${i % 5000}`, -i], 0);
      const [pid, task] = [i % 30_000, `t${i % 30_000}`];
      log.append({ step: i, time: 3 * i, cpu: 0, pid, task, name: i === 777 ? 'rare' : 'often', fields });
      if (i % 10_000 === 0) assert.ok(log.weight < 300_000, `${log.weight} bytes after ${i}`);
    }
    assert.equal(log.length, 400_000);
    const bins = densityOf(log, { fromTime: 0, toTime: 1_200_000 }, 100);
    assert.equal(bins[0].counts.get('rare'), 1);
    assert.equal(bins.reduce((sum, { counts }) => sum + (counts.get('often') ?? 0), 0), 399_999); // prettier-ignore
  });

  it('keeps any value, at least as its description', () => {
    const log = new EventLog();
    const values: Value[] = [0, -1, 2 ** 53 - 1, -(2 ** 53) + 1, 1e300, true, false, null, '', 'ü\0', 'x'.repeat(5000)];
    values.push(new ListValue(0, [1, new ListValue(0, ['a', null])]));
    const shape = new Shape(0, null, values.map((_, i) => `f${i}`), [], 0); // prettier-ignore
    const fields = new RecordValue(0, shape, [...values, new RecordValue(0, shape, values, 0)], 0);
    log.append({ step: 1, time: 1, cpu: 0, pid: 1, task: 't', name: 'odd', fields: new RecordValue(0, new Shape(1, null, [...shape.fields, 'r'], [], 0), fields.fields, 0) }); // prettier-ignore
    const found = log.all[0];
    assert.ok(found.exact);
    const back = found.eventAt(0).fields.fields;
    assert.deepEqual(back.slice(0, 4), values.slice(0, 4));
    assert.deepEqual(back.slice(5, 10), values.slice(5, 10));
    assert.equal(back[4], '1e+300');
    assert.equal((back[10] as string).length, 1000);
    assert.deepEqual((back[11] as ListValue).toArray()[0], 1);
    assert.equal(typeof back[12], 'string');
  });
});
