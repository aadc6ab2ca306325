#!/usr/bin/env node
// The command line's entry: finds the bundle that the build made, beside this folder.
'use strict';
const { existsSync } = require('node:fs');
const path = require('node:path');

const dist = path.join(__dirname, '..', 'dist');
const bundle = path.join(dist, 'cli.cjs');
if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(`osim: Node 20 or newer is needed; this is ${process.version}.`);
  process.exitCode = 2;
} else if (!existsSync(bundle)) {
  console.error('osim: dist/cli.cjs is missing: run `npm run build` first.');
  process.exitCode = 2;
} else {
  const { version } = require('../package.json');
  require('./compiled-code.cjs').useKeptCode();
  require(bundle)
    .main(process.argv.slice(2), dist, version)
    .then((status) => process.exit(status));
}
