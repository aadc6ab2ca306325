/** Registers everything, on every platform. What is heavy (language client, worker) is loaded when it is first used. */
import * as vscode from 'vscode';
import { SessionAdapter } from './adapter.js';
import { registerCompare } from './compare.js';
import { registerCommands } from './commands.js';
import { registerConfigurations } from './configurations.js';
import { Clock } from './clock.js';
import { HostFiles } from './host-files.js';
import { EvaluatableExpressions, InlineValues } from './inline-values.js';
import { Examples } from './examples.js';
import { LANGUAGE } from './language.js';
import { RunLenses } from './lenses.js';
import { registerMachineView } from './machine-view.js';
import { MachineFeed } from './machine-feed.js';
import type { Platform } from './platform.js';
import { ProcessMarks } from './process-marks.js';
import { BuiltinSources, KERNEL_SCHEME, STD_SCHEME } from './sources.js';
import { VerdictMarks } from './verdict-marks.js';

export function activateWith(context: vscode.ExtensionContext, platform: Platform): void {
  const sources = new BuiltinSources(context.extensionUri);
  const feed = new MachineFeed();
  const gallery = vscode.Uri.joinPath(context.extensionUri, 'examples');
  const examples = new Examples(gallery, platform.examplesFolder(context));
  const files = new HostFiles(platform.readLocal);
  const selector: vscode.DocumentSelector = { language: LANGUAGE };
  context.subscriptions.push(
    feed,
    new Clock(feed),
    new ProcessMarks(context.extensionUri, feed),
    new VerdictMarks(),
    vscode.workspace.registerTextDocumentContentProvider(KERNEL_SCHEME, sources),
    vscode.workspace.registerTextDocumentContentProvider(STD_SCHEME, sources),
    vscode.debug.registerDebugAdapterDescriptorFactory('osim', {
      createDebugAdapterDescriptor: () =>
        new vscode.DebugAdapterInlineImplementation(
          new SessionAdapter(platform.startSession(context), context.extensionUri, files),
        ),
    }),
    vscode.languages.registerCodeLensProvider({ language: LANGUAGE }, new RunLenses()),
    vscode.languages.registerEvaluatableExpressionProvider(selector, new EvaluatableExpressions()),
    vscode.languages.registerInlineValuesProvider(selector, new InlineValues()),
    ...registerConfigurations(context),
    ...registerMachineView(context, feed),
    ...registerCommands(examples, sources),
    ...registerCompare(platform),
  );
  whenFirstDocumentOpens(context, () => startLanguageClient(context, platform, files));
}

/** The language server costs a process: it is started for the first .osim document, not at activation. */
function whenFirstDocumentOpens(context: vscode.ExtensionContext, start: () => void): void {
  const isOurs = (document: vscode.TextDocument) => document.languageId === LANGUAGE;
  if (vscode.workspace.textDocuments.some(isOurs)) return start();
  const waiting = vscode.workspace.onDidOpenTextDocument((document) => {
    if (!isOurs(document)) return;
    waiting.dispose();
    start();
  });
  context.subscriptions.push(waiting);
}

function startLanguageClient(context: vscode.ExtensionContext, platform: Platform, files: HostFiles): void {
  const start = async () => {
    const read = (name: string) => readData(context.extensionUri, name);
    const [library, std] = await Promise.all([read('library.json'), read('std.json')]);
    context.subscriptions.push(await platform.startLanguageClient(context, { library, std, files }));
  };
  // Later than activation: what is on the screen comes first.
  setTimeout(() => {
    start().catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      void vscode.window.showWarningMessage(vscode.l10n.t('OSim: its language server did not start: {0}', why));
    });
  }, 0);
}

async function readData(extension: vscode.Uri, name: string): Promise<unknown> {
  const file = vscode.Uri.joinPath(extension, 'dist', name);
  return JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(file)));
}
