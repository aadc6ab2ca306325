/**
 * Strings and characters, found by hand: a regular expression remembers a way back for each escape, and runs out of
 * memory in a string of millions of bytes.
 */
import { DefaultTokenBuilder } from 'langium';

const NEWLINE = 10;
const RETURN = 13;
const BACKSLASH = 92;

/** The offset behind the literal whose first quote is at `at`; -1 when its line ends before its second one. */
export function endOfQuoted(text: string, at: number): number {
  const quote = text.charCodeAt(at);
  for (let i = at + 1; i < text.length; i++) {
    let c = text.charCodeAt(i);
    if (c === quote) return i + 1;
    if (c === BACKSLASH) c = text.charCodeAt(++i);
    if (c === NEWLINE || c === RETURN) return -1;
  }
  return -1;
}

/** Langium's, but for the two kinds of literals in quotes. */
export class OsimTokenBuilder extends DefaultTokenBuilder {
  protected override buildTerminalToken(
    ...[terminal]: Parameters<DefaultTokenBuilder['buildTerminalToken']>
  ): ReturnType<DefaultTokenBuilder['buildTerminalToken']> {
    const type = super.buildTerminalToken(terminal);
    if (terminal.name === 'STRING') return { ...type, ...quoted('"', 2) };
    return terminal.name === 'CHAR' ? { ...type, ...quoted("'", 3) } : type;
  }
}

/** The pattern of a literal that has at least so many characters, its quotes included. */
function quoted(quote: string, least: number) {
  const match = (text: string, at: number): [string] | null => {
    const end = text[at] === quote ? endOfQuoted(text, at) : -1;
    return end - at >= least ? [text.slice(at, end)] : null;
  };
  return { PATTERN: match, LINE_BREAKS: false, START_CHARS_HINT: [quote] };
}
