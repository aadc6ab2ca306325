/**
 * How deep is too deep. The parser, the checks and the compiler are recursive, so nesting costs stack, and a stack that
 * overflows kills an editor's language server. This scan runs over the tokens before any of them and refuses what would
 * not fit; it counts every construct that nests: brackets, `!!!x`, `a ? b : c ? d : e`, `a = b = c`, `else if`,
 * statements without braces, and `a.b.c` (a chain that leans to the left).
 */
import type { IToken } from 'chevrotain';

/** Measured: the default stack of Node 20 and of a browser worker holds about 200 nested parentheses. */
export const MAX_NESTING = 128;

const OPENERS = new Set(['(', '[', '{']);
const CLOSERS = new Set([')', ']', '}']);
const NESTING_WORDS = new Set(['if', 'else', 'while', 'for', 'do', 'yield', '?']);
const ASSIGNMENTS = new Set(['=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '<<=', '>>=']);
const SIGNS = new Set(['-', '+', '!', '~', '++', '--']);
const ENDS_OPERAND = new Set(['ID', 'NUMBER', 'STRING', 'CHAR', ')', ']', '}', '++', '--', 'true', 'false', 'null']);
/** After `}`, these go on with the same statement; anything else begins a new one. */
const CONTINUES = new Set(['else', '?', ':', '.', '(', '[', ')', ']', ',', ';', '++', '--', ...ASSIGNMENTS]);

/**
 * What the innermost bracket holds: statements and expressions begun in it, the parts of a postfix chain, signs in a
 * row.
 */
interface Level {
  begun: number;
  postfix: number;
  signs: number;
}

/** The index of the first token that goes beyond `limit`, or -1. */
export function findTooDeep(tokens: readonly IToken[], limit = MAX_NESTING): number {
  const outer: Level[] = [];
  let level: Level = { begun: 0, postfix: 0, signs: 0 };
  let outerDepth = 0;
  for (let i = 0; i < tokens.length; i++) {
    const type = tokens[i].tokenType.name;
    const before = tokens[i - 1];
    const afterOperand = before !== undefined && ENDS_OPERAND.has(before.tokenType.name);
    // A line that starts a new statement though the last one lacks its semicolon.
    if (afterOperand && type === 'ID' && tokens[i].startLine !== before.endLine)
      level = { begun: 0, postfix: 0, signs: 0 };
    if (OPENERS.has(type)) {
      if (afterOperand) level.postfix++;
      outerDepth += 1 + level.begun + level.postfix + level.signs;
      outer.push(level);
      level = { begun: 0, postfix: 0, signs: 0 };
    } else if (CLOSERS.has(type)) {
      const enclosing = outer.pop();
      level = enclosing ?? { begun: 0, postfix: 0, signs: 0 };
      if (enclosing) outerDepth -= 1 + level.begun + level.postfix + level.signs;
      if (type === '}' && !CONTINUES.has(tokens[i + 1]?.tokenType.name ?? '')) level.begun = level.postfix = 0;
    } else if (type === ';') {
      level.begun = level.postfix = level.signs = 0;
    } else if (type === ',') {
      level.begun = level.postfix = level.signs = 0;
    } else if (NESTING_WORDS.has(type) || ASSIGNMENTS.has(type)) {
      level.begun++;
      level.postfix = level.signs = 0;
    } else if (type === '.' || (afterOperand && (type === '++' || type === '--'))) {
      level.postfix++;
    } else if (SIGNS.has(type)) {
      level.signs = afterOperand ? 0 : level.signs + 1;
      if (afterOperand) level.postfix = 0;
    } else if (!ENDS_OPERAND.has(type)) {
      level.postfix = level.signs = 0;
    }
    if (outerDepth + level.begun + level.postfix + level.signs > limit) return i;
  }
  return -1;
}
