/** What atomic_add() and its like work on: a word of memory, which has a place. A value has none. */
import type { Call, Expression, NameRef } from '../generated/ast.js';
import { isWordOperand } from '../word-operands.js';
import type { CheckContext, Checks } from './context.js';

export const wordOperandChecks: Checks = {
  Call: (node, context) => {
    const binding = context.bindingOf(node.callee);
    if (binding?.kind !== 'library') return;
    const { name } = binding.entry;
    if (context.isKernelFile && isWordOperand(name, 0)) return inKernel(node, name, context);
    node.args.forEach((arg, i) => {
      if (isWordOperand(name, i)) operand(arg, name, context);
    });
  },
};

function inKernel(node: Call, name: string, context: CheckContext): void {
  context.error(
    node.callee,
    'not-in-kernel',
    `${name}() works on the memory of a process.`,
    'Between two places where time passes, the kernel is alone with its variables: assign to them.',
  );
}

const CURE =
  'It works on a global (`var`, `shared var`), an element of a shared array, or a buffer of 4 or 8 bytes: ' +
  'declare one at the top of the file, for example shared var x = 0;';

function operand(node: Expression, call: string, context: CheckContext): void {
  const refuse = (message: string, hint: string = CURE): void => context.error(node, 'word-operand', message, hint);
  switch (node.$type) {
    case 'NameRef':
      return named(node, call, context, refuse);
    case 'Member':
      return refuse(`${call}() needs a word of memory: a field of a record is none.`);
    case 'NumberLiteral':
    case 'CharLiteral':
    case 'NullLiteral':
    case 'Prefix':
    case 'Chain':
      // An integer is an address, to futex().
      if (call === 'futex') return;
      return refuse(`${call}() needs a variable: this is a value, which lies nowhere.`);
    case 'Postfix':
    case 'Assignment':
    case 'StringLiteral':
    case 'TrueLiteral':
    case 'FalseLiteral':
    case 'ListLiteral':
    case 'RecordLiteral':
    case 'StructLiteral':
      return refuse(`${call}() needs a variable: this is a value, which lies nowhere.`);
    default:
      // A call or a slice may give a buffer: the run will tell.
      return;
  }
}

function named(
  node: NameRef,
  call: string,
  context: CheckContext,
  refuse: (message: string, hint?: string) => void,
): void {
  const binding = context.bindingOf(node);
  switch (binding?.kind) {
    case 'global':
      if (binding.declaration.length)
        refuse(`\`${node.name}\` is a whole array.`, `Say which element: ${call}(${node.name}[0], …).`);
      return;
    case 'local': {
      const { declaration } = binding;
      const value = 'value' in declaration ? declaration.value : undefined;
      // What a call gives, or the caller has passed, may be a buffer, or an address.
      const isNumber =
        value !== undefined && context.constant(value) !== undefined && declaration.$type !== 'Parameter';
      if (isNumber && call !== 'futex') {
        refuse(
          `\`${node.name}\` is a local: it lives on the stack of its thread, where no other thread can get at it.`,
        );
      }
      return;
    }
    case 'constant':
    case 'param':
      if (call === 'futex') return;
      return refuse(`\`${node.name}\` is a constant: ${call}() needs a variable.`);
    case 'function':
      return refuse(`\`${node.name}\` is a function: ${call}() needs a variable.`);
    case 'library':
      if (binding.entry.kind === 'global' || (call === 'futex' && binding.entry.kind === 'const')) return;
      return refuse(`\`${node.name}\` belongs to the library: ${call}() needs a variable of the program.`);
    default:
  }
}
