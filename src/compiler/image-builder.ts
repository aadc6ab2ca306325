/**
 * Collects what an image holds: code, and the pools that operands index. Each pool keeps the order of first use, so
 * the same sources give the same image.
 */
import type { Constant, FunctionInfo, GlobalInfo, Image, ShapeInfo, SourceFileInfo } from './image.js';

/** A list without duplicates, by key. */
class Pool<T> {
  readonly items: T[] = [];
  private readonly indices = new Map<string, number>();

  add(key: string, item: T): number {
    let index = this.indices.get(key);
    if (index === undefined) {
      index = this.items.push(item) - 1;
      this.indices.set(key, index);
    }
    return index;
  }
}

export class ImageBuilder {
  readonly code: number[] = [];
  readonly functions: FunctionInfo[] = [];
  readonly globals: GlobalInfo[] = [];
  readonly files: SourceFileInfo[] = [];
  private readonly constants = new Pool<Constant>();
  private readonly externals = new Pool<string>();
  private readonly shapes = new Pool<ShapeInfo>();
  private readonly names = new Pool<string>();
  private readonly natives = new Pool<string>();

  constructor(readonly kind: Image['kind']) {}

  constant(value: Constant): number {
    const key = value !== null && typeof value === 'object' ? `f${value.function}` : `${typeof value} ${value}`;
    return this.constants.add(key, value);
  }

  /** The operand that stands for a function or global of another image. */
  external(name: string): number {
    return ~this.externals.add(name, name);
  }

  shape(name: string | null, fields: readonly string[]): number {
    return this.shapes.add(`${name ?? ''}{${fields.join(',')}`, { name, fields: [...fields] });
  }

  name(field: string): number {
    return this.names.add(field, field);
  }

  native(name: string): number {
    return this.natives.add(name, name);
  }

  /** The finished image; what only a program has is left empty. */
  build(): Image {
    return {
      kind: this.kind,
      code: this.code,
      constants: this.constants.items,
      functions: this.functions,
      externals: this.externals.items,
      shapes: this.shapes.items,
      names: this.names.items,
      natives: this.natives.items,
      globals: this.globals,
      exports: {},
      files: this.files,
      processes: [],
      programs: [],
      remotes: [],
      machine: {},
      disk: [],
      keyboard: [],
      params: {},
      expects: [],
    };
  }
}
