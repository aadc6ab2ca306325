/**
 * How long is too long. Each word and sign of a file becomes an object, and some of them several: a file of many
 * millions would fill the memory of an editor's language server. Counted before any is made.
 */
import { spelled } from '../limits.js';
import type { Fault } from './fault.js';
import { endOfQuoted } from './quoted.js';

/** Characters of a file: two of the longest strings. */
const MOST_CHARACTERS = 32 * 1024 ** 2;
/** Words and signs of a file: some 150,000 statements. */
const MOST_TOKENS = 1_000_000;

/** A blank or a comment, a word or number, any other sign; what is unfinished counts as signs. */
const PIECE = /(\s+|\/\/[^\n\r]*|\/\*[\s\S]*?\*\/)|\w+|[\s\S]/y;

/** What is wrong with a text that is too long, at the place to which it could be read. */
export function tooLong(text: string): Fault | undefined {
  const at = findTooLong(text);
  if (at < 0) return undefined;
  const most = at === MOST_CHARACTERS ? `${spelled(at)} characters` : `${spelled(MOST_TOKENS)} words and signs`;
  return {
    from: at,
    to: at + 1,
    code: 'too-long',
    message: `This file is too long: at most ${most} fit.`,
    hint: 'Import parts of it from other files; data can come from a file of its own: file "/data" from "./data.txt";',
  };
}

/** The offset at which a text has too many characters or words; -1 when it fits. */
function findTooLong(text: string): number {
  if (text.length > MOST_CHARACTERS) return MOST_CHARACTERS;
  if (text.length <= MOST_TOKENS) return -1;
  let count = 0;
  for (let at = 0; at < text.length; at = PIECE.lastIndex) {
    PIECE.lastIndex = at;
    const isBlank = PIECE.exec(text)?.[1] !== undefined;
    const quoted = text[at] === '"' ? endOfQuoted(text, at) : -1;
    if (quoted > 0) PIECE.lastIndex = quoted;
    if (!isBlank && ++count > MOST_TOKENS) return at;
  }
  return -1;
}
