import assert from 'node:assert';
import fc from 'fast-check';
import { formatSource } from '../../src/language/format.js';
import { tokensOf } from '../../src/language/tokens.js';
import { EVERYTHING } from './fixture.js';

const words = (text: string): string[] => tokensOf(text).map((token) => token.text.trimEnd());

describe('formatSource', () => {
  const cases: [name: string, before: string, after: string][] = [
    [
      'blanks',
      'process   p{let x=1+2*-3;print( x ,f (x) [ 0 ]);x ++;}',
      'process p { let x = 1 + 2 * -3; print(x, f(x)[0]); x++; }\n',
    ],
    [
      'signs',
      'fn f(){x=- -y;x=-(-y);x=!~y;x=a- -b;x=a-b;return-1;}',
      'fn f() { x = - -y; x = -(-y); x = !~y; x = a - -b; x = a - b; return -1; }\n',
    ],
    ['colons', 'fn f(){x=a?b:c?d:{e:1,f:g?h:i};}', 'fn f() { x = a ? b : c ? d : { e: 1, f: g ? h : i }; }\n'],
    [
      'heads',
      'process w count 2 at(3*4)nice-5(i){}program c(a){}remote r every 20(i){}',
      'process w count 2 at (3 * 4) nice -5 (i) {} program c(a) {} remote r every 20 (i) {}\n',
    ],
    [
      'ends of blocks',
      'process p {\n  a();\n  if (x) { b(); }\n  if (y) {\n    c(); } else { d(); } }',
      'process p {\n  a();\n  if (x) { b(); }\n  if (y) {\n    c();\n  } else { d(); }\n}\n',
    ],
    ['ranges', 'fn f(a,... r){for(i in 0 .. n){b[1 .. i];}}', 'fn f(a, ...r) { for (i in 0..n) { b[1..i]; } }\n'],
    [
      'settings',
      'machine{memory=256  MiB;}keyboard at 50"ls\\n";',
      'machine { memory = 256 MiB; } keyboard at 50 "ls\\n";\n',
    ],
    [
      'indentation',
      'process p {\nif (a) {\nb();\n}\nelse\nc();\nf(1,\n2,\n[\n3,\n]);\nlet x = 1 +\n2;\n}',
      'process p {\n  if (a) {\n    b();\n  }\n  else\n    c();\n  f(1,\n    2,\n    [\n      3,\n    ]);\n  let x = 1 +\n    2;\n}\n',
    ],
    [
      'switches',
      'fn f() {\nswitch (x) {\ncase 1:\na();\nbreak;\ncase 2: b();\ndefault:\nc();\n}\nd();\n}',
      'fn f() {\n  switch (x) {\n    case 1:\n      a();\n      break;\n    case 2: b();\n    default:\n      c();\n  }\n  d();\n}\n',
    ],
    [
      'blank lines',
      '\n\n\nconst A = 1;\n\n\n\nfn f() {\n\n  a();\n\n\n  b();\n\n}\n\n\n',
      'const A = 1;\n\nfn f() {\n  a();\n\n  b();\n}\n',
    ],
    [
      'comments',
      '// head   \n\nfn f() {   // why\n// inside\na();         // in column 14\n/* block\n   of lines */\nb(/* in */ 1);\n}\n// end',
      '// head\n\nfn f() {   // why\n  // inside\n  a();       // in column 14\n  /* block\n   of lines */\n  b(/* in */ 1);\n}\n// end\n',
    ],
    ['line ends', 'const A = 1;\r\nconst B = 2;\r\n', 'const A = 1;\nconst B = 2;\n'],
  ];
  for (const [name, before, after] of cases) it(`sets ${name}`, () => assert.strictEqual(formatSource(before), after));

  it('leaves a text alone that does not parse', () => {
    assert.strictEqual(formatSource('process   p{let x=}'), 'process   p{let x=}');
    assert.strictEqual(formatSource(''), '');
  });

  it('changes no word and no comment, and does nothing the second time', function () {
    this.timeout(30_000);
    const tokens = tokensOf(EVERYTHING);
    // The same program with other blanks and line breaks between its tokens.
    const blanks = fc.array(fc.constantFrom(' ', '  ', '\n', '\n\n\n', '\t', ' /* c */ ', ' // c\n'), {
      minLength: tokens.length,
      maxLength: tokens.length,
    });
    fc.assert(
      fc.property(blanks, (gaps) => {
        const text = tokens.map((token, i) => token.text + gaps[i]).join('');
        const once = formatSource(text);
        assert.notStrictEqual(once, text);
        assert.deepStrictEqual(words(once), words(text));
        assert.strictEqual(formatSource(once), once);
      }),
      { numRuns: 60 },
    );
    const once = formatSource(EVERYTHING);
    assert.deepStrictEqual(words(once), words(EVERYTHING));
    assert.strictEqual(formatSource(once), once);
  });
});
