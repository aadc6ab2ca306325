/** The words and signs of a text with its comments among them: for the formatter and for colouring. */
import { langiumToolkit } from './syntax/services.js';
import { tooLong } from './syntax/size.js';

export interface Token {
  /** The word or sign itself, or ID, NUMBER, STRING, CHAR, LINE_COMMENT, BLOCK_COMMENT. */
  readonly type: string;
  readonly text: string;
  readonly offset: number;
  /** Lines of the first and the last character, from 1. */
  readonly line: number;
  readonly endLine: number;
  /** Column of the first character, from 1. */
  readonly column: number;
}

/**
 * All tokens in the order of the text; what belongs to no token, in a broken text, is left out. None of a text that is
 * too long to be a program.
 */
export function tokensOf(text: string): Token[] {
  if (tooLong(text)) return [];
  const { tokens, hidden } = langiumToolkit().lexer.tokenize(text);
  return [...tokens, ...hidden]
    .filter((token) => token.image !== '')
    .map((token) => ({
      type: token.tokenType.name,
      text: token.image,
      offset: token.startOffset,
      line: token.startLine ?? 1,
      endLine: token.endLine ?? token.startLine ?? 1,
      column: token.startColumn ?? 1,
    }))
    .sort((a, b) => a.offset - b.offset);
}

export function isComment(token: Token | undefined): boolean {
  return token?.type === 'LINE_COMMENT' || token?.type === 'BLOCK_COMMENT';
}
