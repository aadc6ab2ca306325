/**
 * The language server as a Node process of its own: the editor's desktop extension starts it (`--node-ipc`, `--stdio`
 * …).
 */
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node.js';
import { startLanguageServer } from './server.js';

startLanguageServer(createConnection(ProposedFeatures.all));
