/**
 * What the comments in the kernel's sources say of its structs and fields, for people who look at a stopped machine. It
 * is read from the texts in the image that runs, so a kernel of one's own is explained by its own comments.
 */
import type { Image } from '../compiler/image.js';
import { parseSource } from '../language/parse.js';
import { structDoc, type StructDoc } from '../language/struct-doc.js';
import type { Board } from '../machine/board.js';

const docs = new WeakMap<Image, Map<string, StructDoc>>();

/** The comments of a struct and of its fields; undefined when the kernel has no struct of this name. */
export function docOfStruct(machine: Board, name: string): StructDoc | undefined {
  for (const image of machine.images) {
    const known = docs.get(image) ?? new Map<string, StructDoc>();
    docs.set(image, known);
    if (!known.has(name)) read(image, name, known);
    const doc = known.get(name);
    if (doc) return doc;
  }
  return undefined;
}

/** Reads the file that declares a struct: a few milliseconds, so only the one that is asked for. */
function read({ files }: Image, name: string, known: Map<string, StructDoc>): void {
  const declares = new RegExp(`^\\s*struct ${name} `, 'm');
  for (const { uri, text } of files) {
    if (text === undefined || !declares.test(text)) continue;
    for (const item of parseSource(text, uri).ast.items) {
      if (item.$type === 'Struct') known.set(item.name, structDoc(item, text));
    }
  }
}
