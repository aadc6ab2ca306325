/**
 * Binds the names of one file: blocks and their variables inside, the declarations of files and the library outside.
 */
import type { AstNode } from 'langium';
import { childrenOf, enclosing } from './ast-walk.js';
import { PROMISED_CALLS } from './calls.js';
import { nameRange, type Declarations } from './declarations.js';
import type { Block, Const, ForIn, Item, Let, NameRef, Parameter, StructLiteral } from './generated/ast.js';
import type { LibraryEntry, LibraryView } from './library.js';
import type { Binding, LocalDeclaration } from './bindings.js';
import { rangeOf, type ParsedFile } from './parse.js';
import type { Problem } from './problem.js';
import { EXPECT_CALLS, REMOTE_CALLS } from './special-calls.js';
import { closest, importFor, knownElsewhere } from './suggest.js';
import { foreignWordHint } from './syntax/habits.js';

/** The library's stand-in for calls that the kernel does not have yet: it fails with ENOSYS. */
const NOT_YET = '_not_yet';

/** The most undeclared names of a file that are compared with all others: a file with more has another problem. */
const MOST_SUGGESTIONS = 100;

/** A name where a text seems to declare it: behind a word, or in what may be a list of parameters. */
const DECLARED =
  /\b(?:let|const|var|fn|param|struct|enum|for\s*\()\s*(?:let\s+)?([A-Za-z_]\w*)|[(,]\s*([A-Za-z_]\w*)(?=\s*[,)=])/g;

interface Task {
  readonly file: ParsedFile;
  /** The file's own declarations first, then those it imports. */
  readonly visible: readonly Declarations[];
  readonly library: ReadonlyMap<string, LibraryEntry>;
  readonly view: LibraryView;
  readonly isEntry: boolean;
  /** The result: bindFile() fills it in. */
  readonly bindings: Map<AstNode, Binding>;
}

type Scope = Map<string, Binding>;

/** Binds every name of a file, or says why it can't be bound. */
export function bindFile(task: Task): Problem[] {
  return new Binder(task).run();
}

class Binder {
  private readonly problems: Problem[] = [];
  private readonly outer: Scope = new Map();
  private readonly tasks: Scope = new Map();
  private scopes: Scope[] = [];
  /** Names already reported in the current declaration: once is enough. */
  private reported = new Set<string>();
  /** How many more names are compared with all others, to suggest one. */
  private suggestions = MOST_SUGGESTIONS;
  /** The names that blocks declare, as far as they were asked for. */
  private readonly declaredIn = new Map<AstNode, ReadonlySet<string>>();
  /** The names that the text seems to declare, in a file that does not parse. */
  private declaredInText: ReadonlySet<string> | undefined;
  /** Calls that exist in an expect or a remote only. */
  private special: ReadonlyMap<string, LibraryEntry> | undefined;

  constructor(private readonly task: Task) {
    for (const { values, tasks } of [...task.visible].reverse()) {
      for (const [name, binding] of values) this.outer.set(name, binding);
      for (const [name, binding] of tasks) this.tasks.set(name, binding);
    }
  }

  run(): Problem[] {
    for (const item of this.task.file.ast.items) {
      this.reported = new Set();
      this.scopes = [];
      this.special = item.$type === 'Expect' ? EXPECT_CALLS : item.$type === 'Remote' ? REMOTE_CALLS : undefined;
      this.item(item);
    }
    return this.problems;
  }

  private item(item: Item): void {
    switch (item.$type) {
      case 'Fn':
      case 'Process':
      case 'Program':
      case 'Remote':
        if ('attributes' in item) item.attributes.forEach((attribute) => this.node(attribute));
        this.inScope(() => {
          item.params.forEach((param) => this.parameter(param));
          // The body shares the parameters' scope, as in C: redeclaring one there is an error.
          item.body?.statements.forEach((statement) => this.node(statement));
        });
        return;
      default:
        childrenOf(item).forEach((child) => this.node(child));
    }
  }

  private parameter(param: Parameter): void {
    if (param.value) this.node(param.value);
    this.declare(param);
  }

  private node(node: AstNode): void {
    switch (node.$type) {
      case 'NameRef':
        return this.name(node as NameRef);
      case 'StructLiteral':
        this.name(node as StructLiteral);
        return this.children(node);
      case 'Let':
      case 'Const':
        this.children(node);
        return this.declare(node as Let | Const);
      case 'Block':
        return this.inScope(() => (node as Block).statements.forEach((statement) => this.node(statement)));
      case 'For':
      case 'Switch':
        return this.inScope(() => this.children(node));
      case 'ForIn':
        return this.forIn(node as ForIn);
      case 'If':
      case 'While':
      case 'DoWhile':
        // A statement without braces is a scope of its own too.
        return childrenOf(node).forEach((child) => this.inScope(() => this.node(child)));
      default:
        return this.children(node);
    }
  }

  private children(node: AstNode): void {
    for (const child of childrenOf(node)) this.node(child);
  }

  private forIn(loop: ForIn): void {
    if (loop.from) this.node(loop.from);
    if (loop.to) this.node(loop.to);
    this.inScope(() => {
      if (loop.variable) this.declare(loop.variable);
      if (loop.body) this.node(loop.body);
    });
  }

  private inScope(action: () => void): void {
    this.scopes.push(new Map());
    action();
    this.scopes.pop();
  }

  private declare(declaration: LocalDeclaration): void {
    const name = declaration.name;
    const scope = this.scopes[this.scopes.length - 1];
    if (name === undefined || scope === undefined) return;
    const earlier = scope.get(name);
    if (earlier?.kind === 'local') {
      const line = rangeOf(earlier.declaration).from.line;
      this.report('redeclared', {
        ...nameRange(declaration, this.task.file),
        message: `\`${name}\` is already declared in this block, in line ${line}.`,
        hint:
          declaration.$type === 'Let'
            ? `To give it a new value write \`${name} = …;\` without let, or choose another name.`
            : 'Choose another name.',
      });
    }
    scope.set(name, { kind: 'local', declaration, file: this.task.file });
  }

  private name(node: NameRef | StructLiteral): void {
    const name = node.$type === 'NameRef' ? node.name : node.struct;
    if (name === undefined) return;
    const binding = this.find(name);
    if (binding) this.task.bindings.set(node, binding);
    else this.unbound(node, name);
  }

  private find(name: string): Binding | undefined {
    for (let i = this.scopes.length - 1; i >= 0; i--) {
      const found = this.scopes[i]?.get(name);
      if (found) return found;
    }
    const special = this.special?.get(name);
    if (special) return { kind: 'library', entry: special };
    const declared = this.outer.get(name);
    if (declared) return declared;
    const entry = this.task.library.get(name);
    return entry ? { kind: 'library', entry } : this.tasks.get(name);
  }

  /** A name that means nothing: each reason has its own message. */
  private unbound(node: NameRef | StructLiteral, name: string): void {
    // The words of a setting, `scheduler = rr`, are checked with the settings.
    if (node.$container?.$type === 'Setting') return;
    const { library, view } = this.task;
    const isKernelFile = library === view.kernel || library === view.kernelFile;
    const promised = PROMISED_CALLS.get(name);
    const isCalled = node.$container?.$type === 'Call' && node.$containerProperty === 'callee';
    // A call that the kernel will have one day: the library has a function that fails in its place.
    const stub = promised && !isKernelFile && isCalled ? this.task.view.library.get(NOT_YET) : undefined;
    if (stub) this.task.bindings.set(node, { kind: 'library', entry: stub });
    if (this.reported.has(name)) return;
    this.reported.add(name);
    const report = (code: string, message: string, hint: string, severity: Problem['severity'] = 'error'): void => {
      const range = nameRange({ ...node, name }, this.task.file);
      this.problems.push({ uri: this.task.file.uri, ...range, severity, code, message, hint });
    };
    const intrinsic = this.task.view.kernel.get(name);
    if (promised && !isKernelFile && isCalled) {
      const rest = 'The program runs, and the call fails with ENOSYS.';
      report(
        'not-yet',
        `${name} is not in this kernel yet. ${rest}`,
        `${promised.signature}: ${promised.summary}`,
        'warning',
      );
    } else if (!isKernelFile && intrinsic?.kind === 'extern') {
      report(
        'kernel-intrinsic',
        `\`${name}\` is for the kernel only: a user program reaches the hardware through system calls.`,
        'Legal in a file whose first line is `kernel;`. A program uses calls such as read() or sleep().',
      );
    } else if (isKernelFile && this.task.view.user.has(name)) {
      report(
        'libc-in-kernel',
        `\`${name}\` belongs to user programs; the kernel has no library under it.`,
        'Call the kernel function that does the work, or write it in a kernel file.',
      );
    } else if (foreignWordHint(name)) {
      report('foreign-word', `\`${name}\` is not a word of this language.`, foreignWordHint(name) ?? '');
    } else if (node.$type === 'StructLiteral') {
      const near = this.suggested(name, () =>
        [...this.outer].filter(([, binding]) => binding.kind === 'struct').map(([key]) => key),
      );
      report(
        'undeclared-name',
        `There is no struct \`${name}\`.`,
        near
          ? `Did you mean \`${near}\`?`
          : `Declare it: struct ${name} { … }. A record without a struct is { field: value }.`,
      );
    } else {
      this.undeclared(node, name, isCalled, report);
    }
  }

  private undeclared(
    node: NameRef,
    name: string,
    isCalled: boolean,
    report: (code: string, message: string, hint: string) => void,
  ): void {
    if (this.isDeclaredLater(node, name)) {
      report(
        'used-before-declaration',
        `\`${name}\` is used here before its declaration.`,
        'Move the `let` above this line.',
      );
      return;
    }
    // In a file that does not parse, the declaration may be what was lost.
    if (this.task.file.problems.length > 0 && this.isDeclaredInText(name)) return;
    const what = isCalled ? 'function' : 'name';
    const module = importFor(name);
    const elsewhere = knownElsewhere(name);
    const near = this.suggested(name, () => this.visibleNames());
    const isAssigned = node.$container?.$type === 'Assignment' && node.$containerProperty === 'target';
    const hint =
      module ??
      (elsewhere
        ? `Here this is ${elsewhere}${elsewhere.endsWith(';') ? '' : '.'}`
        : near
          ? `Did you mean \`${near}\`?`
          : isCalled
            ? `Declare it: fn ${name}(…) { … }, or import the file that has it.`
            : isAssigned
              ? `Declare it first: let ${name} = …;`
              : `Declare it with \`let ${name} = …;\` before this line; text goes in double quotes.`);
    report('undeclared-name', `There is no ${what} \`${name}\`.`, hint);
  }

  /** The closest of the candidates. Limited in number for each file, since every search looks at all names. */
  private suggested(name: string, candidates: () => Iterable<string>): string | undefined {
    return this.suggestions-- > 0 ? closest(name, candidates()) : undefined;
  }

  private *visibleNames(): Generator<string> {
    for (const scope of this.scopes) yield* scope.keys();
    yield* this.outer.keys();
    if (this.special) yield* this.special.keys();
    for (const name of this.task.library.keys()) if (!name.startsWith('_')) yield name;
  }

  private isDeclaredLater(node: AstNode, name: string): boolean {
    for (let block = enclosing(node, 'Block', 'Case'); block; block = enclosing(block, 'Block', 'Case')) {
      if (this.namesOf(block as Block).has(name)) return true;
    }
    return false;
  }

  /** The names that a block's own statements declare. */
  private namesOf(block: Block): ReadonlySet<string> {
    let names = this.declaredIn.get(block);
    if (!names) {
      const declarations = block.statements.filter(({ $type }) => $type === 'Let' || $type === 'Const');
      names = new Set(declarations.map((declaration) => (declaration as Let | Const).name));
      this.declaredIn.set(block, names);
    }
    return names;
  }

  private isDeclaredInText(name: string): boolean {
    this.declaredInText ??= new Set(
      [...this.task.file.text.matchAll(DECLARED)].map(([, behindWord, inList]) => behindWord ?? inList ?? ''),
    );
    return this.declaredInText.has(name);
  }

  private report(code: string, rest: Pick<Problem, 'from' | 'to' | 'message' | 'hint'>): void {
    this.problems.push({ uri: this.task.file.uri, severity: 'error', code, ...rest });
  }
}
