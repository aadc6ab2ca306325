/** What a field of a kernel record means, by the comments of the kernel that runs. */
import { docOfStruct } from '../computer/struct-docs.js';
import type { FieldDoc } from '../language/struct-doc.js';
import type { Board } from '../machine/board.js';
import type { Shape } from '../machine/values.js';

export function fieldDoc(machine: Board, shape: Shape, field: string): FieldDoc | null {
  const doc = shape.name ? docOfStruct(machine, shape.name) : undefined;
  // A program may have a struct of the same name: then it has other fields.
  if (doc?.fields.size !== shape.fields.length) return null;
  return doc.fields.get(field) ?? null;
}
