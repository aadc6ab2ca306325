import assert from 'node:assert';
import fc from 'fast-check';
import type { Chain, ExpressionStatement, Fn } from '../../src/language/generated/ast.js';
import { parseSource } from '../../src/language/parse.js';
import { endOf, foldChain, isBinary, startOf, type Folded } from '../../src/language/precedence.js';

const OPERATORS = '|| && | ^ & == != < <= > >= << >> + - * / %'.split(' ');

function chainOf(expression: string): { chain: Chain; text: string } {
  const file = parseSource(`fn f() { ${expression}; }`, 'f');
  assert.deepStrictEqual(file.problems, []);
  const statement = (file.ast.items[0] as Fn).body?.statements[0] as ExpressionStatement;
  return { chain: statement.value as Chain, text: file.text };
}

function shown(node: Folded): string {
  return isBinary(node) ? `(${shown(node.left)} ${node.op} ${shown(node.right)})` : (node.$cstNode?.text ?? '');
}

describe('foldChain', () => {
  const cases: [string, string][] = [
    ['a + b * c', '(a + (b * c))'],
    ['a * b + c', '((a * b) + c)'],
    ['a - b - c', '((a - b) - c)'],
    ['a | b ^ c & d', '(a | (b ^ (c & d)))'],
    ['a & b == c', '(a & (b == c))'],
    ['a << b + c < d', '((a << (b + c)) < d)'],
    ['a || b && c || d', '((a || (b && c)) || d)'],
    ['a == b != c', '((a == b) != c)'],
    ['-a * !b', '(-a * !b)'],
    ['(a + b) * c', '((a + b) * c)'],
  ];
  for (const [text, tree] of cases)
    it(`${text} is ${tree}`, () => assert.strictEqual(shown(foldChain(chainOf(text).chain)), tree));

  it('gives each part the range of its own text and the place of its operator', () => {
    const { chain, text } = chainOf('aa + /* * */ bb * cc // +\n - dd');
    const visit = (node: Folded): void => {
      if (!isBinary(node)) return;
      assert.strictEqual(text.slice(node.opOffset, node.opOffset + node.op.length), node.op);
      assert.strictEqual(node.from, startOf(node.left));
      assert.strictEqual(node.to, endOf(node.right));
      visit(node.left);
      visit(node.right);
    };
    const root = foldChain(chain);
    visit(root);
    assert.strictEqual(shown(root), '((aa + (bb * cc)) - dd)');
    assert.ok(isBinary(root) && isBinary(root.left));
    assert.strictEqual(text.slice(root.left.from, root.left.to), 'aa + /* * */ bb * cc');
  });

  it("agrees with JavaScript, whose precedence for these is C's", () => {
    const operators = OPERATORS.filter((op) => !['/', '%', '||', '&&', '==', '!='].includes(op));
    const expression = fc.tuple(
      fc.integer({ min: 0, max: 9 }),
      fc.array(fc.tuple(fc.constantFrom(...operators), fc.integer({ min: 0, max: 9 })), { minLength: 1, maxLength: 8 }),
    );
    fc.assert(
      fc.property(expression, ([first, rest]) => {
        const text = `${first}${rest.map(([op, n]) => ` ${op} ${n}`).join('')}`;
        const evaluate = (source: string): number => Number(new Function(`return ${source}`)());
        assert.strictEqual(evaluate(shown(foldChain(chainOf(text).chain))), evaluate(text), text);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps every operand and operator in its order', () => {
    const parts = fc.array(fc.constantFrom(...OPERATORS), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(parts, (operators) => {
        const text = `x0${operators.map((op, i) => ` ${op} x${i + 1}`).join('')}`;
        assert.strictEqual(shown(foldChain(chainOf(text).chain)).replace(/[()]/g, ''), text);
      }),
      { numRuns: 100 },
    );
  });

  it('folds ten thousand operands', function () {
    this.timeout(20_000);
    let node = foldChain(chainOf(`1${' + 1'.repeat(10000)}`).chain);
    let depth = 0;
    for (; isBinary(node); node = node.left) depth++;
    assert.strictEqual(depth, 10000);
    foldChain(chainOf(`1${' + 1 * 2 || 3'.repeat(3000)}`).chain);
  });
});
