/**
 * Brackets are matched before parsing. A parser notices a missing `}` at the end of the file and can only say so; here
 * indentation tells which `{` was meant, the missing bracket is put in (or the superfluous one left out), and the
 * parser then sees a balanced text, so that one slip gives one message.
 */
import type { IToken } from 'chevrotain';
import { endOfToken, type Fault } from './fault.js';

const PARTNER: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
/** Words that open a declaration at the top of a file and nothing else: at column 1 they end whatever was left open. */
const DECLARES = new Set([
  'process',
  'program',
  'remote',
  'fn',
  'struct',
  'enum',
  'import',
  'param',
  'machine',
  'expect',
  'shared',
  'extern',
  'var',
]);
/** Words that open a statement: none can stand inside parentheses. */
const STATEMENTS = new Set(['let', 'if', 'while', 'for', 'do', 'switch', 'return', 'break', 'continue', 'case']);
const CONTROLS = new Set(['if', 'while', 'for', 'switch']);

interface Open {
  readonly token: IToken;
  readonly type: string;
  /** `(` of `for (…; …; …)`, where semicolons belong. */
  readonly isFor: boolean;
  /** `(` of if, while, for, switch: a block comes after it. */
  readonly isControl: boolean;
  readonly indent: number;
}

export interface Balanced {
  readonly tokens: IToken[];
  readonly faults: Fault[];
}

/** `insert` makes a token of the given type that stands, with no width, after another. */
export function balanceBrackets(
  tokens: IToken[],
  text: string,
  insert: (type: string, after: IToken) => IToken,
): Balanced {
  return isBalanced(tokens) ? { tokens, faults: [] } : new Balancer(tokens, text, insert).run();
}

/** The common case, without allocating anything but the stack. */
function isBalanced(tokens: readonly IToken[]): boolean {
  const open: { type: string; isFor: boolean }[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const type = tokens[i].tokenType.name;
    const top = open[open.length - 1];
    if (type === '(' || type === '[' || type === '{') {
      open.push({ type, isFor: type === '(' && tokens[i - 1]?.tokenType.name === 'for' });
    } else if (type === ')' || type === ']' || type === '}') {
      if (!top || PARTNER[top.type] !== type) return false;
      open.pop();
    } else if (type === ';' && top && top.type !== '{' && !top.isFor) {
      return false;
    } else if (top && DECLARES.has(type) && tokens[i].startColumn === 1) {
      return false;
    }
  }
  return open.length === 0;
}

class Balancer {
  private readonly out: IToken[] = [];
  private readonly faults: Fault[] = [];
  private readonly open: Open[] = [];
  /** A `{` whose `}` stands further left than its line: the likely culprit when one is missing in the end. */
  private suspect: Open | undefined;

  constructor(
    private readonly tokens: IToken[],
    private readonly text: string,
    private readonly insert: (type: string, after: IToken) => IToken,
  ) {}

  run(): Balanced {
    this.tokens.forEach((token, index) => this.take(token, index));
    while (this.open.length > 0) this.closeMissing(this.last());
    return { tokens: this.out, faults: this.faults };
  }

  private take(token: IToken, index: number): void {
    const type = token.tokenType.name;
    if (PARTNER[type]) {
      if (type === '{' && this.startsBlock(index)) this.closeParentheses();
      this.push(token, type, index);
    } else if (type === ')' || type === ']' || type === '}') {
      this.close(token, type);
    } else {
      if (this.endsEverything(token, type, index)) {
        while (this.open.length > 0) this.closeMissing(this.last());
        this.suspect = undefined;
      } else if ((type === ';' && !this.top?.isFor) || (STATEMENTS.has(type) && !(type === 'let' && this.top?.isFor))) {
        if (this.tokens[index - 1]?.tokenType.name !== '.') this.closeParentheses();
      }
      this.out.push(token);
    }
  }

  private get top(): Open | undefined {
    return this.open[this.open.length - 1];
  }

  private last(): IToken {
    return this.out[this.out.length - 1];
  }

  private push(token: IToken, type: string, index: number): void {
    const before = this.tokens[index - 1]?.tokenType.name ?? '';
    const isControl = type === '(' && CONTROLS.has(before);
    this.open.push({ token, type, isFor: type === '(' && before === 'for', isControl, indent: this.indentOf(token) });
    this.out.push(token);
  }

