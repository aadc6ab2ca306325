/** The extension's entry in a browser (vscode.dev, github.dev, the web extension host). */
import * as vscode from 'vscode';
import { activateWith } from './activate.js';
import type { LanguageOptions, SessionWorker } from './platform.js';

/** The part of a web worker that is used here; the DOM's own types are not loaded. */
interface WebWorker {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'error', listener: (event: { message?: string }) => void): void;
  terminate(): void;
}
declare const Worker: new (url: string, options?: { name?: string }) => WebWorker;

export function activate(context: vscode.ExtensionContext): void {
  // A browser has no home; what is stored for the extension stays with its user.
  const examplesFolder = () => vscode.Uri.joinPath(context.globalStorageUri, 'examples');
  activateWith(context, { startLanguageClient, startSession, examplesFolder });
}

/**
 * Of one file or several, one after the other. From a blob: a worker may not be made from a URL of another origin, nor
 * from one that only the editor can read.
 */
async function startWorker(context: vscode.ExtensionContext, name: string, ...bundles: string[]): Promise<WebWorker> {
  const read = (bundle: string) =>
    vscode.workspace.fs.readFile(vscode.Uri.joinPath(context.extensionUri, 'dist', bundle));
  const code = await Promise.all(bundles.map(read));
  const url = URL.createObjectURL(new Blob(code, { type: 'text/javascript' }));
  return new Worker(url, { name });
}

async function startLanguageClient(context: vscode.ExtensionContext, options: LanguageOptions) {
  const { LanguageClient } = await import('vscode-languageclient/browser.js');
  const { clientOptions, serveFiles } = await import('./language.js');
  const worker = await startWorker(context, 'OSim language server', 'language-server.web.js');
  const client = new LanguageClient('osim', 'OSim', clientOptions(options), worker);
  serveFiles(client, options.files);
  await client.start();
  return { dispose: () => void client.stop().finally(() => worker.terminate()) };
}

function startSession(context: vscode.ExtensionContext): SessionWorker {
  const starting = startWorker(context, 'OSim debugger', 'translated.cjs', 'session-worker.cjs');
  return {
    // In order: what waits for the worker's start comes before what is posted after it.
    post: (message) => void starting.then((worker) => worker.postMessage(message), ignored),
    onMessage: (listener) =>
      void starting.then((worker) => worker.addEventListener('message', (event) => listener(event.data)), ignored),
    onFailure(listener) {
      let failed = false;
      const fail = (why: string) => {
        if (!failed) listener(why);
        failed = true;
      };
      starting.then(
        (worker) => worker.addEventListener('error', (event) => fail(event.message ?? 'its worker failed')),
        (error: unknown) => fail(String(error)),
      );
    },
    terminate: () => void starting.then((worker) => worker.terminate(), ignored),
  };
}

/** That a worker did not start is told once, by onFailure. */
function ignored(): void {}
