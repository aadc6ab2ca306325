import * as vscode from 'vscode';
import { LANGUAGE } from './language.js';
import { isBuiltin, toPath, toUri } from './sources.js';

/** What the language server's diagnostics have as their source. */
const COMPILER = 'osim';

/** The program that was debugged last: what F5 means in a kernel file. */
const LAST_PROGRAM = 'osim.lastProgram';

export function registerConfigurations(context: vscode.ExtensionContext): vscode.Disposable[] {
  const { Dynamic } = vscode.DebugConfigurationProviderTriggerKind;
  return [
    vscode.debug.registerDebugConfigurationProvider('osim', new LaunchConfigurations(context.workspaceState)),
    vscode.debug.registerDebugConfigurationProvider('osim', new OpenPrograms(), Dynamic),
  ];
}

/** A launch configuration for one program. */
export function launch(program: vscode.Uri, more: object = {}): vscode.DebugConfiguration {
  const name = program.path.slice(program.path.lastIndexOf('/') + 1);
  return { type: 'osim', request: 'launch', name: `OSim: ${name}`, program: toPath(program), ...more };
}

/** Completes what launch.json leaves out, down to the empty configuration of F5 without any launch.json. */
class LaunchConfigurations implements vscode.DebugConfigurationProvider {
  constructor(private readonly memory: vscode.Memento) {}

  resolveDebugConfiguration(
    _folder: vscode.WorkspaceFolder | undefined,
    config: vscode.DebugConfiguration,
  ): vscode.DebugConfiguration | undefined {
    if (config.program && config.type) return config;
    const program = programInFront() ?? this.lastProgram();
    if (!program) {
      void vscode.window.showInformationMessage(vscode.l10n.t('Open an .osim file first, or choose an example.'));
      void vscode.commands.executeCommand('osim.openExample');
      return undefined;
    }
    return { ...launch(program), ...withoutEmpty(config) };
  }

  async resolveDebugConfigurationWithSubstitutedVariables(
    folder: vscode.WorkspaceFolder | undefined,
    config: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration | undefined> {
    const inFront = programInFront() ?? this.lastProgram();
    // `${file}` with a kernel file in front means the program whose kernel that is.
    const named = locate(String(config.program), folder);
    const program = isBuiltin(named) && inFront ? inFront : named;
    const wrong = await problemOf(program);
    if (wrong) {
      void vscode.window.showErrorMessage(wrong);
      return undefined;
    }
    if (offersProblems(program)) return undefined;
    await this.memory.update(LAST_PROGRAM, program.toString());
    const located = (value: unknown) => (typeof value === 'string' ? toPath(locate(value, folder)) : value);
    const kernel = config.kernel === undefined ? {} : { kernel: located(config.kernel) };
    const policyFile = typeof config.scheduler === 'string' && config.scheduler.endsWith('.osim');
    const scheduler = policyFile ? { scheduler: located(config.scheduler) } : {};
    const replay = config.replay === undefined ? {} : { replay: located(config.replay) };
    const workspace = folderAround(program, config.workspace === undefined ? undefined : located(config.workspace));
    // What has ended is looked at, and gone back into; who only runs a program wants it over (the session sees to it).
    const stopOnExit: unknown = config.stopOnExit ?? true;
    return { ...config, stopOnExit, ...kernel, ...scheduler, ...replay, ...workspace, program: toPath(program) };
  }

  private lastProgram(): vscode.Uri | undefined {
    const last = this.memory.get<string>(LAST_PROGRAM);
    return last === undefined ? undefined : vscode.Uri.parse(last);
  }
}

/** Programs that are open, and those of the workspace, for the *Run and Debug* picker. */
class OpenPrograms implements vscode.DebugConfigurationProvider {
  async provideDebugConfigurations(): Promise<vscode.DebugConfiguration[]> {
    const found = await vscode.workspace.findFiles('**/*.osim', '**/node_modules/**', 100);
    const open = programInFront();
    const rest = found.filter((uri) => uri.toString() !== open?.toString());
    return [...(open ? [open] : []), ...rest.sort((a, b) => a.path.localeCompare(b.path))].map((uri) => launch(uri));
  }
}

/** The .osim program of the active editor, or else of the only visible one. */
export function programInFront(): vscode.Uri | undefined {
  const editors = [vscode.window.activeTextEditor, ...vscode.window.visibleTextEditors];
  return editors.find((e) => e && e.document.languageId === LANGUAGE && !isBuiltin(e.document.uri))?.document.uri;
}

function withoutEmpty(config: vscode.DebugConfiguration): object {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined && value !== ''));
}

function locate(path: string, folder: vscode.WorkspaceFolder | undefined): vscode.Uri {
  const absolute = /^([/\\]|[a-z][a-z0-9+.-]*:)/i.test(path);
  const base = folder ?? vscode.workspace.workspaceFolders?.[0];
  if (!absolute && base) return vscode.Uri.joinPath(base.uri, path);
  return toUri(path);
}

/** The folder whose files the program may name: the workspace's that has it, unless launch.json names another. */
function folderAround(program: vscode.Uri, named: unknown): { workspace?: unknown } {
  if (named !== undefined) return { workspace: named };
  const folder = vscode.workspace.getWorkspaceFolder(program);
  return folder ? { workspace: toPath(folder.uri) } : {};
}

/** Why this program can't be started, in a sentence that says what to do; or undefined. */
async function problemOf(program: vscode.Uri): Promise<string | undefined> {
  const name = toPath(program);
  if (program.scheme === 'untitled') return vscode.l10n.t('Save {0} first: a program runs from a file.', program.path);
  if (isBuiltin(program)) {
    return vscode.l10n.t('{0} is a part of the kernel. Open a program, and press F5 there.', program.path);
  }
  try {
    await vscode.workspace.fs.stat(program);
  } catch {
    return vscode.l10n.t('There is no file {0}. Correct "program" in launch.json.', name);
  }
  if (!program.path.endsWith('.osim')) {
    return vscode.l10n.t('{0} is not an OSim program: its name should end in .osim.', name);
  }
  return undefined;
}

/**
 * Whether the editor knows already that the program does not compile: then it says so, and offers to show where. What
 * the debugger itself would say comes with a button for launch.json, which is not to blame.
 */
function offersProblems(program: vscode.Uri): boolean {
  const errors = vscode.languages
    .getDiagnostics(program)
    // The compiler's, which the language server tells: an `expect` that failed keeps nobody from another run.
    .filter(({ severity, source }) => severity === vscode.DiagnosticSeverity.Error && source === COMPILER)
    .sort((a, b) => a.range.start.compareTo(b.range.start));
  if (errors.length === 0) return false;
  const [{ range, message }] = errors;
  const name = program.path.slice(program.path.lastIndexOf('/') + 1);
  const said = vscode.l10n.t('{0} has {1} errors. Line {2}: {3}', name, errors.length, range.start.line + 1, message);
  const one = vscode.l10n.t('{0} has an error. Line {1}: {2}', name, range.start.line + 1, message);
  const show = vscode.l10n.t('Show Problems');
  void vscode.window.showErrorMessage(errors.length === 1 ? one : said, show).then((chosen) => {
    if (chosen === show) void vscode.commands.executeCommand('workbench.actions.view.problems');
  });
  return true;
}
