import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  EXPRESSION_AT,
  EvaluationError,
  EvaluationFault,
  evaluate,
  parseExpression,
  type Environment,
  type Value,
} from '../../src/compiler/evaluate.js';

const variables: Record<string, Value> = { x: 5, s: 'abc', list: { items: [1, 2, 3] } };

const environment: Environment = {
  lookup: (node) => variables[node.name],
  call(name, args) {
    if (name === 'double') return Number(args[0]) * 2;
    throw new EvaluationFault(`no function ${name}`);
  },
  member: (value, name) => parts(value)[name] ?? null,
  index: (value, key) => (parts(value)['items'] as unknown as Value[] | undefined)?.[Number(key)] ?? null,
  slice: (value, from, to) => String(value).slice(Number(from), Number(to)),
};

function parts(value: Value): Record<string, Value> {
  if (typeof value === 'object' && value !== null) return value as Record<string, Value>;
  throw new EvaluationFault('this has no parts');
}

function value(text: string, more: Partial<Environment> = {}, steps = 1000): Value {
  const expression = parseExpression(text);
  if (expression instanceof EvaluationError) throw expression;
  return evaluate(expression, { ...environment, ...more }, { steps });
}

function mistake(text: string, more: Partial<Environment> = {}): string {
  try {
    return `value ${String(value(text, more))}`;
  } catch (error) {
    assert.ok(error instanceof EvaluationError, String(error));
    return `${error.message} [${text.slice(error.from - EXPRESSION_AT, error.to - EXPRESSION_AT)}]`;
  }
}

describe('The evaluator', () => {
  it('knows the operators and their precedence', () => {
    assert.equal(value('1 + 2 * 3 - 7 / 2 % 2'), 6);
    assert.equal(value('x > 3 && s == "abc" || 1 / 0'), true);
    assert.equal(value('~0 & 0xC0000000'), 0xc0000000);
    assert.equal(value('-7 / 2 * 10 + -7 % 2'), -31);
    assert.equal(value('x == 5 ? "yes" : 1 / 0'), 'yes');
    assert.equal(value('(1 < 2) + 1'), 2);
    assert.equal(value('!null'), true);
  });

  it('asks its environment for the rest', () => {
    assert.equal(value('double(x) + list.items'.replace('.items', '[1]')), 12);
    assert.equal(value('s[1..3]'), 'bc');
    assert.equal(value('list.nothing'), null);
  });

  it('says what is wrong, and where', () => {
    assert.equal(mistake('1 + y'), 'There is no `y` here. [y]');
    assert.equal(mistake('2 * (x / 0)'), 'division by zero: 5 / 0 [x / 0]');
    assert.equal(mistake('nothing(1)'), 'no function nothing [nothing(1)]');
    assert.equal(mistake('s - 1'), '- needs integers, this is a string [s - 1]');
    assert.match(mistake('x = 1'), /may only look/);
    assert.match(mistake('9007199254740991 + 1'), /overflow/);
  });

  it('says what is wrong with the text', () => {
    assert.ok(parseExpression('1 +') instanceof EvaluationError);
    assert.ok(parseExpression('1; const b = 2') instanceof EvaluationError);
    assert.ok(parseExpression('') instanceof EvaluationError);
  });

  it('assigns when it may', () => {
    const stored: string[] = [];
    const assign: Environment['assign'] = (target, v) =>
      stored.push(`${target.kind === 'name' ? target.name.name : target.kind} = ${String(v)}`);
    assert.equal(value('x++', { assign }), 5);
    assert.equal(value('x += 3', { assign }), 8);
    assert.equal(value('list[0] = 9', { assign }), 9);
    assert.deepEqual(stored, ['x = 6', 'x = 8', 'index = 9']);
  });

  it('is bounded', () => {
    assert.throws(() => value(Array.from({ length: 500 }, () => 'x').join(' + '), {}, 100), /takes too long/);
    const long = Array.from({ length: 20_000 }, () => '1').join(' + ');
    assert.equal(value(long, {}, 100_000), 20_000);
  });

  it('throws nothing but its own error, whatever the text', () => {
    const piece = fc.constantFrom(
      'x',
      's',
      'list',
      '1',
      '"q"',
      ' + ',
      ' / ',
      '(',
      ')',
      '[',
      ']',
      '..',
      '.a',
      ' ? ',
      ' : ',
      ' && ',
      '-',
      '{ a: 1 }',
      'yield ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const outcome = mistake(pieces.join(''));
        assert.equal(typeof outcome, 'string');
      }),
      { numRuns: 300 },
    );
  });
});
