/** Pages of the library's modules, those that a program imports: docs/std.md and docs/std/NAME.md. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { introductionOf, summaryOf } from '../src/extension/course.js';
import { buildLibraryIndex, isFunction, signatureOf, type LibraryEntry } from '../src/language/library.js';

/** A name that begins with `_` is the module's own. */
export const isPublic = ({ name }: LibraryEntry): boolean => !name.startsWith('_');

interface Module {
  readonly name: string;
  readonly text: string;
  readonly entries: readonly LibraryEntry[];
}

/** The modules, as `npm run build` has found them (dist/std.json: URI → text). */
export function modulesOf(root: string): Module[] {
  const texts = JSON.parse(readFileSync(path.join(root, 'dist', 'std.json'), 'utf8')) as Record<string, string>;
  return Object.entries(texts).map(([uri, text]) => ({
    name: path.posix.basename(uri, '.osim'),
    text,
    entries: buildLibraryIndex([{ path: uri, text }]).entries.filter(isPublic),
  }));
}

export function stdPages(root: string, made: string): Record<string, string> {
  const modules = modulesOf(root);
  const line = ({ name, text }: Module): string => `- [\`std/${name}\`](std/${name}.md): ${summaryOf(text)}`;
  const about =
    'Modules that a program imports: `import "std/loop";`. They are written in `.osim`, in user mode, on the [calls](calls.md) that every program has: read them in `src/std`, and step into them like into code of your own.';
  return {
    'docs/std.md': `${['# The library', about, made, modules.map(line).join('\n')].join('\n\n')}\n`,
    ...Object.fromEntries(modules.map((each) => [`docs/std/${each.name}.md`, modulePage(each, made)])),
  };
}

function modulePage({ name, text, entries }: Module, made: string): string {
  const functions = entries.filter(isFunction);
  return `${[
    `# std/${name}`,
    introductionOf(text).replace(/ import "std\/\w+";/, ''),
    `\`\`\`osim\nimport "std/${name}";\n\`\`\``,
    functions.map((each) => `- [\`${signatureOf(each)}\`](#${each.name.toLowerCase()})`).join('\n'),
    ...functions.map(section),
    `[The source](../../src/std/${name}.osim) · [all modules](../std.md)`,
    made,
  ].join('\n\n')}\n`;
}

function section(entry: LibraryEntry): string {
  const { doc } = entry;
  const errors = (doc?.errors ?? []).map(({ name, when }) => `- \`${name}\`: ${when ?? ''}`);
  return [
    `## ${entry.name}`,
    `\`\`\`osim\n${signatureOf(entry)}\n\`\`\``,
    doc?.summary,
    doc?.details,
    doc?.returns && `**Returns** ${doc.returns.replace(/\.$/, '')}.`,
    errors.length > 0 && `**Errors**\n\n${errors.join('\n')}`,
    doc?.blocks && `**Blocks** ${doc.blocks.replace(/\.$/, '')}.`,
  ]
    .filter((part) => part)
    .join('\n\n');
}
