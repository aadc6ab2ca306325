/** Where control goes: statements never reached, jumps with nowhere to go, yields outside a function. */
import { enclosing } from '../ast-walk.js';
import type { Statement } from '../generated/ast.js';
import { rangeOf } from '../parse.js';
import type { CheckContext, Checks } from './context.js';

export const flowChecks: Checks = {
  Block: (node, context) => unreachable(node.statements, context),
  Case: (node, context) => unreachable(node.statements, context),
  Break: (node, context) => {
    if (enclosing(node, 'While', 'DoWhile', 'For', 'ForIn', 'Switch')) return;
    context.error(
      node,
      'break-outside-loop',
      '`break` stands in no loop and no switch.',
      'To leave a function write `return;`, to end a process `exit(0);`.',
    );
  },
  Continue: (node, context) => {
    if (enclosing(node, 'While', 'DoWhile', 'For', 'ForIn')) return;
    context.error(
      node,
      'continue-outside-loop',
      '`continue` stands in no loop.',
      'Remove it, or put it into a while or for.',
    );
  },
  Yield: (node, context) => {
    const place = enclosing(node, 'Fn', 'Process', 'Program', 'Remote', 'Expect', 'Const', 'Global', 'Param');
    if (place?.$type === 'Fn') return;
    const where = place ? { Process: 'a process', Program: 'a program', Remote: 'a remote' }[place.$type] : undefined;
    context.error(
      node,
      'yield-outside-function',
      `\`yield\` gives a value from a coroutine, and ${where ? `the body of ${where} is none` : 'this is none'}.`,
      'Put the code into a function, and run it: let c = coroutine(f); resume(c);',
    );
  },
};

/** Reports the first statement that nothing leads to, up to the end of its list. */
function unreachable(statements: readonly Statement[], context: CheckContext): void {
  const index = statements.findIndex((statement) => alwaysLeaves(statement));
  const first = statements[index + 1];
  const last = statements[statements.length - 1];
  if (index === -1 || !first || !last || first.$type === 'Empty') return;
  // `break` behind `return` in a case is habit, and harmless.
  if (statements.length === index + 2 && first.$type === 'Break') return;
  const line = rangeOf(statements[index]).from.line;
  context.warning(
    { from: rangeOf(first).from, to: rangeOf(last).to },
    'unreachable-code',
    `This is never reached: line ${line} always leaves before it.`,
    'Remove it, or move it above that line.',
  );
}

/** True when what follows this statement can't run. In doubt, false. */
function alwaysLeaves(statement: Statement | undefined): boolean {
  switch (statement?.$type) {
    case 'Return':
    case 'Break':
    case 'Continue':
      return true;
    case 'Block':
      return statement.statements.some((inner) => alwaysLeaves(inner));
    case 'If':
      return statement.else !== undefined && alwaysLeaves(statement.then) && alwaysLeaves(statement.else);
    case 'While':
      return isTrue(statement.condition?.$type, statement.condition?.$cstNode?.text) && !breaksOut(statement.body);
    case 'For':
      return statement.condition === undefined && statement.body !== undefined && !breaksOut(statement.body);
    default:
      return false;
  }
}

function isTrue(type: string | undefined, text: string | undefined): boolean {
  return type === 'TrueLiteral' || (type === 'NumberLiteral' && text === '1');
}

/** Whether a `break` in a loop's body ends that loop: one inside an inner loop or a switch ends that instead. */
function breaksOut(body: Statement | undefined): boolean {
  switch (body?.$type) {
    case 'Break':
      return true;
    case 'Block':
      return body.statements.some((inner) => breaksOut(inner));
    case 'If':
      return breaksOut(body.then) || breaksOut(body.else);
    default:
      return false;
  }
}
