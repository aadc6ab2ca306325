/**
 * The kernel and the library as JavaScript: `npx tsx scripts/translate.mts FINGERPRINT` writes
 * src/machine/generated/translated.js of dist/kernel.json and dist/libc.json, and its types: the compiler need
 * not read so much code. What it means: docs/decisions/0009-translated-code.md.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Image } from '../src/compiler/image.js';
import { Linked } from '../src/machine/link.js';
import { NATIVES } from '../src/machine/natives.js';
import { fingerprint } from '../src/machine/translated/fingerprint.js';
import { BLOCK_BITS, HELPERS, translated } from './translator/program.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const OUTPUT = path.join(root, 'src/machine/generated/translated.js');
const read = (name: string): Image => JSON.parse(readFileSync(path.join(root, 'dist', name), 'utf8')) as Image;
const program = new Linked([read('kernel.json'), read('libc.json')], NATIVES);
const { functions, entries } = translated(program);
const extent = {
  words: program.plain.length,
  functions: program.functions.length,
  constants: program.constants.length,
  shapes: program.shapes.length,
  names: program.names.length,
  natives: program.nativeNames.length,
};
const text = `// ${process.argv[2] ?? ''}
// Made by \`npm run build\` (scripts/translate.mts). Not to be edited.
import { R, UNWIND } from '../translated/running.js';
import { leave as L, ${HELPERS.join(', ')} } from '../translated/fast-paths.js';
import { ListValue } from '../values.js';
const MAX = Number.MAX_SAFE_INTEGER;
${[...functions.values()].join('\n')}
export const BLOCK_BITS = ${BLOCK_BITS};
export const EXTENT = ${JSON.stringify(extent)};
export const FINGERPRINT = ${fingerprint(program, extent)};
export const FUNCTIONS = [${program.functions.map(({ index }) => (functions.has(index) ? `f${index}` : '')).join(',')},,];
export const ENTRIES = [${entries.flat().join(',')}];
`;
const types = `import type { Extent } from '../translated/fingerprint.js';
import type { Translated } from '../translated/running.js';
export declare const BLOCK_BITS: number;
export declare const EXTENT: Extent;
export declare const FINGERPRINT: number;
/** By the function's number. */
export declare const FUNCTIONS: (Translated | undefined)[];
/** Pairs: an instruction's number, and the number of its function plus one with that of the block which begins there. */
export declare const ENTRIES: readonly number[];
`;

/** Whole or not at all: whoever reads meanwhile finds the old file. */
function write(file: string, content: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, content);
  renameSync(`${file}.new`, file);
}

write(OUTPUT.replace(/\.js$/, '.d.ts'), types);
write(OUTPUT, text);
