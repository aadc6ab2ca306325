/**
 * Writes the reference pages that come from the sources' own comments, so that they cannot drift from what hover shows:
 * docs/calls.md and a page for each call in docs/calls/ from std's functions, in the groups of src/language/calls.ts;
 * docs/kernel-intrinsics.md from the kernel's `extern fn`s; docs/tracepoints.md from its trace(…) calls; docs/std.md
 * and a page for each module in docs/std/; docs/lessons.md and the lessons in README.md from examples/lessons.txt.
 * `--check`: writes nothing, fails when a page is out of date.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROMISED_CALLS } from '../src/language/calls.js';
import type { DocError } from '../src/language/doc-comments.js';
import { isFunction, libraryView, signatureOf, type LibraryEntry, type LibraryIndex } from '../src/language/library.js';
import { LessonsPages } from './lessons-pages.mjs';
import { stdPages } from './std-pages.mjs';
import { tracepointsPage } from './tracepoints.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const index = JSON.parse(readFileSync(path.join(root, 'dist', 'library.json'), 'utf8')) as LibraryIndex;
const calls = [...libraryView(index).user.values()].filter(isFunction);
const kernel = index.entries.filter((e) => e.kind === 'extern' && e.audience === 'kernel');

const MADE = 'This page is made by `npm run docs` from the comments in the sources.';

/** Groups of calls, and the section of the language reference that shows them at work. */
const SECTIONS: Record<string, string> = {
  Processes: 'processes',
  Files: 'files',
  'Pipes and events': 'events',
  Sockets: 'sockets',
  'Waiting for many': 'many-files-at-once',
  Signals: 'signals',
  Memory: 'memory',
  Coroutines: 'coroutines',
  Library: 'the-library',
};

const anchor = (group: string): string => group.toLowerCase().replaceAll('/', '').replaceAll(' ', '-');
const groupOf = (entry: LibraryEntry): string => PROMISED_CALLS.get(entry.name)?.group ?? 'Others';
const sentence = (text: string): string => `${text.replace(/\.$/, '')}.`;
const paragraphs = (...parts: (string | undefined)[]): string => parts.filter((part) => part).join('\n\n');

function callPage(entry: LibraryEntry): string {
  const { doc } = entry;
  const group = groupOf(entry);
  const trap = doc?.kernel !== undefined;
  return `${paragraphs(
    `# ${entry.name}`,
    `\`\`\`osim\n${signatureOf(entry)}\n\`\`\``,
    doc?.summary,
    doc?.details,
    doc?.returns && `**Returns** ${sentence(doc.returns)}`,
    errorsText(doc?.errors, trap),
    `**Blocks** ${sentence(doc?.blocks ?? 'no')}`,
    `**Kernel** ${trap ? kernelLinks(doc.kernel) : 'none: no system call, it runs in user mode'}.`,
    `[${group}](../calls.md#${anchor(group)}) · [examples](../language.md#${SECTIONS[group] ?? 'calls'})`,
    MADE,
  )}\n`;
}

function errorsText(errors: readonly DocError[] | undefined, trap: boolean): string {
  if (!errors?.length)
    return `**Errors** none${trap ? '' : ': `errno` stays as it is; a wrong argument ends the process by SIGILL or SIGSEGV'}.`;
  const rows = errors.map(({ name, when }) => `- \`${name}\`: ${when ?? ''}`);
  return `**Errors**, told by -1 and \`errno\`\n\n${rows.join('\n')}`;
}

function kernelLinks(files: string): string {
  return files.replace(/\b[\w/]+\.osim\b/g, (file) => `[${path.posix.basename(file)}](../../src/kernel/${file})`);
}

function callIndex(): string {
  const names = new Set([...PROMISED_CALLS.values()].map(({ group }) => group));
  const chapters = [...names, 'Others'].map((group) => {
    const members = calls.filter((entry) => groupOf(entry) === group);
    if (members.length === 0) return '';
    const rows = members.map(
      (entry) => `- [\`${signatureOf(entry)}\`](calls/${entry.name}.md) ${entry.doc?.summary ?? ''}`,
    );
    return `## ${group}\n\n${rows.join('\n')}`;
  });
  const about =
    'What a program can call. Names, flags, argument order and meaning are those of the man pages; where C fills a struct through a pointer, a record or a list is returned. A failing call returns -1 and sets `errno`. Each has a page of its own.';
  return `${paragraphs('# Calls', about, MADE, ...chapters)}\n`;
}

function intrinsicsPage(): string {
  const sections = kernel.map((entry) =>
    paragraphs(`## \`${signatureOf(entry)}\``, entry.doc?.summary, entry.doc?.details),
  );
  const about = 'What the hardware gives the kernel: legal only in files that begin with `kernel;`.';
  return `${paragraphs('# Kernel intrinsics', about, MADE, ...sections)}\n`;
}

const lessons = new LessonsPages(path.join(root, 'examples'));
const pages: Record<string, string> = {
  'docs/calls.md': callIndex(),
  ...Object.fromEntries(calls.map((entry) => [`docs/calls/${entry.name}.md`, callPage(entry)])),
  'docs/kernel-intrinsics.md': intrinsicsPage(),
  'docs/tracepoints.md': tracepointsPage(path.join(root, 'src', 'kernel')),
  ...stdPages(root, MADE),
  'docs/lessons.md': lessons.page(MADE),
  'README.md': lessons.readme(readFileSync(path.join(root, 'README.md'), 'utf8')),
};

let stale = false;
const check = process.argv.includes('--check');
const complain = (name: string): void => {
  console.error(`${name} is out of date: run \`npm run docs\` and commit it`);
  stale = true;
};

const folders = ['docs/calls', 'docs/std'];
for (const folder of folders) mkdirSync(path.join(root, folder), { recursive: true });
for (const [name, text] of Object.entries(pages)) {
  const file = path.join(root, name);
  const old = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (old === text) continue;
  if (check) {
    complain(name);
    continue;
  }
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
  console.log(`${name} written`);
}
for (const file of folders.flatMap((folder) =>
  readdirSync(path.join(root, folder)).map((name) => `${folder}/${name}`),
)) {
  if (pages[file] !== undefined) continue;
  if (check) complain(file);
  else rmSync(path.join(root, file));
}
process.exit(stale ? 1 : 0);
