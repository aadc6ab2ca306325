import assert from 'node:assert/strict';
import { codeFor, codeOf, compile } from './fixture.js';

describe('Code of loops', () => {
  it('tests at the bottom: one compare-and-branch a round', () => {
    assert.deepEqual(codeFor('let i = 0; while (i < n) { i = i + 1; } return i;', 'n'), [
      'LDI r1, 0',
      'JMP @3',
      'ADDI r1, r1, 1',
      'JLT r1, r0, @2',
      'RET r1',
    ]);
  });

  it('compares with a constant in place', () => {
    assert.deepEqual(
      codeFor('for (let i = 0; i < LIMIT; i++) { g(i); }', '', 'const LIMIT = 10; fn g(x) { return x; }'),
      ['LDI r0, 0', 'JMP @5', 'MOV r4, r0', 'CALL r4, g, 1', 'ADDI r0, r0, 1', 'JLTI r0, 10, @2', 'RET0'],
    );
  });

  it('needs no test when the condition is always true', () => {
    assert.deepEqual(codeFor('while (true) { n++; }', 'n'), ['ADDI r0, r0, 1', 'JMP @0']);
    assert.deepEqual(codeFor('for (;;) { n++; }', 'n'), ['ADDI r0, r0, 1', 'JMP @0']);
  });

  it('counts in the variable of a range', () => {
    assert.deepEqual(codeFor('for (i in 0..n) { g = i; }', 'n', 'var g = 0;'), [
      'LDI r1, 0',
      'MOV r2, r0',
      'JMP @5',
      'GST g, r1',
      'ADDI r1, r1, 1',
      'JLT r1, r2, @3',
      'RET0',
    ]);
  });

  it('walks a list with two instructions a round', () => {
    assert.deepEqual(codeFor('for (x in xs) { if (x == 2) { continue; } g = x; }', 'xs', 'var g = 0;'), [
      'ITER r1, r0',
      'NEXT r1, r3, @6',
      'JNEI r3, 2, @4',
      'JMP @1',
      'GST g, r3',
      'JMP @1',
      'RET0',
    ]);
  });

  it('runs the body of do-while first', () => {
    assert.deepEqual(codeFor('do { n--; } while (n > 0);', 'n'), ['ADDI r0, r0, -1', 'JGTI r0, 0, @0', 'RET0']);
  });
});

describe('Code of globals', () => {
  const increment = ['GLD r0, g', 'ADDI r0, r0, 1', 'GST g, r0', 'RET0'];

  it('takes load, add, store for an increment, however it is written', () => {
    for (const statement of ['g++;', '++g;', 'g += 1;']) {
      assert.deepEqual(codeFor(statement, '', 'var g = 0;'), increment, statement);
    }
    const written = codeFor('g = g + 1;', '', 'var g = 0;');
    assert.deepEqual(
      written.map((line) => line.split(' ')[0]),
      ['GLD', 'ADDI', 'GST', 'RET0'],
    );
  });

  it('never keeps a global in a register', () => {
    const loads = codeFor('g = 1; let a = g; let b = g; return a + b;', '', 'var g = 0;').filter((line) =>
      line.startsWith('GLD'),
    );
    assert.equal(loads.length, 2);
  });

  it("reaches the library's errno", () => {
    assert.deepEqual(codeFor('errno = 0; return errno;'), ['LDI r0, 0', 'GST errno, r0', 'GLD r0, errno', 'RET r0']);
  });

  it("uses the kernel's own instructions in the kernel", () => {
    const { image } = compile('var jiffies = 0; fn tick() { jiffies++; spend(1); return current(); }', {
      kind: 'kernel',
    });
    assert.deepEqual(codeOf(image, 'tick'), [
      'KLD r0, jiffies',
      'ADDI r0, r0, 1',
      'KST jiffies, r0',
      'LDI r3, 1',
      'INTR r3, spend, 1',
      'INTR r3, current, 0',
      'RET r3',
    ]);
  });
});

