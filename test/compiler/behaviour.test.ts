/** What compiled programs do, on the machine. */
import assert from 'node:assert/strict';
import { textOf } from '../../src/machine/text.js';
import { Answers } from '../../src/computer/answers.js';
import { computerFor } from '../system.js';

/** What a process with this body prints, line by line. */
function prints(body: string, declarations = ''): string[] {
  const computer = computerFor(`${declarations}\nprocess main { ${body} }`);
  computer.run({ maxSteps: 10_000_000 });
  const faults = computer.faults.map((fault) => fault.message);
  return [...textOf(new Answers(computer).stdout('main')).split('\n').slice(0, -1), ...faults];
}

describe('Compiled programs', () => {
  it('evaluate operands from left to right', () => {
    const trace = 'var log_ = ""; fn t(name, value) { log_ += name; return value; }';
    assert.deepEqual(prints('t("a", 1) + t("b", 2) * t("c", 3); print(log_);', trace), ['abc']);
    assert.deepEqual(prints('t("f", [1])[t("i", 0)] = t("v", 2); print(log_);', trace), ['fiv']);
    assert.deepEqual(prints('print(t("x", 1), t("y", 2), log_);', trace), ['1 2 xy']);
    assert.deepEqual(prints('let i = 1; let x = i + i++ * 10 + i; print(x, i);'), ['13 2']);
    assert.deepEqual(prints('let i = 1; let x = [i, i++, i, ++i]; print(x);'), ['[1, 1, 2, 3]']);
    assert.deepEqual(prints('let a = 1; let b = (a = 5) + a; print(a, b);'), ['5 10']);
    assert.deepEqual(prints('let i = 0; let a = [7, 8]; a[i] = i++; print(a, i);'), ['[0, 8] 1']);
  });

  it('stop at the first operand that decides', () => {
    const count = 'var n = 0; fn t(v) { n++; return v; }';
    assert.deepEqual(prints('let r = t(0) && t(1); let s = t(2) || t(3); print(r, s, n);', count), ['false true 2']);
    assert.deepEqual(
      prints('if (!(t(1) && (t(0) || t(3))) || t(4)) { print("yes", n); } else { print("no", n); }', count),
      ['yes 4'],
    );
    assert.deepEqual(prints('print(t(1) ? "a" : t(2), n);', count), ['a 1']);
  });

  it('divide and shift as C does', () => {
    assert.deepEqual(prints('let a = -7; let b = 2; print(a / b, a % b, a >> 1, a & 0xFF, ~a, -a);'), [
      '-3 -1 -4 249 6 7',
    ]);
    assert.deepEqual(prints('let a = 0xC0000000; print(a & ~0xFFF, a | 1, a ^ a, 1 << 40);'), [
      '3221225472 3221225473 0 1099511627776',
    ]);
    assert.match(prints('let z = 0; print(1 / z);').join(), /division by zero/);
  });

  it('assign, and give what was assigned', () => {
    assert.deepEqual(prints('let a; let b = a = 3; print(a, b);'), ['3 3']);
    assert.deepEqual(prints('let x = 5; print(x++, ++x, x--, --x, x);'), ['5 7 7 5 5']);
    assert.deepEqual(prints('print(g++, ++g, g += 5, g);', 'var g = 1;'), ['1 3 8 8']);
    assert.deepEqual(
      prints('let r = { n: 1, l: [1, 2] }; r.n += 4; r.l[1] *= 10; print(r.n--, r, r.l[0]++ + r.l[0]);'),
      ['5 { n: 4, l: [2, 20] } 3'],
    );
    assert.deepEqual(prints('let s = "a"; s += "b"; s += s; print(s);'), ['abab']);
    assert.deepEqual(prints('let x = 1; x = x ? x + 1 : 0; x = x > 1 && x < 5; print(x);'), ['true']);
  });

  it('loop', () => {
    assert.deepEqual(
      prints('for (i in 0..3) { for (j in i..3) { if (j == 1) { continue; } if (j == 2) { break; } print(i, j); } }'),
      ['0 0'],
    );
    assert.deepEqual(prints('let n = 3; do { n--; if (n == 1) { continue; } print(n); } while (n > 0);'), ['2', '0']);
    assert.deepEqual(
      prints(
        'let m = map(); m["x"] = 1; m["y"] = 2; for (k in m) { print(k, m[k]); } for (c in [true, null]) { print(c); }',
      ),
      ['x 1', 'y 2', 'true', 'null'],
    );
    assert.deepEqual(
      prints('let s = 0; for (let i = 0, n = 0; ;) { break; } print(s);'.replace('let i = 0, n = 0', 'let i = 0')),
      ['0'],
    );
    assert.deepEqual(prints('let n = 2; for (i in 0..n) { n = 10; print(i); }'), ['0', '1']);
    assert.deepEqual(prints('for (i in 0..2) { let x; if (i == 0) { x = 5; } print(x); }'), ['5', 'null']);
  });

  it('switch as C does', () => {
    const f =
      'enum E { A, B, C } fn f(x) { let s = ""; switch (x) { case A: s += "a"; case B: s += "b"; break; default: s += "d"; case "t": s += "t"; } return s; }';
    assert.deepEqual(prints('print(f(A), f(B), f(E.C), f("t"));', f), ['ab b dt t']);
    assert.deepEqual(prints('for (i in 0..4) { switch (i) { case 1: continue; case 3: break; default: print(i); } }'), [
      '0',
      '2',
    ]);
  });

  it('call with defaults, rest lists, values and records of functions', () => {
    const f =
      'fn f(a, b = 2, ...rest) { return [a, b, rest]; } const ops = { go: f, twice: g }; fn g(h) { return h(h(1)); } fn inc(x) { return x + 1; }';
    assert.deepEqual(
      prints('print(f(1), f(1, 3), f(1, 3, 4, 5)); let q = f; print(q(9)); print(ops.twice(inc), ops.go(1, 1));', f),
      ['[1, 2, []] [1, 3, []] [1, 3, [4, 5]]', '[9, 2, []]', '3 [1, 1, []]'],
    );
  });

  it('recurse, and keep the locals of each frame', () => {
    const f =
      'fn fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); } fn sum(n) { let m = n; let rest = n == 0 ? 0 : sum(n - 1); return m + rest; }';
    assert.deepEqual(prints('print(fib(15), sum(50));', f), ['610 1275']);
  });

  it('make values with parts', () => {
    const s = 'struct P { x; y = side(); z = [1]; } var n = 0; fn side() { n++; return n; }';
    assert.deepEqual(prints('let p = P { z: 0, x: 1 }; let q = P { }; q.z[0]++; print(p, q, P { y: 7 });', s), [
      'P { x: 1, y: 1, z: 0 } P { x: null, y: 2, z: [2] } P { x: null, y: 7, z: [1] }',
    ]);
    const many = Array.from({ length: 200 }, (_, i) => i);
    assert.deepEqual(prints(`let l = [${many.join(', ')}]; print(len(l), l[0], l[63], l[64], l[199], l[2..4]);`), [
      '200 0 63 64 199 [2, 3]',
    ]);
  });

  it('yield', () => {
    const c = 'fn numbers(n) { let got = yield n; while (got < 10) { got = yield got * 2; } return -1; }';
    assert.deepEqual(
      prints('let c = coroutine(numbers, 7); print(resume(c), resume(c, 3), resume(c, 4), resume(c, 10), done(c));', c),
      ['7 6 8 -1 true'],
    );
  });

  it('initialise globals before the process begins, each process its own', () => {
    const computer = computerFor(
      'const T = [N, "x"]; const N = 3; var g = T; var h = g; var c = 40 + 2;\nprocess p count 2 (i) { g[0] += i; print(g, h, c, i); }',
    );
    computer.run();
    assert.equal(new Answers(computer).stdout('p'), '[3, "x"] [3, "x"] 42 0\n[4, "x"] [4, "x"] 42 1\n');
  });

  it('exit with what the body returns', () => {
    const computer = computerFor('process a { return 7; } process b { } process c { return true; }');
    computer.run();
    const answers = new Answers(computer);
    assert.deepEqual(
      ['a', 'b'].map((name) => answers.exitCode(name)),
      [7, 0],
    );
  });
});
