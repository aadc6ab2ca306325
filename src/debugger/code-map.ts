/**
 * Where the program's statements lie: the map between source lines and instructions that breakpoints and steps go by.
 * Made once a launch; all questions on the hot path (is a statement begun here? is this code shown?) are one array
 * access.
 */
import { positionsOf } from '../compiler/positions.js';
import type { Linked, LinkedFunction, SourcePosition } from '../machine/link.js';
import { INTERNAL } from '../machine/internal-opcodes.js';
import { OP, WORDS } from '../isa/isa.js';

/** A place where a step may stop, with every instruction that begins it (a body may be compiled more than once). */
export interface Place {
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  pcs: number[];
}

/** Whose code an instruction is. */
export const enum Code {
  /** Made by the compiler: no source. */
  HIDDEN = 0,
  PROGRAM = 1,
  LIBRARY = 2,
  KERNEL = 3,
}

export class CodeMap {
  /** By instruction (pc / WORDS): whether a statement begins there. */
  private readonly starts: Uint8Array;
  /** By instruction: whose code it is. */
  private readonly owners: Uint8Array;
  /** By canonical name of the source, in order of line and column. */
  private readonly places = new Map<string, Place[]>();
  private readonly functionsByUri = new Map<string, LinkedFunction[]>();
  private readonly allStatements: number[] = [];
  private coroutines: boolean | undefined;

  constructor(readonly program: Linked) {
    const count = program.plain.length / WORDS;
    this.starts = new Uint8Array(count);
    this.owners = new Uint8Array(count);
    for (const f of program.functions) this.addFunction(f);
    for (const list of this.functionsByUri.values()) list.sort((a, b) => a.line - b.line || a.column - b.column);
  }

  private addFunction(f: LinkedFunction): void {
    if (f.synthetic) return;
    const owner = f.image === 'kernel' ? Code.KERNEL : f.image === 'library' ? Code.LIBRARY : Code.PROGRAM;
    this.owners.fill(owner, f.entry / WORDS, f.end / WORDS);
    for (const p of positionsOf(f)) {
      if (!p.statement) continue;
      this.starts[f.base + p.at] = 1;
      this.allStatements.push((f.base + p.at) * WORDS);
    }
    const key = canonical(f.uri);
    const list = this.functionsByUri.get(key);
    if (list) list.push(f);
    else this.functionsByUri.set(key, [f]);
  }

  /** Whether the program makes coroutines at all. */
  get usesCoroutines(): boolean {
    this.coroutines ??= this.makesCoroutines();
    return this.coroutines;
  }

  private makesCoroutines(): boolean {
    const { plain, userCode } = this.program;
    for (let pc = userCode; pc < plain.length; pc += WORDS) if (plain[pc] === INTERNAL.COROUTINE) return true;
    return false;
  }

  isStatement(pc: number): boolean {
    return this.starts[pc / WORDS] === 1;
  }

  ownerOf(pc: number): Code {
    return this.owners[pc / WORDS] ?? Code.HIDDEN;
  }

  /** All statement starts, of every image. */
  get statements(): readonly number[] {
    return this.allStatements;
  }

  statementsIn(f: LinkedFunction): number[] {
    return positionsOf(f)
      .filter((p) => p.statement)
      .map((p) => (f.base + p.at) * WORDS);
  }

  /** Behind the statement of a function that an instruction is in. */
  statementEnd(f: LinkedFunction, pc: number): number {
    return Math.min(f.end, ...this.statementsIn(f).filter((start) => start > pc));
  }

  /** The function that an instruction calls by name. */
  calledAt(pc: number): LinkedFunction | undefined {
    const { plain, functions } = this.program;
    return plain[pc] === OP.CALL || plain[pc] === INTERNAL.CALLR ? functions[plain[pc + 2]] : undefined;
  }

  positionAt(pc: number): SourcePosition | undefined {
    return this.ownerOf(pc) === Code.HIDDEN ? undefined : this.program.positionAt(pc);
  }

  hasSource(uri: string): boolean {
    return this.functionsByUri.has(this.keyOf(uri));
  }

  /** A source's name as the images have it; the name as given for what is not there. */
  nameOf(uri: string): string {
    return this.functionsByUri.get(this.keyOf(uri))?.[0]?.uri ?? uri;
  }

