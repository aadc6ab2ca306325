/**
 * The library index: every name that a program has without declaring it, with its parameters and documentation.
 * It is built once from the library's own `.osim` sources (libc, builtins, constants, kernel) and kept as JSON, so that
 * no start-up of the command line or the editor parses them.
 */
import type { ConstantValue } from './constant.js';
import { constantOf } from './constant.js';
import { docAt, withBorrowedErrors, type Doc } from './doc-comments.js';
import type { Item, Parameter, SourceFile } from './generated/ast.js';
import { parseSource, rangeOf } from './parse.js';

export type LibraryKind = 'fn' | 'const' | 'enum' | 'enum-member' | 'struct' | 'extern' | 'global';

/**
 * Who sees it. `user`: programs, by way of libc. `kernel`: files that start with `kernel;`. `everywhere`: both, such as
 * the constants and the pure library functions. `library`: only files of std itself (names that start with `_`).
 */
export type Audience = 'user' | 'kernel' | 'everywhere' | 'library';

export interface LibraryParameter {
  readonly name: string;
  readonly rest?: true;
  /** The default's text, when there is one. */
  readonly default?: string;
}

export interface LibraryEntry {
  readonly name: string;
  readonly kind: LibraryKind;
  readonly audience: Audience;
  /** Of functions: parameters; of structs: fields. */
  readonly params?: readonly LibraryParameter[];
  readonly minArity?: number;
  /** Missing when there is no upper limit. */
  readonly maxArity?: number;
  readonly doc?: Doc;
  /** Of constants, when it is an integer, a string, a truth value or null. Strings are bytes. */
  readonly value?: ConstantValue;
  /** The source's path as given to buildLibraryIndex. */
  readonly file: string;
  /** Of the name in its declaration, from 1. */
  readonly line: number;
  readonly column: number;
}

export interface LibraryIndex {
  readonly version: 1;
  readonly entries: readonly LibraryEntry[];
  /** What the kernel's own files declare: a kernel file of the user's, a scheduler for one, is compiled among them. */
  readonly kernel?: readonly LibraryEntry[];
}

export const EMPTY_LIBRARY: LibraryIndex = { version: 1, entries: [] };

/** Indexes the declarations of the given sources. A file that starts with `kernel;` is the kernel's. */
export function buildLibraryIndex(files: readonly { readonly path: string; readonly text: string }[]): LibraryIndex {
  const parsed = files.map(({ path, text }) => ({ path, text, ast: parseSource(text, path).ast }));
  const values = constantValues(parsed.map((file) => file.ast));
  const entries = parsed.flatMap((file) => new Indexer(file.path, file.text, file.ast, values).entries());
  const docs = new Map(entries.map((entry) => [entry.name, entry.doc]));
  return {
    version: 1,
    entries: entries.map((entry) =>
      entry.doc ? { ...entry, doc: withBorrowedErrors(entry.doc, (name) => docs.get(name)) } : entry,
    ),
  };
}

/** One view of the index for each audience; made once per index. */
export interface LibraryView {
  readonly user: ReadonlyMap<string, LibraryEntry>;
  /** Seen by the kernel as a whole. */
  readonly kernel: ReadonlyMap<string, LibraryEntry>;
  /** Seen by one kernel file that is looked at alone. */
  readonly kernelFile: ReadonlyMap<string, LibraryEntry>;
  readonly library: ReadonlyMap<string, LibraryEntry>;
}

const views = new WeakMap<LibraryIndex, LibraryView>();

export function libraryView(index: LibraryIndex): LibraryView {
  let view = views.get(index);
  if (!view) {
    const seenBy = (...audiences: Audience[]): Map<string, LibraryEntry> =>
      new Map(index.entries.filter((entry) => audiences.includes(entry.audience)).map((entry) => [entry.name, entry]));
    const kernel = seenBy('everywhere', 'kernel');
    view = {
      user: seenBy('everywhere', 'user'),
      kernel,
      kernelFile: new Map([...kernel, ...(index.kernel ?? []).map((entry) => [entry.name, entry] as const)]),
      library: seenBy('everywhere', 'library', 'user'),
    };
    views.set(index, view);
  }
  return view;
}

export function isFunction(entry: LibraryEntry): boolean {
  return entry.kind === 'fn' || entry.kind === 'extern';
}

/** `read(fd, buf, n)`: how a function is called, for hovers and messages. */
export function signatureOf(entry: LibraryEntry): string {
  if (!isFunction(entry)) return entry.name;
  return `${entry.name}(${(entry.params ?? []).map(parameterText).join(', ')})`;
}

