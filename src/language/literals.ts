/**
 * What a literal is worth. Strings are bytes in this language (a file, a pipe and a socket carry nothing else), so a
 * string literal becomes a JavaScript string in which every character is one byte, 0 to 255, of its UTF-8 form.
 */

/** A mistake inside a literal; `from` and `to` are offsets in the literal's text, its quotes included. */
export interface LiteralMistake {
  readonly from: number;
  readonly to: number;
  readonly code: 'bad-escape' | 'bad-number' | 'number-too-large' | 'bad-character';
  readonly message: string;
  readonly hint: string;
}

const SIMPLE_ESCAPES: Readonly<Record<string, number>> = {
  n: 10,
  t: 9,
  r: 13,
  '\\': 92,
  '"': 34,
  "'": 39,
  '?': 63,
  a: 7,
  b: 8,
  f: 12,
  v: 11,
  e: 27,
};

/** The value of `12`, `1_000`, `0xff`, `0b101`, `0o17` or, as in C, `017`. NaN when the digits do not fit the base. */
export function numberOf(text: string): number {
  const digits = text.replace(/_/g, '').toLowerCase();
  if (/^0[0-9]/.test(digits)) return /^[0-7]+$/.test(digits) ? parseInt(digits, 8) : NaN;
  return digits.length > 2 || !/^0[xbo]/.test(digits) ? Number(digits) : NaN;
}

/** What is wrong with a number, if anything. */
export function numberMistake(text: string): LiteralMistake | undefined {
  const whole = { from: 0, to: text.length };
  const value = numberOf(text);
  if (Number.isNaN(value)) {
    return /^0[0-9_]/.test(text)
      ? {
          ...whole,
          code: 'bad-number',
          message: `\`${text}\` starts with 0, so it is read in base 8 as in C, and base 8 has no 8 or 9.`,
          hint: `Drop the leading zero: ${text.replace(/^[0_]+/, '') || '0'}.`,
        }
      : {
          ...whole,
          code: 'bad-number',
          message: `\`${text}\` has no digits after its prefix.`,
          hint: 'Write at least one digit, as in 0x1F or 0b101.',
        };
  }
  if (value > Number.MAX_SAFE_INTEGER) {
    return {
      ...whole,
      code: 'number-too-large',
      message: `${text.length > 40 ? `${text.slice(0, 20)}… (${text.length} digits)` : text} is too large: integers here are exact up to 9007199254740991 (53 bits).`,
      hint: 'Use a smaller number.',
    };
  }
  return undefined;
}

/** The bytes of a string literal, one character each; quotes around the text are taken off. */
export function stringBytesOf(text: string): string {
  return readQuoted(text).bytes;
}

/** The mistakes in a string literal: escapes that mean nothing. */
export function stringMistakes(text: string): readonly LiteralMistake[] {
  return readQuoted(text).mistakes;
}

/** The byte that a character literal such as `'a'` or `'\n'` stands for; of several, the first. */
export function charOf(text: string): number {
  return readQuoted(text).bytes.charCodeAt(0) || 0;
}

/** What is wrong with a character literal: a bad escape, or anything but exactly one byte. */
export function charMistake(text: string): LiteralMistake | undefined {
  const { bytes, mistakes } = readQuoted(text);
  if (mistakes.length > 0) return mistakes[0];
  if (bytes.length === 1) return undefined;
  const inner = text.slice(1, -1);
  return {
    from: 0,
    to: text.length,
    code: 'bad-character',
    message: `Single quotes hold one byte, and ${text} holds ${bytes.length}.`,
    hint: `For a string use double quotes: "${inner.replace(/"/g, '\\"')}".`,
  };
}

/** UTF-8 bytes of a code point, one character each. A lone surrogate becomes U+FFFD, as everywhere else. */
export function utf8Of(codePoint: number): string {
  const c = codePoint >= 0xd800 && codePoint <= 0xdfff ? 0xfffd : codePoint;
  if (c < 0x80) return String.fromCharCode(c);
  if (c < 0x800) return String.fromCharCode(0xc0 | (c >> 6), 0x80 | (c & 63));
  if (c < 0x10000) return String.fromCharCode(0xe0 | (c >> 12), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
  return String.fromCharCode(0xf0 | (c >> 18), 0x80 | ((c >> 12) & 63), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
}

function readQuoted(text: string): { bytes: string; mistakes: LiteralMistake[] } {
  const quote = text[0] === '"' || text[0] === "'" ? text[0] : '';
  const end = quote && text.length > 1 && text.endsWith(quote) ? text.length - 1 : text.length;
  const mistakes: LiteralMistake[] = [];
  let bytes = '';
  let at = quote ? 1 : 0;
  while (at < end) {
    const code = text.codePointAt(at) ?? 0;
    if (code !== 92) {
      bytes += utf8Of(code);
      at += code > 0xffff ? 2 : 1;
      continue;
    }
    const escape = readEscape(text, at, end);
    bytes += escape.bytes;
    if (escape.mistake) {
      const from = at;
      mistakes.push({ from, to: escape.next, code: 'bad-escape', ...escape.mistake });
    }
    at = escape.next;
  }
  return { bytes, mistakes };
}

interface Escape {
  bytes: string;
  next: number;
  mistake?: { message: string; hint: string };
}

/** Reads the escape whose backslash is at `at`. */
function readEscape(text: string, at: number, end: number): Escape {
  const letter = text[at + 1] ?? '';
  const simple = SIMPLE_ESCAPES[letter];
  if (simple !== undefined) return { bytes: String.fromCharCode(simple), next: at + 2 };

  const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1, Math.min(end, at + 4)));
  if (octal) {
    const next = at + 1 + octal[0].length;
    const value = parseInt(octal[0], 8);
    if (value <= 255) return { bytes: String.fromCharCode(value), next };
    return {
      bytes: '',
      next,
      mistake: { message: `\`\\${octal[0]}\` is ${value}; a byte is at most 255.`, hint: 'The largest is \\377.' },
    };
  }
  if (letter === 'x') {
    const hex = /^[0-9a-fA-F]{1,2}/.exec(text.slice(at + 2, Math.min(end, at + 4)));
    if (hex) return { bytes: String.fromCharCode(parseInt(hex[0], 16)), next: at + 2 + hex[0].length };
    return {
      bytes: '',
      next: at + 2,
      mistake: { message: 'After `\\x` come one or two hexadecimal digits.', hint: 'For example "\\x00" or "\\x7f".' },
    };
  }
  if (letter === 'u') {
    const hex = /^[0-9a-fA-F]{4}/.exec(text.slice(at + 2, Math.min(end, at + 6)));
    if (hex) return { bytes: utf8Of(parseInt(hex[0], 16)), next: at + 6 };
    return {
      bytes: '',
      next: at + 2,
      mistake: { message: 'After `\\u` come four hexadecimal digits.', hint: 'For example "\\u00e9" for é.' },
    };
  }
  const shown = String.fromCodePoint(text.codePointAt(at + 1) ?? 32);
  return {
    bytes: utf8Of(shown.codePointAt(0) ?? 32),
    next: at + 1 + shown.length,
    mistake: {
      message: `\`\\${shown}\` is not an escape.`,
      hint: 'The escapes are \\n \\t \\r \\0 \\\\ \\" \\\' \\a \\b \\e \\f \\v \\xHH \\NNN \\uHHHH. For a backslash, write \\\\.',
    },
  };
}
