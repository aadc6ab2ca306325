import assert from 'node:assert/strict';
import { NamePattern } from '../../src/computer/name-pattern.js';
import { HitCondition, parseLogMessage } from '../../src/debugger/conditions.js';

describe('debugger: conditions', () => {
  const hits = (condition: string): number[] => {
    const parsed = HitCondition.parse(condition);
    return [1, 2, 3, 4, 5, 6].filter((n) => parsed.holds(n));
  };

  it('reads hit counts', () => {
    assert.deepEqual(hits('3'), [3]);
    assert.deepEqual(hits('==3'), [3]);
    assert.deepEqual(hits(' = 3 '), [3]);
    assert.deepEqual(hits('>=3'), [3, 4, 5, 6]);
    assert.deepEqual(hits('> 3'), [4, 5, 6]);
    assert.deepEqual(hits('<3'), [1, 2]);
    assert.deepEqual(hits('!=3'), [1, 2, 4, 5, 6]);
    assert.deepEqual(hits('%3'), [3, 6]);
  });

  it('says what a hit count looks like', () => {
    for (const wrong of ['', 'x', '3 times', '%0', '-1', '>=', '1e9999'])
      assert.throws(() => HitCondition.parse(wrong), RangeError);
  });

  it('splits log messages into text and expressions', () => {
    assert.deepEqual(parseLogMessage('pid={pid} got {n} bytes'), [
      { text: 'pid=' },
      { expression: 'pid' },
      { text: ' got ' },
      { expression: 'n' },
      { text: ' bytes' },
    ]);
    assert.deepEqual(parseLogMessage('{{literal}} {f("}")}{ {a: 1}.a }'), [
      { text: '{literal} ' },
      { expression: 'f("}")' },
      { expression: '{a: 1}.a' },
    ]);
    assert.deepEqual(parseLogMessage('open { and {} stay'), [{ text: 'open { and {} stay' }]);
  });

  it('matches names with stars, and nothing else as a pattern', () => {
    assert.ok(new NamePattern('sys_enter_*').test('sys_enter_read'));
    assert.ok(new NamePattern('sched_switch').test('sched_switch'));
    assert.ok(!new NamePattern('sched.switch').test('sched_switch'));
    assert.ok(!new NamePattern('sched').test('sched_switch'));
  });
});
