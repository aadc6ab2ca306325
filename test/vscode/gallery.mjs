import path from 'node:path';
import { root } from '../../scripts/bootstrap.mjs';
import { copyMissing } from '../../scripts/gallery.mjs';

/** A copy of the examples: a test may write beside them. */
export function copyGallery(folder) {
  const gallery = path.join(folder, 'gallery');
  copyMissing(path.join(root, 'examples'), gallery);
  return gallery;
}
