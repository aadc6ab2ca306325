/**
 * Compiles the files of one image: numbers its functions and globals, then writes each function. What only a program
 * has (processes, the machine, the disk) is in program.ts.
 */
import type { AstNode } from 'langium';
import { enclosing } from '../language/ast-walk.js';
import type {
  Block,
  Const,
  Expression,
  Fn,
  Global,
  NameRef,
  Parameter,
  Process,
  Program,
  Remote,
  SourceFile,
} from '../language/generated/ast.js';
import { constantOrder } from '../language/constant-order.js';
import { arrayLengthFault } from '../language/limits.js';
import { nameRange } from '../language/declarations.js';
import type { LibraryIndex } from '../language/library.js';
import type { LoadedProgram } from '../language/names.js';
import { rangeOf, type ParsedFile } from '../language/parse.js';
import { isBinary, type Folded } from '../language/precedence.js';
import { syncArgumentFault, syncKind } from '../language/sync-objects.js';
import type { Problem } from '../language/problem.js';
import { ConstantFolder, type Scalar } from './constants.js';
import { Emitter } from './emitter.js';
import { expressionWriter } from './expressions.js';
import { FunctionContext, sourceRange, type Unit } from './function-context.js';
import { ImageBuilder } from './image-builder.js';
import type { FunctionInfo, GlobalInfo, Image } from './image.js';
import { meanings, type Meaning, type MeaningOf, type Signature } from './meaning.js';
import { Mutations } from './mutations.js';
import { packPositions } from './positions.js';
import { signatureOfDeclaration } from './signatures.js';
import { writeStatement } from './statements.js';

/** What has a body of statements. */
export type Callable = (Fn & { body: Block }) | Process | Program | Remote;

/** A function that the compiler makes up. */
interface MadeUp {
  name: string;
  file: ParsedFile;
  role: 'start' | 'init';
  /** Where it is said to stand. */
  node: AstNode;
}

const ROLES = { Fn: 'function', Process: 'process', Program: 'program', Remote: 'remote' } as const;

export class ImageCompiler implements Unit {
  readonly builder: ImageBuilder;
  readonly folder: ConstantFolder;
  readonly meaningOf: MeaningOf;
  readonly mutations = new Mutations();
  readonly problems: Problem[] = [];
  /** Globals, and constants with parts, in order of declaration. */
  readonly globals: (Global | Const)[] = [];
  private readonly callables: Callable[] = [];
  private readonly functionNumbers = new Map<AstNode, number>();
  private readonly globalNumbers = new Map<AstNode, number>();
  private readonly signatures = new Map<Fn, Signature>();
  private readonly fileOf = new Map<SourceFile, ParsedFile>();

  constructor(
    readonly loaded: LoadedProgram,
    kind: Image['kind'],
    library: LibraryIndex,
    overrides: ReadonlyMap<string, Scalar>,
    keepText: boolean,
  ) {
    this.builder = new ImageBuilder(kind);
    this.meaningOf = meanings(loaded.bindings, library);
    this.folder = new ConstantFolder(this.meaningOf, (meaning) => this.functionNumber(meaning), overrides);
    for (const file of loaded.files) {
      this.fileOf.set(file.ast, file);
      this.builder.files.push(keepText ? { uri: file.uri, text: file.text } : { uri: file.uri });
    }
    this.numberFunctions();
    this.folder.foldAll(constantOrder(loaded));
    this.numberGlobals();
  }

  /** Writes every function that has a body. */
  writeFunctions(): void {
    for (const callable of this.callables) this.writeFunction(callable);
  }

  /** Writes a function without source of its own; `body` emits everything but the last return. */
  makeUp({ name, file, role, node }: MadeUp, body: (f: FunctionContext) => void): number {
    const f = this.context(file, node);
    body(f);
    if (f.emitter.isReachable) f.emitter.emit('RET0');
    const place = rangeOf(node).from;
    return this.addFunction(f, {
      name,
      file: this.fileIndex(file),
      params: 0,
      required: 0,
      rest: false,
      defaults: [],
      line: place.line,
      column: place.column,
      endLine: place.line,
      synthetic: true,
      role,
    });
  }

