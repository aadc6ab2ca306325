/**
 * The language server: which request is answered by what. It runs in Node and in a browser worker; what differs, the
 * connection and how files are read, is given by the entry points.
 */
import {
  type Connection,
  type InitializeParams,
  type InitializeResult,
  LSPErrorCodes,
  ResponseError,
  TextDocumentSyncKind,
  type TextDocumentPositionParams,
} from 'vscode-languageserver';
import { formatSource } from '../format.js';
import type { Refusal } from '../host-file.js';
import { EMPTY_LIBRARY, type LibraryIndex } from '../library.js';
import { parseSource } from '../parse.js';
import { completionsAt, resolveCompletion } from './completion.js';
import { quickFixes, toDiagnostic } from './diagnostics.js';
import { definitionAt, highlightsAt, hoverAt, referencesAt, renameableAt, renameAt } from './navigation.js';
import { foldsOf, symbolsOf } from './outline.js';
import { isVirtual, offsetIn } from './places.js';
import { LEGEND, semanticTokens } from './semantic-tokens.js';
import { signatureAt } from './signature-help.js';
import { Workspace, type Analysis, type ReadFile } from './workspace.js';

export interface ServerOptions {
  /** Names without a declaration; a client may send another one in its `initializationOptions.library`. */
  readonly library?: LibraryIndex | undefined;
  /** Sources of the library's modules; a client may send others in its `initializationOptions.std`. */
  readonly std?: Readonly<Record<string, string>> | undefined;
  /** Reads a file that is not open; without it the client is asked, by the request `osim/readFile`. */
  readonly readFile?: ReadFile | undefined;
}

/** What a client answers to `osim/readFile`. */
export type FileAnswer = { text: string } | Refusal;

/** What a client may send along with `initialize`. */
interface InitializationOptions {
  readonly library?: LibraryIndex;
  /** Sources of the library's modules, for imports: { "std:/loop.osim": "…" }. */
  readonly std?: Readonly<Record<string, string>>;
}

/** Typing is faster than checking: problems are told this long (in ms) after the last key. */
const PAUSE = 15;

export function startLanguageServer(connection: Connection, options: ServerOptions = {}): void {
  new LanguageServer(connection, options).listen();
}

class LanguageServer {
  private readonly workspace: Workspace;
  private std: Readonly<Record<string, string>> = {};
  private readonly versions = new Map<string, number>();
  private readonly pending = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(
    private readonly connection: Connection,
    private readonly options: ServerOptions,
  ) {
    this.workspace = new Workspace(options.library ?? EMPTY_LIBRARY, (uri, folder) => this.read(uri, folder));
  }

  listen(): void {
    this.connection.onInitialize((params) => {
      this.folders(params);
      return this.initialize(params.initializationOptions as InitializationOptions);
    });
    this.documents();
    this.requests();
    this.edits();
    this.connection.listen();
  }

