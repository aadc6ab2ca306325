/** The language client of Node: a bundle of its own, since reading it takes longer than the rest of the activation. */
import path from 'node:path';
import type * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node.js';
import { clientOptions, serveFiles } from './language.js';
import type { LanguageOptions } from './platform.js';

export async function startLanguageClient(
  context: vscode.ExtensionContext,
  options: LanguageOptions,
): Promise<vscode.Disposable> {
  const module = context.asAbsolutePath(path.join('dist', 'language-server.cjs'));
  const server = { module, transport: TransportKind.ipc };
  const client = new LanguageClient('osim', 'OSim', server, clientOptions(options));
  serveFiles(client, options.files);
  await client.start();
  return { dispose: () => void client.stop() };
}
