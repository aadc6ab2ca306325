import { cpSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/bootstrap.mjs';

/** A copy of the examples: a test may write beside them. */
export function copyGallery(folder) {
  const gallery = path.join(folder, 'gallery');
  cpSync(path.join(root, 'examples'), gallery, { recursive: true });
  return gallery;
}