  private initialize(options: InitializationOptions | undefined): InitializeResult {
    if (options?.library) this.workspace.library = options.library;
    this.std = options?.std ?? this.options.std ?? {};
    return {
      serverInfo: { name: 'osim' },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Full },
        completionProvider: { triggerCharacters: ['.', '"'], resolveProvider: true },
        hoverProvider: true,
        signatureHelpProvider: { triggerCharacters: ['(', ','] },
        definitionProvider: true,
        referencesProvider: true,
        documentHighlightProvider: true,
        renameProvider: { prepareProvider: true },
        documentSymbolProvider: true,
        foldingRangeProvider: true,
        documentFormattingProvider: true,
        codeActionProvider: { codeActionKinds: ['quickfix'] },
        semanticTokensProvider: { legend: LEGEND, full: true },
      },
    };
  }

  /** The folders that are open in the editor: a program may name the files in them. */
  private folders({ workspaceFolders, rootUri, capabilities }: InitializeParams): void {
    const { connection, workspace } = this;
    const roots = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri === null ? [] : [rootUri]);
    workspace.folders = roots.map(withoutSlash);
    if (capabilities.workspace?.workspaceFolders !== true) return;
    connection.onInitialized(() => {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map(({ uri }) => withoutSlash(uri)));
        const kept = workspace.folders.filter((uri) => !gone.has(uri));
        workspace.folders = [...kept, ...added.map(({ uri }) => withoutSlash(uri))];
        workspace.forget([]);
        this.tellSoon();
      });
    });
  }

  private documents(): void {
    const { connection, workspace } = this;
    connection.onDidOpenTextDocument(({ textDocument }) => {
      this.versions.set(textDocument.uri, textDocument.version);
      workspace.set(textDocument.uri, textDocument.text);
      this.tellSoon();
    });
    connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => {
      const change = contentChanges[contentChanges.length - 1];
      this.versions.set(textDocument.uri, textDocument.version);
      if (change) workspace.set(textDocument.uri, change.text);
      this.tellSoon();
    });
    connection.onDidCloseTextDocument(({ textDocument }) => {
      workspace.close(textDocument.uri);
      void connection.sendDiagnostics({ uri: textDocument.uri, diagnostics: [] });
    });
    connection.onDidChangeWatchedFiles(({ changes }) => {
      workspace.forget(changes.map((change) => change.uri));
      this.tellSoon();
    });
  }

  private requests(): void {
    const { connection } = this;
    connection.onHover((params) => this.at(params, hoverAt, null));
    connection.onDefinition((params) => this.at(params, definitionAt, null));
    connection.onDocumentHighlight((params) => this.at(params, highlightsAt, []));
    connection.onSignatureHelp((params) =>
      this.at(params, (analysis, offset) => signatureAt(this.workspace, analysis, offset), null),
    );
    connection.onCompletion((params) =>
      this.at(params, (analysis, offset) => completionsAt(this.workspace, analysis, offset), []),
    );
    connection.onCompletionResolve((item) => resolveCompletion(item, this.workspace));
    connection.onReferences(async (params) => {
      const all = await this.workspace.analyseAll();
      return this.at(
        params,
        (analysis, offset) => referencesAt(analysis, all, offset, params.context.includeDeclaration),
        [],
      );
    });
    connection.onDocumentSymbol(async ({ textDocument }) => {
      const analysis = await this.analysis(textDocument.uri);
      return analysis ? symbolsOf(analysis.file) : [];
    });
    connection.onFoldingRanges(({ textDocument }) => foldsOf(this.workspace.textOf(textDocument.uri) ?? ''));
    connection.languages.semanticTokens.on(async ({ textDocument }) => {
      const analysis = await this.analysis(textDocument.uri);
      return analysis ? semanticTokens(analysis) : { data: [] };
    });
    connection.onCodeAction(({ textDocument, context }) => quickFixes(textDocument.uri, context.diagnostics));
  }

  private edits(): void {
    const { connection } = this;
    connection.onPrepareRename((params) =>
      this.at(params, (analysis, offset) => orRefuse(renameableAt(analysis, offset)), null),
    );
    connection.onRenameRequest(async (params) => {
      const all = await this.workspace.analyseAll();
      return this.at(params, (analysis, offset) => orRefuse(renameAt(analysis, all, offset, params.newName)), null);
    });
    connection.onDocumentFormatting(({ textDocument }) => {
      const text = this.workspace.textOf(textDocument.uri);
      // In a text with errors the formatter would lose the parts that it does not know.
      if (text === undefined || parseSource(text, textDocument.uri).problems.length > 0) return [];
      const newText = formatSource(text);
      if (newText === text) return [];
      const lines = text.split('\n').length;
      return [{ range: { start: { line: 0, character: 0 }, end: { line: lines, character: 0 } }, newText }];
    });
  }

  /** Answers a request about a place; without the document there is nothing to say. */
  private async at<T>(
    params: TextDocumentPositionParams,
    answer: (analysis: Analysis, offset: number) => T,
    nothing: T,
  ): Promise<T> {
    const analysis = await this.analysis(params.textDocument.uri);
    return analysis ? answer(analysis, offsetIn(analysis.file.text, params.position)) : nothing;
  }

  private async analysis(uri: string): Promise<Analysis | undefined> {
    return this.workspace.textOf(uri) === undefined ? undefined : this.workspace.analyse(uri);
  }

  /** A change of one file can change what is wrong with others that import it. */
  private tellSoon(): void {
    for (const uri of this.workspace.openUris) {
      clearTimeout(this.pending.get(uri));
      this.pending.set(
        uri,
        setTimeout(() => void this.tell(uri), PAUSE),
      );
    }
  }

  private async tell(uri: string): Promise<void> {
    this.pending.delete(uri);
    if (!this.workspace.openUris.includes(uri)) return;
    const { problems } = await this.workspace.analyse(uri);
    const version = this.versions.get(uri);
    const diagnostics = problems.map(toDiagnostic);
    await this.connection.sendDiagnostics({ uri, diagnostics, ...(version !== undefined && { version }) });
  }

  private async read(uri: string, folder: string): Promise<string | Refusal | undefined> {
    const std = this.std[uri.replace(/^osim-std:/, 'std:')];
    if (std !== undefined) return std;
    // The library's own: there is nothing to be read.
    if (isVirtual(uri)) return undefined;
    if (this.options.readFile) return this.options.readFile(uri, folder);
    try {
      const answer = await this.connection.sendRequest<FileAnswer | null>('osim/readFile', { uri, folder });
      if (!answer) return undefined;
      return 'text' in answer ? answer.text : answer;
    } catch {
      // A client that does not know the request: then the file is not there.
      return undefined;
    }
  }
}

function withoutSlash(uri: string): string {
  return uri.replace(/\/+$/, '');
}

function orRefuse<T extends object>(result: T | string): T {
  if (typeof result === 'string') throw new ResponseError(LSPErrorCodes.RequestFailed, result);
  return result;
}
