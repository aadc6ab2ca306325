/**
 * Which library call a value comes from, for the message when the call has failed and a field of its result is asked
 * for: `wait().pid`, or `let s = stat(path); s.size`.
 */
import { walk } from '../language/ast-walk.js';
import { isAssignment, isCall, isLet, isNameRef, type Expression } from '../language/generated/ast.js';
import type { Folded } from '../language/precedence.js';
import type { FunctionContext } from './function-context.js';
import type { LocalDeclaration } from './meaning.js';

/** The name of the call, where no other can have given the value. */
export function callBehind(f: FunctionContext, node: Folded): string | undefined {
  if (f.unit.builder.kind !== 'program' || 'kind' in node) return undefined;
  if (!isNameRef(node)) return libraryCall(f, node);
  const meaning = f.unit.meaningOf(node);
  if (meaning.kind !== 'local' || !isLet(meaning.declaration) || !meaning.declaration.value) return undefined;
  const name = libraryCall(f, meaning.declaration.value);
  return name !== undefined && isAlways(f, meaning.declaration, name) ? name : undefined;
}

function libraryCall(f: FunctionContext, node: Expression): string | undefined {
  if (!isCall(node) || !isNameRef(node.callee)) return undefined;
  const { kind } = f.unit.meaningOf(node.callee);
  return kind === 'external' || kind === 'native' ? node.callee.name : undefined;
}

/** Whether each assignment to this local is of that call, too. */
function isAlways(f: FunctionContext, declaration: LocalDeclaration, call: string): boolean {
  let always = true;
  walk(declaration.$container, (node) => {
    if (!isAssignment(node) || !isNameRef(node.target)) return always;
    const meaning = f.unit.meaningOf(node.target);
    if (meaning.kind === 'local' && meaning.declaration === declaration) {
      always &&= node.op === '=' && libraryCall(f, node.value) === call;
    }
    return always;
  });
  return always;
}
