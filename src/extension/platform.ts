import type * as vscode from 'vscode';
import type { HostFiles, ReadLocal } from './host-files.js';

/**
 * What differs between Node (desktop, server) and the browser: how the language server and the debugger's worker run,
 * and where files are.
 */
export interface Platform {
  startLanguageClient(context: vscode.ExtensionContext, options: LanguageOptions): Promise<vscode.Disposable>;
  /** There is none in a browser. */
  readLocal?: ReadLocal;
  /** A fresh worker with a debug session in it. */
  startSession(context: vscode.ExtensionContext): SessionWorker;
  /**
   * Runs `osim compare` with these words: its table, and what it wrote besides. There are no processes in a browser.
   */
  compare?: (words: readonly string[], cancel: vscode.CancellationToken) => Promise<{ table: string; notes: string }>;
  /** Where the user's copies of the examples are, also after a reload. */
  examplesFolder(context: vscode.ExtensionContext): vscode.Uri;
}

export interface LanguageOptions {
  files: HostFiles;
  /** What the server knows of the kernel and the library without reading their sources (dist/library.json). */
  library: unknown;
  /** Sources of the library's modules, for `import "std/…"` (dist/std.json). */
  std: unknown;
}

/** A worker's port, the same for worker_threads and web workers. Messages are plain JSON and bytes. */
export interface SessionWorker {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called at most once, when the worker ends or fails by itself. */
  onFailure(listener: (why: string) => void): void;
  terminate(): void;
}
