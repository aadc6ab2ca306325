/**
 * Text to tokens, and the first round of mending: unfinished strings and comments, characters that mean nothing here,
 * nesting beyond reason, unbalanced brackets. What the parser gets is therefore as whole as it can be made.
 */
import type { ILexingError, IToken } from 'chevrotain';
import { DefaultLexer, type LexerResult } from 'langium';
import { balanceBrackets } from './brackets.js';
import { endOfToken, touches, type Fault } from './fault.js';
import { findTooDeep, MAX_NESTING } from './nesting.js';

/** More errors than this come from a file that is no program; mending each would only take time. */
const MOST_MENDED = 50;

export class OsimLexer extends DefaultLexer {
  /**
   * What the last text had wrong, in its order. The parser takes it from here: Langium's own result has no room for it.
   */
  faults: Fault[] = [];
  /** Offset at which the last text was cut off because it nests too deeply. */
  cutAt: number | undefined;

  override tokenize(text: string): LexerResult {
    const result = super.tokenize(text);
    this.faults = [];
    this.cutAt = undefined;
    let tokens = result.tokens;
    for (const error of result.errors.slice(0, MOST_MENDED)) tokens = this.mendLexingError(tokens, error, text);
    tokens = this.endAtOpenComment(tokens, text);
    tokens = this.joinBadNumbers(tokens);
    tokens = this.cutTooDeep(tokens);
    const balanced = balanceBrackets(tokens, text, (type, after) => this.emptyToken(type, after));
    // After an unfinished string or comment, brackets are missing because of it.
    const open = this.faults.filter((fault) => fault.code === 'unclosed-string' || fault.code === 'unclosed-comment');
    for (const fault of balanced.faults) if (!open.some((other) => hides(other, fault, text))) this.faults.push(fault);
    return { ...result, tokens: balanced.tokens, errors: [] };
  }

  private emptyToken(type: string, after: IToken): IToken {
    const at = endOfToken(after);
    return {
      image: '',
      startOffset: at,
      endOffset: at,
      startLine: after.endLine ?? 1,
      endLine: after.endLine ?? 1,
      startColumn: (after.endColumn ?? 0) + 1,
      endColumn: (after.endColumn ?? 0) + 1,
      tokenType: this.definition[type],
      tokenTypeIdx: this.definition[type].tokenTypeIdx ?? 0,
      // Langium then leaves it out of the syntax tree: it has no text.
      isInsertedInRecovery: true,
    };
  }

  private mendLexingError(tokens: IToken[], error: ILexingError, text: string): IToken[] {
    const at = error.offset;
    if (at < (this.faults[this.faults.length - 1]?.to ?? 0)) return tokens;
    const first = text[at] ?? '';
    if (first === '"') return this.closeString(tokens, at, text);
    const length = Math.max(1, error.length);
    this.faults.push(first === "'" ? openQuote(text, at, length) : unknownCharacters(text, at, length));
    return tokens;
  }

  /** An unfinished string ends with its line, or before the `);` with which the line ends. */
  private closeString(tokens: IToken[], at: number, text: string): IToken[] {
    const lineEnd = /[\r\n]|$/g;
    lineEnd.lastIndex = at;
    const rest = text.slice(at, lineEnd.exec(text)?.index);
    const end = at + rest.length - (/[)\]};,]*\s*$/.exec(rest)?.[0].length ?? 0);
    this.faults.push({
      from: at,
      to: at + rest.length,
      code: 'unclosed-string',
      message: 'This string is not closed: its second `"` is missing in this line.',
      hint: 'Put a `"` at its end; a line break inside a string is written \\n.',
    });
    const index = tokens.findIndex((token) => token.startOffset > at);
    const before = index === -1 ? tokens : tokens.slice(0, index);
    const string: IToken = {
      ...this.emptyToken('STRING', { startOffset: at, image: '' } as IToken),
      image: text.slice(at, end),
    };
    string.endOffset = end - 1;
    string.isInsertedInRecovery = false;
    const anchor = before[before.length - 1];
    string.startLine = string.endLine = anchor?.endLine ?? 1;
    string.startColumn = string.endColumn = (anchor?.endColumn ?? 0) + 1;
    return [...before, string, ...tokens.filter((token) => token.startOffset >= Math.max(end, at + 1))];
  }

  /** `/*` without its end: the lexer sees a division and a multiplication; all that follows is meant as a comment. */
  private endAtOpenComment(tokens: IToken[], text: string): IToken[] {
    const index = tokens.findIndex((token) => token.tokenType.name === '/' && text[token.startOffset + 1] === '*');
    if (index === -1) return tokens;
    const from = tokens[index].startOffset;
    this.faults.push({
      from,
      to: from + 2,
      code: 'unclosed-comment',
      message: 'This comment is not closed: no `*/` follows.',
      hint: 'Put `*/` at its end, or start each line of it with `//`.',
    });
    return tokens.slice(0, index);
  }

  /** `12abc` and `1.5` are several tokens; said once, they need no further message from the parser. */
  private joinBadNumbers(tokens: IToken[]): IToken[] {
    let out: IToken[] | undefined;
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i];
      const next = tokens[i + 1];
      const isNumber = token.tokenType.name === 'NUMBER';
      if (
        isNumber &&
        next?.tokenType.name === '.' &&
        touches(token, next) &&
        tokens[i + 2]?.tokenType.name === 'NUMBER'
      ) {
        this.faults.push(fraction(token, tokens[i + 2]));
        out ??= tokens.slice(0, i);
        out.push(token);
        i += 2;
      } else if (isNumber && touches(token, next) && /^[A-Za-z_]/.test(next.image)) {
        this.faults.push(letterInNumber(token, next));
        out ??= tokens.slice(0, i);
        out.push(token);
        i += 1;
      } else {
        out?.push(token);
      }
    }
    return out ?? tokens;
  }

  /** Leaves out the declaration that nests too deeply, and what follows it: nothing of it can be parsed safely. */
  private cutTooDeep(tokens: IToken[]): IToken[] {
    const index = findTooDeep(tokens);
    if (index === -1) return tokens;
    const token = tokens[index];
    this.faults.push({
      from: token.startOffset,
      to: endOfToken(token),
      code: 'too-deep',
      message: `This is nested too deeply: at most ${MAX_NESTING} levels of brackets, operators and statements fit into each other.`,
      hint: 'Take parts of it out into variables or functions.',
    });
    let depth = 0;
    let start = 0;
    for (let i = 0; i < index; i++) {
      const type = tokens[i].tokenType.name;
      if (type === '{' || type === '(' || type === '[') depth++;
      if (type === '}' || type === ')' || type === ']') depth--;
      if (depth <= 0 && (type === '}' || type === ';')) start = i + 1;
    }
    this.cutAt = tokens[start].startOffset;
    return tokens.slice(0, start);
  }
}

