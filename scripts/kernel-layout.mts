/**
 * The names that the kernel's sources declare, as types: `npx tsx scripts/kernel-layout.mts FINGERPRINT` writes
 * src/computer/kernel-layout.ts. Whoever reads the kernel of a stopped machine does it by these names
 * (src/computer/kernel-records.ts), so a name that was misspelt or renamed is an error of the compiler.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { walk } from '../src/language/ast-walk.js';
import type { Call, Expression, Item, SourceFile, Struct } from '../src/language/generated/ast.js';
import { stringBytesOf } from '../src/language/literals.js';
import { parseSource, type ParsedFile } from '../src/language/parse.js';
import { structDoc } from '../src/language/struct-doc.js';
import { parsedKernel } from './kernel-files.mjs';
import { tracepointsOf } from './tracepoints.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** The text of kernel-layout.ts. `kernel` and `abi` are the folder of the kernel and the file of shared constants. */
export function kernelLayout(kernel: string, abi: string, fingerprint: string): string {
  const sources = parsedKernel(kernel);
  const files = [parseSource(readFileSync(abi, 'utf8'), abi), ...sources];
  const items = files.flatMap(({ ast }) => ast.items);
  const globals = items.filter((item) => item.$type === 'Global');
  const constants = items.flatMap((item) =>
    item.$type === 'Const' ? [item.name] : item.$type === 'Enum' ? item.members.map(({ name }) => name) : [],
  );
  const functions = items.flatMap((item) => (item.$type === 'Fn' && !item.extern ? [item.name] : []));
  return `// ${fingerprint}
// Made by \`npm run build\` and \`npm run check\` (scripts/kernel-layout.mts) from the kernel's sources. Not to be
// edited.
import type { Value } from '../machine/values.js';

/**
 * The kernel's structs and their fields. A field whose default says what kind it is has that type; others are any
 * value.
 */
export interface KernelStructs {
${files.flatMap(structsOf).sort().join('\n')}
}

/** Records without a struct that have a name, such as the operations of each kind of file. */
export interface KernelTables {
${items.flatMap(tableOf).sort().join('\n')}
}

/** The tracepoints, and the fields that each comes with. */
export interface KernelEvents {
${[...tracepointsOf(sources)]
  .map(([name, { fields }]) => shape(name, [...fields].map(anyValue)))
  .sort()
  .join('\n')}
}

/** Enumerations that count from 0, in their order. */
export interface KernelEnums {
${items.flatMap(enumOf).sort().join('\n')}
}

${union(
  'KernelGlobal',
  globals.map(({ name }) => name),
  'A global variable of the kernel.',
)}
${union('KernelConstant', constants, "A constant of the kernel's, or of those that programs share with it (src/std/abi.osim).")}
${union('KernelFunction', functions, 'A function of the kernel.')}
${union(
  'SystemCall',
  files.flatMap(({ ast }) => systemCalls(ast)),
  'A system call, by its name in the table of calls.',
)}`;
}

function structsOf(file: ParsedFile): string[] {
  return file.ast.items.flatMap((item) => (item.$type === 'Struct' ? [structType(item, file.text)] : []));
}

function structType(struct: Struct, text: string): string {
  const doc = structDoc(struct, text);
  const fields = struct.fields.map(({ name, value }) => {
    const { group, comment } = doc.fields.get(name) ?? {};
    const told = [group && `${group}.`, comment].filter(Boolean).join(' ').replaceAll('*/', '* /');
    return `${told && `/** ${told} */ `}${name}: ${typeOf(value)};`;
  });
  return shape(struct.name, fields);
}

function tableOf(item: Item): string[] {
  if ((item.$type !== 'Const' && item.$type !== 'Global') || item.value?.$type !== 'RecordLiteral') return [];
  return [
    shape(
      item.name,
      item.value.fields.map(({ name }) => anyValue(name)),
    ),
  ];
}

function enumOf(item: Item): string[] {
  if (item.$type !== 'Enum' || item.members.some(({ value }) => value !== undefined)) return [];
  return [`  ${item.name}: readonly [${item.members.map(({ name }) => `'${name}'`).join(', ')}];`];
}

function anyValue(name: string): string {
  return `${name}: Value;`;
}

function shape(name: string, fields: readonly string[]): string {
  return `  ${name}: {\n${fields.map((field) => `    ${field}\n`).join('')}  };`;
}

/** What a default says of its field: a number stays one, and null says nothing. Constants are integers. */
function typeOf(value: Expression | undefined): string {
  switch (value?.$type) {
    case 'NumberLiteral':
    case 'NameRef':
    case 'Chain':
      return 'number';
    case 'Prefix':
      return value.op === '!' ? 'boolean' : 'number';
    case 'TrueLiteral':
    case 'FalseLiteral':
      return 'boolean';
    case 'StringLiteral':
      return 'string';
    default:
      return 'Value';
  }
}

/** The names in the calls `define(SYS_getcpu, "getcpu", 0, sys_getcpu)`. */
function systemCalls(file: SourceFile): string[] {
  const found: string[] = [];
  walk(file, (node) => {
    if (node.$type !== 'Call') return;
    const { callee, args } = node as Call;
    const [, name] = args;
    if (callee.$type === 'NameRef' && callee.name === 'define' && name?.$type === 'StringLiteral')
      found.push(stringBytesOf(name.text));
  });
  return found;
}

function union(name: string, members: readonly string[], comment: string): string {
  const sorted = [...new Set(members)].sort();
  return `/** ${comment} */\nexport type ${name} =\n${sorted.map((member) => `  | '${member}'\n`).join('')}  ;\n`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const text = kernelLayout(path.join(root, 'src/kernel'), path.join(root, 'src/std/abi.osim'), process.argv[2] ?? '');
  writeFileSync(path.join(root, 'src/computer/kernel-layout.ts'), text);
}
