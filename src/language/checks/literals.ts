/** Numbers, characters and strings that can't be what they say, and divisions by a zero that is in plain sight. */
import type { Call, Chain } from '../generated/ast.js';
import { argumentsOf, CONVERSIONS, conversionsOf, whyNot } from '../conversions.js';
import { charMistake, numberMistake, stringBytesOf, stringMistakes, type LiteralMistake } from '../literals.js';
import { rangeOf } from '../parse.js';
import { foldChain, isBinary, type Folded } from '../precedence.js';
import type { AstNode } from 'langium';
import { plural, type CheckContext, type Checks } from './context.js';

export const literalChecks: Checks = {
  NumberLiteral: (node, context) => reportIn(node, numberMistake(node.text ?? '0'), context),
  CharLiteral: (node, context) => reportIn(node, charMistake(node.text ?? "' '"), context),
  StringLiteral: (node, context) => reportString(node, node.text, context),
  Import: (node, context) => reportString(node, node.path, context),
  DiskFile: (node, context) => reportString(node, node.path, context),
  Keyboard: (node, context) => reportString(node, node.text, context),
  Call: (node, context) => patternFits(node, context),
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

/** Calls with a pattern of conversions: which argument it is. */
const PATTERN_AT: Readonly<Record<string, number>> = { format: 0, printf: 0, fprintf: 1 };

/** `format("%d %f", n)`: conversions that there are not, and arguments that are missing or too many. */
function patternFits(node: Call, context: CheckContext): void {
  const callee = node.callee?.$type === 'NameRef' ? node.callee.name : '';
  const place = Object.hasOwn(PATTERN_AT, callee) ? PATTERN_AT[callee] : undefined;
  const pattern = place === undefined ? undefined : node.args[place];
  if (place === undefined || pattern?.$type !== 'StringLiteral' || !isLibrarys(node, context)) return;
  const conversions = conversionsOf(stringBytesOf(pattern.text));
  for (const conversion of conversions) {
    const wrong = whyNot(conversion);
    if (wrong === undefined) continue;
    return context.error(
      pattern,
      'wrong-conversion',
      `${callee}(): ${wrong.replace(/;.*/s, '')}.`,
      `There are ${CONVERSIONS}.`,
    );
  }
  const wanted = conversions.reduce((sum, conversion) => sum + argumentsOf(conversion), 0);
  const given = node.args.length - place - 1;
  if (given === wanted) return;
  const both = `The pattern asks for ${plural(wanted, 'argument')}, and there ${given === 1 ? 'is' : 'are'} ${given}.`;
  const hint = given < wanted ? 'Each conversion takes one, `*` one more; %% shows a %.' : 'Add a conversion for each.';
  if (given < wanted) context.error(node, 'wrong-argument-count', both, hint);
  else context.warning(node, 'wrong-argument-count', both, hint);
}

/** Not a function of the program's own, or of a file of its own that it imports. */
function isLibrarys(node: Call, context: CheckContext): boolean {
  const binding = context.bindingOf(node.callee);
  if (binding?.kind === 'library') return true;
  return binding?.kind === 'function' && binding.file.uri.startsWith('std/');
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
