import * as vscode from 'vscode';
import { chaptersOf, summaryOf } from './course.js';
import { copyMissing, filesOf, type Folder } from './example-files.js';

/** The gallery: lessons that come with the extension, and the user's copies of them. */
export class Examples {
  private readonly originals: Folder;
  private readonly copies: Folder;

  constructor(
    gallery: vscode.Uri,
    private readonly own: vscode.Uri,
  ) {
    this.originals = new EditorFolder(gallery);
    this.copies = new EditorFolder(own);
  }

  /** Opens the user's copy of a lesson: the one that is named, or else one that the user chooses. */
  async open(wanted?: unknown): Promise<void> {
    const lessons = await this.lessons();
    const placeHolder = vscode.l10n.t('Which lesson?');
    const chosen =
      lessons.find(({ label, name }) => name !== '' && label === wanted) ??
      (await vscode.window.showQuickPick(lessons, { placeHolder, matchOnDetail: true }));
    if (chosen) await this.openCopy(chosen.name);
  }

  private async openCopy(name: string): Promise<void> {
    try {
      await copyMissing(await filesOf(name, this.originals), this.originals, this.copies);
    } catch (error) {
      const [folder, why] = [this.own.fsPath, error instanceof Error ? error.message : String(error)];
      void vscode.window.showErrorMessage(vscode.l10n.t("{0} can't be copied into {1}: {2}", name, folder, why));
      return;
    }
    const editor = await vscode.window.showTextDocument(vscode.Uri.joinPath(this.own, name), { preview: false });
    if (editor.document.getText() !== (await this.original(name))) void this.offerOriginal(name);
  }

  /** Puts the original text into the copy in the active editor. Undo brings the user's text back. */
  async restore(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    const name = document && this.nameOf(document.uri);
    if (!document || !name || !(await this.originals.has(name))) {
      const hint = vscode.l10n.t('Open your copy of an example first: it is a file of {0}.', this.own.fsPath);
      void vscode.window.showInformationMessage(hint);
      return;
    }
    const edit = new vscode.WorkspaceEdit();
    const all = new vscode.Range(0, 0, document.lineCount, 0);
    edit.replace(document.uri, all, await this.original(name));
    await vscode.workspace.applyEdit(edit);
    await document.save();
  }

  /** The next lesson may want the example as it was. */
  private async offerOriginal(name: string): Promise<void> {
    const restore = vscode.l10n.t('Restore the Original');
    const text = vscode.l10n.t('This is your copy of {0}. It differs from the original.', name);
    if ((await vscode.window.showInformationMessage(text, restore)) !== restore) return;
    await vscode.window.showTextDocument(vscode.Uri.joinPath(this.own, name), { preview: false });
    await this.restore();
  }

  private async original(name: string): Promise<string> {
    return new TextDecoder().decode(await this.originals.read(name));
  }

  private nameOf(uri: vscode.Uri): string | undefined {
    const folder = `${this.own.path.replace(/\/$/, '')}/`;
    const isOurs = uri.scheme === this.own.scheme && uri.path.startsWith(folder);
    return isOurs ? uri.path.slice(folder.length) : undefined;
  }

  /** The lessons by chapter, each with the line that says what one learns; between the chapters stand their titles. */
  private async lessons(): Promise<Entry[]> {
    const chapters = chaptersOf(new TextDecoder().decode(await this.originals.read('lessons.txt')));
    const entries = chapters.map(async ({ title, lessons }) => [
      { label: title, kind: vscode.QuickPickItemKind.Separator, name: '' },
      ...(await Promise.all(lessons.map(async (lesson) => this.entryOf(lesson)))),
    ]);
    return (await Promise.all(entries)).flat();
  }

  private async entryOf(lesson: string): Promise<Entry> {
    const name = `${lesson}.osim`;
    return { name, label: lesson, detail: summaryOf(await this.original(name)) };
  }
}

/** What one chooses from; a title has no name. */
type Entry = vscode.QuickPickItem & { readonly name: string };

/** A folder of the editor's file system: of the disk, of a remote machine, or of the browser. */
class EditorFolder implements Folder {
  constructor(private readonly root: vscode.Uri) {}

  async read(name: string): Promise<Uint8Array> {
    return vscode.workspace.fs.readFile(this.at(name));
  }
  async has(name: string): Promise<boolean> {
    try {
      await vscode.workspace.fs.stat(this.at(name));
      return true;
    } catch {
      return false;
    }
  }
  async write(name: string, contents: Uint8Array): Promise<void> {
    await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(this.at(name), '..'));
    await vscode.workspace.fs.writeFile(this.at(name), contents);
  }
  async rename(from: string, to: string): Promise<void> {
    await vscode.workspace.fs.rename(this.at(from), this.at(to), { overwrite: false });
  }
  async remove(name: string): Promise<void> {
    await vscode.workspace.fs.delete(this.at(name));
  }
  private at(name: string): vscode.Uri {
    return vscode.Uri.joinPath(this.root, name);
  }
}
