/**
 * Joins images (kernel, library, program) into one piece of code that the CPUs run: constants, functions, names, shapes
 * and globals get machine-wide numbers, jump targets become word offsets, externals become functions.
 */
import type { Constant, EntryInfo, FunctionInfo, Image, Position } from '../compiler/image.js';
import { positionOf } from '../compiler/positions.js';
import { MachineError } from './errors.js';
import { fuse } from './fuse.js';
import { ADDRESS, GlobalLayout, type LinkedGlobal } from './global-layout.js';
import { CONTROL, INTERNAL } from './internal-opcodes.js';
import { OP, OPCODES, WORDS, type OperandKind } from '../isa/isa.js';
import { LongString } from './long-string.js';
import type { Native } from './native.js';
import { QUICK, type Quick } from './quick.js';
import { FunctionValue, Shape, type Value } from './values.js';

export { ADDRESS };
export type { LinkedGlobal };

export interface LinkedFunction extends FunctionInfo {
  index: number;
  image: Image['kind'];
  uri: string;
  /** Word offsets of its first instruction and of the one after its last. */
  entry: number;
  end: number;
  /** Instruction index of the image's first instruction: subtract it to get the image's own indices. */
  base: number;
}

export interface SourcePosition extends Position {
  uri: string;
  /** Word offset of the instruction at which it begins. */
  pc: number;
}

/** One remote: `count 3` has made three. */
export interface RemoteEntry {
  /** As it is named to people: "name", or "name[i]" where there are several. */
  label: string;
  name: string;
  index: number;
  /** Ticks. */
  at: number;
  /** Functions: what sets the top-level constants, -1 when there is nothing to set; then the body. */
  init: number;
  body: number;
  params: number;
}

export class LinkError extends Error {}

/** Where what comes from an image begins in that which is linked. */
interface Place {
  image: Image;
  code: number;
  functions: number;
  shapes: number;
}

/** For each opcode its words whose numbers change: registers and plain numbers, which are most, stay as they are. */
const NUMBERED = OPCODES.map(([, ...kinds]: readonly [string, ...OperandKind[]]) =>
  kinds.flatMap((kind, i) => (['', 'r', 'i', 'c'].includes(kind) ? [] : [{ word: i + 1, kind }])),
);

export class Linked {
  /** What runs: fused forms and breakpoints included. */
  readonly code: Int32Array;
  /** The same without breakpoints. */
  readonly fast: Int32Array;
  /** The plain instructions, at the same offsets. */
  readonly plain: Int32Array;
  /** By instruction: where translated code may be entered, and as what (translated/driver.ts); 0: nowhere. */
  translated: Int32Array;
  /** The same while there is no breakpoint in the kernel or the library. */
  enterable: Int32Array;
  /** The same for whoever wants none. */
  readonly noEntries: Int32Array;
  readonly constants: Value[] = [];
  readonly functions: LinkedFunction[] = [];
  readonly functionValues: FunctionValue[] = [];
  /** The same without the kernel's: what user mode can name and call. */
  readonly userFunctions: (FunctionValue | undefined)[] = [];
  readonly names: string[] = [];
  readonly shapes: Shape[] = [];
  readonly natives: Native[] = [];
  readonly nativeNames: string[] = [];
  /** For each native its quick form, if it has one. */
  readonly quick: (Quick | undefined)[] = [];
  readonly globals: GlobalLayout;
  readonly entries: EntryInfo[] = [];
  readonly remotes: RemoteEntry[] = [];
  /** Word offset at which user code begins; the kernel's lies below. */
  readonly userCode: number;
  /** Per function, for the CPU: entry, registers, required and named parameters, whether it has a rest list. */
  readonly entry: Int32Array;
  readonly registers: Int32Array;
  private readonly nameIds = new Map<string, number>();
  /** The number of the field of a task in which the kernel keeps its state. */
  readonly stateName = this.nameId('state');
  private readonly byName = new Map<string, LinkedFunction>();
  private readonly defaultFunctions = new Map<object, FunctionValue>();
  private readonly dynamicShapes = new Map<string, Shape>();

  /**
   * @param start what the first of these images have been linked to, for a program of its own (see link-again.ts)
   */
  constructor(
    readonly images: readonly Image[],
    private readonly available: Readonly<Record<string, Native>>,
    start: Linked | null = null,
  ) {
    const total = images.reduce((sum, image) => sum + image.code.length, 0);
    this.plain = new Int32Array(total);
    this.translated = this.enterable = this.noEntries = new Int32Array(total / WORDS);
    if (start) this.takeOver(start);
    for (const image of images) for (const name of image.names) this.nameId(name);
    this.globals = new GlobalLayout(images);
    let [offset, userCode] = [0, total];
    const places = images.map((image): Place => {
      if (image.kind !== 'kernel') userCode = Math.min(userCode, offset);
      const place = { image, code: offset, functions: this.functions.length, shapes: this.shapes.length };
      if (offset >= (start?.plain.length ?? 0)) this.addFunctions(image, offset);
      this.addShapes(image);
      offset += image.code.length;
      return place;
    });
    this.userCode = userCode;
    for (const place of places.slice(start?.images.length ?? 0)) this.relocate(place);
    this.entry = Int32Array.from(this.functions, (f) => f.entry);
    this.registers = Int32Array.from(this.functions, (f) => f.registers);
    this.fast = fuse(this.plain, this.quick, start?.fast);
    this.code = this.fast.slice();
  }

