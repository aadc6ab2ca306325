/** How many blanks stand between two tokens of a line. */
import type { Token } from './tokens.js';

const ENDS_OPERAND = new Set(['ID', 'NUMBER', 'STRING', 'CHAR', ')', ']', '}', 'true', 'false', 'null']);
/** Words that are names wherever nothing else is meant: `count(x)`, `at[0]`. */
const NAME_LIKE = new Set(
  'kernel file from eof keyboard count at nice priority burst tickets cpu every KiB MiB GiB'.split(' '),
);
const CONTROL = new Set(['if', 'while', 'for', 'switch']);
const SIGNS = new Set(['-', '+', '!', '~', '++', '--']);

/** What spacing depends on beyond the two tokens. */
export class SpacingState {
  /** Conditionals whose `:` is still to come, for each open bracket. */
  private conditionals = [0];
  /** In the head of a process or remote: `process worker count 2 (i) {`. */
  private inHead = false;
  private depth = 0;
  /** The sign just taken belongs to the operand behind it, as in `-x`. */
  private prefix = false;
  private wasConditional = false;

  get isHead(): boolean {
    return this.inHead;
  }

  /** True when the token taken last is a sign in front of an operand. */
  get isPrefix(): boolean {
    return this.prefix;
  }

  /** True when the `:` taken last, or about to come, belongs to `? :`. */
  get isConditional(): boolean {
    return (this.conditionals[this.conditionals.length - 1] ?? 0) > 0;
  }

  get afterConditional(): boolean {
    return this.wasConditional;
  }

  take(token: Token, before: Token | undefined): void {
    const top = this.conditionals.length - 1;
    this.prefix = SIGNS.has(token.type) && !endsOperand(before, this);
    this.wasConditional = token.type === ':' && this.isConditional;
    if (token.type === '?') this.conditionals[top] = (this.conditionals[top] ?? 0) + 1;
    if (token.type === ':' && this.isConditional) this.conditionals[top] = (this.conditionals[top] ?? 1) - 1;
    if (token.type === ';') this.conditionals[top] = 0;
    if ('([{'.includes(token.type)) {
      this.depth++;
      this.conditionals.push(0);
    } else if (')]}'.includes(token.type)) {
      this.depth = Math.max(0, this.depth - 1);
      if (this.conditionals.length > 1) this.conditionals.pop();
    }
    if ((token.type === 'process' || token.type === 'remote') && before?.type !== '.') this.inHead = this.depth === 0;
    if (token.type === '{') this.inHead = false;
  }
}

/** Whether a sign behind this token is one between operands. */
export function endsOperand(token: Token | undefined, state: SpacingState): boolean {
  if (!token) return false;
  if (token.type === '++' || token.type === '--') return !state.isPrefix;
  // In the head of a process `nice` and its like are no names: `nice -5`.
  return ENDS_OPERAND.has(token.type) || (NAME_LIKE.has(token.type) && !state.isHead);
}

export function blanksBetween(left: Token, right: Token, state: SpacingState): 0 | 1 {
  const a = left.type;
  const b = right.type;
  if (b === ';' || b === ',' || b === ')' || b === ']') return 0;
  if (a === '(' || a === '[' || a === '...' || a === '..' || b === '..' || a === '.' || b === '.') return 0;
  if (a === '{' && b === '}') return 0;
  if (b === ':') return state.isConditional ? 1 : 0;
  if (state.isPrefix && SIGNS.has(a)) return clings(a, b) ? 1 : 0;
  if ((b === '++' || b === '--') && endsOperand(left, state)) return 0;
  if (b === '(') return bracketAfter(left, state) ? 0 : 1;
  if (b === '[') return endsOperand(left, state) && a !== '}' ? 0 : 1;
  return 1;
}

/** `f(`: the parenthesis of a call or of a parameter list. */
function bracketAfter(left: Token, state: SpacingState): boolean {
  if (state.isHead || CONTROL.has(left.type)) return false;
  return endsOperand(left, state) && left.type !== '}' && left.type !== 'NUMBER' && left.type !== 'STRING';
}

/** `- -x` must not become `--x`. */
function clings(a: string, b: string): boolean {
  return (a.startsWith('-') && b.startsWith('-')) || (a.startsWith('+') && b.startsWith('+'));
}