  functionNumber(meaning: Meaning & { kind: 'function' | 'external' }): number {
    if (meaning.kind === 'external') return this.builder.external(meaning.name);
    return this.functionNumbers.get(meaning.declaration) ?? 0;
  }

  /** The number of the function that a process or program is. */
  bodyNumber(callable: Callable): number {
    return this.functionNumbers.get(callable) ?? 0;
  }

  globalNumber(meaning: Meaning & { kind: 'global' | 'const' | 'external-global' }): number {
    if (meaning.kind === 'external-global') return this.builder.external(meaning.name);
    return this.globalNumbers.get(meaning.declaration) ?? 0;
  }

  signatureOf(meaning: Meaning & { kind: 'function' | 'external' | 'native' }): Signature {
    return meaning.kind === 'function' ? this.signatureOfFn(meaning.declaration) : meaning.signature;
  }

  fileIndex(file: ParsedFile): number {
    return this.loaded.files.indexOf(file);
  }

  fileHolding(node: AstNode): ParsedFile {
    let root = node;
    while (root.$container) root = root.$container;
    return this.fileOf.get(root as SourceFile) ?? this.loaded.entry;
  }

  report(node: AstNode, code: string, message: string, hint?: string, severity: Problem['severity'] = 'error'): void {
    const problem = { uri: this.fileHolding(node).uri, ...rangeOf(node), severity, code, message };
    this.problems.push(hint ? { ...problem, hint } : problem);
  }

  /**
   * Constants of declarations that can not be computed, `const X = 1 / 0;`, are errors; in a function they are left to
   * the run.
   */
  reportFaults(): void {
    for (const { node, message } of this.folder.faults) {
      const leaf = isBinary(node) ? firstLeaf(node) : node;
      if (enclosing(leaf, 'Block')) continue;
      this.report(leaf, 'bad-constant', `This has no value: ${message}.`);
    }
  }

  private numberFunctions(): void {
    for (const file of this.loaded.files) {
      for (const item of file.ast.items) {
        const isCallable =
          (item.$type === 'Fn' && item.body !== undefined) ||
          item.$type === 'Program' ||
          item.$type === 'Remote' ||
          // Processes of imported files are not started.
          (item.$type === 'Process' && file === this.loaded.entry);
        if (!isCallable) continue;
        this.functionNumbers.set(item, this.callables.length);
        this.callables.push(item as Callable);
      }
    }
  }

  private numberGlobals(): void {
    for (const file of this.loaded.files) {
      for (const item of file.ast.items) {
        const hasParts = item.$type === 'Const' && this.folder.fold(item.value) === undefined;
        if (item.$type !== 'Global' && !hasParts) continue;
        const value = item.value && this.folder.fold(item.value);
        const { line, column } = nameRange(item, file).from;
        this.globalNumbers.set(item, this.globals.length);
        this.globals.push(item);
        const length = item.$type === 'Global' && item.length ? this.lengthOf(item.length) : undefined;
        this.builder.globals.push({
          name: item.name,
          file: this.fileIndex(file),
          line,
          column,
          shared: item.$type === 'Global' && item.shared,
          initial: typeof value === 'number' ? value : 0,
          ...(length !== undefined && { length }),
          ...(item.$type === 'Global' && this.syncOf(item)),
        });
      }
    }
  }

  /** What stands for the parameters of a process or program that is started without an argument for them. */
  defaultsOf(callable: Callable): Signature {
    return this.signatureOfParams(callable.params);
  }

