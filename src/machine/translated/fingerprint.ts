/** Whether a linked program's kernel and library are those that were translated when this was built. */
import type { Linked } from '../link.js';

/** What translated code rests on. */
export interface Extent {
  /** Words of code of the kernel and the library. */
  words: number;
  /** Their functions, constants, shapes, names and native functions, which come first in a linked program. */
  functions: number;
  constants: number;
  shapes: number;
  names: number;
  natives: number;
}

/** A number for all that translated code rests on in a linked program that begins with the same kernel and library. */
export function fingerprint(program: Linked, extent: Extent): number {
  const text = JSON.stringify([
    extent,
    program.functions.slice(0, extent.functions).map((f) => [f.name, f.image, f.entry, f.registers]),
    program.constants.slice(0, extent.constants).map((value) => (typeof value === 'object' ? '' : value)),
    program.shapes.slice(0, extent.shapes).map((shape) => [shape.name, shape.fields]),
    program.names.slice(0, extent.names),
    program.nativeNames.slice(0, extent.natives),
  ]);
  let hash = 0x811c9dc5;
  for (let i = 0; i < extent.words; i++) hash = Math.imul(hash ^ program.plain[i], 0x01000193);
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