  private close(token: IToken, type: string): void {
    const top = this.top;
    if (top && PARTNER[top.type] === type) {
      if (type === '}' && this.isFirstOnLine(token) && this.indentOf(token) < top.indent) this.suspect ??= top;
      this.open.pop();
      this.out.push(token);
      return;
    }
    // `(a]`: the partner may be further out, but a brace is never crossed by a parenthesis.
    let match = this.open.length - 1;
    while (match >= 0 && PARTNER[this.open[match].type] !== type && (type === '}' || this.open[match].type !== '{'))
      match--;
    if (match >= 0 && PARTNER[this.open[match].type] === type) {
      while (this.open.length - 1 > match) this.closeMissing(this.last());
      this.close(token, type);
      return;
    }
    this.faults.push(superfluous(token, type, top));
  }

  /** Closes the innermost bracket in the text's stead, after the given token, and says so. */
  private closeMissing(after: IToken): void {
    const open = this.open.pop();
    if (!open) return;
    const partner = PARTNER[open.type];
    this.out.push(this.insert(partner, after));
    if (open.type === '{') {
      const culprit = this.suspect ?? open;
      this.suspect = undefined;
      const line = culprit.token.startLine ?? 1;
      this.faults.push({
        from: culprit.token.startOffset,
        to: endOfToken(culprit.token),
        code: 'unclosed-bracket',
        message: `This \`{\` in line ${line} has no matching \`}\`.`,
        hint: 'Put a `}` where the block ends.',
      });
      return;
    }
    const end = endOfToken(after);
    this.faults.push({
      from: Math.max(end - 1, 0),
      to: end,
      code: 'unclosed-bracket',
      message: `A \`${partner}\` is missing here: the \`${open.type}\` in line ${open.token.startLine} is not closed.`,
      hint:
        after.image === '' ? `Put a \`${partner}\` here.` : `Put a \`${partner}\` after \`${shorten(after.image)}\`.`,
    });
  }

  /** A semicolon or a statement ends every parenthesis and square bracket that is open inside the block. */
  private closeParentheses(): void {
    while (this.top && this.top.type !== '{') this.closeMissing(this.last());
  }

  /** `if (x {`: a brace that can only be the block, because what follows is neither a field nor `}`. */
  private startsBlock(index: number): boolean {
    if (!this.top?.isControl) return false;
    const before = this.tokens[index - 1]?.tokenType.name ?? '';
    if (!['ID', 'NUMBER', 'STRING', 'CHAR', ')', ']', 'true', 'false', 'null'].includes(before)) return false;
    const next = this.tokens[index + 1]?.tokenType.name;
    return this.tokens[index + 2]?.tokenType.name !== ':' && !(next === '}' && before === 'ID');
  }

  private endsEverything(token: IToken, type: string, index: number): boolean {
    return (
      this.open.length > 0 &&
      DECLARES.has(type) &&
      token.startColumn === 1 &&
      this.tokens[index - 1]?.tokenType.name !== '.' &&
      this.tokens[index + 1]?.tokenType.name !== ':'
    );
  }

  private lineStart(token: IToken): number {
    return this.text.lastIndexOf('\n', token.startOffset - 1) + 1;
  }

  private indentOf(token: IToken): number {
    const start = this.lineStart(token);
    return /^[ \t]*/.exec(this.text.slice(start, token.startOffset))![0].length;
  }

  private isFirstOnLine(token: IToken): boolean {
    return this.text.slice(this.lineStart(token), token.startOffset).trim() === '';
  }
}

function superfluous(token: IToken, type: string, top: Open | undefined): Fault {
  const opener = Object.keys(PARTNER).find((key) => PARTNER[key] === type) as string;
  return {
    from: token.startOffset,
    to: endOfToken(token),
    code: 'unmatched-bracket',
    message: `This \`${type}\` closes nothing: no \`${opener}\` is open here.`,
    hint:
      top && top.type !== '{'
        ? `The \`${top.type}\` in line ${top.token.startLine} is closed by \`${PARTNER[top.type]}\`.`
        : `Remove it, or add the missing \`${opener}\` before it.`,
  };
}

function shorten(image: string): string {
  return image.length > 20 ? `${image.slice(0, 20)}…` : image;
}
