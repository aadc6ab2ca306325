import * as vscode from 'vscode';
import { launch, programInFront } from './configurations.js';
import type { Examples } from './examples.js';
import { createProgram } from './new-program.js';
import { createScheduler } from './new-scheduler.js';
import { KERNEL_SCHEME, type BuiltinSources } from './sources.js';

export function registerCommands(examples: Examples, sources: BuiltinSources): vscode.Disposable[] {
  const register = vscode.commands.registerCommand;
  return [
    register('osim.runFile', (uri?: vscode.Uri) => start(uri, { noDebug: true })),
    register('osim.debugFile', (uri?: vscode.Uri) => start(uri, {})),
    register('osim.openExample', (name?: unknown) => examples.open(name)),
    register('osim.restoreExample', () => examples.restore()),
    register('osim.newProgram', createProgram),
    register('osim.newScheduler', createScheduler),
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
  const { workspaceFolder } = session;
  // A recording would make the same choices again, whatever the seed.
  const { replay: _replay, ...configuration } = session.configuration;
  await vscode.debug.stopDebugging(session);
  await vscode.debug.startDebugging(workspaceFolder, { ...configuration, seed: Number(seed) });
}
