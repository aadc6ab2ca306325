/** The kernel's files, parsed: for what is made from its sources. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSource, type ParsedFile } from '../src/language/parse.js';

/** The kernel in a folder; a file's `uri` is its path below that, with slashes. */
export function parsedKernel(folder: string): ParsedFile[] {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'));
  const files = all.filter((file) => file.endsWith('.osim')).sort();
  return files.map((file) => parseSource(readFileSync(path.join(folder, file), 'utf8'), file));
}
