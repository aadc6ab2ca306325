/**
 * Copies of examples. A lesson is for trying things out: what is opened is a copy of it in a folder of the user's, with
 * the files that it needs, never the file that came with the extension. What is there already stays as its user left
 * it.
 */

/** A folder as this needs it. Names are paths within it, with slashes. */
export interface Folder {
  read(name: string): Promise<Uint8Array>;
  has(name: string): Promise<boolean>;
  write(name: string, contents: Uint8Array): Promise<void>;
  /** Fails when `to` is there. */
  rename(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
}

/** Comments, literals and words: enough to tell `import "…"` from the same in a comment. */
const TOKEN = /\/\/[^\n]*|\/\*.*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\w+|\S/gs;

/**
 * The files that a program names: programs that it imports; files of the host whose contents it takes, or that have its
 * scheduler.
 */
export function namedIn(program: string): { imports: string[]; contents: string[] } {
  const tokens = [...program.matchAll(TOKEN)].map(([token]) => token).filter((token) => !/^\/[/*]/.test(token));
  const imports: string[] = [];
  const contents: string[] = [];
  tokens.forEach((token, i) => {
    if (!token.startsWith('"')) return;
    const name = token.slice(1, -1);
    if (tokens[i - 1] === 'import' && !name.startsWith('std/')) imports.push(name);
    if (tokens[i - 1] === 'from' && tokens[i - 3] === 'file') contents.push(name);
    if (tokens[i - 1] === '=' && tokens[i - 2] === 'scheduler') contents.push(name);
  });
  return { imports, contents };
}

/** An example and all files that it needs, directly or not; it comes last. Each name is within the folder. */
export async function filesOf(example: string, folder: Pick<Folder, 'read'>): Promise<string[]> {
  const found = new Set<string>([example]);
  const needed: string[] = [];
  const visit = async (name: string): Promise<void> => {
    const { imports, contents } = namedIn(new TextDecoder().decode(await folder.read(name)));
    for (const [list, isProgram] of [
      [imports, true],
      [contents, false],
    ] as const) {
      for (const each of list) {
        const file = resolve(name, each);
        if (found.has(file)) continue;
        found.add(file);
        if (isProgram) await visit(file);
        needed.push(file);
      }
    }
  };
  await visit(example);
  return [...needed, example];
}

/** A path that a file of the folder names, from the folder on. */
function resolve(file: string, named: string): string {
  const parts = file.split('/').slice(0, -1);
  for (const part of named.split('/')) {
    if (part === '..' && parts.length === 0) throw new Error(`${file} names ${named}, outside of the examples`);
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/** Copies what is not there yet: all of it, or if something fails nothing. Returns what was copied. */
export async function copyMissing(names: readonly string[], from: Pick<Folder, 'read'>, to: Folder): Promise<string[]> {
  const copied: string[] = [];
  try {
    for (const name of names) {
      if (await to.has(name)) continue;
      await writeWhole(to, name, await from.read(name));
      copied.push(name);
    }
  } catch (error) {
    for (const name of copied) await to.remove(name).catch(() => undefined);
    throw error;
  }
  return copied;
}

/**
 * Writes under another name first, so that nobody sees half of a file, even if the disk is full or the editor closes.
 */
async function writeWhole(to: Folder, name: string, contents: Uint8Array): Promise<void> {
  const partial = `${name}.partial`;
  try {
    await to.write(partial, contents);
    await to.rename(partial, name);
  } catch (error) {
    await to.remove(partial).catch(() => undefined);
    // Another window may have been faster.
    if (!(await to.has(name))) throw error;
  }
}
