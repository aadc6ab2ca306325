// Bundles what is shipped. Every bundle is one file without dependencies; which runs where is in the table below.
//   node esbuild.mjs            once
//   node esbuild.mjs --watch    again whenever a source changes
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { readFileSync } from 'node:fs';
import esbuild from 'esbuild';

const root = path.dirname(fileURLToPath(import.meta.url));
const watch = process.argv.includes('--watch');
const minify = process.argv.includes('--minify');

const node = { platform: 'node', format: 'cjs', target: 'node20' };
const worker = {
  platform: 'browser',
  format: 'iife',
  target: 'es2022',
};

/** The extension's own code loads the language client when it is first needed, from a bundle of its own. */
const apart = {
  name: 'language-client-apart',
  setup: (build) =>
    build.onResolve({ filter: /\/language-client-node\.js$/ }, () => ({
      path: './language-client.cjs',
      external: true,
    })),
};

const TRANSLATED = 'src/machine/generated/translated.js';

/**
 * The translated kernel is one file for all bundles, since it is large: a script that leaves a function behind. Whoever
 * needs it calls that with the parts of the machine that translated code works on. In Node a bundle loads the file; a
 * web worker is started with both texts. Without it the kernel is interpreted.
 */
const translatedApart = {
  name: 'translated-apart',
  setup: (build) =>
    build.onLoad({ filter: /[\\/]generated[\\/]translated\.js$/ }, () => ({
      contents: `import { R, UNWIND } from '../translated/running.js';
        import * as paths from '../translated/fast-paths.js';
        import { ListValue } from '../values.js';
        if (!globalThis.osimTranslated && globalThis.process?.versions?.node) require('./translated.cjs');
        const none = { BLOCK_BITS: 1, EXTENT: { words: 0 }, FINGERPRINT: -1, FUNCTIONS: [], ENTRIES: [] };
        const found = globalThis.osimTranslated?.({ ...paths, R, UNWIND, ListValue }) ?? none;
        export const { BLOCK_BITS, EXTENT, FINGERPRINT, FUNCTIONS, ENTRIES } = found;`,
      resolveDir: path.join(root, path.dirname(TRANSLATED)),
    })),
};

/** The script of the file: what the generated module imports becomes what the function is given. */
function translatedScript() {
  const module = readFileSync(path.join(root, TRANSLATED), 'utf8');
  const body = module
    .replace(/^import \{(.*)\} from .*;$/gm, (_, names) => `const {${names.replaceAll(' as ', ': ')}} = parts;`)
    .replace(/^export const /gm, 'const ');
  const exports = [...module.matchAll(/^export const (\w+)/gm)].map(([, name]) => name);
  return `globalThis.osimTranslated = (parts) => {\n${body}\nreturn { ${exports.join(', ')} };\n};`;
}

/** One bundle for worker threads and web workers: it would be the larger part of the .vsix if it were there twice. */
const sessionWorker = {
  contents: `if (globalThis.process?.versions?.node) require('./src/debugger/worker-node.ts');
    else require('./src/debugger/worker-browser.ts');`,
  resolveDir: root,
  sourcefile: 'session-worker.js',
};

/** Bundle, its source, and where it runs. */
const bundles = [
  ['cli.cjs', 'src/cli/main.ts', { ...node, external: ['./translated.cjs'], plugins: [translatedApart] }],
  [
    'extension.cjs',
    'src/extension/node.ts',
    { ...node, external: ['vscode'], plugins: [apart], supported: { 'dynamic-import': false } },
  ],
  ['language-client.cjs', 'src/extension/language-client-node.ts', { ...node, external: ['vscode'] }],
  // The web extension host wants a CommonJS file that ends in .js.
  ['extension.web.js', 'src/extension/web.ts', { ...worker, format: 'cjs', external: ['vscode'] }],
  ['language-server.cjs', 'src/language/server/node.ts', node],
  ['language-server.web.js', 'src/language/server/browser.ts', worker],
  [
    'session-worker.cjs',
    sessionWorker,
    { ...worker, external: ['node:worker_threads', './translated.cjs'], plugins: [translatedApart] },
  ],
  [
    'translated.cjs',
    { contents: translatedScript(), resolveDir: root, sourcefile: 'translated.js' },
    { format: 'iife' },
  ],
  [
    'panel.js',
    'src/panel/main.tsx',
    { platform: 'browser', format: 'iife', target: 'es2022', jsx: 'automatic', jsxImportSource: 'preact' },
  ],
  ['panel.css', 'src/panel/panel.css', {}],
];

const options = bundles.map(([outfile, source, target]) => ({
  absWorkingDir: root,
  ...(typeof source === 'string' ? { entryPoints: [source] } : { stdin: source }),
  outfile: `dist/${outfile}`,
  bundle: true,
  minify,
  sourcemap: minify ? false : 'linked',
  legalComments: 'none',
  logLevel: 'warning',
  tsconfigRaw: {},
  ...target,
}));

if (watch) {
  const contexts = await Promise.all(options.map((o) => esbuild.context({ ...o, logLevel: 'info' })));
  await Promise.all(contexts.map((c) => c.watch()));
  console.log('build: watching');
} else {
  const started = performance.now();
  await Promise.all(options.map((o) => esbuild.build(o)));
  console.log(`build: ${options.length} bundles in dist/ (${Math.round(performance.now() - started)} ms)`);
}
