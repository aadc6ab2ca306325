/** What can be given a value, and `=` where `==` was meant. */
import type { AstNode } from 'langium';
import type { Expression } from '../generated/ast.js';
import { rangeOf } from '../parse.js';
import type { CheckContext, Checks } from './context.js';

export const assignmentChecks: Checks = {
  Assignment: (node, context) => target(node.target, context),
  Postfix: (node, context) => target(node.target, context),
  Prefix: (node, context) => {
    if (node.op === '++' || node.op === '--') target(node.operand, context);
  },
  If: (node, context) => condition(node.condition, context),
  While: (node, context) => condition(node.condition, context),
  DoWhile: (node, context) => condition(node.condition, context),
  For: (node, context) => condition(node.condition, context),
  Conditional: (node, context) => condition(node.condition, context),
  ExpressionStatement: (node, context) => effect(node.value, context),
};

function target(node: Expression | undefined, context: CheckContext): void {
  if (!node) return;
  if (node.$type === 'Member' || (node.$type === 'Index' && !node.slice)) return;
  if (node.$type !== 'NameRef') {
    const isSlice = node.$type === 'Index';
    context.error(
      node,
      'not-assignable',
      isSlice ? 'A slice can not be assigned to.' : 'Only a variable, a field or an element can be given a value.',
      isSlice
        ? 'Assign to its elements one by one, or use fill().'
        : 'On the left of `=` write a name, a.field or a[i]; `==` compares.',
    );
    return;
  }
  const binding = context.bindingOf(node);
  const refuse = (what: string, hint: string): void =>
    context.error(node, 'not-assignable', `\`${node.name}\` is ${what} and can't be given another value.`, hint);
  switch (binding?.kind) {
    case 'constant':
      return refuse('a constant', 'Use a variable: `let` in a block, `var` at the top of a file.');
    case 'global':
      if (binding.declaration.length) refuse('an array', `Give its elements values, one by one: ${node.name}[0] = …;`);
      return;
    case 'local':
      if (binding.declaration.$type === 'Const') refuse('a constant', 'Declare it with `let` if it is to change.');
      return;
    case 'param':
      return refuse('a param, set before the run,', 'Copy it: let n = … ; or set it by `--set`.');
    case 'function':
      return refuse('a function', 'Choose another name for the variable.');
    case 'struct':
    case 'enum':
      return refuse(binding.kind === 'struct' ? 'a struct' : 'an enum', 'Choose another name for the variable.');
    case 'process':
    case 'program':
    case 'remote':
      return refuse(`a ${binding.kind}`, 'Choose another name for the variable.');
    case 'library':
      if (binding.entry.kind === 'global') return;
      return refuse(
        binding.entry.kind === 'fn' || binding.entry.kind === 'extern'
          ? 'a function of the library'
          : 'a constant of the library',
        'Choose another name, and declare it with `let`.',
      );
    default:
  }
}

/** `if (x = 1)`: fine in C, and hardly ever meant. A second pair of parentheses says that it is. */
function condition(node: Expression | undefined, context: CheckContext): void {
  if (node?.$type !== 'Assignment' || node.op !== '=' || node.$cstNode?.text.startsWith('(')) return;
  context.warning(
    node,
    'assignment-as-condition',
    'This assigns, it does not compare.',
    'To compare write `==`. To assign and test, put it into a second pair of parentheses.',
  );
}

/** A statement that computes something and drops it. */
function effect(node: Expression | undefined, context: CheckContext): void {
  if (!node) return;
  if (node.$type === 'Chain') {
    const compares = node.operators.length === 1 && node.operators[0] === '==';
    // `ok || exit(1)` is a way to write an if.
    if (node.operators.some((op) => op === '&&' || op === '||')) return;
    noEffect(
      node,
      compares ? 'To assign write `=`.' : 'Assign the result to a variable, or remove the statement.',
      context,
    );
  } else if (node.$type === 'NameRef') {
    const binding = context.bindingOf(node);
    const isFunction =
      binding?.kind === 'function' || (binding?.kind === 'library' && binding.entry.params !== undefined);
    if (binding)
      noEffect(
        node,
        isFunction ? `To call it write \`${node.name}();\`.` : 'Remove it, or do something with it.',
        context,
      );
  } else if (node.$type.endsWith('Literal') || node.$type === 'Member' || node.$type === 'Index') {
    noEffect(node, 'Remove it, or do something with it.', context);
  }
}

function noEffect(node: AstNode, hint: string, context: CheckContext): void {
  const { from, to } = rangeOf(node);
  context.warning({ from, to }, 'no-effect', 'This statement has no effect: its value is not used.', hint);
}
