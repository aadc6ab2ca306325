import assert from 'node:assert';
import fc from 'fast-check';
import { walk } from '../../src/language/ast-walk.js';
import { parseSource, rangeOf } from '../../src/language/parse.js';
import { checkProgram } from '../../src/language/checks.js';
import { EVERYTHING, LIBRARY, load, places, problemsOf } from './fixture.js';
import { LineTable } from '../../src/language/problem.js';

/** How many texts each property is tried on; the nightly run sets more. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 700);

const codes = (text: string): string[] => places(parseSource(text, 'f').problems);

describe('parseSource', () => {
  it('accepts every construct of the language', () => {
    assert.deepStrictEqual(parseSource(EVERYTHING, 'f').problems, []);
    assert.deepStrictEqual(
      problemsOf(EVERYTHING, { './peers.osim': 'fn peer() { }' }).filter((problem) => problem.severity === 'error'),
      [],
    );
  });

  it('accepts a kernel file, an empty file and a file of comments', () => {
    for (const text of [
      'kernel;\nextern fn spend(n);\nfn f() { spend(1); }',
      '',
      '// only\n',
      '/* a */ /* b */',
      '\r\n\t',
    ]) {
      assert.deepStrictEqual(parseSource(text, 'f').problems, [], text);
    }
    assert.strictEqual(parseSource('kernel;\nfn f() { }', 'f').ast.kernel, true);
  });

  it('gives each node the range of its own text', () => {
    const file = parseSource('process p {\n  let x = (a + b) * f(c)[2];\n}', 'f');
    const texts: string[] = [];
    walk(file.ast, (node) => {
      const { from, to } = rangeOf(node);
      texts.push(`${node.$type} ${from.line}:${from.column} ${file.text.slice(from.offset, to.offset)}`);
    });
    assert.ok(texts.includes('Chain 2:11 (a + b) * f(c)[2]'), texts.join('\n'));
    assert.ok(texts.includes('Chain 2:11 (a + b)'), texts.join('\n'));
    assert.ok(texts.includes('Index 2:21 f(c)[2]'));
    assert.ok(texts.includes('Call 2:21 f(c)'));
    assert.ok(texts.includes('NameRef 2:23 c'));
  });

  it('gives children ranges inside those of their parents, and lines that agree with offsets', () => {
    const file = parseSource(EVERYTHING, 'f');
    const lines = new LineTable(EVERYTHING);
    walk(file.ast, (node) => {
      const { from, to } = rangeOf(node);
      assert.deepStrictEqual(lines.positionAt(from.offset), from);
      assert.deepStrictEqual(lines.positionAt(to.offset), to);
      if (!node.$container) return;
      const outer = rangeOf(node.$container);
      assert.ok(
        outer.from.offset <= from.offset && to.offset <= outer.to.offset,
        `${node.$type} in ${node.$container.$type}`,
      );
    });
  });

  it('reports a missing semicolon on the line where it is missing', () => {
    assert.deepStrictEqual(codes('process p {\n  let x = 1\n  print(x);\n}'), ['2:11 missing-semicolon']);
    assert.deepStrictEqual(codes('const X = 3 // three\nconst Y = 4;'), ['1:11 missing-semicolon']);
  });

  it('keeps the declarations around a mistake', () => {
    for (const broken of [
      'x = ;',
      'if (x {',
      'foo(1, 2;',
      'let 3;',
      '}',
      ')',
      'print("a);',
      'a.;',
      'case 1:',
      'else { }',
    ]) {
      const file = parseSource(`fn before() { }\nprocess p {\n  ${broken}\n}\nfn after() { }\nprocess q { }`, 'f');
      const names = file.ast.items.map((item) => ('name' in item ? item.name : ''));
      assert.ok(file.problems.length >= 1, broken);
      for (const name of ['before', 'after', 'q'])
        assert.ok(names.includes(name), `${broken} lost ${name}: ${names.join()}`);
    }
  });

  it('gives one message for one slip', () => {
    const slips = [
      'x = ;',
      'if (x { }',
      'foo(1, 2;',
      'let 3;',
      'print("a);',
      'a.;',
      'foo(a b);',
      'let l = [1 2];',
      'int x = 3;',
      'a->b = 1;',
    ];
    for (const broken of slips) {
      const { problems } = parseSource(`process p {\n  ${broken}\n}\nfn after() { }`, 'f');
      assert.strictEqual(problems.length, 1, `${broken}: ${places(problems).join()}`);
      assert.strictEqual(problems[0]?.from.line, 2, broken);
    }
  });
});

