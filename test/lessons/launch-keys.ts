/** The keys of a launch configuration, from the extension's manifest: what a reader can write into launch.json. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../debugger/client.js';

interface Manifest {
  contributes: { debuggers: { configurationAttributes: { launch: { properties: Record<string, unknown> } } }[] };
}

export function launchKeys<T>(check: T): Record<string, T> {
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
  const keys = Object.keys(manifest.contributes.debuggers[0].configurationAttributes.launch.properties);
  return Object.fromEntries(keys.filter((key) => key !== 'program').map((key) => [key, check]));
}
