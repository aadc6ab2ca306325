/** Programs that are giants: one construct, n times. What is wanted is an answer in time that grows as they do. */

export interface Giant {
  readonly name: string;
  /** How many, in the fast tests: where time grew with the square, this many took minutes. */
  readonly n: number;
  readonly text: (n: number) => string;
  /** The one error that it has; undefined: none. */
  readonly error?: RegExp;
}

function times(n: number, piece: (i: number) => string, between = ''): string {
  return Array.from({ length: n }, (_, i) => piece(i)).join(between);
}

const inProcess = (body: string): string => `process p { let a = 1; let list = [1]; ${body} }`;
const TOO_DEEP = /nested too deeply: at most \d+ levels/;

function giant(name: string, n: number, text: (n: number) => string, error?: RegExp): Giant {
  return error ? { name, n, text, error } : { name, n, text };
}

/** Declarations that use each other. */
const CHAINS: readonly Giant[] = [
  giant(
    'constants, each using the next',
    2000,
    (n) => `${times(n, (i) => `const C${i} = C${i + 1} + 1;\n`)}const C${n} = 1; ${inProcess('a = C0;')}`,
  ),
  giant(
    'constants, each using the one before',
    2000,
    (n) => `const C0 = 1;\n${times(n, (i) => `const C${i + 1} = C${i} + 1;\n`)}${inProcess(`a = C${n};`)}`,
  ),
  giant(
    'constants of lists of constants',
    2000,
    (n) => `${times(n, (i) => `const C${i} = [C${i + 1}];\n`)}const C${n} = [1]; ${inProcess('list = C0;')}`,
  ),
  giant('a circle of constants', 1200, (n) => times(n, (i) => `const C${i} = C${(i + 1) % n};\n`), /depends on itself/),
  giant(
    'params, each using the next',
    2000,
    (n) => `${times(n, (i) => `param C${i} = C${i + 1} + 1;\n`)}param C${n} = 1; ${inProcess('a = C0;')}`,
  ),
  giant(
    'a circle of params',
    2000,
    (n) => times(n, (i) => `param C${i} = C${(i + 1) % n};\n`),
    /default of a param is known before/,
  ),
  giant(
    'members of an enum, each using the next',
    2000,
    (n) => `enum E { ${times(n, (i) => `A${i} = A${i + 1} + 1, `)}A${n} = 0 } ${inProcess('a = E.A0;')}`,
  ),
  giant(
    'members of an enum, all used',
    1200,
    (n) => `enum E { ${times(n, (i) => `A${i}`, ',')} } ${inProcess(times(n, (i) => `a = E.A${i} + A${i};\n`))}`,
  ),
  giant('constants in a body', 1200, (n) =>
    inProcess(`const C0 = 1;\n${times(n, (i) => `const C${i + 1} = C${i} + 1;\n`)}a = C${n};`),
  ),
  giant(
    'functions that call each other',
    800,
    (n) => `${times(n, (i) => `fn f${i}(x) { return f${(i + 1) % n}(x); }\n`)}${inProcess('f0(1);')}`,
  ),
  giant(
    'strings, each twice the one before',
    30,
    (n) => `const S0 = "abcdefgh";\n${times(n, (i) => `const S${i + 1} = S${i} + S${i};\n`)}process p { }`,
    /would make a string of \d+ bytes; at most 16777216/,
  ),
  giant(
    'a format of long strings',
    40,
    (n) => `const S = repeat("x", 1000000); const T = format("${'%s'.repeat(n)}", ${times(n, () => 'S', ', ')});`,
    /format\(\) would make more than 16777216 bytes/,
  ),
];

