/** Tests that are programs: the kernel's and the language's own, each with its `expect`s. */
import path from 'node:path';
import { expectsHold, programs } from './std/program-run.js';

for (const folder of ['test/kernel', 'test/language/programs']) {
  describe(folder, () => {
    for (const file of programs(folder)) it(path.basename(file), () => expectsHold(file));
  });
}
