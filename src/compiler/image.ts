/**
 * An image: what the compiler makes of a set of source files, ready to be linked and loaded. Plain JSON, so that the
 * kernel's and the library's are made at build time and no start-up parses them.
 *
 * Three images make a computer's code: the kernel, the user library (std/libc) and the program. Each numbers its own
 * constants, functions, shapes …; `src/machine/link.ts` joins them.
 */
export interface Image {
  kind: 'kernel' | 'library' | 'program';
  /** Instructions, four words each (src/isa/isa.ts). Jump targets are instruction indices of this image. */
  code: number[];
  constants: Constant[];
  functions: FunctionInfo[];
  /**
   * Functions and globals used here but defined in another image (the library's): the operand ~i of a call, of a
   * global's load or store, and in a function constant stands for externals[i].
   */
  externals: string[];
  shapes: ShapeInfo[];
  /** Field names, by the index that GETF and SETF use. */
  names: string[];
  /** Names of library functions and intrinsics, by the index that LIB and INTR use. */
  natives: string[];
  globals: GlobalInfo[];
  /** Exported integer or string constants (so that another compilation or the debugger can name them). */
  exports: Record<string, number | string | boolean | null>;
  files: SourceFileInfo[];
  /** Of a program: what is started at boot, what exec can start, and the machine. Empty in the others. */
  processes: ProcessInfo[];
  programs: EntryInfo[];
  remotes: RemoteInfo[];
  machine: Record<string, number | string>;
  disk: DiskFileInfo[];
  keyboard: KeyInput[];
  params: Record<string, number | string | boolean | null>;
  expects: ExpectInfo[];
}

/**
 * A string constant holds bytes (each char 0..255). A function constant names it by its index in this image, or
 * external.
 */
export type Constant = number | string | boolean | null | { function: number };

export interface FunctionInfo {
  name: string;
  /** Index in `files`. */
  file: number;
  /** First instruction and the one after the last, as instruction indices. */
  from: number;
  to: number;
  /** Number of parameters that must be given, of all named ones, and whether a `...rest` list follows them. */
  required: number;
  params: number;
  rest: boolean;
  /** Constant defaults of the optional parameters: params - required of them. */
  defaults: Constant[];
  /** Registers that a frame needs, parameters included, outgoing call windows included. */
  registers: number;
  /** Line and column of the name, 1-based. */
  line: number;
  column: number;
  endLine: number;
  /** Made by the compiler (process start thunks, initialisers): no source to show. */
  synthetic?: boolean;
  /** What declared it. A process body or a program body is a function of its name. */
  role?: 'function' | 'process' | 'program' | 'remote' | 'start' | 'init' | 'expect';
  /** positionsOf() gives them. */
  positions: PackedPositions;
  variables: VariableInfo[];
  /** Instructions that read a field of what a library call has given, and the call's name. Of a program only. */
  origins?: Readonly<Record<number, string>>;
}

/**
 * From instruction `at` (index in the image) on, the source is here. `statement`: a step may stop at this instruction.
 */
export interface Position {
  at: number;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  statement: boolean;
}

/**
 * Five numbers for each position: instructions and lines since the last one (the first: since the function's first
 * instruction and its line), column, lines to its end, and twice the column of its end, plus one for a statement.
 */
export type PackedPositions = readonly number[];

/** A local that lives in register `register` while pc is in [from, to). */
export interface VariableInfo {
  name: string;
  register: number;
  from: number;
  to: number;
  parameter: boolean;
}

export interface ShapeInfo {
  /** The struct's name; null for a record literal. */
  name: string | null;
  fields: string[];
}

export interface GlobalInfo {
  name: string;
  file: number;
  line: number;
  column: number;
  /** In a page shared by all processes (`shared var`). */
  shared: boolean;
  /** Its value in .data before any code runs. Anything that is not an integer is set by the image's init function. */
  initial: number;
  /** Of an array, `shared var a[4]`: how many slots it has; each begins as `initial`. */
  length?: number;
  /** Each slot holds a lock or the like, whose own words lie behind the slots: its kind, and its maker's argument. */
  sync?: { kind: string; argument: number };
}

export interface SourceFileInfo {
  /** As the user named it, or `osim-kernel:/fs/read.osim`, `osim-std:/libc.osim`. */
  uri: string;
  /** The text, for kernel and library images, so that any client can be shown the source. */
  text?: string;
}

/** `entry` is the index of the start thunk: it runs the initialisers, then the body with its arguments, then exit(). */
export interface EntryInfo {
  name: string;
  entry: number;
  /** Index of the body's function. */
  body: number;
  params: number;
}

export interface ProcessInfo extends EntryInfo {
  /** One entry per process: `count 3` makes three, `index` 0, 1, 2. */
  index: number;
  /** Time of its start, ticks. */
  at: number;
  nice: number;
  priority: number | null;
  burst: number | null;
  tickets: number | null;
  cpu: number | null;
  line: number;
}

/** `count` peers on other computers, the i-th of which starts at `at + i * every` ticks. */
export interface RemoteInfo {
  name: string;
  count: number;
  at: number;
  every: number;
  /** Index of the function that sets the top-level constants that have parts; -1: there are none. */
  init: number;
  /** Index of the body's function. */
  body: number;
  params: number;
}

export interface DiskFileInfo {
  path: string;
  /** Bytes. */
  content: string;
}

export interface KeyInput {
  /** Ticks. */
  at: number;
  /** Bytes, or null for end of file (Ctrl-D). */
  text: string | null;
}

export interface ExpectInfo {
  /** The expression as written. */
  text: string;
  why: string | null;
  file: number;
  line: number;
  column: number;
  /** The outcome it names, when it is of the form outcome() == "…". */
  outcome: string | null;
}
