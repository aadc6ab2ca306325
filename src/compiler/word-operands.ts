/**
 * The operand of atomic_add() and its like: where a variable lies, not what it holds. What is no variable in memory is
 * passed as the value that it is: a buffer stands for its bytes, anything else the machine refuses.
 */
import type { Expression, Index } from '../language/generated/ast.js';
import type { FunctionContext } from './function-context.js';

export function wordInto(f: FunctionContext, node: Expression, target: number): void {
  if (node.$type === 'Index' && !node.slice) return f.temporarily(() => elementInto(f, node, target));
  const meaning = node.$type === 'NameRef' ? f.unit.meaningOf(node) : undefined;
  const isVariable = meaning?.kind === 'external-global' || (meaning?.kind === 'global' && !meaning.declaration.length);
  if (isVariable) f.emitter.emit('GARR', target, f.unit.globalNumber(meaning), 1);
  else f.into(node, target);
}

/** One element, as an array of its own. */
function elementInto(f: FunctionContext, node: Index, target: number): void {
  const array = f.operandBefore(node.target, node.from);
  const bounds = f.registers.take(2);
  f.into(node.from, bounds);
  f.emitter.emit('ADDI', bounds + 1, bounds, 1);
  f.emitter.emit('SLICE', target, array, bounds);
}
