/**
 * From a text to a syntax tree and the list of what is wrong with its form. Never throws, whatever the text.
 * Names and meanings are looked at later (names.ts, checks.ts).
 */
import type { IRecognitionException, IToken } from 'chevrotain';
import type { AstNode } from 'langium';
import type { SourceFile } from './generated/ast.js';
import { LineTable, type Problem, type Range } from './problem.js';
import { explain } from './syntax/explain.js';
import { isEof, type Fault } from './syntax/fault.js';
import { langiumToolkit } from './syntax/services.js';
import { tooLong } from './syntax/size.js';

export interface ParsedFile {
  readonly uri: string;
  readonly text: string;
  readonly ast: SourceFile;
  readonly lines: LineTable;
  /** Of form only: what the lexer and the parser found. */
  readonly problems: readonly Problem[];
}

/** More than this many mistakes of form in a file are not worth reading: it is another language, or noise. */
const MOST_FAULTS = 50;

/** Parses a whole file; `uri` only names it in problems. */
export function parseSource(text: string, uri: string): ParsedFile {
  const lines = new LineTable(text);
  if (isNoText(text)) {
    const range = lines.range(0, Math.min(1, text.length));
    const [message, hint] = [
      'This file is not text in UTF-8.',
      'A program that was saved as UTF-16 can be saved as UTF-8.',
    ];
    const problem: Problem = { uri, ...range, severity: 'error', code: 'not-text', message, hint };
    return { uri, text, lines, ast: emptyFile(), problems: [problem] };
  }
  const fault = tooLong(text);
  if (fault) return { uri, text, lines, ast: emptyFile(), problems: [toProblem(fault, uri, lines)] };
  try {
    return parseWith(text, uri, lines);
  } catch (error) {
    // Nesting is measured before parsing, so this is for a stack that was nearly full when we were called.
    const tooDeep = error instanceof RangeError;
    const fault: Fault = {
      from: 0,
      to: Math.min(1, text.length),
      code: tooDeep ? 'too-deep' : 'unreadable',
      message: tooDeep
        ? 'Something in this file is nested too deeply to be read.'
        : 'This file can not be read as a program.',
      hint: 'Take parts of it out into variables or functions.',
    };
    return { uri, text, lines, ast: emptyFile(), problems: [toProblem(fault, uri, lines)] };
  }
}

/** A binary file, or one in UTF-16: a message for each of its characters would help nobody. */
function isNoText(text: string): boolean {
  const beginning = text.slice(0, 1000);
  const zeros = beginning.split('\0').length - 1;
  return /^\ufffd\ufffd/.test(beginning) || (zeros > 1 && zeros * 8 > beginning.length);
}

/** Where a node stands. A node that recovery made up has no text: then it is where its parent is. */
export function rangeOf(node: AstNode): Range {
  let current: AstNode | undefined = node;
  while (current && !current.$cstNode) current = current.$container;
  const cst = current?.$cstNode;
  if (!cst) return { from: { line: 1, column: 1, offset: 0 }, to: { line: 1, column: 1, offset: 0 } };
  const { start, end } = cst.range;
  return {
    from: { line: start.line + 1, column: start.character + 1, offset: cst.offset },
    to: { line: end.line + 1, column: end.character + 1, offset: cst.end },
  };
}

function emptyFile(): SourceFile {
  return { $type: 'SourceFile', kernel: false, items: [] };
}

function parseWith(text: string, uri: string, lines: LineTable): ParsedFile {
  const { parser, lexer } = langiumToolkit();
  const result = parser.parse<SourceFile>(text);
  const cutAt = lexer.cutAt;
  const faults = [...lexer.faults];
  if (result.parserErrors.length > 0) {
    // Tokenised again: the parser does not hand out what it was given, and errors are rare enough.
    const tokens = lexer.tokenize(text).tokens;
    const places = new Map(tokens.map((token, index) => [token, index] as const));
    const byOffset = new Map(tokens.map((token, index) => [token.startOffset, index] as const));
    for (const error of result.parserErrors) {
      faults.push(toFault(error, text, tokens, (token) => places.get(token) ?? byOffset.get(token.startOffset)));
    }
  }
  const ast = result.value ?? emptyFile();
  const problems = firstOfEachLine(faults, lexer.faults, lines, cutAt).map((fault) => toProblem(fault, uri, lines));
  return { uri, text, lines, ast, problems };
}

function toFault(
  error: IRecognitionException,
  text: string,
  tokens: readonly IToken[],
  indexOf: (token: IToken) => number | undefined,
): Fault {
  const index = isEof(error.token) ? tokens.length : (indexOf(error.token) ?? tokens.length);
  const rules = error.context.ruleStack.map((rule) => rule.replace(/\u200B$/, ''));
  return explain({
    text,
    tokens,
    index,
    token: error.token,
    before: tokens[index - 1],
    after: tokens[index + 1],
    expected: error.name === 'MismatchedTokenException' ? error.message : undefined,
    rule: rules[rules.length - 1] ?? '',
    rules,
  });
}

/**
 * One slip often makes the parser stumble more than once. The first message of a line is kept, the lexer's before the
 * parser's; what the lexer found counts as the cause of anything else in its line.
 */
function firstOfEachLine(
  faults: Fault[],
  lexical: readonly Fault[],
  lines: LineTable,
  cutAt: number | undefined,
): Fault[] {
  const kept: Fault[] = [...lexical];
  const taken = new Set<number>();
  for (const fault of lexical) {
    for (let line = lines.positionAt(fault.from).line; line <= lines.positionAt(fault.to).line; line++) taken.add(line);
  }
  let last = -1;
  for (const fault of faults.slice(lexical.length).sort((a, b) => a.from - b.from)) {
    const line = lines.positionAt(fault.from).line;
    if (taken.has(line) || fault.from <= last || (cutAt !== undefined && fault.to >= cutAt - 1)) continue;
    taken.add(line);
    last = fault.from;
    kept.push(fault);
  }
  return kept.sort((a, b) => a.from - b.from).slice(0, MOST_FAULTS);
}

function toProblem(fault: Fault, uri: string, lines: LineTable): Problem {
  const range = lines.range(fault.from, fault.to);
  const problem = { uri, ...range, severity: 'error' as const, code: fault.code, message: fault.message };
  return fault.hint ? { ...problem, hint: fault.hint } : problem;
}
