/** Problems as the editor shows them, and the mends that it offers for some. */
import {
  CodeActionKind,
  DiagnosticSeverity,
  DiagnosticTag,
  type CodeAction,
  type Diagnostic,
  type TextEdit,
} from 'vscode-languageserver';
import type { Problem } from '../problem.js';
import { toLsp } from './places.js';

const SEVERITY = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
} as const;

export function toDiagnostic(problem: Problem): Diagnostic {
  return {
    range: toLsp(problem),
    severity: SEVERITY[problem.severity],
    code: problem.code,
    source: 'osim',
    message: problem.hint ? `${problem.message}\n${problem.hint}` : problem.message,
    ...(problem.code === 'unreachable-code' && { tags: [DiagnosticTag.Unnecessary] }),
  };
}

/** Quick fixes: where the hint leaves one thing to do, it is offered. */
export function quickFixes(uri: string, diagnostics: readonly Diagnostic[]): CodeAction[] {
  return diagnostics.flatMap((diagnostic) => {
    const fix = diagnostic.source === 'osim' ? fixOf(diagnostic) : undefined;
    if (!fix) return [];
    const action: CodeAction = {
      title: fix.title,
      kind: CodeActionKind.QuickFix,
      diagnostics: [diagnostic],
      isPreferred: true,
      edit: { changes: { [uri]: [fix.edit] } },
    };
    return [action];
  });
}

function fixOf(diagnostic: Diagnostic): { title: string; edit: TextEdit } | undefined {
  const { range } = diagnostic;
  const message = typeof diagnostic.message === 'string' ? diagnostic.message : '';
  const near = /Did you mean (?:`([^`]+)`|("[^"]+"))\?/.exec(message);
  if (near) {
    const newText = near[1] ?? near[2] ?? '';
    return { title: `Change to ${newText}`, edit: { range, newText } };
  }
  const after = { start: range.end, end: range.end };
  if (diagnostic.code === 'missing-semicolon') return { title: 'Add the ;', edit: { range: after, newText: ';' } };
  if (diagnostic.code === 'superfluous-semicolon') return { title: 'Remove the ;', edit: { range, newText: '' } };
  if (diagnostic.code === 'assignment-as-condition' || diagnostic.code === 'foreign-operator') return undefined;
  const missing = /^A `([)\]])` is missing here/.exec(message)?.[1];
  return missing ? { title: `Add the ${missing}`, edit: { range: after, newText: missing } } : undefined;
}
