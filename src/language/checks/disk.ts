/**
 * Declared files: the path is one that a file can have, no path is declared twice, none is also a directory of another
 * one, and each file has a content.
 */
import { diskPath } from '../disk-path.js';
import type { DiskFile } from '../generated/ast.js';
import { stringBytesOf } from '../literals.js';
import type { LoadedProgram } from '../names.js';
import { rangeOf, type ParsedFile } from '../parse.js';
import type { Range } from '../problem.js';
import type { CheckContext, Checks } from './context.js';
import { notConstant } from './declarations.js';

export const diskChecks: Checks = {
  DiskFile: (node, context) => {
    content(node, context);
    if (node.path === undefined) return;
    const path = diskPath(stringBytesOf(node.path));
    if (typeof path === 'string') clashes(node, path, context);
    else context.error(pathRange(node, context), 'bad-file-path', path.message, path.hint);
  },
};

function content(node: DiskFile, context: CheckContext): void {
  // What depends on a param is seen when the program is compiled, with the param's value.
  const constant = node.content && context.constant(node.content);
  const isText =
    constant === undefined ? !node.content || !notConstant(node.content, context) : typeof constant === 'string';
  if (node.content && !isText) {
    context.error(
      node.content,
      'bad-file-content',
      'The content of a file is a string that is known before the run.',
      'For example "text\\n" or repeat("x", 4096).',
    );
  }
}

/** The literal, without the word `file` and the content. */
function pathRange(node: DiskFile, context: CheckContext): Range {
  const start = rangeOf(node).from.offset;
  return context.rangeAt(context.file.text.indexOf('"', start), node.path.length);
}

function clashes(node: DiskFile, path: string, context: CheckContext): void {
  const disk = diskOf(context.loaded);
  const first = disk.files.get(path);
  if (first && first.node !== node) {
    const message = `The file ${node.path} is declared twice: ${placeOf(first, context)}, too.`;
    return context.error(
      pathRange(node, context),
      'duplicate-file',
      message,
      'Remove one of the two, or change its path.',
    );
  }
  const inside = disk.inside.get(path);
  const around = parentsOf(path)
    .map((parent) => disk.files.get(parent))
    .find((found) => found !== undefined);
  const other = [inside, around].find((found) => found && found.at < (first?.at ?? 0));
  if (!other) return;
  const message =
    other === inside
      ? `${node.path} is a directory already: ${other.node.path} lies in it, declared ${placeOf(other, context)}.`
      : `${node.path} can not be in ${other.node.path}: that is a file, declared ${placeOf(other, context)}.`;
  context.error(pathRange(node, context), 'file-and-directory', message, 'Choose another name for one of the two.');
}

function placeOf({ file, node }: Declared, context: CheckContext): string {
  const { line } = rangeOf(node).from;
  return file === context.file ? `in line ${line}` : `in ${file.uri}, line ${line}`;
}

interface Declared {
  readonly node: DiskFile;
  readonly file: ParsedFile;
  /** Its place in the order of declaration. */
  readonly at: number;
}

interface Disk {
  /** The first declaration of each path. */
  readonly files: Map<string, Declared>;
  /** By the path of a directory, the first declaration of a file in it or below. */
  readonly inside: Map<string, Declared>;
}

const DISKS = new WeakMap<LoadedProgram, Disk>();

/** Imports come first: what clashes is told in the file that imports. Built once for a program. */
function diskOf(loaded: LoadedProgram): Disk {
  const known = DISKS.get(loaded);
  if (known) return known;
  const disk: Disk = { files: new Map(), inside: new Map() };
  let at = 0;
  for (const file of [...loaded.files].reverse()) {
    for (const node of file.ast.items) {
      if (node.$type !== 'DiskFile' || node.path === undefined) continue;
      const path = diskPath(stringBytesOf(node.path));
      if (typeof path !== 'string') continue;
      const declared = { node, file, at: at++ };
      if (!disk.files.has(path)) disk.files.set(path, declared);
      for (const parent of parentsOf(path)) if (!disk.inside.has(parent)) disk.inside.set(parent, declared);
    }
  }
  DISKS.set(loaded, disk);
  return disk;
}

/** `/a` and `/a/b` of `/a/b/c`. */
function parentsOf(path: string): string[] {
  const names = path.split('/');
  return names.slice(2).map((_, count) => names.slice(0, count + 2).join('/'));
}
