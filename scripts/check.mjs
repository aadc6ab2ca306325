// npm run check: format, lint, types, layers and the kernel's order, side by side. Prints what is wrong, and only that.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { installDependencies, root, makeSources } from './bootstrap.mjs';

installDependencies();
makeSources();
const bin = (script) => path.join(root, 'node_modules', script);
/** What each tool remembers of the last time, so that the next takes seconds. */
const memory = (name) => path.join(root, '.cache/check', name);
const tsc = [bin('typescript/bin/tsc'), '--noEmit', '--incremental', '--tsBuildInfoFile'];
const cached = ['--cache', '--cache-strategy', 'content', '--cache-location'];
const checks = {
  types: [...tsc, memory('types')],
  'types of the panel': [...tsc, memory('types-panel'), '-p', 'src/panel'],
  lint: [bin('eslint/bin/eslint.js'), '--max-warnings', '0', ...cached, memory('lint'), '.'],
  format: [bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', ...cached, memory('format'), '.'],
  'order of the kernel': [bin('tsx/dist/cli.mjs'), 'scripts/kernel-order.mts'],
  layers: [bin('dependency-cruiser/bin/dependency-cruise.mjs'), '--config', '.dependency-cruiser.cjs', 'src'],
};

const check = ([name, args]) =>
  new Promise((resolve) => {
    const started = performance.now();
    const child = spawn(process.execPath, args, { cwd: root });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('close', (status) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
      if (status !== 0) console.log(output.trimEnd());
      resolve(status === 0);
    });
  });

const results = await Promise.all(Object.entries(checks).map(check));
process.exit(results.every(Boolean) ? 0 : 1);
