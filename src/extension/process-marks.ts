import * as vscode from 'vscode';
import type { PlaceView } from '../debugger/messages.js';
import type { MachineFeed } from './machine-feed.js';
import { toUri } from './sources.js';

/** States that get a mark; where a running process stands, the debugger's own arrow is. */
const MARKED = { ready: 'ready', blocked: 'blocked', stopped: 'blocked', zombie: 'zombie' } as const;
type Mark = (typeof MARKED)[keyof typeof MARKED];

/** A coloured mark in the gutter at the line where each process stands while the machine is stopped. */
export class ProcessMarks implements vscode.Disposable {
  private readonly types: Record<Mark, vscode.TextEditorDecorationType>;
  private readonly subscriptions: vscode.Disposable[];
  private places: readonly PlaceView[] = [];

  constructor(extension: vscode.Uri, feed: MachineFeed) {
    const type = (mark: Mark, colour: string) =>
      vscode.window.createTextEditorDecorationType({
        gutterIconPath: vscode.Uri.joinPath(extension, 'media', `stands-${mark}.svg`),
        gutterIconSize: 'contain',
        overviewRulerColor: new vscode.ThemeColor(colour),
        overviewRulerLane: vscode.OverviewRulerLane.Left,
      });
    this.types = {
      ready: type('ready', 'charts.blue'),
      blocked: type('blocked', 'charts.orange'),
      zombie: type('zombie', 'charts.purple'),
    };
    this.subscriptions = [
      ...Object.values(this.types),
      feed.watch(['places']),
      feed.onDidChange((message) => {
        const snapshot = message.type === 'changes' ? feed.snapshot?.snapshot : undefined;
        if (snapshot) this.show(snapshot.tasks ?? snapshot.places ?? []);
        else if (message.type !== 'state' || message.state.running) this.show([]);
      }),
      vscode.window.onDidChangeVisibleTextEditors(() => this.draw()),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private show(places: readonly PlaceView[]): void {
    if (places === this.places || (places.length === 0 && this.places.length === 0)) return;
    this.places = places;
    this.draw();
  }

  private draw(): void {
    const standing = new Map<string, PlaceView[]>();
    for (const task of this.places) {
      if (!task.location || task.state === 'running') continue;
      const uri = toUri(task.location.path).toString();
      standing.set(uri, [...(standing.get(uri) ?? []), task]);
    }
    for (const editor of vscode.window.visibleTextEditors) {
      const tasks = standing.get(editor.document.uri.toString()) ?? [];
      for (const [mark, type] of Object.entries(this.types)) {
        const marked = tasks.filter((task) => task.state !== 'running' && MARKED[task.state] === mark);
        editor.setDecorations(type, marked.map(decoration));
      }
    }
  }
}

function decoration(task: PlaceView): vscode.DecorationOptions {
  const line = Math.max(0, (task.location?.line ?? 1) - 1);
  const why = task.waitChannel === null ? '' : `: ${task.waitChannel}`;
  return { range: new vscode.Range(line, 0, line, 0), hoverMessage: `${task.pid} ${task.name} · ${task.state}${why}` };
}
