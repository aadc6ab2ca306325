/** Numbers, characters and strings that can't be what they say, and divisions by a zero that is in plain sight. */
import type { Chain } from '../generated/ast.js';
import { charMistake, numberMistake, stringMistakes, type LiteralMistake } from '../literals.js';
import { rangeOf } from '../parse.js';
import { foldChain, isBinary, type Folded } from '../precedence.js';
import type { AstNode } from 'langium';
import type { CheckContext, Checks } from './context.js';

export const literalChecks: Checks = {
  NumberLiteral: (node, context) => reportIn(node, numberMistake(node.text ?? '0'), context),
  CharLiteral: (node, context) => reportIn(node, charMistake(node.text ?? "' '"), context),
  StringLiteral: (node, context) => reportString(node, node.text, context),
  Import: (node, context) => reportString(node, node.path, context),
  DiskFile: (node, context) => reportString(node, node.path, context),
  Keyboard: (node, context) => reportString(node, node.text, context),
  Chain: (node, context) => zeroDivisions(node, context),
  Assignment: (node, context) => {
    if ((node.op === '/=' || node.op === '%=') && context.constant(node.value) === 0)
      divisionByZero(node.value, context);
  },
};

function reportString(node: AstNode, text: string | undefined, context: CheckContext): void {
  if (text === undefined || !text.includes('\\')) return;
  for (const mistake of stringMistakes(text)) reportIn(node, mistake, context, text);
}

function reportIn(node: AstNode, mistake: LiteralMistake | undefined, context: CheckContext, text = ''): void {
  if (!mistake) return;
  const { from } = rangeOf(node);
  const inside = text === '' ? 0 : Math.max(0, (node.$cstNode?.text ?? '').indexOf(text));
  // A literal in parentheses: its node's range includes them.
  const skipped = text === '' ? (/^[(\s]*/.exec(node.$cstNode?.text ?? '')?.[0].length ?? 0) : 0;
  const range = context.rangeAt(from.offset + inside + skipped + mistake.from, mistake.to - mistake.from);
  context.error(range, mistake.code, mistake.message, mistake.hint);
}

function zeroDivisions(chain: Chain, context: CheckContext): void {
  if (!chain.operators.some((op) => op === '/' || op === '%')) return;
  const pending: Folded[] = [foldChain(chain)];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (!isBinary(node)) continue;
    const isDivision = node.op === '/' || node.op === '%';
    if (isDivision && !isBinary(node.right) && context.constant(node.right) === 0) divisionByZero(node.right, context);
    pending.push(node.left, node.right);
  }
}

function divisionByZero(divisor: AstNode, context: CheckContext): void {
  context.warning(
    divisor,
    'division-by-zero',
    'This divides by zero: the process will be ended by SIGFPE.',
    'Divide by something else, or test for 0 before.',
  );
}
