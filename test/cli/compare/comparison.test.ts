import assert from 'node:assert/strict';
import { comparisonOf, worstStatus } from '../../../src/cli/compare/comparison.js';
import { figureText } from '../../../src/cli/compare/figure-text.js';
import { FORMATS } from '../../../src/cli/compare/formats.js';
import type { JobResult, Measurement } from '../../../src/cli/compare/job.js';
import { seedsIn, variantsOf, type Variant } from '../../../src/cli/compare/variants.js';

function ran(time: number, others: Partial<Measurement> = {}): Measurement {
  return {
    outcome: 'finished',
    status: 0,
    notes: [],
    scheduler: 'rr',
    cpus: 1,
    costs: 'teaching',
    figures: { time },
    ...others,
  };
}

const NONE = { schedulers: [], cpus: [], costs: [], seeds: [] };
const titles = (variants: readonly Variant[]): string[] =>
  comparisonOf(
    variants,
    [],
    variants.map(() => [ran(1)]),
  ).columns.map(({ title }) => title);

describe('a comparison', () => {
  it('has every combination of what the options may be, in their order', () => {
    const set = new Map([
      ['n', ['1', '2']],
      ['w', ['x']],
    ]);
    const variants = variantsOf({ files: ['a.osim', 'b.osim'], ...NONE, set, cpus: [1, 4] });
    assert.equal(variants.length, 8);
    assert.deepEqual(variants[0], { file: 'a.osim', set: { n: '1', w: 'x' }, cpus: 1 });
    assert.deepEqual(variants[7], { file: 'b.osim', set: { n: '2', w: 'x' }, cpus: 4 });
  });

  it('names columns by what differs', () => {
    const set = new Map([
      ['n', ['1', '2']],
      ['w', ['x']],
    ]);
    assert.deepEqual(titles(variantsOf({ files: ['d/a.osim'], ...NONE, set: new Map() })), ['a']);
    assert.deepEqual(titles(variantsOf({ files: ['d/a.osim'], ...NONE, set })), ['n=1', 'n=2']);
    assert.deepEqual(
      titles(variantsOf({ files: ['d/a.osim', 'e/b.osim'], ...NONE, set: new Map(), schedulers: ['rr', './my.osim'] })),
      ['a rr', 'a my', 'b rr', 'b my'],
    );
    assert.deepEqual(titles(variantsOf({ files: ['d/a.osim', 'e/a.osim'], ...NONE, set: new Map() })), [
      'd/a.osim',
      'e/a.osim',
    ]);
  });

  it('takes the median, the least and the most of several seeds', () => {
    const one = variantsOf({ files: ['a.osim'], ...NONE, set: new Map() });
    const times = (...all: number[]) =>
      comparisonOf(one, [0, 1, 2, 3], [all.map((time) => ran(time))]).columns[0]?.figures['time'];
    assert.deepEqual(times(7), { median: 7, min: 7, max: 7 });
    assert.deepEqual(times(30, 10, 20), { median: 20, min: 10, max: 30 });
    assert.deepEqual(times(40, 10, 20, 30), { median: 25, min: 10, max: 40 });
    const ends = comparisonOf(one, [0, 1], [[ran(1), ran(2, { outcome: 'deadlock' }), { failure: ['x'] }, undefined]]);
    assert.deepEqual([ends.columns[0]?.outcome, ends.columns[0]?.runs], ['1 finished, 1 deadlock', 2]);
  });

  it('leaves out what could not be run, and figures that nobody has', () => {
    const variants = variantsOf({ files: ['a.osim', 'b.osim'], ...NONE, set: new Map() });
    const { columns, rows } = comparisonOf(variants, [], [[{ failure: ['no'] }], [ran(5)]]);
    assert.deepEqual(
      columns.map(({ title }) => title),
      ['b'],
    );
    assert.deepEqual(
      rows.map(({ key }) => key),
      ['time'],
    );
  });

  it('has the exit status that comes first', () => {
    const failed: JobResult = { failure: ['x'] };
    assert.equal(worstStatus([ran(1), undefined]), 0);
    assert.equal(worstStatus([ran(1, { status: 3 }), ran(1, { status: 1 })]), 1);
    assert.equal(worstStatus([ran(1, { status: 1 }), ran(1, { status: 4 }), ran(1, { status: 5 })]), 4);
    assert.equal(worstStatus([ran(1, { status: 4 }), failed]), 2);
  });

  it('reads seeds', () => {
    assert.deepEqual(seedsIn('0..3'), [0, 1, 2, 3]);
    assert.deepEqual(seedsIn('5,7..8'), [5, 7, 8]);
    for (const wrong of ['3..1', 'x', '1..2..3', '-1', '0..']) assert.throws(() => seedsIn(wrong), wrong);
  });
});

