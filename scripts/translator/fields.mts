/** Reading and setting the fields of records. */
import type { Linked } from '../../src/machine/link.js';
import type { FieldPlace } from './shapes.mjs';
import { Writer, type Known } from './writer.mjs';

export class FieldWriter extends Writer {
  constructor(
    program: Linked,
    private readonly places: readonly (FieldPlace | undefined)[],
  ) {
    super(program);
  }

  protected getField(a: number, target: string, name: number, known: Known, out: string): void {
    const place = this.places[name];
    const shape = known.shapes.get(target);
    if (shape !== undefined && this.program.shapes[shape].slotOf[name] >= 0) {
      this.define(a, `${target}.fields[${this.program.shapes[shape].slotOf[name]}]`, known);
    } else if (place?.sure) {
      this.wantShape(target, place.shape, known, out);
      this.define(a, `${target}.fields[${place.slot}]`, known);
    } else {
      const general = `field(${target}, ${name})`;
      const value = this.value(
        place ? `${target}?.shape?.id === ${place.shape} ? ${target}.fields[${place.slot}] : ${general}` : general,
      );
      this.emit(`if (${value} === undefined) ${out}`);
      this.set(a, value, known);
    }
  }

  protected setField(target: string, name: number, value: string, known: Known, out: string): void {
    const place = this.places[name];
    let shape = known.shapes.get(target);
    if (shape === undefined && place?.sure) {
      this.wantShape(target, place.shape, known, out);
      shape = place.shape;
    }
    const slot = shape === undefined ? -1 : this.program.shapes[shape].slotOf[name];
    if (slot >= 0)
      this.emit(`if (${target}.epoch !== R.epoch) save(${target});`, `${target}.fields[${slot}] = ${value};`);
    else this.emit(`if (!setField(${target}, ${name}, ${value})) ${out}`);
  }

  private wantShape(target: string, shape: number, known: Known, out: string): void {
    this.emit(`if (${target}?.shape?.id !== ${shape}) ${out}`);
    known.shapes.set(target, shape);
  }
}
