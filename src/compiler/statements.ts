/** Statements. Each begins with a position that a step can stop at; a block gives its registers back. */
import type { Block, Const, Expression, If, Let, Return, Statement, Switch } from '../language/generated/ast.js';
import type { Label } from './emitter.js';
import type { FunctionContext } from './function-context.js';
import { doWhileLoop, forInLoop, forLoop, whileLoop } from './loops.js';

export function writeStatement(f: FunctionContext, node: Statement): void {
  switch (node.$type) {
    case 'Block':
      return writeBlock(f, node);
    case 'Let':
    case 'Const':
      return writeLocal(f, node);
    case 'ExpressionStatement':
      f.emitter.statement(f.rangeOf(node.value));
      return f.discard(node.value);
    case 'If':
      return writeIf(f, node);
    case 'While':
      return whileLoop(f, node, writeStatement);
    case 'DoWhile':
      return doWhileLoop(f, node, writeStatement);
    case 'For':
      return forLoop(f, node, writeStatement);
    case 'ForIn':
      return forInLoop(f, node, writeStatement);
    case 'Switch':
      return writeSwitch(f, node);
    case 'Return':
      return writeReturn(f, node);
    case 'Break':
      return leave(f, node, f.breaks);
    case 'Continue':
      return leave(f, node, f.continues);
    case 'Empty':
      return;
  }
}

export function writeBlock(f: FunctionContext, node: Block): void {
  f.openScope();
  for (const statement of node.statements) writeStatement(f, statement);
  f.closeScope();
}

/** The variable begins to exist after its value is computed: `let x = x + 1;` reads an outer `x`. */
export function writeLocal(f: FunctionContext, node: Let | Const): void {
  f.emitter.statement(f.rangeOf(node));
  const register = f.registers.take();
  if (node.value) f.into(node.value, register);
  else f.load(register, null);
  f.declare(node, register);
}

function writeIf(f: FunctionContext, node: If): void {
  const end = f.emitter.label();
  let current: If | undefined = node;
  // `else if` chains can be long: a loop, no recursion.
  while (current) {
    const no = f.emitter.label();
    f.emitter.statement(f.rangeOf(current, current.condition));
    f.jumpIf(current.condition, no, false);
    writeStatement(f, current.then);
    const otherwise: Statement | undefined = current.else;
    if (otherwise && f.emitter.isReachable) f.emitter.jump('JMP', end);
    f.emitter.place(no);
    if (otherwise && otherwise.$type !== 'If') writeStatement(f, otherwise);
    current = otherwise?.$type === 'If' ? otherwise : undefined;
  }
  f.emitter.place(end);
}

/** Tests one case after another, then jumps; the bodies follow and fall through, as in C. */
function writeSwitch(f: FunctionContext, node: Switch): void {
  const end = f.emitter.label();
  f.openScope();
  f.emitter.statement(f.rangeOf(node, node.value));
  const labels = node.cases.map(() => f.emitter.label());
  const tests = node.cases.flatMap((each) => (each.value ? [each.value] : []));
  let otherwise: Label = end;
  f.temporarily(() => {
    const value = f.operandBefore(node.value, ...tests);
    node.cases.forEach((each, i) => {
      const label = labels[i];
      if (each.value) jumpIfCase(f, value, each.value, label);
      else otherwise = label;
    });
  });
  f.emitter.jump('JMP', otherwise);
  f.breaks.push(end);
  node.cases.forEach((each, i) => {
    f.emitter.place(labels[i]);
    for (const statement of each.statements) writeStatement(f, statement);
  });
  f.breaks.pop();
  f.emitter.place(end);
  f.closeScope();
}

function jumpIfCase(f: FunctionContext, value: number, test: Expression, label: Label): void {
  f.temporarily(() => {
    const immediate = f.immediate(test);
    f.emitter.within(f.rangeOf(test), () => {
      if (immediate !== undefined) f.emitter.jump('JEQI', label, value, immediate);
      else f.emitter.jump('JEQ', label, value, f.operand(test));
    });
  });
}

function writeReturn(f: FunctionContext, node: Return): void {
  f.emitter.statement(f.rangeOf(node));
  const value = node.value;
  if (!value || f.unit.folder.fold(value) === null) f.emitter.emit('RET0');
  else f.temporarily(() => f.emitter.emit('RET', f.operand(value)));
}

function leave(f: FunctionContext, node: Statement, labels: readonly Label[]): void {
  f.emitter.statement(f.rangeOf(node));
  const label = labels[labels.length - 1];
  if (label) f.emitter.jump('JMP', label);
}
