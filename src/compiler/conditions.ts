/**
 * Truth: conditions become jumps, and no boolean is made unless one is wanted as a value.
 */
import type { BinaryOperator } from '../language/generated/ast.js';
import { isBinary, type Binary, type Folded } from '../language/precedence.js';
import type { Label } from './emitter.js';
import type { FunctionContext } from './function-context.js';
import { isTrue } from './operators.js';

type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** The jump of each comparison, and the comparison that is true when it is false. */
const JUMPS = {
  '==': { jump: 'JEQ', immediate: 'JEQI', opposite: '!=', mirrored: '==' },
  '!=': { jump: 'JNE', immediate: 'JNEI', opposite: '==', mirrored: '!=' },
  '<': { jump: 'JLT', immediate: 'JLTI', opposite: '>=', mirrored: '>' },
  '<=': { jump: 'JLE', immediate: 'JLEI', opposite: '>', mirrored: '>=' },
  '>': { jump: 'JGT', immediate: 'JGTI', opposite: '<=', mirrored: '<' },
  '>=': { jump: 'JGE', immediate: 'JGEI', opposite: '<', mirrored: '<=' },
} as const;

/** `&&` or `||`. */
export function isCondition(tree: Binary): boolean {
  return tree.op === '&&' || tree.op === '||';
}

export function jumpIf(f: FunctionContext, node: Folded, label: Label, sense: boolean): void {
  const tree = f.unit.folder.tree(node);
  const constant = f.unit.folder.fold(tree);
  if (constant !== undefined) {
    if (isTrue(constant) === sense) f.emitter.jump('JMP', label);
  } else if (isBinary(tree) && isCondition(tree)) {
    jumpIfAll(f, tree, label, sense);
  } else if (isBinary(tree) && isComparison(tree.op)) {
    f.temporarily(() => jumpIfCompared(f, tree, label, sense));
  } else if (!isBinary(tree) && tree.$type === 'Prefix' && tree.op === '!') {
    f.jumpIf(tree.operand, label, !sense);
  } else {
    f.temporarily(() => f.emitter.jump(sense ? 'JT' : 'JF', label, f.operand(tree)));
  }
}

/** `&&` with sense false leaves at the first false operand, `||` with sense true at the first true one. */
function jumpIfAll(f: FunctionContext, tree: Binary, label: Label, sense: boolean): void {
  const operands = operandsOf(f, tree);
  const decides = tree.op === '||';
  if (decides === sense) {
    for (const operand of operands) f.jumpIf(operand, label, sense);
    return;
  }
  const skip = f.emitter.label();
  operands.forEach((operand, index) => {
    const last = index === operands.length - 1;
    f.jumpIf(operand, last ? label : skip, last ? sense : decides);
  });
  f.emitter.place(skip);
}

/** The operands of `a && b && c`, in order; a chain can be as long as the file, so no recursion. */
function operandsOf(f: FunctionContext, tree: Binary): Folded[] {
  const operands: Folded[] = [];
  let node: Folded = tree;
  while (isBinary(node) && node.op === tree.op) {
    operands.push(node.right);
    node = f.unit.folder.tree(node.left);
  }
  operands.push(node);
  return operands.reverse();
}

function jumpIfCompared(f: FunctionContext, tree: Binary, label: Label, sense: boolean): void {
  const op = sense ? (tree.op as Comparison) : JUMPS[tree.op as Comparison].opposite;
  const right = f.immediate(tree.right);
  if (right !== undefined) {
    f.emitter.jump(JUMPS[op].immediate, label, f.operand(tree.left), right);
    return;
  }
  const left = f.immediate(tree.left);
  if (left !== undefined) {
    f.emitter.jump(JUMPS[JUMPS[op].mirrored].immediate, label, f.operand(tree.right), left);
    return;
  }
  const a = f.operandBefore(tree.left, tree.right);
  f.emitter.jump(JUMPS[op].jump, label, a, f.operand(tree.right));
}

/** A comparison as a value: one instruction. */
export function compareInto(f: FunctionContext, tree: Binary, target: number): void {
  const a = f.operandBefore(tree.left, tree.right);
  const b = f.operand(tree.right);
  switch (tree.op as Comparison) {
    case '==':
      return void f.emitter.emit('EQ', target, a, b);
    case '!=':
      return void f.emitter.emit('NE', target, a, b);
    case '<':
      return void f.emitter.emit('LT', target, a, b);
    case '<=':
      return void f.emitter.emit('LE', target, a, b);
    case '>':
      return void f.emitter.emit('LT', target, b, a);
    case '>=':
      return void f.emitter.emit('LE', target, b, a);
  }
}

/** `a && b` as a value: true or false. */
export function truthInto(f: FunctionContext, tree: Binary, target: number): void {
  const no = f.emitter.label();
  const end = f.emitter.label();
  f.jumpIf(tree, no, false);
  f.load(target, true);
  f.emitter.jump('JMP', end);
  f.emitter.place(no);
  f.load(target, false);
  f.emitter.place(end);
}

function isComparison(op: BinaryOperator): boolean {
  return op in JUMPS;
}
