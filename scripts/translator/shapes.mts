/** In which slot a field lies, as far as one can tell from its name. */
import type { Linked } from '../../src/machine/link.js';

/** A field of this name lies in the slot of the one shape; `sure`: no other record of the image has such a field. */
export interface FieldPlace {
  shape: number;
  slot: number;
  sure: boolean;
}

/** For each number of a name the place that such a field usually has: in the only struct with it. */
export function fieldPlaces(program: Linked): (FieldPlace | undefined)[] {
  return program.names.map((_, name) => {
    const having = program.shapes.filter((shape) => shape.slotOf[name] >= 0);
    const structs = having.filter((shape) => shape.name !== null);
    const usual = structs.length > 0 ? structs : having;
    if (usual.length !== 1) return undefined;
    return { shape: usual[0].id, slot: usual[0].slotOf[name], sure: having.length === 1 };
  });
}
