/** What functions ask of their callers: of this image from their declarations, of others from the library index. */
import type { Expression, Parameter } from '../language/generated/ast.js';
import { constantOf, type ConstantValue } from '../language/constant.js';
import type { LibraryEntry } from '../language/library.js';
import { parseSource } from '../language/parse.js';
import type { Constant } from './image.js';

/** What a function asks of its callers. Defaults of the optional parameters, in order. */
export interface Signature {
  /** All named parameters, and those of them that must be given. */
  params: number;
  required: number;
  rest: boolean;
  defaults: readonly Constant[];
}

/**
 * `fold` gives the value of a constant expression. `report` is told of a default that is not constant: whoever calls
 * must know it.
 */
export function signatureOfDeclaration(
  params: readonly Parameter[],
  fold: (value: Expression) => Constant | undefined,
  report: (node: Expression) => void,
): Signature {
  const named = params.filter((param) => !param.rest);
  const defaults: Constant[] = [];
  for (const { value } of named) {
    if (!value) continue;
    const constant = fold(value);
    if (constant === undefined) report(value);
    defaults.push(constant ?? null);
  }
  return {
    params: named.length,
    required: named.length - defaults.length,
    rest: params.some((param) => param.rest),
    defaults,
  };
}

const signatures = new WeakMap<LibraryEntry, Signature>();

/** The signature of a library function. The index has defaults as text; `constant` gives a name its value. */
export function signatureOfEntry(
  entry: LibraryEntry,
  constant: (name: string) => ConstantValue | undefined,
): Signature {
  let signature = signatures.get(entry);
  if (!signature) {
    const named = (entry.params ?? []).filter((param) => !param.rest);
    const defaults = named.flatMap((param) =>
      param.default === undefined ? [] : [valueOfText(param.default, constant)],
    );
    signature = {
      params: named.length,
      required: named.length - defaults.length,
      rest: (entry.params ?? []).some((param) => param.rest),
      defaults,
    };
    signatures.set(entry, signature);
  }
  return signature;
}

function valueOfText(text: string, constant: (name: string) => ConstantValue | undefined): Constant {
  const item = parseSource(`const value = ${text};`, 'default').ast.items[0];
  return item?.$type === 'Const' ? (constantOf(item.value, ({ name }) => constant(name)) ?? null) : null;
}