  /**
   * `shared var m = mutex();`: its words are laid out with it, like a C program's that has PTHREAD_MUTEX_INITIALIZER.
   * So it is there before the first process is, and none has to make it.
   */
  syncOf({ shared, value }: Global): Pick<GlobalInfo, 'sync'> {
    if (!shared || value?.$type !== 'Call' || value.callee.$type !== 'NameRef') return {};
    const meaning = this.meaningOf(value.callee);
    const kind = meaning.kind === 'external' ? syncKind(meaning.name) : undefined;
    if (!kind) return {};
    const [arg] = value.args;
    const argument = arg ? this.folder.fold(arg) : undefined;
    const fault = syncArgumentFault(kind, argument, arg !== undefined);
    if (fault) this.report(arg ?? value, 'shared-value', fault.message, fault.hint);
    return { sync: { kind: kind.name, argument: (fault ? 0 : (argument as number)) || 0 } };
  }

  /** How many elements `shared var a[n]` has. The checks have seen all but what a param makes of it. */
  private lengthOf(node: Expression): number {
    const length = this.folder.fold(node);
    const fault = arrayLengthFault(length);
    if (fault) this.report(node, 'array-length', fault.message, fault.hint);
    return fault ? 1 : (length as number);
  }

  private signatureOfFn(declaration: Fn): Signature {
    let signature = this.signatures.get(declaration);
    if (!signature) {
      signature = this.signatureOfParams(declaration.params);
      this.signatures.set(declaration, signature);
    }
    return signature;
  }

  private signatureOfParams(params: readonly Parameter[]): Signature {
    return signatureOfDeclaration(
      params,
      (value) => this.folder.fold(value),
      (node) =>
        this.report(
          node,
          'default-not-constant',
          "A parameter's default must be known before the program runs.",
          'Use null as the default, and replace it at the start of the function.',
        ),
    );
  }

  private context(file: ParsedFile, node: AstNode): FunctionContext {
    const { from, to } = rangeOf(node);
    const emitter = new Emitter(this.builder.code, sourceRange(file.lines, from.offset, to.offset));
    return new FunctionContext(this, emitter, file.lines, expressionWriter);
  }

  private writeFunction(callable: Callable): void {
    const file = this.fileHolding(callable);
    const end = rangeOf(callable.body).to.offset;
    const name = nameRange(callable, file).from;
    const f = this.context(file, callable);
    f.openScope();
    for (const param of callable.params) f.declare(param, f.registers.take(), true);
    for (const statement of callable.body.statements) writeStatement(f, statement);
    if (f.emitter.isReachable) {
      f.emitter.statement(sourceRange(file.lines, end - 1, end));
      f.emitter.emit('RET0');
    }
    f.closeScope();
    this.addFunction(f, {
      name: callable.name,
      file: this.fileIndex(file),
      ...(callable.$type === 'Fn' ? this.signatureOfFn(callable) : ofBody(this.defaultsOf(callable))),
      line: name.line,
      column: name.column,
      endLine: file.lines.positionAt(end).line,
      role: ROLES[callable.$type],
    });
  }

  private addFunction(
    f: FunctionContext,
    info: Omit<FunctionInfo, 'from' | 'to' | 'registers' | 'positions' | 'variables' | 'origins' | 'defaults'> &
      Pick<Signature, 'defaults'>,
  ): number {
    return (
      this.builder.functions.push({
        ...info,
        defaults: [...info.defaults],
        from: f.emitter.from,
        to: f.emitter.here,
        registers: f.registers.most,
        positions: packPositions(f.emitter.positions, { from: f.emitter.from, line: info.line }),
        variables: f.emitter.variables,
        ...(Object.keys(f.emitter.origins).length > 0 && { origins: f.emitter.origins }),
      }) - 1
    );
  }
}

/** The body of a process or program is called by its `_start` only, which makes up all arguments, the list too. */
function ofBody({ params, rest }: Signature): Signature {
  const all = params + (rest ? 1 : 0);
  return { params: all, required: all, rest: false, defaults: [] };
}

function firstLeaf(node: Folded): Expression {
  let leaf = node;
  while (isBinary(leaf)) leaf = leaf.left;
  return leaf;
}

/** The word that a name is where words stand for themselves, as in `scheduler = rr;`. */
export function wordOf(node: AstNode): string | undefined {
  return node.$type === 'NameRef' ? (node as NameRef).name : undefined;
}
