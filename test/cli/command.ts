/** Runs the command line as its users do: a process of its own, with files in a folder of its own. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const osim = fileURLToPath(new URL('../../bin/osim.cjs', import.meta.url));

export interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** A folder with these files in it, removed by `remove()`. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'osim-cli-'));

  constructor(files: Record<string, string> = {}) {
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.path, name)), { recursive: true });
    writeFileSync(join(this.path, name), text);
  }

  osim(...words: string[]): Outcome {
    return this.osimWith({}, ...words);
  }

  /**
   * @param maxBuffer bytes of output that are taken
   * @param flags Node's own
   */
  osimWith({ maxBuffer, flags = [] }: { maxBuffer?: number; flags?: string[] }, ...words: string[]): Outcome {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, osim, ...words], {
      cwd: this.path,
      encoding: 'utf8',
      input: '',
      maxBuffer,
    });
    return { status, stdout, stderr };
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
