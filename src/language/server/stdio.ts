/** The language server on standard input and output of the process that calls this: `osim lsp`. */
import {
  createConnection,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node.js';
import { startLanguageServer, type ServerOptions } from './server.js';

export function serveOnStdio(options: ServerOptions = {}): void {
  const reader = new StreamMessageReader(process.stdin);
  const writer = new StreamMessageWriter(process.stdout);
  startLanguageServer(createConnection(ProposedFeatures.all, reader, writer), options);
}
