/**
 * The formatter. It keeps the author's lines (where a statement is broken is a matter of meaning), but for the end of
 * a block, and sets everything inside and between them: indentation, blanks around signs, blank lines, columns of
 * comments. Formatting twice gives the same as formatting once.
 */
import { parseSource } from './parse.js';
import { blanksBetween, SpacingState } from './spacing.js';
import { isComment, tokensOf, type Token } from './tokens.js';

const INDENT = '  ';

/** The formatted text; a text that does not parse comes back as it is. */
export function formatSource(text: string): string {
  if (parseSource(text, '').problems.length > 0) return text;
  return new Formatter(tokensOf(text)).run();
}

/**
 * A line, cut before each `}` that ends a block of an earlier line: a block that is written over several lines ends in
 * a line of its own. One in a single line stays there.
 */
function endingBlocksApart(line: readonly Token[]): Token[][] {
  const lines: Token[][] = [[]];
  let openHere = 0;
  let before: Token | undefined;
  for (const token of line) {
    if (token.type === '{') openHere++;
    else if (token.type === '}' && openHere > 0) openHere--;
    else if (token.type === '}' && (before?.type === ';' || before?.type === '}')) lines.push([]);
    lines[lines.length - 1].push(token);
    if (!isComment(token)) before = token;
  }
  return lines;
}

/** An open bracket. */
interface Open {
  readonly type: string;
  /** Indentation of the line in which it stands, in levels. */
  readonly outer: number;
  /** Indentation of what stands in it. */
  readonly inner: number;
  readonly isSwitch: boolean;
}

class Formatter {
  private readonly out: string[] = [];
  private readonly open: Open[] = [];
  private readonly spacing = new SpacingState();
  /** The last token that is no comment. */
  private before: Token | undefined;
  /** A `switch (…)` was read, and its `{` comes next. */
  private switchAhead = false;
  private lastLine = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  run(): string {
    let at = 0;
    while (at < this.tokens.length) {
      const first = this.tokens[at];
      let end = at + 1;
      while (end < this.tokens.length && this.tokens[end]?.line === this.tokens[end - 1]?.endLine) end++;
      this.blankLine(first);
      for (const line of endingBlocksApart(this.tokens.slice(at, end))) this.line(line);
      this.lastLine = this.tokens[end - 1]?.endLine ?? 0;
      at = end;
    }
    return this.out.length === 0 ? '' : `${this.out.join('\n')}\n`;
  }

  /** Keeps one blank line where there were some, but none at the start or the end of a block. */
  private blankLine(first: Token): void {
    if (this.out.length === 0 || first.line <= this.lastLine + 1) return;
    if (this.before?.type === '{' && this.lastTokenIsBefore(first)) return;
    if (first.type === '}') return;
    this.out.push('');
  }

  /** Whether the `{` was the last thing written: a comment behind it would end the rule. */
  private lastTokenIsBefore(first: Token): boolean {
    const index = this.tokens.indexOf(first);
    return this.tokens[index - 1] === this.before;
  }

  private line(tokens: readonly Token[]): void {
    const indent = this.indentOf(tokens[0]);
    let text = INDENT.repeat(indent);
    tokens.forEach((token, i) => {
      const left = tokens[i - 1];
      if (left) text += this.gap(left, token, text);
      text += token.type === 'LINE_COMMENT' ? token.text.trimEnd() : token.text;
      this.take(token, indent);
    });
    this.out.push(text);
  }

  private gap(left: Token, token: Token, text: string): string {
    if (token.type === 'LINE_COMMENT') {
      // A comment stays in its column if it can: authors align them.
      const width = text.length - (text.lastIndexOf('\n') + 1);
      return ' '.repeat(Math.max(1, token.column - 1 - width));
    }
    if (isComment(token)) return left.type === '(' || left.type === '[' ? '' : ' ';
    if (isComment(left)) return [')', ']', ',', ';'].includes(token.type) ? '' : ' ';
    return ' '.repeat(blanksBetween(left, token, this.spacing));
  }

  private indentOf(first: Token): number {
    const top = this.open[this.open.length - 1];
    const inner = top?.inner ?? 0;
    if ([')', ']', '}'].includes(first.type)) return top?.outer ?? 0;
    const continues = this.continues(first, top) ? 1 : 0;
    if (top?.isSwitch) return first.type === 'case' || first.type === 'default' ? inner : inner + 1 + continues;
    return inner + continues;
  }

  /** Whether a line goes on with the statement of the line before. */
  private continues(first: Token, top: Open | undefined): boolean {
    const before = this.before?.type;
    if (before === undefined || first.type === '{' || (top && top.type !== '{')) return false;
    if (isComment(first) && before === ')') return false;
    return ![';', '{', '}', ',', ':'].includes(before);
  }

  private take(token: Token, indent: number): void {
    if (isComment(token)) return;
    this.spacing.take(token, this.before);
    if (token.type === 'switch') this.switchAhead = true;
    if (['(', '[', '{'].includes(token.type)) {
      const isSwitch = token.type === '{' && this.switchAhead;
      if (token.type === '{') this.switchAhead = false;
      // Two brackets opened in one line indent once.
      const top = this.open[this.open.length - 1];
      const inner = top && top.outer === indent && top.inner > indent && top.type !== '{' ? top.inner : indent + 1;
      this.open.push({ type: token.type, outer: indent, inner, isSwitch });
    } else if ([')', ']', '}'].includes(token.type)) {
      this.open.pop();
    }
    this.before = token;
  }
}
