/** The command line in this process, with what it writes caught: a run takes milliseconds. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { fileURLToPath } from 'node:url';
import { main } from '../../src/cli/main.js';
import type { Outcome } from './command.js';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));

/** Runs one command in a folder. */
export async function osimIn(folder: string, ...words: string[]): Promise<Outcome> {
  const written: Record<number, Buffer[]> = { 1: [], 2: [] };
  const { writeSync } = fs;
  const before = process.cwd();
  process.chdir(folder);
  fs.writeSync = ((descriptor: number, data: Uint8Array, ...rest: []) => {
    const caught = written[descriptor];
    if (!caught) return writeSync(descriptor, data, ...rest);
    caught.push(Buffer.from(data));
    return data.length;
  }) as typeof fs.writeSync;
  syncBuiltinESMExports();
  try {
    const status = await main(words, dist, '0');
    const text = (descriptor: number): string => Buffer.concat(written[descriptor] ?? []).toString();
    return { status, stdout: text(1), stderr: text(2) };
  } finally {
    fs.writeSync = writeSync;
    syncBuiltinESMExports();
    process.chdir(before);
  }
}