describe('a table of figures', () => {
  const variants = variantsOf({ files: ['a|b.osim'], ...NONE, set: new Map([['w', ['x,"y"', 'z']]]) });
  const results = [[ran(1000), ran(3000)], [ran(5)]];
  const table = comparisonOf(variants, [0, 1], results);

  it('is text: figures are lines, runs are columns', () => {
    const lines = FORMATS.text(table).split('\n');
    assert.match(lines[0] ?? '', /^ +w=x,"y" +w=z$/);
    assert.ok(lines.includes('Time'), lines.join('\n'));
    assert.match(lines.find((line) => line.includes('simulated time')) ?? '', /2,000 \(1,000–3,000\) +5$/);
  });

  it('breaks into blocks that fit a line', () => {
    const many = variantsOf({
      files: Array.from({ length: 30 }, (_, i) => `program-${i}.osim`),
      ...NONE,
      set: new Map(),
    });
    const text = FORMATS.text(
      comparisonOf(
        many,
        [],
        many.map(() => [ran(1)]),
      ),
    );
    assert.ok(text.split('\n').every((line) => line.length <= 120));
    for (let i = 0; i < 30; i++) assert.match(text, new RegExp(`program-${i}\\b`));
  });

  it('is Markdown, in which no name is taken for a mark', () => {
    const lines = FORMATS.md(table).split('\n');
    assert.match(lines[0] ?? '', /^\| {2}\| w=x,"y" \| w=z \|$/);
    assert.match(FORMATS.md(comparisonOf([{ file: 'a|*b.osim', set: {} }], [], [[ran(1)]])), /\| a\\\|\\\*b \|/);
  });

  it('is CSV, with a quotation mark doubled', () => {
    const [head, first, second] = FORMATS.csv(table).split('\n');
    assert.equal(head, 'file,w,scheduler,cpus,costs,runs,outcome,time,time_min,time_max');
    assert.equal(first, 'a|b.osim,"x,""y""",rr,1,teaching,2,finished,2000,1000,3000');
    assert.equal(second, 'a|b.osim,z,rr,1,teaching,1,finished,5,5,5');
  });

  it('is JSON, with raw numbers', () => {
    const { figures, seeds, runs } = JSON.parse(FORMATS.json(table)) as Record<string, Record<string, unknown>[]>;
    assert.deepEqual(figures, [{ key: 'time', group: 'Time', title: 'simulated time', unit: 'ticks' }]);
    assert.deepEqual(seeds, [0, 1]);
    assert.deepEqual(runs?.[0]?.['figures'], { time: 2000 });
    assert.deepEqual(runs?.[0]?.['spread'], { time: [1000, 3000] });
    assert.deepEqual(runs?.[0]?.['set'], { w: 'x,"y"' });
  });

  it('writes figures as people read them', () => {
    assert.equal(figureText(1234567, 'ticks', 'teaching'), '1,234,567');
    assert.equal(figureText(1234567, 'ticks', 'linux'), '1.23 ms');
    assert.equal(figureText(999, 'ticks', 'linux'), '999 ns');
    assert.equal(figureText(0.000002, 'rate', 'linux'), '2,000/s');
    assert.equal(figureText(0.0125, 'rate', 'teaching'), '12.5/1000 ticks');
    assert.equal(figureText(0.1234, 'share', 'none'), '12.3 %');
    assert.equal(figureText(6144, 'bytes', 'none'), '6.00 KiB');
    assert.equal(figureText(1000, 'bytes', 'none'), '1,000 B');
    assert.equal(figureText(2.5, 'count', 'none'), '2.50');
  });
});
