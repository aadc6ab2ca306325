/** The operating system as the build made it: `dist/*.json`, beside the bundle. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ParsedKernel } from '../computer/own-kernel.js';
import type { BuiltSystem } from '../debugger/host.js';
import { Failure } from './failure.js';

/** What has been read, by path. It is most of a small run's time, so commands in one process read it once. */
const parts = new Map<string, unknown>();
const parsedKernel: ParsedKernel = new Map();

/** Reads each part when it is first asked for: `osim check` needs no kernel. */
export class LazySystem implements BuiltSystem {
  readonly parsedKernel = parsedKernel;
  constructor(private readonly directory: string) {}

  get kernel(): BuiltSystem['kernel'] {
    return this.part('kernel.json');
  }
  get library(): BuiltSystem['library'] {
    return this.part('libc.json');
  }
  get libraryIndex(): BuiltSystem['libraryIndex'] {
    return this.part('library.json');
  }
  get modules(): Record<string, string> {
    return this.part('std.json');
  }

  private part<T>(name: string): T {
    const path = join(this.directory, name);
    if (!parts.has(path)) {
      try {
        parts.set(path, JSON.parse(readFileSync(path, 'utf8')));
      } catch {
        throw new Failure(
          `${path} is missing or damaged: install OSim again, or run \`npm run build\` in its sources.`,
        );
      }
    }
    return parts.get(path) as T;
  }
}
