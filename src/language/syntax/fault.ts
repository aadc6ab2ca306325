import type { IToken } from 'chevrotain';

/** A mistake in the form of a text, before it has a file: offsets instead of lines. */
export interface Fault {
  readonly from: number;
  readonly to: number;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** The offset after a token's last character. */
export function endOfToken(token: IToken): number {
  return token.startOffset + token.image.length;
}

export function isEof(token: IToken): boolean {
  return Number.isNaN(token.startOffset);
}

/** True when no blank or comment stands between the two. */
export function touches(left: IToken | undefined, right: IToken | undefined): boolean {
  return left !== undefined && right !== undefined && endOfToken(left) === right.startOffset;
}
