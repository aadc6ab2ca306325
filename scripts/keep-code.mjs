// Keeps the code that V8 makes of the command line's bundles, so that it starts faster: bin/compiled-code.cjs.
// Functions are compiled when they run first, so an ordinary program runs here.
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const { keepCode, useKeptCode } = require('../bin/compiled-code.cjs');
useKeptCode();
const dist = path.join(root, 'dist');
const { main } = require('../dist/cli.cjs');
const status = await main(['run', path.join(root, 'examples/pipe.osim')], dist, '0');
keepCode();
process.exit(status);
