/**
 * From a loaded program to an image. This is the compiler's one entrance; nothing in here touches a host.
 */
import { constantOrder } from '../language/constant-order.js';
import type { Expect, NameRef, Param } from '../language/generated/ast.js';
import type { LibraryIndex } from '../language/library.js';
import type { LoadedProgram } from '../language/names.js';
import { hasErrors, type Problem } from '../language/problem.js';
import { ConstantFolder, isScalar, type Scalar } from './constants.js';
import { ImageBuilder } from './image-builder.js';
import { ImageCompiler } from './image-compiler.js';
import type { Constant, ExpectInfo, Image } from './image.js';
import { writeInit } from './initialisers.js';
import { meanings } from './meaning.js';
import type { Value } from './operators.js';
import { overridden, paramsOf, type ParamOverrides } from './params.js';
import { writeProgram, type ReadHostFile } from './program.js';

export interface CompileOptions {
  kind: Image['kind'];
  library: LibraryIndex;
  /** Values for `param`s, by name. */
  params?: ParamOverrides;
  readHostFile?: ReadHostFile;
}

/** An `expect` with what is needed to evaluate it after the run (evaluate.ts). */
export interface CompiledExpect {
  info: ExpectInfo;
  node: Expect;
}

export interface Compiled {
  /** Empty when the loaded program has errors. */
  image: Image;
  /** What the compiler itself found; those of the loaded program are not repeated. */
  problems: Problem[];
  expects: CompiledExpect[];
  /**
   * The value of a name in a top-level expression such as an expect's. An enum is a plain object with its members'
   * values. Undefined for a name that is no constant, param, enum or member of an enum.
   */
  valueOf(name: NameRef): Value | undefined;
}

export function compileProgram(loaded: LoadedProgram, options: CompileOptions): Compiled {
  const { kind, library } = options;
  if (hasErrors(loaded.problems))
    return { image: new ImageBuilder(kind).build(), problems: [], expects: [], valueOf: () => undefined };

  const defaults = new ConstantFolder(meanings(loaded.bindings, library), () => 0, new Map());
  defaults.foldAll(constantOrder(loaded));
  const params = overridden(loaded, options.params ?? {}, (param) => scalarOf(defaults, param));
  const compiler = new ImageCompiler(loaded, kind, library, params.values, kind !== 'program');
  compiler.problems.push(...params.problems);
  compiler.writeFunctions();
  const image = compiler.builder.build();
  if (kind === 'program') writeProgram(compiler, image, options.readHostFile);
  else writeInit(compiler);
  for (const param of paramsOf(loaded)) image.params[param.name] = scalarOf(compiler.folder, param) ?? null;
  if (kind !== 'program') image.exports = exportsOf(compiler);
  compiler.reportFaults();
  return {
    image,
    problems: compiler.problems,
    expects: expectsOf(loaded, image),
    valueOf: (name) => valueOf(compiler, name),
  };
}

function scalarOf(folder: ConstantFolder, param: Param): Scalar | undefined {
  const value = folder.paramValue(param);
  return value === undefined || !isScalar(value) ? undefined : value;
}

function valueOf({ meaningOf, folder }: ImageCompiler, name: NameRef): Value | undefined {
  const meaning = meaningOf(name);
  if (meaning.kind === 'enum') {
    const { members } = meaning.declaration;
    return Object.fromEntries(members.map((member) => [member.name, folder.memberValue(member)]));
  }
  const value = folder.fold(name);
  return value === undefined || !isScalar(value) ? undefined : value;
}

/** The constants and enum members of an image that are scalars, by name. */
function exportsOf(compiler: ImageCompiler): Image['exports'] {
  const exports: Image['exports'] = {};
  const add = (name: string, value: Constant | undefined): void => {
    if (value !== undefined && isScalar(value)) exports[name] = value;
  };
  for (const item of compiler.loaded.files.flatMap((file) => file.ast.items)) {
    if (item.$type === 'Const') add(item.name, compiler.folder.fold(item.value));
    if (item.$type !== 'Enum') continue;
    for (const member of item.members) add(member.name, compiler.folder.memberValue(member));
  }
  return exports;
}

function expectsOf(loaded: LoadedProgram, image: Image): CompiledExpect[] {
  const nodes = loaded.entry.ast.items.filter((item) => item.$type === 'Expect');
  return image.expects.map((info, i) => ({ info, node: nodes[i] }));
}