export function parameterText(param: LibraryParameter): string {
  return `${param.rest ? '...' : ''}${param.name}${param.default === undefined ? '' : ` = ${param.default}`}`;
}

/** The fewest and the most arguments that a parameter list takes. */
export function arityOf(params: readonly { rest?: boolean; value?: unknown; default?: unknown }[]): {
  min: number;
  max?: number;
} {
  const required = params.filter(
    (param) => !param.rest && param.value === undefined && param.default === undefined,
  ).length;
  return params.some((param) => param.rest) ? { min: required } : { min: required, max: params.length };
}

export function describeParameters(params: readonly Parameter[]): LibraryParameter[] {
  return params.map((param) => ({
    name: param.name ?? '',
    ...(param.rest && { rest: true as const }),
    ...(param.value && { default: param.value.$cstNode?.text ?? '…' }),
  }));
}

/** Constants and enum members of several files, evaluated together: one may use another, in any order. */
function constantValues(files: readonly SourceFile[]): (name: string) => ConstantValue | undefined {
  const pending = new Map<string, () => ConstantValue | undefined>();
  const done = new Map<string, ConstantValue | undefined>();
  const valueOf = (name: string): ConstantValue | undefined => {
    if (!done.has(name)) {
      done.set(name, undefined);
      done.set(name, pending.get(name)?.());
    }
    return done.get(name);
  };
  const lookUp = (ref: { name: string }): ConstantValue | undefined => valueOf(ref.name);
  for (const item of files.flatMap((file) => file.items)) {
    if (item.$type === 'Const') {
      pending.set(item.name, () => constantOf(item.value, lookUp));
    } else if (item.$type === 'Enum') {
      item.members.forEach((member, i) =>
        pending.set(member.name, () => {
          if (member.value) return constantOf(member.value, lookUp);
          if (i === 0) return 0;
          const before = valueOf((item.members[i - 1] as { name: string }).name);
          return typeof before === 'number' ? before + 1 : undefined;
        }),
      );
    }
  }
  return valueOf;
}

class Indexer {
  private readonly isKernel: boolean;

  constructor(
    private readonly path: string,
    private readonly text: string,
    private readonly ast: SourceFile,
    private readonly valueOf: (name: string) => ConstantValue | undefined,
  ) {
    this.isKernel = ast.kernel;
  }

  entries(): LibraryEntry[] {
    return this.ast.items.flatMap((item) => this.entriesOf(item));
  }

  private entriesOf(item: Item): LibraryEntry[] {
    switch (item.$type) {
      case 'Fn': {
        const { min, max } = arityOf(item.params);
        const shape = {
          params: describeParameters(item.params),
          minArity: min,
          ...(max !== undefined && { maxArity: max }),
        };
        return [this.entry(item, item.extern ? 'extern' : 'fn', shape)];
      }
      case 'Const':
        return [this.entry(item, 'const', this.value(item.name))];
      case 'Global':
        return [this.entry(item, 'global', {})];
      case 'Struct': {
        const fields = item.fields.map((field) => ({
          name: field.name,
          ...(field.value && { default: field.value.$cstNode?.text ?? '…' }),
        }));
        return [this.entry(item, 'struct', { params: fields })];
      }
      case 'Enum':
        return [
          this.entry(item, 'enum', {}),
          ...item.members.map((member) => this.entry(member, 'enum-member', this.value(member.name))),
        ];
      default:
        return [];
    }
  }

  private value(name: string): { value?: ConstantValue } {
    const value = this.valueOf(name);
    return value === undefined ? {} : { value };
  }

  private entry(
    node: Extract<Item, { name: string }> | { name: string },
    kind: LibraryKind,
    more: Partial<LibraryEntry>,
  ): LibraryEntry {
    const { from } = rangeOf(node as never);
    const nameAt = from.offset + Math.max(0, this.text.slice(from.offset).search(new RegExp(`\\b${node.name}\\b`)));
    const before = this.text.slice(0, nameAt);
    const doc = docAt(this.text, from.offset);
    return {
      name: node.name,
      kind,
      audience: this.audience(node.name ?? '', kind),
      ...more,
      ...(doc && { doc }),
      file: this.path,
      line: before.split('\n').length,
      column: nameAt - before.lastIndexOf('\n'),
    };
  }

  private audience(name: string, kind: LibraryKind): Audience {
    if (this.isKernel) return 'kernel';
    if (name.startsWith('_')) return 'library';
    return kind === 'fn' || kind === 'struct' || kind === 'global' ? 'user' : 'everywhere';
  }
}
