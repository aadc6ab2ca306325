import { homedir } from 'node:os';
import path from 'node:path';

/** Where the user's copies of the examples are: where a person finds them, too. scripts/gallery.mjs has the same. */
export function examplesFolder(): string {
  return process.env['OSIM_EXAMPLES'] ?? path.join(homedir(), 'osim-examples');
}
