/**
 * A problem is a diagnostic: where, what, how serious, and how to mend it. Every part of the language front end
 * (lexer, parser, names, checks) reports in this one form; the command line and the editor only print it.
 */

/** A place in a text. `line` and `column` count from 1, in UTF-16 units as editors do; `offset` counts from 0. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** A stretch of text: from the first character to the one after the last. */
export interface Range {
  readonly from: Position;
  readonly to: Position;
}

export type Severity = 'error' | 'warning' | 'info';

export interface Problem extends Range {
  readonly uri: string;
  readonly severity: Severity;
  /** Kebab-case and stable: tests, documentation and quick fixes go by it. */
  readonly code: string;
  /** What is wrong, in words that a beginner knows. */
  readonly message: string;
  /** How to mend it. */
  readonly hint?: string;
}

/** True when nothing may run: warnings and notes do not count. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}

/** Orders by place, errors first where two share it: the order in which a reader meets them. */
export function byPlace(a: Problem, b: Problem): number {
  const weight = { error: 0, warning: 1, info: 2 };
  return a.from.offset - b.from.offset || weight[a.severity] - weight[b.severity];
}

/**
 * Converts offsets to lines and columns. The table of line starts is built once for a text, so that a file with
 * thousands of problems stays cheap.
 */
export class LineTable {
  private readonly starts: number[] = [0];

  constructor(private readonly text: string) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
      this.starts.push(at + 1);
    }
  }

  get lineCount(): number {
    return this.starts.length;
  }

  /** Offset of the first character of a line (from 1); the end of the text for a line past the last. */
  startOf(line: number): number {
    return this.starts[line - 1] ?? this.text.length;
  }

  positionAt(offset: number): Position {
    const at = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = this.starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.starts[middle] <= at) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: at - this.starts[low] + 1, offset: at };
  }

  range(from: number, to: number): Range {
    return { from: this.positionAt(from), to: this.positionAt(Math.max(from, to)) };
  }
}
