/**
 * Names as values: locals in their registers, globals in the process's .data (or the kernel's memory).
 */
import type { Expression, NameRef } from '../language/generated/ast.js';
import type { FunctionContext } from './function-context.js';
import type { Meaning } from './meaning.js';

/** A name that lives in .data or in the kernel. */
export type GlobalMeaning = Meaning & { kind: 'global' | 'const' | 'external-global' };

/** The register of a local, when `node` names one. */
export function localRegister(f: FunctionContext, node: Expression): number | undefined {
  if (node.$type !== 'NameRef') return undefined;
  const meaning = f.unit.meaningOf(node);
  return meaning.kind === 'local' ? f.registerOf(meaning.declaration) : undefined;
}

/** What has no constant value and a name: a local, a `var`, a `const` with parts. */
export function nameInto(f: FunctionContext, node: NameRef, target: number): void {
  const meaning = f.unit.meaningOf(node);
  switch (meaning.kind) {
    case 'local': {
      const register = f.registerOf(meaning.declaration);
      if (register !== undefined) f.move(target, register);
      else f.load(target, null);
      return;
    }
    case 'global':
    case 'const':
    case 'external-global':
      return loadGlobal(f, meaning, target);
    default:
      f.unit.report(
        node,
        'not-a-value',
        `\`${node.name}\` is not a value.`,
        meaning.kind === 'native'
          ? `Call it: ${node.name}(…). To hand it on, wrap it in a function of your own.`
          : undefined,
      );
      f.load(target, null);
  }
}

export function loadGlobal(f: FunctionContext, meaning: GlobalMeaning, target: number): void {
  if (meaning.kind === 'global' && meaning.declaration.length) {
    const number = f.unit.globalNumber(meaning);
    return void f.emitter.emit('GARR', target, number, f.unit.builder.globals[number]?.length ?? 1);
  }
  f.emitter.emit(inKernel(f) ? 'KLD' : 'GLD', target, f.unit.globalNumber(meaning));
}

export function storeGlobal(f: FunctionContext, meaning: GlobalMeaning, from: number): void {
  f.emitter.emit(inKernel(f) ? 'KST' : 'GST', f.unit.globalNumber(meaning), from);
}

function inKernel(f: FunctionContext): boolean {
  return f.unit.builder.kind === 'kernel';
}
