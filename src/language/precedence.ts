/**
 * Folds a flat chain, `a + b * c`, into a tree by C's precedence. The grammar keeps chains flat (see osim.langium);
 * whoever needs the tree, the compiler and a few checks, asks here.
 */
import type { BinaryOperator, Chain, Expression } from './generated/ast.js';

/** `left op right`. `from` and `to` are the offsets of its own text, not of the whole chain's. */
export interface Binary {
  readonly kind: 'binary';
  readonly op: BinaryOperator;
  /** Offset of the operator: where a division by zero or an overflow is reported. */
  readonly opOffset: number;
  readonly left: Folded;
  readonly right: Folded;
  readonly from: number;
  readonly to: number;
}

export type Folded = Binary | Expression;

export function isBinary(node: Folded): node is Binary {
  return 'kind' in node && node.kind === 'binary';
}

/** The higher, the tighter. All of these are left-associative. */
export const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '<': 7,
  '<=': 7,
  '>': 7,
  '>=': 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
};

/**
 * Shunting-yard: two stacks and no recursion, linear in the length of the chain.
 * A chain of one operator leans to the left: 10,000 operands make a tree 10,000 deep, so walk down `left` in a loop.
 */
export function foldChain(chain: Chain): Folded {
  const text = chain.$cstNode?.root.fullText ?? '';
  const operands: Folded[] = [];
  const pending: { op: BinaryOperator; offset: number }[] = [];

  const reduce = (): void => {
    const { op, offset } = pending.pop() as { op: BinaryOperator; offset: number };
    const right = operands.pop() as Folded;
    const left = operands.pop() as Folded;
    operands.push({ kind: 'binary', op, opOffset: offset, left, right, from: startOf(left), to: endOf(right) });
  };

  chain.operands.forEach((operand, index) => {
    if (index > 0) {
      const op = chain.operators[index - 1];
      // After a syntax error an operator can be missing; the file is not compiled then.
      if (op === undefined) return;
      while (pending.length > 0 && PRECEDENCE[pending[pending.length - 1].op] >= PRECEDENCE[op]) reduce();
      pending.push({ op, offset: skipBlanks(text, endOf(chain.operands[index - 1])) });
    }
    operands.push(operand);
  });
  while (pending.length > 0) reduce();
  return operands[0] ?? chain;
}

export function startOf(node: Folded): number {
  return isBinary(node) ? node.from : (node.$cstNode?.offset ?? 0);
}

export function endOf(node: Folded): number {
  return isBinary(node) ? node.to : (node.$cstNode?.end ?? 0);
}

/** The offset of the first character at or after `at` that is neither blank nor comment. */
function skipBlanks(text: string, at: number): number {
  const blank = /\s+|\/\/[^\n\r]*|\/\*[\s\S]*?\*\//y;
  let end = at;
  for (;;) {
    blank.lastIndex = end;
    if (!blank.test(text)) return end;
    end = blank.lastIndex;
  }
}