/** Many of a kind. */
const MANY: readonly Giant[] = [
  giant('statements', 4000, (n) => inProcess('a = a + 1;\n'.repeat(n))),
  giant('terms of a sum', 8000, (n) => inProcess(`a = ${times(n, () => 'a', '+')};`)),
  giant('terms of a constant sum', 8000, (n) => `const B = ${times(n, () => '1', '+')};`),
  giant('comments in an expression', 20_000, (n) => `const B = 1 ${'// one more\n'.repeat(n)} + 1;`),
  giant('strings joined', 5000, (n) => `const B = ${times(n, () => '"a"', '+')};`),
  giant('conditions', 4000, (n) => inProcess(`if (${times(n, () => 'a', '&&')} || ${times(n, () => 'a', '||')}) { }`)),
  giant('cases', 2000, (n) => inProcess(`switch (a) { ${times(n, (i) => `case ${i}: a = 2; break;\n`)} }`)),
  giant('functions', 1200, (n) => `${times(n, (i) => `fn f${i}(x, y = 2) { return x + y; }\n`)}${inProcess('f0(1);')}`),
  giant(
    'parameters',
    1000,
    (n) => `fn f(${times(n, (i) => `a${i}`, ',')}) { return a0; } ${inProcess(`f(${times(n, String, ',')});`)}`,
  ),
  giant(
    'structs with fields of their own',
    700,
    (n) => `${times(n, (i) => `struct S${i} { a${i}; b${i} = 2; }\n`)}${inProcess('S0 { a0: 1 };')}`,
  ),
  giant('locals', 2000, (n) => inProcess(times(n, (i) => `let b${i} = a;\n`))),
  giant('globals', 3000, (n) => `${times(n, (i) => `var v${i} = "x";\n`)}${inProcess('a = v0;')}`),
  giant('files', 2000, (n) => `${times(n, (i) => `file "/f${i}" = "x";\n`)}process p { }`),
  giant('bytes of a string', 9_000_000, (n) => `process p { print("${'a'.repeat(n)}"); }`),
  giant('escapes of a string', 600_000, (n) => `process p { print("${'\\n'.repeat(n)}"); }`),
  giant('lines of comments', 20_000, (n) => `${'// a comment\n'.repeat(n)}/* ${'x\n'.repeat(n)} */ process p { }`),
];

/** What is refused. */
const REFUSED: readonly Giant[] = [
  ...[
    ['parentheses', (n: number) => inProcess(`a = ${'('.repeat(n)}1${')'.repeat(n)};`)],
    ['lists in lists', (n: number) => inProcess(`a = ${'['.repeat(n)}1${']'.repeat(n)};`)],
    ['records in records', (n: number) => inProcess(`a = ${'{ x: '.repeat(n)}1${' }'.repeat(n)};`)],
    ['blocks', (n: number) => inProcess(`${'{'.repeat(n)}${'}'.repeat(n)}`)],
    ['signs', (n: number) => inProcess(`a = ${'!'.repeat(n)}1;`)],
    ['conditionals', (n: number) => inProcess(`a = ${'a ? 1 : '.repeat(n)}2;`)],
    ['ifs', (n: number) => inProcess(`${'if (a) '.repeat(n)} print(1);`)],
    ['else ifs', (n: number) => inProcess(`${'if (a) { } else '.repeat(n)} print(1);`)],
    ['loops', (n: number) => inProcess(`${'while (a) { '.repeat(n)} break; ${'} '.repeat(n)}`)],
    ['indices', (n: number) => inProcess(`a = list${'[0]'.repeat(n)};`)],
    ['fields', (n: number) => inProcess(`a = list${'.x'.repeat(n)};`)],
    ['calls', (n: number) => inProcess(`a = list${'()'.repeat(n)};`)],
    ['assignments', (n: number) => inProcess(`${'a = '.repeat(n)}2;`)],
  ].map(([name, text]) => giant(`nested ${name as string}`, 5000, text as (n: number) => string, TOO_DEEP)),
  giant(
    'words and signs',
    1_100_000,
    (n) => inProcess(';'.repeat(n)),
    /too long: at most 1_000_000 words and signs fit/,
  ),
  giant(
    'characters',
    34_000_000,
    (n) => `// ${'x'.repeat(n)}\nprocess p { }`,
    /too long: at most 33_554_432 characters fit/,
  ),
  giant('digits', 100_000, (n) => inProcess(`a = ${'9'.repeat(n)};`), /^9{20}… \(100000 digits\) is too large/),
  giant('names that mean nothing', 3000, (n) => inProcess(times(n, (i) => `a = nothing${i};\n`)), /There is no name/),
  giant('words without signs', 50_000, (n) => inProcess(times(n, (i) => `x${i} `)), /an operator or a `;` is missing/),
  giant('missing semicolons', 5000, (n) => inProcess('a = 1\n'.repeat(n)), /`;` is missing/),
  giant('closing braces', 150_000, (n) => '}'.repeat(n), /closes nothing/),
  giant('opened brackets', 50_000, (n) => '{ ( ['.repeat(n), TOO_DEEP),
  giant('signs that mean nothing', 15_000, (n) => '@ x '.repeat(n), /`@` has no meaning here/),
  giant('unclosed strings', 2000, (n) => 'print("abc);\n'.repeat(n), /not closed/),
  giant('fractions', 2000, (n) => inProcess('a = 1.5;\n'.repeat(n)), /only integers/),
  giant('declarations of one name', 2000, (n) => 'fn f() { }\n'.repeat(n), /already declared/),
];

export const GIANTS: readonly Giant[] = [...CHAINS, ...MANY, ...REFUSED];