describe('Code of calls', () => {
  const g = 'fn g(a, b = 7) { return a; } fn h(a, ...rest) { return a; }';

  it('leaves three slots below the arguments, and the result where it lands', () => {
    assert.deepEqual(codeFor('return g(x, 1);', 'x', g), ['MOV r4, r0', 'LDI r5, 1', 'CALL r4, g, 2', 'RET r4']);
  });

  it('fills in defaults, its own and the library’s', () => {
    assert.deepEqual(codeFor('g(x);', 'x', g), ['MOV r4, r0', 'LDI r5, 7', 'CALL r4, g, 2', 'RET0']);
    assert.deepEqual(codeFor('open(x, O_RDONLY);', 'x'), [
      'MOV r4, r0',
      'LDI r5, 0',
      `LDI r6, ${0o644}`,
      'CALL r4, open, 3',
      'RET0',
    ]);
    assert.deepEqual(codeFor('lseek(x, 5);', 'x')[2], 'LDI r6, 0');
    assert.deepEqual(codeFor('text(x);', 'x'), ['MOV r4, r0', 'LDK r5, null', 'LIB r4, text, 2', 'RET0']);
  });

  it('gives a rest parameter what was given', () => {
    assert.deepEqual(codeFor('h(1, 2, 3);', '', g).at(-2), 'CALL r3, h, 3');
    assert.deepEqual(codeFor('h(1);', '', g).at(-2), 'CALL r3, h, 1');
  });

  it('shares the window of a call that is the first argument', () => {
    assert.deepEqual(codeFor('return g(g(x, 1), g(2, 3));', 'x', g), [
      'MOV r4, r0',
      'LDI r5, 1',
      'CALL r4, g, 2',
      'LDI r9, 2',
      'LDI r10, 3',
      'CALL r9, g, 2',
      'MOV r5, r9',
      'CALL r4, g, 2',
      'RET r4',
    ]);
  });

  it('keeps a called value below the window', () => {
    assert.deepEqual(codeFor('return file.ops.read(file, 1);', 'file'), [
      'GETF r2, r0, .ops',
      'GETF r1, r2, .read',
      'MOV r5, r0',
      'LDI r6, 1',
      'CALLV r5, r1, 2',
      'RET r5',
    ]);
    assert.deepEqual(codeFor('let q = g; return q(1);', '', g).slice(0, 3), [
      'LDK r0, g',
      'LDI r4, 1',
      'CALLV r4, r0, 1',
    ]);
  });
});

describe('Code of conditions', () => {
  it('becomes jumps, without a boolean', () => {
    assert.deepEqual(codeFor('if (a > 0 && (b != c || !c)) { return 1; } return 2;', 'a, b, c'), [
      'JLEI r0, 0, @5',
      'JNE r1, r2, @3',
      'JT r2, @5',
      'LDI r3, 1',
      'RET r3',
      'LDI r3, 2',
      'RET r3',
    ]);
  });

  it('makes a boolean where one is wanted', () => {
    assert.deepEqual(codeFor('return a > b;', 'a, b'), ['LT r2, r1, r0', 'RET r2']);
    assert.deepEqual(codeFor('return a && b;', 'a, b'), [
      'JF r0, @4',
      'JF r1, @4',
      'LDK r2, true',
      'JMP @5',
      'LDK r2, false',
      'RET r2',
    ]);
  });

  it('mirrors a constant on the left', () => {
    assert.deepEqual(codeFor('if (3 < a) { return; }', 'a')[0], 'JLEI r0, 3, @2');
  });

  it('runs only the second operand’s effects', () => {
    assert.deepEqual(codeFor('a && a++;', 'a'), ['JF r0, @2', 'ADDI r0, r0, 1', 'RET0']);
  });
});

