/** A linked kernel and library as JavaScript: the text of each function that is worth it, and where it is entered. */
import { readFileSync } from 'node:fs';
import type { Linked } from '../../src/machine/link.js';
import { WORDS } from '../../src/isa/isa.js';
import { FunctionTranslator } from './function.mjs';
import { fieldPlaces } from './shapes.mjs';

/** A block's number has so many bits, beside its function's. */
export const BLOCK_BITS = 11;

/** What the text of a function names of src/machine/translated/fast-paths.ts, besides `leave`, which it calls L. */
export const HELPERS = [
  'beginCall', 'bitAnd', 'bitOr', 'bitXor', 'element', 'equal', 'field', 'grow', 'joined', 'lengthOf', 'list', 'native',
  'nativeBefore', 'numberOf', 'ofThread', 'part', 'pass', 'record', 'save', 'saveContext', 'saveGlobals', 'setElement',
  'setField', 'setUserGlobal', 'userGlobal', 'walked',
] as const; // prettier-ignore

export interface TranslatedProgram {
  /** `function f12(fp, at) { … }` by the function's number. */
  functions: Map<number, string>;
  /** By instruction, the number of its function plus one with that of the block which begins there. */
  entries: [instruction: number, entry: number][];
}

export function translated(program: Linked): TranslatedProgram {
  const chosen = new Set(
    readFileSync(new URL('chosen.txt', import.meta.url), 'utf8')
      .trim()
      .split('\n'),
  );
  const isChosen = (f: number): boolean => chosen.has(`${program.functions[f].image} ${program.functions[f].name}`);
  const places = fieldPlaces(program);
  const result: TranslatedProgram = { functions: new Map(), entries: [] };
  for (const f of program.functions.filter(({ index }) => isChosen(index))) {
    const translator = new FunctionTranslator(program, places, isChosen, f);
    result.functions.set(f.index, translator.text(`f${f.index}`));
    if (translator.starts.length >= 1 << BLOCK_BITS) throw new Error(`${f.name} has too many blocks`);
    translator.starts.forEach((pc, block) => result.entries.push([pc / WORDS, ((f.index + 1) << BLOCK_BITS) | block]));
  }
  return result;
}
