/** Where a linked program may be entered as translated code: nowhere, unless kernel and library are the built ones. */
import type { Image } from '../../compiler/image.js';
import { ENTRIES, EXTENT, FINGERPRINT } from '../generated/translated.js';
import type { Linked } from '../link.js';
import { fingerprint } from './fingerprint.js';

/** Images that were compared before, kernel by library. */
const known = new WeakMap<Image, WeakMap<Image, boolean>>();

export function entriesOf(program: Linked): Int32Array {
  if (!isBuilt(program)) return program.noEntries;
  const entries = new Int32Array(program.plain.length / 4);
  for (let i = 0; i < ENTRIES.length; i += 2) entries[ENTRIES[i]] = ENTRIES[i + 1];
  return entries;
}

function isBuilt(program: Linked): boolean {
  const [kernel, library] = program.images;
  if (library?.kind !== 'library') return false;
  let ofKernel = known.get(kernel);
  if (!ofKernel) known.set(kernel, (ofKernel = new WeakMap()));
  let same = ofKernel.get(library);
  if (same === undefined) ofKernel.set(library, (same = fingerprint(program, EXTENT) === FINGERPRINT));
  return same;
}
