/** Reading parts of values: `a.f`, `a[i]`, `a[i..j]`. */
import type { Index, Member } from '../language/generated/ast.js';
import type { FunctionContext } from './function-context.js';
import { callBehind } from './origins.js';

export function memberInto(f: FunctionContext, node: Member, target: number): void {
  const object = f.operand(node.target);
  f.emitter.comesFrom(callBehind(f, node.target));
  f.emitter.emit('GETF', target, object, f.unit.builder.name(node.name));
}

export function indexInto(f: FunctionContext, node: Index, target: number): void {
  if (node.slice && node.to) {
    const value = f.operandBefore(node.target, node.from, node.to);
    const bounds = f.registers.take(2);
    f.into(node.from, bounds);
    f.into(node.to, bounds + 1);
    f.emitter.emit('SLICE', target, value, bounds);
    return;
  }
  const value = f.operandBefore(node.target, node.from);
  f.emitter.emit('GETI', target, value, f.operand(node.from));
}
