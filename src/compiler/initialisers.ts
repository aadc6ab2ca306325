/**
 * The functions that the compiler makes up: `$init`, which gives globals their first values, and `_start`, in which a
 * process begins.
 */
import { constantOrder } from '../language/constant-order.js';
import type { Const, Global } from '../language/generated/ast.js';
import type { ParsedFile } from '../language/parse.js';
import { HEADER } from '../isa/isa.js';
import type { Constant } from './image.js';
import type { FunctionContext } from './function-context.js';
import type { Callable, ImageCompiler } from './image-compiler.js';
import { storeGlobal, type GlobalMeaning } from './variables.js';

/** The name of the library's `$init`, for the other images. */
export const LIBRARY_INIT = '$init_library';

/**
 * Writes `$init` and returns its number, or -1 when it would do nothing. An integer needs no code: it is in .data.
 * Constants with parts come first, each after those it is made of.
 */
export function writeInit(compiler: ImageCompiler): number {
  const kind = compiler.builder.kind;
  const name = kind === 'library' ? LIBRARY_INIT : '$init';
  const groups = groupsByFile(compiler, initialised(compiler));
  if (groups.length === 0 && kind === 'program') return -1;
  return writeGroups(compiler, name, groups);
}

function writeGroups(compiler: ImageCompiler, name: string, groups: readonly Group[]): number {
  if (groups.length === 1) return writeGroup(compiler, name, groups[0]);
  const parts = groups.map((group) => writeGroup(compiler, `${name}:${fileName(group.file)}`, group));
  const entry = compiler.loaded.entry;
  return compiler.makeUp({ name, file: entry, role: 'init', node: entry.ast }, (f) => {
    const window = f.registers.take(HEADER + 1) + HEADER;
    for (const part of parts) f.emitter.emit('CALL', window, part, 0);
  });
}

/**
 * Writes what gives a remote its copies of the constants that have parts: they are values, and need nothing of ours.
 * Returns its number, or -1 when there are none.
 */
export function writeConstants(compiler: ImageCompiler): number {
  const groups = groupsByFile(
    compiler,
    initialised(compiler).filter((item) => item.$type === 'Const'),
  );
  return groups.length === 0 ? -1 : writeGroups(compiler, '$init_remote', groups);
}

interface Group {
  file: ParsedFile;
  items: (Global | Const)[];
}

/** What needs code, in the order in which it runs. */
function initialised(compiler: ImageCompiler): (Global | Const)[] {
  const constants: Const[] = [];
  const globals: Global[] = [];
  for (const item of compiler.globals) {
    if (item.$type === 'Const') constants.push(item);
    else if (item.shared && (!item.value || compiler.syncOf(item).sync)) continue;
    else if (!item.value || typeof compiler.folder.fold(item.value) !== 'number') globals.push(item);
  }
  return [...inOrderOfUse(compiler, constants), ...globals];
}

/** Each constant after those that its value is made of. */
function inOrderOfUse(compiler: ImageCompiler, constants: readonly Const[]): Const[] {
  const wanted = new Set<unknown>(constants);
  return constantOrder(compiler.loaded).order.filter((each): each is Const => wanted.has(each));
}

/** A function has one source file: neighbours in the order that are of one file go into one function. */
function groupsByFile(compiler: ImageCompiler, items: readonly (Global | Const)[]): Group[] {
  const groups: Group[] = [];
  for (const item of items) {
    const file = compiler.fileHolding(item);
    const last = groups[groups.length - 1];
    if (last?.file === file) last.items.push(item);
    else groups.push({ file, items: [item] });
  }
  return groups;
}

function writeGroup(compiler: ImageCompiler, name: string, { file, items }: Group): number {
  return compiler.makeUp({ name, file, role: 'init', node: items[0] }, (f) => {
    for (const item of items) f.temporarily(() => initialise(f, item));
  });
}

function initialise(f: FunctionContext, item: Global | Const): void {
  const meaning: GlobalMeaning =
    item.$type === 'Const' ? { kind: 'const', declaration: item } : { kind: 'global', declaration: item };
  f.emitter.statement(f.rangeOf(item));
  const value = f.registers.take();
  if (item.value) f.into(item.value, value);
  else f.load(value, null);
  storeGlobal(f, meaning, value);
}

/** Writes the `_start` of a process or program: initialise, fetch the arguments, run the body, exit with its result. */
export function writeStart(compiler: ImageCompiler, callable: Callable, init: number): number {
  const file = compiler.fileHolding(callable);
  const builder = compiler.builder;
  return compiler.makeUp({ name: '_start', file, role: 'start', node: callable }, (f) => {
    const { emitter, registers } = f;
    const window = registers.take(HEADER + 1) + HEADER;
    emitter.emit('CALL', window, builder.external(LIBRARY_INIT), 0);
    if (init >= 0) emitter.emit('CALL', window, init, 0);
    const { required, defaults } = compiler.defaultsOf(callable);
    callable.params.forEach((param, i) => {
      const argument = i === 0 ? window : registers.take();
      f.temporarily(() => {
        const inner = argument === window ? window : registers.take(HEADER + 1) + HEADER;
        fetchArgument(f, inner, i, param.rest);
        f.move(argument, inner);
        if (i >= required && !param.rest) replaceNull(f, argument, defaults[i - required] ?? null);
      });
    });
    emitter.emit('CALL', window, compiler.bodyNumber(callable), callable.params.length);
    const given = emitter.label();
    emitter.jump('JT', given, window);
    emitter.emit('LDI', window, 0);
    emitter.place(given);
    emitter.emit('CALL', window, builder.external('exit'), 1);
  });
}

/** Argument i of those that exec() or boot laid in memory, null if there is none; or the list of all from there on. */
function fetchArgument({ emitter, unit }: FunctionContext, register: number, i: number, rest: boolean): void {
  emitter.emit('LDI', register, i);
  if (rest) emitter.emit('CALL', register, unit.builder.external('_arguments_from'), 1);
  else emitter.emit('LIB', register, unit.builder.native('__argument'), 1);
}

/** A null can not be handed over: it ends the arguments. So a null says that none was given. */
function replaceNull(f: FunctionContext, register: number, otherwise: Constant): void {
  if (otherwise === null) return;
  const given = f.emitter.label();
  const nothing = f.registers.take();
  f.load(nothing, null);
  f.emitter.jump('JNE', given, register, nothing);
  f.load(register, otherwise);
  f.emitter.place(given);
}

function fileName(file: ParsedFile): string {
  return file.uri.slice(file.uri.lastIndexOf('/') + 1);
}