  /** The key of a source in here. A kernel file may be named without its folder: names of kernel files are unique. */
  private keyOf(uri: string): string {
    const key = canonical(uri);
    const name = /^osim-kernel:\/([^/]+)$/.exec(key)?.[1];
    if (name === undefined || this.functionsByUri.has(key)) return key;
    const whole = [...this.functionsByUri.keys()].find(
      (other) => other.startsWith('osim-kernel:') && other.endsWith(`/${name}`),
    );
    return whole ?? key;
  }

  /** The uris of all sources, as the images name them. */
  sources(): string[] {
    return [...new Set([...this.functionsByUri.values()].map((list) => list[0].uri))];
  }

  /** Every place in a source where a step may stop, in order of line and column. */
  placesOf(uri: string): readonly Place[] {
    const key = this.keyOf(uri);
    let places = this.places.get(key);
    if (!places) this.places.set(key, (places = this.findPlaces(key)));
    return places;
  }

  private findPlaces(key: string): Place[] {
    const byStart = new Map<string, Place>();
    for (const f of this.functionsByUri.get(key) ?? []) {
      for (const p of positionsOf(f)) {
        if (!p.statement) continue;
        const pc = (f.base + p.at) * WORDS;
        const id = `${p.line}:${p.column}`;
        const known = byStart.get(id);
        if (known) known.pcs.push(pc);
        else byStart.set(id, { line: p.line, column: p.column, endLine: p.endLine, endColumn: p.endColumn, pcs: [pc] });
      }
    }
    return [...byStart.values()].sort((a, b) => a.line - b.line || a.column - b.column);
  }

  /**
   * Where a breakpoint on a line goes: to the first statement that begins on it, or else on the next line that has one;
   * but not out of the function that the line belongs to. With a column, to the statement around it on that line.
   */
  resolve(uri: string, line: number, column?: number | null): Place | undefined {
    const places = this.placesOf(uri);
    const first = places.find((place) => place.line >= line);
    if (!first) return undefined;
    const around = this.functionAround(uri, line);
    if (around && first.line > around.endLine)
      return last(places, (place) => place.line <= line && place.line >= around.line);
    if (column == null || first.line !== line) return first;
    const onLine = places.filter((place) => place.line === line);
    return last(onLine, (place) => place.column <= column) ?? first;
  }

  private functionAround(uri: string, line: number): LinkedFunction | undefined {
    return last(this.functionsByUri.get(this.keyOf(uri)) ?? [], (f) => f.line <= line && line <= f.endLine);
  }

  /** Functions of that name with source, the program's before the library's before the kernel's. */
  functionsNamed(name: string): LinkedFunction[] {
    const order = { program: 0, library: 1, kernel: 2 };
    return this.program.functions
      .filter((f) => f.name === name && !f.synthetic)
      .sort((a, b) => order[a.image] - order[b.image]);
  }

  /** The first statement of a function: where a breakpoint on the function stops, its arguments in place. */
  entryOf(f: LinkedFunction): number {
    return this.statementsIn(f)[0] ?? f.entry;
  }
}

function last<T>(list: readonly T[], wanted: (item: T) => boolean): T | undefined {
  for (let i = list.length - 1; i >= 0; i--) if (wanted(list[i])) return list[i];
  return undefined;
}

/**
 * One spelling for a source. A client names a local file by its path or by a `file:` URI, in any of several ways;
 * everything else (`osim-kernel:/fs/read.osim`, `vscode-vfs://…`) by its URI.
 */
export function canonical(source: string): string {
  let path = source;
  if (path.startsWith('file://')) {
    try {
      path = decodeURIComponent(path.slice('file://'.length));
    } catch {
      path = path.slice('file://'.length);
    }
    if (/^\/[A-Za-z]:/.test(path)) path = path.slice(1);
  }
  if (/^[A-Za-z]:[\\/]/.test(path)) path = path[0].toLowerCase() + path.slice(1).replaceAll('\\', '/');
  if (/^[a-z][a-z0-9+.-]+:/i.test(path) && !/^[a-z]:/i.test(path)) {
    // The same URI with one or three slashes after an empty authority.
    return path.replace(/^([a-z][a-z0-9+.-]+):\/\/\//i, '$1:/');
  }
  return path.replace(/\/\.\//g, '/');
}