  /** Whether this is what these images and natives give. */
  isOf(images: readonly Image[], natives: Readonly<Record<string, Native>>): boolean {
    return (
      this.available === natives &&
      images.length === this.images.length &&
      images.every((image, i) => image === this.images[i])
    );
  }

  get kernelGlobals(): readonly LinkedGlobal[] {
    return this.globals.kernel;
  }

  get userGlobals(): readonly LinkedGlobal[] {
    return this.globals.user;
  }

  /** Bytes of .data, and of the pages of `shared var`. */
  get dataSize(): number {
    return this.globals.dataSize;
  }

  get sharedSize(): number {
    return this.globals.sharedSize;
  }

  /** The number of a field name, new if it was not known. */
  nameId(name: string): number {
    let id = this.nameIds.get(name);
    if (id === undefined) {
      id = this.names.push(name) - 1;
      this.nameIds.set(name, id);
    }
    return id;
  }

  functionNamed(name: string, image?: Image['kind']): LinkedFunction | undefined {
    if (image) return this.functions.find((f) => f.image === image && f.name === name);
    return this.byName.get(name);
  }

  /** The number of a kernel function that the hardware calls by name. */
  kernelFunction(name: string): number {
    const f = this.functionNamed(name, 'kernel');
    if (!f) throw new MachineError(`the kernel has no function ${name}(): the hardware calls it`);
    return f.index;
  }

