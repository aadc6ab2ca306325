/**
 * What a name stands for, as the compiler sees it. `src/language/names.ts` finds out; here it is put in the few kinds
 * that make a difference to the code.
 */
import type {
  Const,
  Enum,
  EnumMember,
  Fn,
  Global,
  NameRef,
  Param,
  Struct,
  StructLiteral,
} from '../language/generated/ast.js';
import { libraryView, type LibraryEntry, type LibraryIndex } from '../language/library.js';
import type { Binding, Bindings, LocalDeclaration } from '../language/bindings.js';
import { REMOTE_CALLS } from '../language/special-calls.js';
import { REMOTE_PREFIX } from '../isa/isa.js';
import type { Constant } from './image.js';
import { signatureOfEntry, type Signature } from './signatures.js';

export type { LocalDeclaration, Signature };

export type Meaning =
  | { kind: 'local'; declaration: LocalDeclaration }
  | { kind: 'const'; declaration: Const }
  | { kind: 'param'; declaration: Param }
  | { kind: 'global'; declaration: Global }
  | { kind: 'function'; declaration: Fn }
  | { kind: 'struct'; declaration: Struct }
  | { kind: 'enum'; declaration: Enum }
  | { kind: 'member'; declaration: EnumMember }
  /** Supplied by the machine: LIB, or INTR when privileged. */
  | { kind: 'native'; name: string; privileged: boolean; signature: Signature }
  /** Of the user library's image. */
  | { kind: 'external'; name: string; signature: Signature }
  | { kind: 'external-global'; name: string }
  | { kind: 'external-constant'; value: Constant }
  | { kind: 'external-enum'; name: string }
  /** Nothing that can be a value: the name of a process, a word of a machine setting, a mistake reported already. */
  | { kind: 'none' };

export type MeaningOf = (node: NameRef | StructLiteral) => Meaning;

const NONE: Meaning = { kind: 'none' };

/** The meanings of a loaded program's names. */
export function meanings(bindings: Bindings, library: LibraryIndex): MeaningOf {
  const known = new Map<Binding, Meaning>();
  return (node) => {
    const binding = bindings.get(node);
    if (!binding) return NONE;
    let meaning = known.get(binding);
    if (!meaning) {
      meaning = meaningOf(binding, library);
      known.set(binding, meaning);
    }
    return meaning;
  };
}

function meaningOf(binding: Binding, library: LibraryIndex): Meaning {
  switch (binding.kind) {
    case 'local':
    case 'param':
    case 'global':
    case 'struct':
    case 'enum':
      return binding;
    case 'function':
      return binding.declaration.extern ? NONE : binding;
    case 'constant': {
      const { declaration } = binding;
      return declaration.$type === 'Const' ? { kind: 'const', declaration } : { kind: 'member', declaration };
    }
    case 'library':
      return meaningOfEntry(binding.entry, library);
    default:
      return NONE;
  }
}

export function meaningOfEntry(entry: LibraryEntry, library: LibraryIndex): Meaning {
  const { name, kind } = entry;
  switch (kind) {
    case 'extern':
    case 'fn': {
      const constants = libraryView(library)[entry.audience === 'kernel' ? 'kernel' : 'library'];
      const signature = signatureOfEntry(entry, (constant) => constants.get(constant)?.value);
      if (REMOTE_CALLS.get(name) === entry) {
        return { kind: 'native', name: REMOTE_PREFIX + name, privileged: false, signature };
      }
      if (kind === 'fn') return { kind: 'external', name, signature };
      return { kind: 'native', name, privileged: entry.audience === 'kernel', signature };
    }
    case 'const':
    case 'enum-member':
      // A constant with parts, `const table = [...]`, is a variable of the library's image.
      return entry.value === undefined
        ? { kind: 'external-global', name }
        : { kind: 'external-constant', value: entry.value };
    case 'global':
      return { kind: 'external-global', name };
    case 'enum':
      return { kind: 'external-enum', name };
    case 'struct':
      return NONE;
  }
}
