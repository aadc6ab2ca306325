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
  activateWith(context, { startLanguageClient, startSession });
}

function startWorker(context: vscode.ExtensionContext, bundle: string, name: string): WebWorker {
  const url = vscode.Uri.joinPath(context.extensionUri, 'dist', bundle).toString(true);
  return new Worker(url, { name });
}

async function startLanguageClient(context: vscode.ExtensionContext, options: LanguageOptions) {
  const { LanguageClient } = await import('vscode-languageclient/browser.js');
  const { clientOptions } = await import('./language.js');
  const worker = startWorker(context, 'language-server.web.js', 'OSim language server');
  const client = new LanguageClient('osim', 'OSim', worker as never, clientOptions(options.library));
  await client.start();
  return { dispose: () => void client.stop().finally(() => worker.terminate()) };
}

function startSession(context: vscode.ExtensionContext): SessionWorker {
  const worker = startWorker(context, 'session-worker.web.js', 'OSim debugger');
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.addEventListener('message', (event) => listener(event.data)),
    onFailure(listener) {
      let failed = false;
      worker.addEventListener('error', (event) => {
        if (!failed) listener(event.message ?? 'its worker failed');
        failed = true;
      });
    },
    terminate: () => worker.terminate(),
  };
}