  /** The function whose code contains the instruction at word offset `pc`. */
  functionAt(pc: number): LinkedFunction | undefined {
    let low = 0;
    let high = this.functions.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const f = this.functions[middle];
      if (pc < f.entry) high = middle - 1;
      else if (pc >= f.end) low = middle + 1;
      else return f;
    }
    return undefined;
  }

  /** The source position of the instruction at word offset `pc`. */
  positionAt(pc: number): SourcePosition | undefined {
    const f = this.functionAt(pc);
    if (!f) return undefined;
    const position = positionOf(f, pc / WORDS - f.base);
    return position && sourcePosition(f, position);
  }

  /** The library call that gave what the instruction at word offset `pc` reads a field of, if it is known. */
  callBehind(pc: number): string | undefined {
    const f = this.functionAt(pc);
    return f?.origins?.[pc / WORDS - f.base];
  }

  /** User address of the first thread's thread-local variables. */
  get threadLocals(): number {
    return this.userGlobals.find(({ threadLocal }) => threadLocal)?.address ?? ADDRESS.USER_DATA;
  }

  isKernel(pc: number): boolean {
    return pc < this.userCode;
  }

  /** What a reader sees as the address of an instruction. */
  addressOf(pc: number): number {
    return pc < this.userCode ? ADDRESS.KERNEL_TEXT + pc : ADDRESS.USER_TEXT + (pc - this.userCode);
  }

  /** The word offset of the instruction at an address, or -1. */
  pcOf(address: number): number {
    if (address % 4 !== 0) return -1;
    const pc =
      address >= ADDRESS.KERNEL_TEXT ? address - ADDRESS.KERNEL_TEXT : address - ADDRESS.USER_TEXT + this.userCode;
    return pc >= 0 && pc < this.plain.length && pc < this.userCode === address >= ADDRESS.KERNEL ? pc : -1;
  }

  /** The default of parameter `i` of function `f`. */
  defaultOf(f: number, i: number): Value {
    const info = this.functions[f];
    const constant = info.defaults[i - info.required] ?? null;
    return constant !== null && typeof constant === 'object' ? (this.defaultFunctions.get(constant) ?? null) : constant;
  }

  /** A shape for a record that the hardware makes. */
  shapeOf(fields: readonly string[]): Shape {
    const key = fields.join(',');
    let shape = this.dynamicShapes.get(key);
    if (!shape) {
      shape = new Shape(
        this.shapes.length,
        null,
        fields,
        fields.map((name) => this.nameId(name)),
        this.names.length,
      );
      this.shapes.push(shape);
      this.dynamicShapes.set(key, shape);
    }
    return shape;
  }

  /** What does not change when more images are joined. Nobody writes to any of it. */
  private takeOver(start: Linked): void {
    this.plain.set(start.plain);
    this.constants.push(...start.constants);
    this.functions.push(...start.functions);
    this.functionValues.push(...start.functionValues);
    this.userFunctions.push(...start.userFunctions);
    this.natives.push(...start.natives);
    this.nativeNames.push(...start.nativeNames);
    this.quick.push(...start.quick);
    this.entries.push(...start.entries);
    this.remotes.push(...start.remotes);
    for (const name of start.names) this.nameId(name);
    for (const [name, f] of start.byName) this.byName.set(name, f);
    for (const [constant, value] of start.defaultFunctions) this.defaultFunctions.set(constant, value);
  }

  private addFunctions(image: Image, offset: number): void {
    for (const f of image.functions) {
      const place = {
        index: this.functions.length,
        image: image.kind,
        uri: image.files[f.file]?.uri ?? '',
        entry: offset + f.from * WORDS,
        end: offset + f.to * WORDS,
        base: offset / WORDS,
      };
      // Faster than `{ ...f, … }` by far, and there are many functions.
      const linked: LinkedFunction = Object.assign(place, f);
      this.functions.push(linked);
      const value = new FunctionValue(linked.index, f.name);
      this.functionValues.push(value);
      this.userFunctions.push(image.kind === 'kernel' ? undefined : value);
      if (!this.byName.has(f.name)) this.byName.set(f.name, linked);
    }
  }

  private addShapes(image: Image): void {
    for (const { name, fields } of image.shapes) {
      const ids = fields.map((field) => this.nameId(field));
      this.shapes.push(new Shape(this.shapes.length, name, fields, ids, this.names.length));
    }
  }

  private relocate({ image, code, functions, shapes }: Place): void {
    const constants = this.constants.length;
    const externalNames = image.externals;
    const functionOf = (i: number): number => (i >= 0 ? functions + i : this.external(externalNames[~i]));
    for (const f of image.functions) {
      for (const constant of f.defaults) {
        if (constant === null || typeof constant !== 'object') continue;
        this.defaultFunctions.set(constant, this.constantValue(constant, functionOf) as FunctionValue);
      }
    }
    for (const constant of image.constants) this.constants.push(this.constantValue(constant, functionOf));
    const globals = (image.kind === 'kernel' ? this.kernelGlobals : this.userGlobals).filter(
      (g) => g.image === image.kind,
    );
    const nativeIds = image.natives.map((name) => (name in CONTROL ? -1 : this.native(name)));
    const threadLocals = new Set(this.userGlobals.flatMap((g) => (g.threadLocal ? [g.address] : [])));
    const resolve = (kind: OperandKind, value: number): number => {
      switch (kind) {
        case 'k':
          return constants + value;
        case 't':
          return code + value * WORDS;
        case 'f':
          return functionOf(value);
        case 'n':
          return this.nameId(image.names[value]);
        case 's':
          return shapes + value;
        case 'g':
          return value >= 0 ? globals[value].address : this.externalGlobal(externalNames[~value]);
        case 'l':
          return nativeIds[value];
        default:
          return value;
      }
    };
    this.plain.set(image.code, code);
    for (let at = code; at < code + image.code.length; at += WORDS) {
      const op = this.plain[at];
      if (op === OP.LIB || op === OP.INTR) {
        const control = CONTROL[image.natives[this.plain[at + 2]]];
        if (control !== undefined) this.plain[at] = control;
      }
      const numbered = NUMBERED[op];
      for (let i = 0; i < numbered.length; i++) {
        const { word, kind } = numbered[i];
        this.plain[at + word] = resolve(kind, this.plain[at + word]);
      }
      if (op === OP.GLD && threadLocals.has(this.plain[at + 2])) this.plain[at] = INTERNAL.TLD;
      if (op === OP.GST && threadLocals.has(this.plain[at + 1])) this.plain[at] = INTERNAL.TST;
      if (op === OP.CALL && this.functions[this.plain[at + 2]].rest) this.plain[at] = INTERNAL.CALLR;
    }
    for (const entry of [...image.processes, ...image.programs]) {
      this.entries.push({ ...entry, entry: functionOf(entry.entry), body: functionOf(entry.body) });
    }
    for (const { name, count, at, every, init, body, params } of image.remotes) {
      const functionsOf = { init: init < 0 ? -1 : functionOf(init), body: functionOf(body), params };
      for (let index = 0; index < count; index++) {
        const label = count > 1 ? `${name}[${index}]` : name;
        this.remotes.push({ label, name, index, at: at + index * every, ...functionsOf });
      }
    }
  }

  private constantValue(constant: Constant, functionOf: (i: number) => number): Value {
    if (constant !== null && typeof constant === 'object') {
      return this.functionValues[functionOf(constant.function)];
    }
    return typeof constant === 'string' ? LongString.of(constant) : constant;
  }

  private external(name: string): number {
    const f = this.functionNamed(name, 'library');
    if (!f) throw new LinkError(`the library has no function named ${name}`);
    return f.index;
  }

  private externalGlobal(name: string): number {
    const global = this.userGlobals.find((g) => g.image === 'library' && g.name === name);
    if (!global) throw new LinkError(`the library has no variable named ${name}`);
    return global.address;
  }

  private native(name: string): number {
    const known = this.nativeNames.indexOf(name);
    if (known >= 0) return known;
    const native = this.available[name];
    if (!native) throw new LinkError(`the machine has no function named ${name}`);
    this.natives.push(native);
    this.quick.push(QUICK[name]);
    return this.nativeNames.push(name) - 1;
  }
}

function sourcePosition(f: LinkedFunction, position: Position): SourcePosition {
  return { ...position, uri: f.uri, pc: (position.at + f.base) * WORDS };
}
