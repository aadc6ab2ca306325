/** What names mean: each is bound to its declaration. */
import type { AstNode } from 'langium';
import type {
  Const,
  Enum,
  EnumMember,
  Fn,
  Global,
  Let,
  LoopVariable,
  NameRef,
  Param,
  Parameter,
  Process,
  Program,
  Remote,
  Struct,
  StructLiteral,
} from './generated/ast.js';
import type { LibraryEntry } from './library.js';
import type { ParsedFile } from './parse.js';

export type LocalDeclaration = Let | Const | Parameter | LoopVariable;

/** What a name means. `file` is where it is declared. */
export type Binding =
  | { readonly kind: 'local'; readonly declaration: LocalDeclaration; readonly file: ParsedFile }
  | { readonly kind: 'global'; readonly declaration: Global; readonly file: ParsedFile }
  | { readonly kind: 'param'; readonly declaration: Param; readonly file: ParsedFile }
  | { readonly kind: 'constant'; readonly declaration: Const | EnumMember; readonly file: ParsedFile }
  | { readonly kind: 'enum'; readonly declaration: Enum; readonly file: ParsedFile }
  | { readonly kind: 'struct'; readonly declaration: Struct; readonly file: ParsedFile }
  | { readonly kind: 'function'; readonly declaration: Fn; readonly file: ParsedFile }
  | { readonly kind: 'program'; readonly declaration: Program; readonly file: ParsedFile }
  | { readonly kind: 'process'; readonly declaration: Process; readonly file: ParsedFile }
  | { readonly kind: 'remote'; readonly declaration: Remote; readonly file: ParsedFile }
  | { readonly kind: 'library'; readonly entry: LibraryEntry };

export type Bindings = ReadonlyMap<NameRef | StructLiteral | AstNode, Binding>;
