import assert from 'node:assert/strict';
import { quoted, showValue } from '../../src/machine/text.js';
import { BufferValue, FunctionValue, HardwareValue, ListValue, MapValue } from '../../src/machine/values.js';
import { record } from './native-context.js';

class Coroutine extends HardwareValue {
  readonly kind = 'coroutine';
}

const list = (...items: ConstructorParameters<typeof ListValue>[1]) => new ListValue(0, items);

describe('the text of a value', () => {
  it('is what print() shows', () => {
    assert.equal(showValue(-5), '-5');
    assert.equal(showValue('raw "text"\n'), 'raw "text"\n');
    assert.equal(showValue(true), 'true');
    assert.equal(showValue(null), 'null');
    assert.equal(showValue(list()), '[]');
    assert.equal(showValue(list(1, 'a"b', list(null))), '[1, "a\\"b", [null]]');
    assert.equal(showValue(record(null, { a: 1 })), '{ a: 1 }');
    assert.equal(showValue(record(null, {})), '{}');
    assert.equal(
      showValue(record('Conn', { fd: 3, buf: new BufferValue(0x8050000, 16) })),
      'Conn { fd: 3, buf: buffer(0x08050000, 16) }',
    );
    assert.equal(
      showValue(
        new MapValue(
          0,
          new Map<string | number | boolean, number>([
            [1, 2],
            ['k', 3],
            [true, 4],
          ]),
        ),
      ),
      '{ 1 => 2, "k" => 3, true => 4 }',
    );
    assert.equal(showValue(new FunctionValue(3, 'handle')), 'fn handle');
    assert.equal(showValue(list(new Coroutine())), '[coroutine]');
  });

  it('leaves out elements that were taken from the front', () => {
    const queue = list(null, 2, 3);
    queue.head = 1;
    assert.equal(showValue(queue), '[2, 3]');
  });

  it('ends where a value contains itself', () => {
    const whole = list(1);
    const inner = record('Node', { next: whole });
    whole.items.push(inner, inner);
    assert.equal(showValue(whole), '[1, Node { next: [...] }, Node { next: [...] }]');
  });

  it('is bounded in length and in depth', () => {
    const long = new ListValue(0, new Array<number>(100_000).fill(1));
    assert.equal(showValue(long, { length: 10, depth: 5 }), '[1, 1, 1, ...');
    assert.ok(showValue(list('x'.repeat(1000)), { length: 10, depth: 5 }).length < 20);
    let deep = list();
    for (let i = 0; i < 100_000; i++) deep = list(deep);
    assert.equal(showValue(deep, { length: 1000, depth: 3 }), '[[[[...]]]]');
    // A value that doubles at each level is exponentially long.
    let wide = list(1);
    for (let i = 0; i < 100; i++) wide = list(wide, wide);
    assert.ok(showValue(wide).length < 1.1 * 2 ** 20);
  });

  it('quotes as C does', () => {
    assert.equal(quoted('a\n\t\0\x01"\\'), '"a\\n\\t\\0\\x01\\"\\\\"');
  });
});