describe('Code of expressions', () => {
  it('computes straight into the target', () => {
    assert.deepEqual(codeFor('let x = a + b * 2 - 3; return x;', 'a, b'), [
      'LDI r4, 2',
      'MUL r3, r1, r4',
      'ADD r2, r0, r3',
      'ADDI r2, r2, -3',
      'RET r2',
    ]);
  });

  it('does not write a local before the last operand was read', () => {
    assert.deepEqual(codeFor('a = b * b + a; return a;', 'a, b'), ['MUL r2, r1, r1', 'ADD r0, r2, r0', 'RET r0']);
  });

  it('evaluates from left to right, also when the right side assigns', () => {
    assert.deepEqual(codeFor('return i + i++;', 'i'), [
      'MOV r2, r0',
      'MOV r3, r0',
      'ADDI r0, r0, 1',
      'ADD r1, r2, r3',
      'RET r1',
    ]);
  });

  it('folds constants, enum members and params', () => {
    const declarations = 'const A = 6; enum Phase { WAIT, COPY = 5, DONE } param p = 2;';
    assert.deepEqual(codeFor('return A * 2 + Phase.DONE + WAIT + p;', '', declarations), ['LDI r0, 20', 'RET r0']);
  });

  it('leaves a constant that can not be computed to the run', () => {
    assert.deepEqual(codeFor('return 1 / 0;'), ['LDI r1, 1', 'LDI r2, 0', 'DIV r0, r1, r2', 'RET r0']);
  });

  it('takes large constants from the table', () => {
    assert.deepEqual(codeFor('return 3_000_000_000;'), ['LDK r0, 3000000000', 'RET r0']);
    assert.deepEqual(codeFor('return x + 3_000_000_000;', 'x'), ['LDK r2, 3000000000', 'ADD r1, r0, r2', 'RET r1']);
  });

  it('evaluates the target of a compound assignment once', () => {
    assert.deepEqual(codeFor('a.b[i] += 2;', 'a, i'), [
      'GETF r2, r0, .b',
      'GETI r3, r2, r1',
      'ADDI r3, r3, 2',
      'SETI r2, r1, r3',
      'RET0',
    ]);
  });

  it('gives the old value of x++ and the new one of ++x', () => {
    assert.deepEqual(codeFor('return a.n++;', 'a'), ['GETF r1, r0, .n', 'ADDI r2, r1, 1', 'SETF r0, .n, r2', 'RET r1']);
    assert.deepEqual(codeFor('return ++a.n;', 'a'), ['GETF r1, r0, .n', 'ADDI r1, r1, 1', 'SETF r0, .n, r1', 'RET r1']);
  });

  it('makes structs with their defaults, in the order of the declaration', () => {
    const struct = 'struct Conn { fd; phase = 1; got; }';
    assert.deepEqual(codeFor('return Conn { got: 3, fd: x };', 'x', struct), [
      'LDI r4, 3',
      'MOV r2, r0',
      'LDI r3, 1',
      'NEW r1, Conn, r2',
      'RET r1',
    ]);
  });

  it('slices, and yields', () => {
    assert.deepEqual(codeFor('return a[1..n];', 'a, n'), ['LDI r3, 1', 'MOV r4, r1', 'SLICE r2, r0, r3', 'RET r2']);
    assert.deepEqual(codeFor('let got = yield a; return got;', 'a'), ['YIELD r1, r0', 'RET r1']);
  });

  it('falls through the cases of a switch', () => {
    assert.deepEqual(codeFor('switch (a) { case 1: a = 5; case 2: a = 6; break; default: a = 7; }', 'a'), [
      'JEQI r0, 1, @3',
      'JEQI r0, 2, @4',
      'JMP @6',
      'LDI r0, 5',
      'LDI r0, 6',
      'JMP @7',
      'LDI r0, 7',
      'RET0',
    ]);
  });

  it('compiles a long list and a long chain without a large frame or a deep stack', () => {
    const many = Array.from({ length: 5000 }, (_, i) => `${i}`);
    const { image } = compile(
      `fn f(x) { let l = [${many.join(', ')}]; return x + ${many.map((n) => `x * ${n}`).join(' + ')}; }`,
    );
    const f = image.functions[0];
    assert.ok(f && f.registers < 100, `${f?.registers} registers`);
  });
});
