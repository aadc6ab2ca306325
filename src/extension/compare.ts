/** *OSim: Compare…*: programs side by side, by the command line's own `osim compare`; the table is a document. */
import * as vscode from 'vscode';
import { LANGUAGE } from './language.js';
import type { Platform } from './platform.js';
import { isBuiltin } from './sources.js';

const SCHEME = 'osim-compare';

/** Programs that are offered. */
const MOST_OFFERED = 500;

/** Tables by the path of their document, and the lens above a program when another one is open. */
export function registerCompare(platform: Platform): vscode.Disposable[] {
  const tables = new Map<string, string>();
  let number = 0;
  const show = async (table: string): Promise<void> => {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/OSim comparison ${++number}.md` });
    tables.set(uri.path, table);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
    await vscode.commands.executeCommand('markdown.showPreview', uri).then(undefined, () => {});
  };
  return [
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      provideTextDocumentContent: (uri) => tables.get(uri.path) ?? '',
    }),
    vscode.commands.registerCommand('osim.compare', async (...programs: (vscode.Uri | undefined)[]) => {
      const given = programs.filter((uri) => uri instanceof vscode.Uri);
      if (!platform.compare) {
        const why = vscode.l10n.t('OSim compares programs in processes of this computer; a browser has none.');
        void vscode.window.showInformationMessage(why);
        return;
      }
      const files = given.length > 1 ? given : await pickPrograms(given);
      if (!files || files.length === 0) return;
      const words = await askOptions();
      if (!words) return;
      const table = await run(platform.compare, files, words);
      if (table !== null) await show(table);
    }),
  ];
}

/** Programs in open tabs. */
export function openPrograms(): vscode.Uri[] {
  const open = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ input }) => input));
  const uris = open.flatMap((input) => (input instanceof vscode.TabInputText ? [input.uri] : []));
  const programs = uris.filter((uri) => uri.scheme === 'file' && uri.path.endsWith(`.${LANGUAGE}`) && !isBuiltin(uri));
  return [...new Map(programs.map((uri) => [uri.toString(), uri])).values()];
}

async function pickPrograms(given: readonly vscode.Uri[]): Promise<vscode.Uri[] | undefined> {
  const open = openPrograms();
  const found = await vscode.workspace.findFiles(`**/*.${LANGUAGE}`, '**/node_modules/**', MOST_OFFERED);
  found.sort((a, b) => a.path.localeCompare(b.path)); // findFiles() has no order
  const all = new Map([...given, ...open, ...found].map((uri) => [uri.toString(), uri]));
  const picked = new Set([...given, ...open].map(String));
  const items = [...all].map(([key, uri]) => ({
    label: vscode.workspace.asRelativePath(uri),
    uri,
    picked: picked.has(key),
  }));
  const title = vscode.l10n.t('Which programs are to be compared?');
  const chosen = await vscode.window.showQuickPick(items, { canPickMany: true, title });
  return chosen?.map(({ uri }) => uri);
}

/** Options as on the command line; undefined when it was called off. */
async function askOptions(): Promise<string[] | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Options of the comparison, or none'),
    placeHolder: '--set clients=10,100 --cpus 1,2 --scheduler rr,fifo --costs linux --seed 0..4',
    validateInput: (value) =>
      /^\s*$|^\s*--/.test(value) ? undefined : vscode.l10n.t('Options begin with two hyphens: --set clients=10,100'),
  });
  return text?.split(/\s+/).filter((word) => word !== '');
}

async function run(
  compare: NonNullable<Platform['compare']>,
  files: readonly vscode.Uri[],
  words: readonly string[],
): Promise<string | null> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('OSim compares'),
    cancellable: true,
  };
  const command = ['--md', ...words, ...files.map(({ fsPath }) => fsPath)];
  const { table, notes } = await vscode.window.withProgress(options, (_, cancel) => compare(command, cancel));
  if (table === '') {
    void vscode.window.showErrorMessage(notes === '' ? vscode.l10n.t('OSim: nothing could be compared.') : notes);
    return null;
  }
  return notes === '' ? table : `${table}\n\`\`\`text\n${notes}\n\`\`\`\n`;
}
