/**
 * Writes the reference pages that come from the sources' own comments, so that they cannot drift from what hover shows:
 * docs/calls.md from std's functions, docs/kernel-intrinsics.md from the kernel's `extern fn`s.
 * `--check`: writes nothing, fails when a page is out of date.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { signatureOf, type LibraryEntry, type LibraryIndex } from '../src/language/library.js';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const index = JSON.parse(readFileSync(path.join(root, 'dist', 'library.json'), 'utf8')) as LibraryIndex;

function section(entry: LibraryEntry): string {
  const { doc } = entry;
  const facts = [
    doc?.returns && `- **Returns** ${doc.returns}`,
    doc?.errors?.length && `- **Errors** ${doc.errors.join(', ')}`,
    doc?.blocks && `- **Blocks** ${doc.blocks}`,
    doc?.kernel && `- **Kernel** ${doc.kernel}`,
  ].filter(Boolean);
  const parts = [`### \`${signatureOf(entry)}\``, doc?.summary ?? '', doc?.details ?? '', facts.join('\n')];
  return parts.filter((part) => part !== '').join('\n\n');
}

function page(title: string, introduction: string, groups: ReadonlyMap<string, readonly LibraryEntry[]>): string {
  const chapters = [...groups].map(([name, entries]) => `## ${name}\n\n${entries.map(section).join('\n\n')}`);
  return `# ${title}\n\n${introduction}\n\nThis page is made by \`npm run docs\` from the comments in the sources.\n\n${chapters.join('\n\n')}\n`;
}

function groupBy(entries: readonly LibraryEntry[], name: (entry: LibraryEntry) => string): Map<string, LibraryEntry[]> {
  const groups = new Map<string, LibraryEntry[]>();
  for (const entry of entries) groups.set(name(entry), [...(groups.get(name(entry)) ?? []), entry]);
  return groups;
}

const TITLES: Record<string, string> = {
  'libc.osim': 'Printing and exit',
  'libc_errors.osim': 'Errors',
  'libc_files.osim': 'Files',
  'libc_memory.osim': 'Memory',
  'libc_events.osim': 'Events',
  'libc_pipes.osim': 'Pipes',
  'libc_sockets.osim': 'Sockets',
  'libc_multiplex.osim': 'Waiting for many',
  'libc_async.osim': 'Asynchronous I/O',
  'libc_uring.osim': 'Asynchronous I/O by rings',
  'libc_process.osim': 'Processes',
  'libc_signals.osim': 'Signals',
  'builtins.osim': 'Library: no system call, no waiting',
};
const fileOf = (entry: LibraryEntry): string => entry.file.replace(/^.*\//, '');
const isCall = (entry: LibraryEntry): boolean => entry.kind === 'fn' || entry.kind === 'extern';
const users = index.entries.filter((e) => isCall(e) && e.audience !== 'kernel' && !e.name.startsWith('_'));
const kernel = index.entries.filter((e) => e.kind === 'extern' && e.audience === 'kernel');

const pages: Record<string, string> = {
  'docs/calls.md': page(
    'Calls',
    'What a program can call. Names, flags, argument order and meaning are those of the man pages; where C fills a struct through a pointer, a record or a list is returned. A failing call returns -1 and sets `errno`.',
    groupBy(users, (entry) => TITLES[fileOf(entry)] ?? fileOf(entry)),
  ),
  'docs/kernel-intrinsics.md': page(
    'Kernel intrinsics',
    'What the hardware gives the kernel: legal only in files that begin with `kernel;`.',
    new Map([['Intrinsics', kernel]]),
  ),
};

let stale = false;
for (const [name, text] of Object.entries(pages)) {
  const file = path.join(root, name);
  const old = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (old === text) continue;
  if (process.argv.includes('--check')) {
    console.error(`${name} is out of date: run \`npm run docs\` and commit it`);
    stale = true;
    continue;
  }
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
  console.log(`${name} written`);
}
process.exit(stale ? 1 : 0);
