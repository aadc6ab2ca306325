/**
 * Which expressions assign to something. Operands are evaluated from left to right, but a local is read where it
 * stands, without a copy, unless an operand to its right may assign to it: `i + i++`.
 */
import type { AstNode } from 'langium';
import { walk } from '../language/ast-walk.js';
import { isAssignment, isPostfix, isPrefix, type Expression } from '../language/generated/ast.js';
import { isBinary, type Folded } from '../language/precedence.js';

export class Mutations {
  private readonly known = new Map<Expression, boolean>();

  /** Whether `node` has an assignment, a `++` or a `--` in it. */
  within(node: Folded): boolean {
    const pending: Folded[] = [node];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (isBinary(next)) pending.push(next.left, next.right);
      else if (this.inExpression(next)) return true;
    }
    return false;
  }

  private inExpression(node: Expression): boolean {
    if (isLeaf(node)) return false;
    let found = this.known.get(node);
    if (found === undefined) {
      let met = false;
      walk(node, (each) => {
        met ||= assigns(each);
        return !met;
      });
      found = met;
      this.known.set(node, found);
    }
    return found;
  }
}

function assigns(node: AstNode): boolean {
  return isAssignment(node) || isPostfix(node) || (isPrefix(node) && (node.op === '++' || node.op === '--'));
}

const LEAVES: ReadonlySet<string> = new Set(['NameRef', 'NumberLiteral', 'StringLiteral', 'CharLiteral']);

function isLeaf(node: Expression): boolean {
  return LEAVES.has(node.$type);
}
