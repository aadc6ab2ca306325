/**
 * Loops. The test stands at the bottom, so that a round costs one compare-and-branch; the way in is a jump to it.
 * The condition and the step of a loop are statements of their own: a step stops at each.
 */
import type { DoWhile, Expression, For, ForIn, Statement, While } from '../language/generated/ast.js';
import type { Label } from './emitter.js';
import type { FunctionContext } from './function-context.js';
import { isTrue } from './operators.js';

type WriteStatement = (f: FunctionContext, node: Statement) => void;

export function whileLoop(f: FunctionContext, node: While, write: WriteStatement): void {
  const test = f.emitter.label();
  const end = f.emitter.label();
  if (!isAlways(f, node.condition)) {
    f.emitter.moveTo(f.rangeOf(node, node.condition));
    f.emitter.jump('JMP', test);
  }
  const again = f.emitter.placed();
  body(f, node.body, end, test, write);
  f.emitter.place(test);
  f.emitter.statement(f.rangeOf(node.condition));
  f.jumpIf(node.condition, again, true);
  f.emitter.place(end);
}

export function doWhileLoop(f: FunctionContext, node: DoWhile, write: WriteStatement): void {
  const test = f.emitter.label();
  const end = f.emitter.label();
  const again = f.emitter.placed();
  body(f, node.body, end, test, write);
  f.emitter.place(test);
  f.emitter.statement(f.rangeOf(node.condition));
  f.jumpIf(node.condition, again, true);
  f.emitter.place(end);
}

export function forLoop(f: FunctionContext, node: For, write: WriteStatement): void {
  const test = f.emitter.label();
  const next = f.emitter.label();
  const end = f.emitter.label();
  f.openScope();
  if (node.init) write(f, node.init);
  if (node.condition && !isAlways(f, node.condition)) {
    f.emitter.moveTo(f.rangeOf(node.condition));
    f.emitter.jump('JMP', test);
  }
  const again = f.emitter.placed();
  body(f, node.body, end, next, write);
  f.emitter.place(next);
  if (node.step) {
    f.emitter.statement(f.rangeOf(node.step));
    f.discard(node.step);
  }
  f.emitter.place(test);
  if (node.condition) {
    f.emitter.statement(f.rangeOf(node.condition));
    f.jumpIf(node.condition, again, true);
  } else {
    f.emitter.jump('JMP', again);
  }
  f.emitter.place(end);
  f.closeScope();
}

export function forInLoop(f: FunctionContext, node: ForIn, write: WriteStatement): void {
  f.openScope();
  if (node.to) countingLoop(f, node, node.to, write);
  else walkingLoop(f, node, write);
  f.closeScope();
}

/** `for (i in a..b)`: the end is computed once; `i` itself counts. */
function countingLoop(f: FunctionContext, node: ForIn, to: Expression, write: WriteStatement): void {
  const test = f.emitter.label();
  const next = f.emitter.label();
  const end = f.emitter.label();
  const header = f.rangeOf(node, to);
  f.emitter.statement(header);
  const counter = f.registers.take();
  f.into(node.from, counter);
  const limit = f.immediate(to);
  const last = limit === undefined ? f.registers.take() : -1;
  if (limit === undefined) {
    f.into(to, last);
    f.hidden(last);
  }
  f.declare(node.variable, counter);
  f.emitter.jump('JMP', test);
  const again = f.emitter.placed();
  body(f, node.body, end, next, write);
  f.emitter.place(next);
  f.emitter.moveTo(f.rangeOf(node.variable, to));
  f.emitter.emit('ADDI', counter, counter, 1);
  f.emitter.place(test);
  f.emitter.statement(f.rangeOf(node.variable, to));
  if (limit === undefined) f.emitter.jump('JLT', again, counter, last);
  else f.emitter.jump('JLTI', again, counter, limit);
  f.emitter.place(end);
}

/** `for (x in xs)`: two hidden registers hold what is walked and how far. */
function walkingLoop(f: FunctionContext, node: ForIn, write: WriteStatement): void {
  const next = f.emitter.label();
  const end = f.emitter.label();
  f.emitter.statement(f.rangeOf(node, node.from));
  const walker = f.registers.take(2);
  f.temporarily(() => f.emitter.emit('ITER', walker, f.operand(node.from)));
  f.hidden(walker + 1);
  const variable = f.registers.take();
  f.hidden(variable);
  f.emitter.place(next);
  const again = f.emitter.placed();
  f.emitter.statement(f.rangeOf(node.variable, node.from));
  f.emitter.jump('NEXT', end, walker, variable);
  f.openScope();
  f.declare(node.variable, variable);
  body(f, node.body, end, next, write);
  f.closeScope();
  f.emitter.jump('JMP', again);
  f.emitter.place(end);
}

function body(f: FunctionContext, node: Statement, end: Label, next: Label, write: WriteStatement): void {
  f.breaks.push(end);
  f.continues.push(next);
  f.openScope();
  write(f, node);
  f.closeScope();
  f.breaks.pop();
  f.continues.pop();
}

function isAlways(f: FunctionContext, condition: Expression): boolean {
  const value = f.unit.folder.fold(condition);
  return value !== undefined && isTrue(value);
}
