import * as vscode from 'vscode';
import { launch, programInFront } from './configurations.js';
import { KERNEL_SCHEME, type BuiltinSources } from './sources.js';

export function registerCommands(context: vscode.ExtensionContext, sources: BuiltinSources): vscode.Disposable[] {
  const register = vscode.commands.registerCommand;
  return [
    register('osim.runFile', (uri?: vscode.Uri) => start(uri, { noDebug: true })),
    register('osim.debugFile', (uri?: vscode.Uri) => start(uri, {})),
    register('osim.openExample', () => openExample(context)),
    register('osim.openKernelSource', () => openKernelSource(sources)),
    register('osim.restartWithSeed', restartWithSeed),
  ];
}

async function start(uri: vscode.Uri | undefined, options: vscode.DebugSessionOptions): Promise<void> {
  const program = uri ?? programInFront();
  if (!program) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Open an .osim file first.'));
    return;
  }
  const folder = vscode.workspace.getWorkspaceFolder(program);
  await vscode.debug.startDebugging(folder, launch(program), options);
}

/** A choice of examples, each with the first sentence of its opening comment. */
async function openExample(context: vscode.ExtensionContext): Promise<void> {
  const gallery = vscode.Uri.joinPath(context.extensionUri, 'examples');
  const entries = await vscode.workspace.fs.readDirectory(gallery);
  const names = entries.map(([name]) => name).filter((name) => name.endsWith('.osim'));
  const all = await Promise.all(
    names.map(async (name) => {
      const uri = vscode.Uri.joinPath(gallery, name);
      const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
      return { label: name.replace(/\.osim$/, ''), detail: summaryOf(text), uri, runs: /^process /m.test(text) };
    }),
  );
  // What only others import is no lesson.
  const items = all.filter(({ runs }) => runs);
  const placeHolder = vscode.l10n.t('Which lesson?');
  const chosen = await vscode.window.showQuickPick(items, { placeHolder, matchOnDetail: true });
  if (!chosen) return;
  await vscode.window.showTextDocument(await inWorkspace(chosen.uri), { preview: false });
}

/** The workspace's own copy of an example, if it has one; else the extension's. */
async function inWorkspace(example: vscode.Uri): Promise<vscode.Uri> {
  const name = example.path.slice(example.path.lastIndexOf('/') + 1);
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    for (const candidate of [name, `examples/${name}`]) {
      const uri = vscode.Uri.joinPath(folder.uri, candidate);
      if (await exists(uri)) return uri;
    }
  }
  return example;
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

/** The first sentence of the first paragraph of the comment that a program begins with. */
function summaryOf(text: string): string {
  const paragraph = /^((?:\/\/[ \t]*\S.*\r?\n)+)/.exec(text)?.[1] ?? '';
  const prose = paragraph
    .replace(/^\/\/ ?/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
  return /^.*?[.](?= |$)/.exec(prose)?.[0] ?? prose;
}

async function openKernelSource(sources: BuiltinSources): Promise<void> {
  const items = (await sources.list(KERNEL_SCHEME)).map((uri) => ({ label: uri.path.replace(/^\/+/, ''), uri }));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which file of the kernel?') });
  if (!chosen) return;
  await vscode.window.showTextDocument(chosen.uri);
}

/** Another seed is another interleaving of the same program; the same seed is the same run. */
async function restartWithSeed(): Promise<void> {
  const session = vscode.debug.activeDebugSession;
  if (session?.type !== 'osim') return;
  const seed = await vscode.window.showInputBox({
    title: vscode.l10n.t('Restart with Another Seed'),
    prompt: vscode.l10n.t('0 runs exactly as written. Any other number varies quantum lengths and device latencies.'),
    value: String(Number(session.configuration.seed ?? 0) + 1),
    validateInput: (text) => (/^\d{1,9}$/.test(text) ? undefined : vscode.l10n.t('A whole number, 0 or more.')),
  });
  if (seed === undefined) return;
  const { workspaceFolder, configuration } = session;
  await vscode.debug.stopDebugging(session);
  await vscode.debug.startDebugging(workspaceFolder, { ...configuration, seed: Number(seed) });
}
