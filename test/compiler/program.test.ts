import assert from 'node:assert/strict';
import { codeOf, compile, functionNamed } from './fixture.js';

function messages(text: string, options: Parameters<typeof compile>[1] = {}): string[] {
  return compile(text, options).problems.map(
    ({ code, message, hint }) => `${code}: ${message}${hint ? ` ${hint}` : ''}`,
  );
}

describe('Processes', () => {
  it('start in a thunk that initialises, fetches the arguments, runs the body and exits with its result', () => {
    const { image } = compile('var names = [1];\nprogram server(a, b) { return a; }');
    assert.deepEqual(codeOf(image, '_start'), [
      'CALL r3, $init_library, 0',
      'CALL r3, $init, 0',
      'LDI r3, 0',
      'LIB r3, __argument, 1',
      'LDI r8, 1',
      'LIB r8, __argument, 1',
      'MOV r4, r8',
      'CALL r3, server, 2',
      'JT r3, @10',
      'LDI r3, 0',
      'CALL r3, exit, 1',
      'RET0',
    ]);
    assert.equal(functionNamed(image, '_start').synthetic, true);
    assert.deepEqual(codeOf(image, '$init'), ['LDI r1, 1', 'LIST r0, r1, 1', 'GST names, r0', 'RET0']);
  });

  it('have attributes that may use params', () => {
    const { image } = compile('param n = 2; process w count n at 10 nice -5 tickets (n * 3) cpu 1 (i) { print(i); }');
    assert.deepEqual(
      image.processes.map(({ name, index, at, nice, priority, burst, tickets, cpu }) => [
        name,
        index,
        at,
        nice,
        priority,
        burst,
        tickets,
        cpu,
      ]),
      [
        ['w', 0, 10, -5, null, null, 6, 1],
        ['w', 1, 10, -5, null, null, 6, 1],
      ],
    );
  });

  it('of imported files are not started; programs are there', () => {
    const other = 'process p { } program child(a) { exit(a); } fn g() { return 1; } expect 1 == 2;';
    const { image } = compile('import "./other.osim"; process q { g(); }', { others: { 'file:///other.osim': other } });
    assert.deepEqual(
      image.processes.map((each) => each.name),
      ['q'],
    );
    assert.deepEqual(
      image.programs.map((each) => [each.name, each.params]),
      [['child', 1]],
    );
    assert.deepEqual(image.expects, []);
  });
});

describe('Globals', () => {
  it('that are integers need no code', () => {
    const { image } = compile('var a = 5; var b = 2 * 3; var c; var d = "x"; process p { }');
    assert.deepEqual(
      image.globals.map(({ name, initial }) => [name, initial]),
      [
        ['a', 5],
        ['b', 6],
        ['c', 0],
        ['d', 0],
      ],
    );
    assert.deepEqual(codeOf(image, '$init'), ['LDK r0, null', 'GST c, r0', 'LDK r0, "x"', 'GST d, r0', 'RET0']);
  });

  it('that are shared are there before any process is: an integer, a lock with its words', () => {
    const { image } = compile('shared var n = 4; shared var m = mutex(2); shared var free; process p { }');
    assert.ok(!image.functions.some(({ name }) => name === '$init'), 'nobody has to set them');
    assert.deepEqual(
      image.globals.map(({ name, shared, initial, sync }) => [name, shared, initial, sync?.kind, sync?.argument]),
      [
        ['n', true, 4, undefined, undefined],
        ['m', true, 0, 'mutex', 2],
        ['free', true, 0, undefined, undefined],
      ],
    );
  });

  it('come after constants with parts, each of which comes after those it is made of', () => {
    const { image } = compile(
      'var first = OPS.read; const OPS = { read: g, table: TABLE }; const TABLE = [1]; fn g() { } process p { }',
    );
    assert.deepEqual(
      codeOf(image, '$init').filter((line) => line.startsWith('GST')),
      ['GST TABLE, r0', 'GST OPS, r0', 'GST first, r0'],
    );
  });

  it("of the library are set by the library's own function, which is always there", () => {
    const { image } = compile('var errno = 0;', { kind: 'library' });
    assert.deepEqual(codeOf(image, '$init_library'), ['RET0']);
  });
});

describe('Params', () => {
  const text = 'param n = 3; param who = "you"; param fast = false; process p count n { print(who, fast); }';

  it('have defaults', () => {
    assert.deepEqual(compile(text).image.params, { n: 3, who: 'you', fast: false });
  });

  it('take values as texts and as values', () => {
    const { image } = compile(text, { params: { n: '0x10', who: '5', fast: 'true' } });
    assert.deepEqual(image.params, { n: 16, who: '5', fast: true });
    assert.equal(image.processes.length, 16);
    assert.equal(compile(text, { params: { n: -0, fast: true } }).image.processes.length, 0);
  });

  it('keep their type, and their names', () => {
    assert.deepEqual(messages(text, { params: { n: 'many' } }), [
      'param-type: The param `n` is an integer; "many" is not. Its default is 3.',
    ]);
    assert.deepEqual(messages(text, { params: { whom: 'x' } }), [
      'unknown-param: The program has no param `whom`. Did you mean `who`?',
    ]);
  });
});

