/**
 * What the server knows of each open document: its text, the program it is the entry of, and what is wrong with it.
 * Imports are read ahead (reading is asynchronous, loading is not) and kept until the client says that they changed.
 */
import { checkProgram } from '../checks.js';
import { folderFor, liesBelow, OUTSIDE, type Refusal } from '../host-file.js';
import type { LibraryIndex } from '../library.js';
import { loadProgram, type LoadedProgram } from '../names.js';
import type { ParsedFile } from '../parse.js';
import type { Problem } from '../problem.js';
import { isVirtual, shippedUri } from './places.js';

/**
 * Reads a file that is not open in the editor; undefined when there is none. It must lie in the folder, links followed.
 */
export type ReadFile = (uri: string, folder: string) => Promise<string | Refusal | undefined>;

export interface Analysis {
  readonly program: LoadedProgram;
  readonly file: ParsedFile;
  readonly problems: readonly Problem[];
}

export class Workspace {
  private readonly open = new Map<string, string>();
  /** The folders that are open in the editor, by URI. */
  folders: string[] = [];
  /** Files read for imports, by the folder that they had to lie in; null for those that are not there. */
  private readonly files = new Map<string, Map<string, string | Refusal | null>>();
  private readonly analyses = new Map<string, Analysis>();

  constructor(
    public library: LibraryIndex,
    private readonly readFile: ReadFile,
  ) {}

  get openUris(): string[] {
    return [...this.open.keys()];
  }

  textOf(uri: string): string | undefined {
    const read = [...(this.files.get(shippedUri(uri))?.values() ?? [])];
    return this.open.get(uri) ?? read.find((text) => typeof text === 'string');
  }

  set(uri: string, text: string): void {
    this.open.set(uri, text);
    this.analyses.clear();
  }

  close(uri: string): void {
    this.open.delete(uri);
    this.analyses.clear();
  }

  /** Files changed outside the editor. */
  forget(uris: readonly string[]): void {
    for (const uri of uris) this.files.delete(uri);
    this.analyses.clear();
  }

  /** The program whose entry is this document, up to date with its text and its imports. */
  async analyse(uri: string): Promise<Analysis> {
    for (;;) {
      const known = this.analyses.get(uri);
      if (known) return known;
      const missing = new Set<string>();
      const folder = folderFor(uri, this.folders);
      const program = loadProgram(uri, (wanted) => this.read(wanted, folder, missing), this.library);
      const text = this.open.get(uri);
      for (const wanted of missing) await this.fetch(wanted, folder);
      // While files were read, the user may have typed on: then it is all to be done again.
      if (missing.size > 0 || text !== this.open.get(uri)) continue;
      const problems = isVirtual(uri)
        ? []
        : checkProgram(program, this.library).filter((problem) => problem.uri === uri);
      const analysis = { program, file: program.entry, problems };
      this.analyses.set(uri, analysis);
      return analysis;
    }
  }

  /** Every open document's program: where references are looked for. */
  async analyseAll(): Promise<Analysis[]> {
    return Promise.all(this.openUris.map((uri) => this.analyse(uri)));
  }

  private read(uri: string, folder: string, missing: Set<string>): string | Refusal | undefined {
    const shipped = shippedUri(uri);
    // Open or not: a run could not read it.
    if (!isVirtual(shipped) && !liesBelow(uri, folder)) return OUTSIDE;
    const text = this.open.get(uri) ?? this.files.get(shipped)?.get(folder);
    if (text === undefined) missing.add(uri);
    return text ?? undefined;
  }

  private async fetch(uri: string, folder: string): Promise<void> {
    const shipped = shippedUri(uri);
    const found = (await this.readFile(shipped, folder)) ?? null;
    const known = this.files.get(shipped) ?? new Map<string, string | Refusal | null>();
    this.files.set(shipped, known.set(folder, found));
  }
}
