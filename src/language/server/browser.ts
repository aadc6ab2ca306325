/** The language server in a worker of the browser: vscode.dev and other hosts without Node. */
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser.js';
import { startLanguageServer } from './server.js';

const scope = globalThis as unknown as ConstructorParameters<typeof BrowserMessageReader>[0];
startLanguageServer(createConnection(new BrowserMessageReader(scope), new BrowserMessageWriter(scope)));
