/** The operating system as the build made it: `dist/*.json`, beside the bundle. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuiltSystem } from '../debugger/host.js';
import { Failure } from './failure.js';

/** Reads each part when it is first asked for: `osim check` needs no kernel. */
export class LazySystem implements BuiltSystem {
  private readonly parts = new Map<string, unknown>();

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
    if (!this.parts.has(name)) {
      const path = join(this.directory, name);
      try {
        this.parts.set(name, JSON.parse(readFileSync(path, 'utf8')));
      } catch {
        throw new Failure(
          `${path} is missing or damaged: install OSim again, or run \`npm run build\` in its sources.`,
        );
      }
    }
    return this.parts.get(name) as T;
  }
}