const NESTS: Record<string, (n: number) => string> = {
  parentheses: (n) => `fn f() { x = ${'('.repeat(n)}1${')'.repeat(n)}; }`,
  lists: (n) => `fn f() { x = ${'['.repeat(n)}1${']'.repeat(n)}; }`,
  records: (n) => `fn f() { x = ${'{a:'.repeat(n)}1${'}'.repeat(n)}; }`,
  structs: (n) => `fn f() { x = ${'S {a:'.repeat(n)}1${'}'.repeat(n)}; }`,
  blocks: (n) => `fn f() ${'{'.repeat(n)}${'}'.repeat(n)}`,
  signs: (n) => `fn f() { x = ${'!'.repeat(n)}1; }`,
  minuses: (n) => `fn f() { x = ${'- '.repeat(n)}1; }`,
  'else if': (n) => `fn f() { ${'if (1) { } else '.repeat(n)}{ } }`,
  'if in if': (n) => `fn f() { ${'if (1) '.repeat(n)}; }`,
  whiles: (n) => `fn f() { ${'while (1) '.repeat(n)}{ } }`,
  dos: (n) => `fn f() { ${'do '.repeat(n)}; ${'while (1); '.repeat(n)} }`,
  conditionals: (n) => `fn f() { x = ${'1 ? 2 : '.repeat(n)}3; }`,
  'conditionals inside': (n) => `fn f() { x = ${'1 ? '.repeat(n)}3${' : 2'.repeat(n)}; }`,
  assignments: (n) => `fn f() { ${'x = '.repeat(n)}3; }`,
  'assignments of records': (n) => `fn f() { ${'{ }.a = '.repeat(n)}3; }`,
  yields: (n) => `fn f() { ${'yield '.repeat(n)}3; }`,
  switches: (n) => `fn f() { ${'switch (1) { case 2: '.repeat(n)}${'}'.repeat(n)}}`,
  members: (n) => `fn f() { x = a${'.b'.repeat(n)}; }`,
  calls: (n) => `fn f() { x = ${'a('.repeat(n)}${')'.repeat(n)}; }`,
  'calls of calls': (n) => `fn f() { x = a${'()'.repeat(n)}; }`,
  indexes: (n) => `fn f() { x = a${'[0]'.repeat(n)}; }`,
  increments: (n) => `fn f() { x${'++'.repeat(n)}; }`,
  'open only': (n) => `fn f() { x = ${'('.repeat(n)}`,
  'close only': (n) => `fn f() { x = ${')'.repeat(n)}`,
  'braces at top': (n) => '{'.repeat(n),
};

describe('nesting', function () {
  this.timeout(20_000);

  it('holds a hundred parentheses', () => {
    assert.deepStrictEqual(parseSource(NESTS.parentheses(100), 'f').problems, []);
  });

  for (const [name, nest] of Object.entries(NESTS)) {
    it(`of ${name}, however deep, is at most a diagnostic`, () => {
      for (const n of [30, 45, 90, 130, 1000, 20000]) {
        const text = nest(n);
        const loaded = load(text);
        checkProgram(loaded, LIBRARY);
        const { problems } = loaded.files[0];
        if (n > 200 && name !== 'close only') {
          assert.deepStrictEqual(
            problems.map((problem) => problem.code),
            ['too-deep'],
          );
        } else if (n < 50 && !['open only', 'close only', 'braces at top', 'assignments of records'].includes(name)) {
          assert.deepStrictEqual(places(problems), []);
        }
      }
    });
  }

  it('says so once, and keeps what stands before', () => {
    const file = parseSource(`fn before() { }\n${NESTS.parentheses(5000)}\nfn after( { `, 'f');
    assert.deepStrictEqual(
      file.problems.map((problem) => problem.code),
      ['too-deep'],
    );
    assert.strictEqual(file.ast.items.length, 1);
  });

  it('does not count what only follows', () => {
    const long = `fn f() { x = 1${' + a.b.c[1](2)'.repeat(1000)}; }`;
    assert.deepStrictEqual(parseSource(long, 'f').problems, []);
    const many = `fn f() {\n${'  if (a) { b(); } else { c.d.e(); }\n  x = y ? 1 : 2;\n'.repeat(100)}}`;
    assert.deepStrictEqual(parseSource(many, 'f').problems, []);
    const list = `const L = [${'-1, [2], x.y, '.repeat(500)}];`;
    assert.deepStrictEqual(parseSource(list, 'f').problems, []);
  });
});

describe('any text at all', function () {
  this.timeout(120_000);

  const check = (text: string): void => {
    const loaded = load(text, { './peers.osim': 'fn peer() { }' });
    const problems = checkProgram(loaded, LIBRARY);
    for (const problem of problems) {
      assert.ok(problem.from.offset >= 0 && problem.to.offset <= Math.max(text.length, 20), JSON.stringify(problem));
      assert.ok(problem.from.offset <= problem.to.offset, JSON.stringify(problem));
      assert.ok(problem.message.length > 0 && problem.code.length > 0);
    }
  };

  it('is read without throwing: noise', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), check), { numRuns: RUNS });
  });

  it('is read without throwing: words of the language in any order', () => {
    const words = [...new Set(EVERYTHING.match(/\w+|"[^"]*"|[^\s\w]/g))];
    const soup = fc.array(fc.constantFrom(...words, '\n', ' ', '"', "'", '/*'), { maxLength: 80 });
    fc.assert(
      fc.property(soup, (parts) => check(parts.join(' '))),
      // A process without a name, and an expect that asks for one.
      { numRuns: RUNS, examples: [[['process', '\n', 'expect stdout("p") == 1;']]] },
    );
  });

  it('is read without throwing: a good program with a piece cut out, doubled or moved', () => {
    // One declaration at a time: short texts, so that many are tried.
    const program = fc.constantFrom(...EVERYTHING.split(/\n(?=\w)/));
    fc.assert(
      fc.property(
        program,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(60),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom('cut', 'double', 'move'),
        (good, start, length, end, how) => {
          const from = Math.floor(start * good.length);
          const to = Math.floor(end * good.length);
          const piece = good.slice(from, from + length);
          const rest = good.slice(0, from) + good.slice(from + length);
          check(
            how === 'cut'
              ? rest
              : how === 'double'
                ? good.slice(0, to) + piece + good.slice(to)
                : rest.slice(0, to) + piece + rest.slice(to),
          );
        },
      ),
      { numRuns: RUNS },
    );
  });
});
