import * as vscode from 'vscode';
import { VERDICT_EVENT, type Check, type VerdictEvent } from '../debugger/messages.js';
import { toUri } from './sources.js';

/**
 * What each `expect` found at the end of a run: a mark after its line, and those that failed in Problems. The next run
 * of the program and an edit of it take them away.
 */
export class VerdictMarks implements vscode.Disposable {
  private readonly problems = vscode.languages.createDiagnosticCollection('osim-verdict');
  private readonly met = mark('charts.green');
  private readonly failed = mark('charts.red');
  private readonly verdicts = new Map<string, Check[]>();
  private readonly subscriptions: vscode.Disposable[];

  constructor() {
    this.subscriptions = [
      this.problems,
      this.met,
      this.failed,
      vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
        if (session.type === 'osim' && event === VERDICT_EVENT) this.take(body as VerdictEvent);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.put(document.uri, []);
      }),
      vscode.workspace.onDidDeleteFiles(({ files }) => files.forEach((uri) => this.put(uri, []))),
      vscode.window.onDidChangeVisibleTextEditors(() => this.draw()),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private take({ path, checks }: VerdictEvent): void {
    this.put(toUri(path), checks);
  }

  private put(uri: vscode.Uri, checks: Check[]): void {
    const key = uri.toString();
    if (checks.length === 0 && !this.verdicts.has(key)) return;
    if (checks.length === 0) this.verdicts.delete(key);
    else this.verdicts.set(key, checks);
    const failed = checks.filter(({ ok }) => !ok);
    this.problems.set(uri, failed.map(problem));
    this.draw();
  }

  private draw(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const checks = this.verdicts.get(editor.document.uri.toString()) ?? [];
      const marks = (ok: boolean): vscode.DecorationOptions[] =>
        checks.filter((check) => check.ok === ok).map((check) => decoration(check, editor.document));
      editor.setDecorations(this.met, marks(true));
      editor.setDecorations(this.failed, marks(false));
    }
  }
}

function mark(colour: string): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    after: { color: new vscode.ThemeColor(colour), margin: '0 0 0 2em' },
    overviewRulerColor: new vscode.ThemeColor(colour),
    overviewRulerLane: vscode.OverviewRulerLane.Right,
  });
}

function problem(check: Check): vscode.Diagnostic {
  // The whole line: VS Code ends it where the text does.
  const range = new vscode.Range(check.line - 1, 0, check.line - 1, Number.MAX_SAFE_INTEGER);
  const diagnostic = new vscode.Diagnostic(range, sentence(check), vscode.DiagnosticSeverity.Error);
  diagnostic.source = 'OSim';
  diagnostic.code = check.kind === 'expect' ? 'expect-failed' : 'unexpected-end';
  return diagnostic;
}

function sentence({ text, found }: Check): string {
  return found === null ? text : vscode.l10n.t('{0} failed: {1}', text, found);
}

function decoration(check: Check, document: vscode.TextDocument): vscode.DecorationOptions {
  const { range } = document.lineAt(Math.min(check.line, document.lineCount) - 1);
  const shown = check.ok ? '✓' : `✗ ${check.found ?? check.text.replace(/: if that is meant.*/, '')}`;
  return {
    range: new vscode.Range(range.end, range.end),
    renderOptions: { after: { contentText: shorter(shown) } },
    hoverMessage: check.ok ? vscode.l10n.t('Met at the end of the last run.') : sentence(check),
  };
}

/** What stands after a line is a hint; the whole is in Problems. */
function shorter(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
