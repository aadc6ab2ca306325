/** Runs a program the way `osim test` does, in this process. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from '../../src/cli/main.js';
import { ProgramFiles, uriOf } from '../../src/cli/sources.js';
import type { Computer, ComputerOptions } from '../../src/computer/computer.js';
import { computerFor, system } from '../system.js';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = path.join(root, 'dist');

interface FileReport {
  ok: boolean;
  outcome: string | null;
  expects: { text: string; ok: boolean; actual: unknown; error?: string; line: number }[];
  endings: { text: string; line: number }[];
  problems: string[];
  notes: string[];
}

/** Fails with what the command line would say, unless every `expect` of the file holds. Returns its diagnostics. */
export async function expectsHold(file: string, ...options: string[]): Promise<string[]> {
  const out = scratch('report.json');
  const status = await main(['test', file, '--reporter', 'json', '-o', out, ...options], dist, '0');
  const [report] = (JSON.parse(readFileSync(out, 'utf8')) as { files: FileReport[] }).files;
  assert.ok(report, `${file} was not run`);
  const failures = report.expects
    .filter(({ ok }) => !ok)
    .map(({ line, text, actual, error }) => `line ${line}: ${text}\n  ${error ?? `is ${JSON.stringify(actual)}`}`);
  failures.push(...report.endings.map(({ line, text }) => `line ${line}: ${text}`));
  if (!report.ok) failures.unshift(...report.problems);
  assert.deepEqual([...failures, ...report.notes], [], `${path.basename(file)}: ${report.outcome ?? 'did not run'}`);
  assert.equal(status, 0);
  return report.problems;
}

/** What `osim trace --format strace` writes. */
export async function straceOf(file: string): Promise<string> {
  const out = scratch('strace.txt');
  const status = await main(['trace', '--format', 'strace', file, '-o', out], dist, '0');
  assert.equal(status, 0);
  return readFileSync(out, 'utf8');
}

/** A computer with a program from a file, as `osim run` makes it, but for what `options` say. */
export function computerOf(file: string, options: Partial<ComputerOptions> = {}): Computer {
  const modules = JSON.parse(readFileSync(path.join(dist, 'std.json'), 'utf8')) as Record<string, string>;
  const files = new ProgramFiles(() => modules, file, undefined);
  return computerFor('', { uri: uriOf(file), read: files.read, readHostFile: files.readBytes, ...options }, system());
}

/** The programs of a folder. A kernel file beside them, a scheduler for one, is none. */
export function programs(folder: string): string[] {
  return readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith('.osim'))
    .map((name) => path.join(root, folder, name))
    .filter((file) => !readFileSync(file, 'utf8').startsWith('kernel;'));
}

let directory: string | undefined;

/** A path for a file that goes when the tests end. */
export function scratch(name: string): string {
  if (directory === undefined) {
    const made = mkdtempSync(path.join(tmpdir(), 'osim-std-'));
    process.on('exit', () => rmSync(made, { recursive: true, force: true }));
    directory = made;
  }
  return path.join(directory, name);
}
