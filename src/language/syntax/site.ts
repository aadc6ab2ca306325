/** Where a parser stumbled, and the words in which explanations speak of it. */
import type { IToken } from 'chevrotain';
import { endOfToken, isEof, type Fault } from './fault.js';

/** Where the parser gave up. */
export interface Site {
  readonly text: string;
  readonly tokens: readonly IToken[];
  /** Index of `token`; tokens.length at the end of the file. */
  readonly index: number;
  readonly token: IToken;
  readonly before: IToken | undefined;
  readonly after: IToken | undefined;
  /** The type of token that alone could have stood here, when there is just one. */
  readonly expected: string | undefined;
  /** The innermost construct, for deciding; never for showing. */
  readonly rule: string;
  readonly rules: readonly string[];
}

export type Explanation = (site: Site) => Fault | undefined;

/** The range of the offending token; at the end of the file, the last character that is there. */
export function atToken(site: Site): { from: number; to: number } {
  if (isEof(site.token)) return afterBefore(site);
  return { from: site.token.startOffset, to: endOfToken(site.token) };
}

/** The end of the token before: where a missing `;` belongs, rather than on the line below. */
export function afterBefore(site: Site): { from: number; to: number } {
  const end = site.before ? endOfToken(site.before) : 0;
  return { from: Math.max(0, end - 1), to: end };
}

export function describe(token: IToken): string {
  if (isEof(token)) return 'the end of the file';
  return `\`${shorten(token.image)}\``;
}

export function shorten(image: string): string {
  const line = image.split('\n', 1)[0] ?? '';
  return line.length > 24 ? `${line.slice(0, 24)}…` : line;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function kind(token: IToken | undefined): string {
  return token === undefined || isEof(token) ? '' : token.tokenType.name;
}

/** A word of any sort: a name or a reserved word. */
export function isWord(token: IToken | undefined): boolean {
  return token !== undefined && /^[A-Za-z_]/.test(token.image);
}

export function isValue(token: IToken | undefined): boolean {
  return ['ID', 'NUMBER', 'STRING', 'CHAR', 'true', 'false', 'null'].includes(kind(token));
}
