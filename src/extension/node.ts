/** The extension's entry on the desktop and in a VS Code server. */
import { spawn } from 'node:child_process';
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
    compare: (words, cancel) => compare(context, words, cancel),
    examplesFolder: () => vscode.Uri.file(examplesFolder()),
  });
}

/** VS Code's own Node runs the command line. Cancelling is Ctrl-C: what is done is kept. */
function compare(
  context: vscode.ExtensionContext,
  words: readonly string[],
  cancel: vscode.CancellationToken,
): Promise<{ table: string; notes: string }> {
  const osim = context.asAbsolutePath(path.join('bin', 'osim.cjs'));
  const child = spawn(process.execPath, [osim, 'compare', ...words], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  cancel.onCancellationRequested(() => child.kill('SIGINT'));
  let [table, notes] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (table += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (notes += text));
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ table: '', notes: error.message }));
    child.on('close', () => resolve({ table, notes: notes.trim() }));
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
