// npm run package: osim-VERSION.vsix, its list of files and its size. An extension that has outgrown its limit fails.
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { build, fail, installDependencies, node, pack, root, say } from './bootstrap.mjs';

const LIMIT = 1.5e6;

installDependencies();
build('--minify');
const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const file = `${name}-${version}.vsix`;
if (node('@vscode/vsce/vsce', 'ls', '--no-dependencies') !== 0) process.exit(1);
pack(file);
const { size } = statSync(path.join(root, file));
say(`${file}: ${(size / 1e6).toFixed(2)} MB`);
if (size > LIMIT) fail(`the .vsix is larger than ${LIMIT / 1e6} MB: see the list above`);
