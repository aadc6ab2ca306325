/**
 * Linking, with what was linked before: kernel and library are the same from run to run, and are most of the code. They
 * are joined once, and each program to a copy of that.
 */
import type { Image } from '../compiler/image.js';
import { Linked } from './link.js';
import type { Native } from './native.js';

/** By the kernel's image: one that nobody has any more is forgotten. */
const known = new WeakMap<Image, Linked>();

/** Joins images, the program's last. */
export function link(images: readonly Image[], natives: Readonly<Record<string, Native>>): Linked {
  const shared = images.slice(0, -1);
  if (shared.length === 0) return new Linked(images, natives);
  let start = known.get(shared[0]);
  if (!start?.isOf(shared, natives)) {
    start = new Linked(shared, natives);
    known.set(shared[0], start);
  }
  return new Linked(images, natives, start);
}
