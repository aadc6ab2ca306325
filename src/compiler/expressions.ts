/**
 * Expressions: each is computed straight into the register where its value is wanted.
 */
import type { Conditional, Expression, ListLiteral, Prefix, Yield } from '../language/generated/ast.js';
import { isBinary, type Binary, type Folded } from '../language/precedence.js';
import { emitOperator, isArithmetic, type ArithmeticOperator } from './arithmetic-code.js';
import { assignInto, assigned, assignOnly, isAssigning } from './assignments.js';
import { callInto, callOperand } from './calls.js';
import { compareInto, isCondition, jumpIf, truthInto } from './conditions.js';
import type { ExpressionWriter, FunctionContext } from './function-context.js';
import { indexInto, memberInto } from './parts.js';
import { recordInto, structInto } from './records.js';
import { localRegister, nameInto } from './variables.js';

export const expressionWriter: ExpressionWriter = { into, operand, discard, jumpIf };

function into(f: FunctionContext, node: Folded, target: number): void {
  const tree = f.unit.folder.tree(node);
  const constant = f.unit.folder.fold(tree);
  if (constant !== undefined) f.load(target, constant);
  else f.temporarily(() => (isBinary(tree) ? binaryInto(f, tree, target) : expressionInto(f, tree, target)));
}

function operand(f: FunctionContext, node: Folded): number {
  const tree = f.unit.folder.tree(node);
  if (!isBinary(tree)) {
    const local = localRegister(f, tree);
    if (local !== undefined) return local;
    if (isAssigning(tree)) return assigned(f, tree);
    if (tree.$type === 'Call' && f.unit.folder.fold(tree) === undefined) return callOperand(f, tree);
  }
  const target = f.registers.take();
  into(f, tree, target);
  return target;
}

function discard(f: FunctionContext, node: Folded): void {
  f.temporarily(() => {
    const tree = f.unit.folder.tree(node);
    if (isBinary(tree) && isCondition(tree)) {
      const end = f.emitter.label();
      f.jumpIf(tree.left, end, tree.op === '||');
      f.discard(tree.right);
      f.emitter.place(end);
    } else if (!isBinary(tree) && tree.$type === 'Conditional') {
      either(
        f,
        tree,
        () => f.discard(tree.then),
        () => f.discard(tree.else),
      );
    } else if (!isBinary(tree) && isAssigning(tree)) {
      assignOnly(f, tree);
    } else {
      f.operand(tree);
    }
  });
}

function expressionInto(f: FunctionContext, node: Expression, target: number): void {
  switch (node.$type) {
    case 'NameRef':
      return nameInto(f, node, target);
    case 'Call':
      return callInto(f, node, target);
    case 'Assignment':
    case 'Postfix':
      return assignInto(f, node, target);
    case 'Prefix':
      return isAssigning(node) ? assignInto(f, node, target) : prefixInto(f, node, target);
    case 'Conditional':
      return either(
        f,
        node,
        () => f.into(node.then, target),
        () => f.into(node.else, target),
      );
    case 'Index':
      return indexInto(f, node, target);
    case 'Member':
      return memberInto(f, node, target);
    case 'ListLiteral':
      return listInto(f, node, target);
    case 'RecordLiteral':
      return recordInto(f, node, target);
    case 'StructLiteral':
      return structInto(f, node, target);
    case 'Yield':
      return yieldInto(f, node, target);
    default:
      // Literals fold; what is left is a text with errors, which is not compiled.
      return f.load(target, null);
  }
}

/** Arithmetic down the left spine: `a + b * c - d` keeps its running value in one register. */
function binaryInto(f: FunctionContext, tree: Binary, target: number): void {
  if (isCondition(tree)) return truthInto(f, tree, target);
  if (!isArithmetic(tree.op)) return compareInto(f, tree, target);

  const spine: Binary[] = [];
  let first: Folded = tree;
  while (isBinary(first) && isArithmetic(first.op) && f.unit.folder.fold(first) === undefined) {
    spine.push(first);
    first = f.unit.folder.tree(first.left);
  }
  // A local keeps its old value until the whole is known: a later operand may read it.
  const running = f.isLocal(target) && spine.length > 1 ? f.registers.take() : target;
  let left: Folded | number = first;
  for (let i = spine.length - 1; i >= 0; i--) {
    const destination = i === 0 ? target : running;
    const step = spine[i];
    f.temporarily(() => arithmetic(f, step, left, destination));
    left = destination;
  }
}

/** One operator; `left` is an expression yet to be computed, or the register of the value so far. */
function arithmetic(f: FunctionContext, step: Binary, left: Folded | number, target: number): void {
  const { op, right } = step;
  const emitter = f.emitter;
  const constant = f.addend(op, right);
  if (constant !== undefined) {
    emitter.emit('ADDI', target, typeof left === 'number' ? left : f.operand(left), constant);
    return;
  }
  const swapped = op === '+' && typeof left !== 'number' ? f.immediate(left) : undefined;
  if (swapped !== undefined) {
    emitter.emit('ADDI', target, f.operand(right), swapped);
    return;
  }
  const a = typeof left === 'number' ? left : f.operandBefore(left, right);
  const b = f.operand(right);
  emitOperator(f, op as ArithmeticOperator, target, a, b, step);
}

function prefixInto(f: FunctionContext, node: Prefix, target: number): void {
  const value = f.operand(node.operand);
  if (node.op === '+') f.emitter.emit('ADDI', target, value, 0);
  else f.emitter.emit(node.op === '-' ? 'NEG' : node.op === '~' ? 'BNOT' : 'NOT', target, value);
}

function either(f: FunctionContext, node: Conditional, then: () => void, otherwise: () => void): void {
  const no = f.emitter.label();
  const end = f.emitter.label();
  f.jumpIf(node.condition, no, false);
  then();
  f.emitter.jump('JMP', end);
  f.emitter.place(no);
  otherwise();
  f.emitter.place(end);
}

/** So many elements at most stand in registers at once; the rest is appended. */
const LIST_IN_REGISTERS = 64;

function listInto(f: FunctionContext, node: ListLiteral, target: number): void {
  const count = Math.min(node.items.length, LIST_IN_REGISTERS);
  const first = f.registers.take(count);
  node.items.slice(0, count).forEach((item, i) => f.into(item, first + i));
  if (count === node.items.length) {
    f.emitter.emit('LIST', target, first, count);
    return;
  }
  f.emitter.emit('LIST', first, first, count);
  const window = f.registers.take(5) + 3;
  const push = f.unit.builder.native('push');
  for (const item of node.items.slice(count)) {
    f.into(item, window + 1);
    f.emitter.emit('MOV', window, first);
    f.emitter.emit('LIB', window, push, 2);
  }
  f.move(target, first);
}

function yieldInto(f: FunctionContext, node: Yield, target: number): void {
  let value: number;
  if (node.value) value = f.operand(node.value);
  else f.load((value = f.registers.take()), null);
  f.emitter.within(f.rangeOf(node), () => f.emitter.emit('YIELD', target, value));
}
