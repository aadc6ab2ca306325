// npm run package: osim-VERSION.vsix, its list of files and its size. An extension that has outgrown its limit fails.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build, installDependencies, node, pack, root } from './bootstrap.mjs';

installDependencies();
build('--minify');
const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const file = `${name}-${version}.vsix`;
if (node('@vscode/vsce/vsce', 'ls', '--no-dependencies') !== 0) process.exit(1);
pack(file);
