import * as vscode from 'vscode';
import { isFromPanel, type FromPanel, type ToPanel } from '../panel/messages.js';
import type { SnapshotPart } from '../debugger/messages.js';
import type { MachineFeed, Watch } from './machine-feed.js';
import { toUri } from './sources.js';

const VIEW = 'osim.machine';
const PANEL = 'osim.machinePanel';

/** The Machine view, in the *Run and Debug* side bar and, by command, in an editor's place. Both show the same page. */
export function registerMachineView(context: vscode.ExtensionContext, feed: MachineFeed): vscode.Disposable[] {
  const pages = new MachinePages(context.extensionUri, feed);
  return [
    vscode.window.registerWebviewViewProvider(VIEW, {
      resolveWebviewView: (view) => pages.show(view.webview, view, () => view.visible, view.onDidChangeVisibility),
    }),
    vscode.window.registerWebviewPanelSerializer(PANEL, {
      deserializeWebviewPanel: async (panel) => pages.adopt(panel),
    }),
    vscode.commands.registerCommand('osim.showMachine', () => pages.reveal()),
  ];
}

class MachinePages {
  private panel: vscode.WebviewPanel | undefined;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly feed: MachineFeed,
  ) {}

  reveal(): void {
    if (this.panel) return this.panel.reveal(undefined, true);
    const beside = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    this.adopt(vscode.window.createWebviewPanel(PANEL, vscode.l10n.t('OSim: Machine'), beside));
  }

  adopt(panel: vscode.WebviewPanel): void {
    this.panel?.dispose();
    this.panel = panel;
    panel.iconPath = vscode.Uri.joinPath(this.extension, 'media', 'icon.png');
    panel.onDidDispose(() => {
      if (this.panel === panel) this.panel = undefined;
    });
    this.show(panel.webview, panel, () => panel.visible, panel.onDidChangeViewState);
  }

  /** Fills a webview with the page and feeds it while it can be seen: messages to a hidden one would be lost. */
  show(
    webview: vscode.Webview,
    owner: { onDidDispose: vscode.Event<void> },
    isVisible: () => boolean,
    onVisibility: vscode.Event<unknown>,
  ): void {
    const dist = vscode.Uri.joinPath(this.extension, 'dist');
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    const post = (message: ToPanel) => void webview.postMessage(message);
    const catchUp = () => {
      const { state, snapshot } = this.feed;
      if (state) post({ type: 'state', state });
      if (snapshot) post({ type: 'snapshot', ...snapshot });
    };
    let watch: Watch | undefined;
    /** What the page shows: nothing until it says so. */
    let parts: readonly SnapshotPart[] = [];
    const follow = () => {
      if (isVisible()) watch ??= this.feed.watch(parts);
      else {
        watch?.dispose();
        watch = undefined;
      }
    };
    const take = (message: FromPanel): void => {
      switch (message.type) {
        case 'reveal':
          return void revealLine(message.path, message.line);
        case 'seek':
          return void this.feed.seek(message);
        case 'ask':
          return void this.feed.ask(message).then(post);
        case 'ready':
          catchUp();
      }
      parts = message.parts;
      watch?.parts(parts);
    };
    const subscriptions = [
      this.feed.onDidChange((message) => {
        if (isVisible()) post(message);
      }),
      onVisibility(() => {
        follow();
        if (isVisible()) catchUp();
      }),
      webview.onDidReceiveMessage((message: unknown) => {
        if (isFromPanel(message)) take(message);
      }),
    ];
    owner.onDidDispose(() => {
      watch?.dispose();
      for (const subscription of subscriptions) subscription.dispose();
    });
    webview.html = page(webview, dist);
    follow();
  }
}

async function revealLine(path: string, line: number): Promise<void> {
  const document = await vscode.workspace.openTextDocument(toUri(path));
  const at = new vscode.Position(Math.max(0, Math.min(line, document.lineCount) - 1), 0);
  const column = vscode.window.visibleTextEditors[0]?.viewColumn ?? vscode.ViewColumn.One;
  const editor = await vscode.window.showTextDocument(document, { viewColumn: column, preserveFocus: false });
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** The page has no script and no style but its own two files; a nonce names the script. */
function page(webview: vscode.Webview, dist: vscode.Uri): string {
  const resource = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
  const nonce = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>OSim: Machine</title>
<link rel="stylesheet" href="${resource('panel.css')}">
</head>
<body><div id="machine"></div><script nonce="${nonce}" src="${resource('panel.js')}"></script></body>
</html>`;
}
