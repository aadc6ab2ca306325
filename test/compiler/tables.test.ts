import assert from 'node:assert/strict';
import type { FunctionInfo } from '../../src/compiler/image.js';
import { positionsOf } from '../../src/compiler/positions.js';
import { compile, functionNamed } from './fixture.js';

/** The text that each position of a function covers; statements with a star. */
function places(text: string, name: string): string[] {
  const lines = text.split('\n');
  return positionsOf(functionNamed(compile(text).image, name)).map(
    ({ line, column, endLine, endColumn, statement }) => {
      const covered =
        line === endLine ? lines[line - 1]?.slice(column - 1, endColumn - 1) : `${lines[line - 1]?.slice(column - 1)}…`;
      return `${statement ? '*' : ' '}${covered}`;
    },
  );
}

function statements(text: string, name: string): string[] {
  return places(text, name)
    .filter((place) => place.startsWith('*'))
    .map((place) => place.slice(1));
}

describe('Positions', () => {
  it('flag the start of each statement, the closing brace included', () => {
    assert.deepEqual(statements('fn f(a) { let b = a; b++; if (b > 1) { a = b; } }', 'f'), [
      'let b = a;',
      'b++',
      'if (b > 1',
      'a = b',
      '}',
    ]);
  });

  it('make the condition and the step of a loop statements of their own', () => {
    const text = 'fn f(n) {\n  for (let i = 0; i < n; i++) {\n    n--;\n  }\n  while (n < 5) n++;\n}';
    assert.deepEqual(statements(text, 'f'), ['let i = 0;', 'n--', 'i++', 'i < n', 'n++', 'n < 5', '}']);
  });

  it('give each call in an expression its own place', () => {
    const text = 'fn g(x) { return x; }\nfn f(a) { return g(a) + g(g(1)); }';
    assert.deepEqual(
      places(text, 'f')
        .slice(1)
        .filter((place) => place.startsWith(' g')),
      [' g(a)', ' g(1)', ' g(g(1))'],
    );
  });

  it('point at a division', () => {
    assert.ok(places('fn f(a) { return 1 + 6 / a; }', 'f').includes(' 6 / a'));
  });

  it('attribute the defaults of a struct to where it is made', () => {
    const text = 'fn g() { return 1; }\nstruct S { a = g(); }\nfn f() {\n  return S { };\n}';
    const lines = positionsOf(functionNamed(compile(text).image, 'f')).map((position) => position.line);
    assert.deepEqual([...new Set(lines)], [4]);
  });
});

function variable(f: FunctionInfo, name: string): string[] {
  const { from } = f;
  return f.variables.filter((v) => v.name === name).map((v) => `r${v.register} ${v.from - from}-${v.to - from}`);
}

describe('Variables', () => {
  it('begin after their value is computed and end with their block', () => {
    const f = functionNamed(compile('fn f(a) { let x = a; { let x = a + 1; a = x; } a = x; }').image, 'f');
    assert.deepEqual(variable(f, 'a'), ['r0 0-5']);
    assert.deepEqual(variable(f, 'x'), ['r1 1-5', 'r2 2-3']);
  });

  it('of a loop live as long as the loop', () => {
    const f = functionNamed(
      compile('fn f(xs) { for (x in xs) { xs = x; } for (let i = 0; i < 3; i++) { } }').image,
      'f',
    );
    assert.deepEqual(variable(f, 'x'), ['r3 2-3']);
    assert.deepEqual(variable(f, 'i'), ['r1 5-8']);
  });

  it('that are parameters say so', () => {
    const f = functionNamed(compile('fn f(a, b = 2, ...rest) { let c = a; }').image, 'f');
    assert.deepEqual(
      f.variables.map((v) => [v.name, v.parameter]),
      [
        ['a', true],
        ['b', true],
        ['rest', true],
        ['c', false],
      ],
    );
    assert.deepEqual([f.required, f.params, f.rest, f.defaults], [1, 2, true, [2]]);
  });
});