function hides(open: Fault, other: Fault, text: string): boolean {
  if (open.code === 'unclosed-comment') return true;
  return other.from >= open.from && !text.slice(open.from, other.from).includes('\n');
}

function fraction(whole: IToken, digits: IToken): Fault {
  return {
    from: whole.startOffset,
    to: endOfToken(digits),
    code: 'no-fractions',
    message: `\`${whole.image}.${digits.image}\`: there are only integers here, as in a kernel.`,
    hint: 'Use a smaller unit, for example 1500 instead of 1.5 thousand.',
  };
}

function letterInNumber(number: IToken, tail: IToken): Fault {
  if (['KiB', 'MiB', 'GiB'].includes(tail.image)) {
    return {
      from: number.startOffset,
      to: endOfToken(tail),
      code: 'bad-number',
      message: `Between a number and its unit stands a blank.`,
      hint: `Write ${number.image} ${tail.image}.`,
    };
  }
  if (/^[uUlL]+$/.test(tail.image)) {
    return {
      from: number.startOffset,
      to: endOfToken(tail),
      code: 'bad-number',
      message: `\`${number.image}${tail.image}\`: numbers have no types.`,
      hint: `Write \`${number.image}\`.`,
    };
  }
  return {
    from: number.startOffset,
    to: endOfToken(tail),
    code: 'bad-number',
    message: `\`${number.image}${tail.image}\` is neither a number nor a name: a name can't start with a digit.`,
    hint: 'Numbers are written 42, 1_000, 0x2A, 0b101 or 0o17. A name starts with a letter or _.',
  };
}

function openQuote(text: string, at: number, length: number): Fault {
  const empty = text[at + 1] === "'";
  return {
    from: at,
    to: at + (empty ? 2 : length),
    code: 'unclosed-string',
    message: empty ? "`''` holds no character." : "This character is not closed: its second `'` is missing.",
    hint: 'A character is written \'a\', a string "abc".',
  };
}

function unknownCharacters(text: string, at: number, length: number): Fault {
  const shown = text.slice(at, at + Math.min(length, 12));
  const range = { from: at, to: at + length, code: 'unknown-character' };
  if (/^[“”„‟‘’‚«»`]/.test(shown)) {
    return {
      ...range,
      message: `\`${shown}\` is not a quotation mark that programs use.`,
      hint: 'Write a string in straight double quotes: "text".',
    };
  }
  if (shown.startsWith('#')) {
    return {
      ...range,
      message: '`#` has no meaning here: there are no headers and no macros.',
      hint: 'Comments start with //, constants are `const NAME = 1;`, other files come in by `import "./file.osim";`.',
    };
  }
  if (/^\p{L}/u.test(shown)) {
    return {
      ...range,
      message: `\`${shown}\` can't be part of a name.`,
      hint: 'Names have the letters a to z, A to Z, digits and _.',
    };
  }
  const code = text.codePointAt(at) ?? 0;
  const name =
    code < 33 || code === 127 ? `The character U+${code.toString(16).padStart(4, '0').toUpperCase()}` : `\`${shown}\``;
  return { ...range, message: `${name} has no meaning here.`, hint: 'Remove it; inside a string it would be fine.' };
}