describe('The machine, the disk, the keyboard', () => {
  it('settings have units and words; those of the entry file win', () => {
    const { image } = compile(
      'import "./m.osim"; param q = 5; machine { memory = 16 MiB; scheduler = priority; quantum = q * 2; }',
      {
        others: { 'file:///m.osim': 'machine { scheduler = rr; cpus = 2; }' },
      },
    );
    assert.deepEqual(image.machine, { scheduler: 'priority', cpus: 2, memory: 16 * 1024 * 1024, quantum: 10 });
  });

  it('files have contents that are known before the run', () => {
    const { image } = compile(
      'const A = "a"; file "/x" = repeat(A, 3); file "/z" = format("%03d", 7); file "/y" from "./y.txt";',
      {
        readHostFile: (uri) => `the bytes of ${uri}`,
      },
    );
    assert.deepEqual(image.disk, [
      { path: '/x', content: 'aaa' },
      { path: '/z', content: '007' },
      { path: '/y', content: 'the bytes of file:///y.txt' },
    ]);
  });

  it('a file that can not be read, or is too large, is a problem', () => {
    const refuse = (): { problem: string } => ({ problem: 'there is none.' });
    assert.deepEqual(messages('file "/y" from "./y.txt";', { readHostFile: refuse }), [
      'host-file: The file "./y.txt" can not be used: there is none.',
    ]);
    assert.match(messages('file "/y" = repeat("x", 1000000000);').join(), /repeat\(\) would make 1000000000 bytes/);
  });

  it('keys are typed at their times', () => {
    const { image } = compile('keyboard at 50 "ls\\n"; keyboard at 90 eof;');
    assert.deepEqual(image.keyboard, [
      { at: 50, text: 'ls\n' },
      { at: 90, text: null },
    ]);
  });
});

describe('Expects', () => {
  it('are kept as written, with the outcome that they name', () => {
    const { image, expects } = compile('expect  outcome() == "deadlock", "they wait";\nexpect 1 < 2;');
    assert.deepEqual(image.expects, [
      { text: 'outcome() == "deadlock"', why: 'they wait', file: 0, line: 1, column: 1, outcome: 'deadlock' },
      { text: '1 < 2', why: null, file: 0, line: 2, column: 1, outcome: null },
    ]);
    assert.deepEqual(
      expects.map(({ node }) => node.$type),
      ['Expect', 'Expect'],
    );
  });
});

describe('Remotes', () => {
  it('have a body that makes calls of its own, and a count that may use params', () => {
    const { image } = compile(
      'param n = 3; remote r count n every 20 at 100 (i) { let s = connect(i); send(s, "x"); }',
    );
    const [remote] = image.remotes;
    assert.deepEqual(image.remotes, [
      { name: 'r', count: 3, at: 100, every: 20, init: -1, body: remote?.body, params: 1 },
    ]);
    assert.equal(image.functions[remote?.body ?? -1]?.role, 'remote');
    assert.deepEqual(
      codeOf(image, 'r').filter((line) => line.startsWith('LIB')),
      ['LIB r5, remote.connect, 1', 'LIB r5, remote.send, 2'],
    );
  });

  it('of imported files are there; they get constants with parts, and no variables', () => {
    const other = 'const SIZES = [1, 2]; var v = [3]; remote r { print(SIZES[0]); }';
    const { image } = compile('import "./other.osim"; process q { }', { others: { 'file:///other.osim': other } });
    const [remote] = image.remotes;
    const init = image.functions[remote?.init ?? -1];
    assert.ok(init);
    assert.deepEqual(
      codeOf(image, init.name).filter((line) => line.startsWith('GST')),
      ['GST SIZES, r0'],
    );
  });
});

describe('Mistakes that only the compiler sees', () => {
  it('a constant that has no value', () => {
    assert.deepEqual(messages('const A = 1 / 0;'), ['bad-constant: This has no value: division by zero: 1 / 0.']);
  });

  it('attributes of a remote that params have made impossible', () => {
    assert.deepEqual(messages('param n = 1; remote r count n { sleep(1); }', { params: { n: -1 } }), [
      'bad-attribute: `count` is from 0 to 100_000; -1 is not. Write a number from 0 to 100_000.',
    ]);
    assert.deepEqual(messages('param n = 1; remote r every n { sleep(1); }', { params: { n: -1 } }), [
      'bad-attribute: `every` is from 0 to 1_000_000_000_000; -1 is not. Write a number from 0 to 1_000_000_000_000.',
    ]);
  });
});
