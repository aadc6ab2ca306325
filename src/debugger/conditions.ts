/**
 * What a breakpoint may ask for besides its place: how often, and what to print instead of stopping. Parsed once, when
 * set.
 */

/** A hit condition: `3` or `==3` (the third time), `>=3`, `>3`, `<3`, `<=3`, `!=3`, `%3` (every third time). */
export class HitCondition {
  private constructor(
    private readonly operator: string,
    private readonly count: number,
  ) {}

  /** Throws a RangeError in words for the user. */
  static parse(text: string): HitCondition {
    const match = /^\s*(==?=?|!=|>=|<=|>|<|%)?\s*(\d{1,15})\s*$/.exec(text);
    if (!match) throw new RangeError(`"${text}" is no hit count. Write 3, >=3, <3 or %3 (every third time).`);
    const count = Number(match[2]);
    if (match[1] === '%' && count === 0) throw new RangeError('%0 is never: write %1 or more.');
    return new HitCondition(match[1] ?? '==', count);
  }

  /** @param hits how often the place has been reached, this time included */
  holds(hits: number): boolean {
    switch (this.operator) {
      case '>=':
        return hits >= this.count;
      case '>':
        return hits > this.count;
      case '<=':
        return hits <= this.count;
      case '<':
        return hits < this.count;
      case '!=':
        return hits !== this.count;
      case '%':
        return hits % this.count === 0;
      default:
        return hits === this.count;
    }
  }
}

/** A log message: text with `{expressions}`. */
export type LogPart = { text: string } | { expression: string };

/** `{{` and `}}` stand for braces; an expression may itself contain braces and strings. */
export function parseLogMessage(message: string): LogPart[] {
  const parts: LogPart[] = [];
  let text = '';
  for (let i = 0; i < message.length;) {
    const c = message[i];
    if ((c === '{' || c === '}') && message[i + 1] === c) {
      text += c;
      i += 2;
      continue;
    }
    const end = c === '{' ? closing(message, i) : -1;
    if (end < 0) {
      text += c;
      i++;
      continue;
    }
    if (text) parts.push({ text });
    text = '';
    parts.push({ expression: message.slice(i + 1, end).trim() });
    i = end + 1;
  }
  if (text) parts.push({ text });
  return parts;
}

/** The position of the brace that closes the one at `open`; -1 if there is none, or nothing between them. */
function closing(message: string, open: number): number {
  let depth = 0;
  let quoted = false;
  for (let i = open; i < message.length; i++) {
    const c = message[i];
    if (quoted) {
      if (c === '\\') i++;
      else if (c === '"') quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === '{') depth++;
    else if (c === '}' && --depth === 0) return message.slice(open + 1, i).trim() === '' ? -1 : i;
  }
  return -1;
}
