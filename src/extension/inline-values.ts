/** Hover and inline values while debugging. Both look at the text only; the debugger knows what the names mean. */
import * as vscode from 'vscode';

/** `file.ops.read`, `fds[3].offset`: a name with the fields and simple indices before the one under the cursor. */
const PATH = /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\s*(?:\d+|[A-Za-z_]\w*)\s*\])*/g;
const NAME = /[A-Za-z_]\w*/g;
const LOCAL = /\b(?:let|const)\s+([A-Za-z_]\w*)|\bfor\s*\(\s*([A-Za-z_]\w*)\s+in\b/g;

const KEYWORDS = new Set(
  (
    'process program remote fn let const var shared struct enum param machine file keyboard at import expect if else ' +
    'while do for in switch case default break continue return yield assert true false null kernel count nice ' +
    'priority burst tickets cpu every extern'
  ).split(' '),
);

export class EvaluatableExpressions implements vscode.EvaluatableExpressionProvider {
  provideEvaluatableExpression(document: vscode.TextDocument, position: vscode.Position) {
    const line = blankStringsAndComments(document.lineAt(position.line).text);
    for (const match of line.matchAll(PATH)) {
      const from = match.index;
      const to = from + match[0].length;
      if (position.character < from || position.character > to) continue;
      // Up to the end of the name under the cursor: on `ops` of `file.ops.read`, that is `file.ops`.
      const rest = /^[\w]*/.exec(match[0].slice(position.character - from))?.[0].length ?? 0;
      const end = position.character + rest;
      const expression = line.slice(from, end).replace(/[.[]$/, '');
      if (KEYWORDS.has(expression) || expression.split('[').length !== expression.split(']').length) return undefined;
      return new vscode.EvaluatableExpression(new vscode.Range(position.line, from, position.line, end), expression);
    }
    return undefined;
  }
}

export class InlineValues implements vscode.InlineValuesProvider {
  provideInlineValues(document: vscode.TextDocument, viewport: vscode.Range, context: vscode.InlineValueContext) {
    const stopped = endOfStatement(document, Math.min(context.stoppedLocation.end.line, document.lineCount - 1));
    const start = startOfBody(document, stopped);
    const lines: string[] = [];
    for (let line = start; line <= stopped; line++) lines.push(blankStringsAndComments(document.lineAt(line).text));
    const declared = declaredIn(lines);
    const values: vscode.InlineValue[] = [];
    for (let line = Math.max(viewport.start.line, start); line <= stopped; line++) {
      const text = lines[line - start];
      const seen = new Set<string>();
      for (const match of text.matchAll(NAME)) {
        const [name] = match;
        const isField = text[match.index - 1] === '.';
        const isKey = /^\s*:/.test(text.slice(match.index + name.length)) && !text.includes('?');
        if (isField || isKey || !declared.has(name) || seen.has(name)) continue;
        seen.add(name);
        const range = new vscode.Range(line, match.index, line, match.index + name.length);
        values.push(new vscode.InlineValueVariableLookup(range, name, true));
      }
    }
    return values;
  }
}

/** Parameters and local variables: what a reader of these lines wants to know. Globals are in the Variables pane. */
function declaredIn(lines: string[]): Set<string> {
  const names = new Set<string>();
  for (const [name] of (/\(([^)]*)\)/.exec(lines[0])?.[1] ?? '').matchAll(NAME)) names.add(name);
  for (const line of lines) {
    for (const [, local, element] of line.matchAll(LOCAL)) names.add(local ?? element);
  }
  return names;
}

/** The line where the function or process around `line` begins: names above it mean something else. */
function startOfBody(document: vscode.TextDocument, line: number): number {
  for (let i = line; i >= 0; i--) if (/^(fn|process|program|remote)\b/.test(document.lineAt(i).text)) return i;
  return 0;
}

/** The line where what begins in `line` has closed its parentheses: the debugger says only where a statement begins. */
function endOfStatement(document: vscode.TextDocument, line: number): number {
  let open = 0;
  for (let i = line; i < document.lineCount; i++) {
    for (const [bracket] of blankStringsAndComments(document.lineAt(i).text).matchAll(/[()[\]]/g)) {
      open += bracket === '(' || bracket === '[' ? 1 : -1;
    }
    if (open <= 0) return i;
  }
  return line;
}

/** The same columns, with blanks in place of what is no code. */
function blankStringsAndComments(line: string): string {
  return line.replace(/"[^"\\]*(?:\\.[^"\\]*)*"?|'[^'\\]*(?:\\.[^'\\]*)*'?|\/\/.*$/g, (text) =>
    ' '.repeat(text.length),
  );
}
