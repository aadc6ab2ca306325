/** The extension's entry on the desktop and in a VS Code server. */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import { readHostFile } from '../language/host-file-node.js';
import { activateWith } from './activate.js';
import { examplesFolder } from './examples-folder-node.js';
import type { LanguageOptions, SessionWorker } from './platform.js';

/** A program that allocates without end ends its worker, and nothing else. */
const WORKER_MEMORY_MB = 2048;

export function activate(context: vscode.ExtensionContext): void {
  activateWith(context, {
    startLanguageClient,
    startSession,
    readLocal: readHostFile,
    examplesFolder: () => vscode.Uri.file(examplesFolder()),
  });
}

async function startLanguageClient(context: vscode.ExtensionContext, options: LanguageOptions) {
  const client = await import('./language-client-node.js');
  return client.startLanguageClient(context, options);
}

function startSession(context: vscode.ExtensionContext): SessionWorker {
  const worker = new Worker(context.asAbsolutePath(path.join('dist', 'session-worker.cjs')), {
    resourceLimits: { maxOldGenerationSizeMb: WORKER_MEMORY_MB },
  });
  let ended = false;
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => void worker.on('message', listener),
    onFailure(listener) {
      const fail = (why: string) => {
        if (!ended) listener(why);
        ended = true;
      };
      worker.on('error', (error: unknown) => fail(error instanceof Error ? error.message : String(error)));
      worker.on('exit', (code) => fail(`it ended with status ${code}`));
    },
    terminate() {
      ended = true;
      void worker.terminate();
    },
  };
}
