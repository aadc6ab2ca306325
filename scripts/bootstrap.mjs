// Makes a clone usable: dependencies are installed when they are missing or older than the lock file.
// Plain Node, no dependency: everything else may rely on what this has installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** A line that says what goes on, so that nothing ever waits silently. */
export function say(line) {
  console.log(`osim: ${line}`);
}

/** Stops with one line that says what is wrong and how to mend it. */
export function fail(line) {
  console.error(`osim: ${line}`);
  process.exit(1);
}

/** Runs a command to its end, its output shown. Returns its exit status. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32' && !path.isAbsolute(command),
    ...options,
  });
  if (result.error) fail(`could not run ${command}: ${result.error.message}`);
  return result.status ?? 1;
}

/** Runs a program of a dev dependency: `node('mocha/bin/mocha.js', …)`. */
export function node(script, ...args) {
  return run(process.execPath, [path.join(root, 'node_modules', script), ...args]);
}

/** What `npm` wrote down of the last installation, against what the lock file wants. */
function dependencies() {
  const installed = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return 'missing';
  const wanted = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  const found = JSON.parse(readFileSync(installed, 'utf8')).packages;
  const differs = ([name, entry]) => name !== '' && !entry.optional && found[name]?.version !== entry.version;
  return Object.entries(wanted).some(differs) ? 'outdated' : 'current';
}

export function installDependencies() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 10)) {
    fail(`Node.js 20.10 or newer is needed, this is ${process.versions.node}. Install a newer one and try again.`);
  }
  const state = dependencies();
  if (state === 'current') return;
  say(`dependencies are ${state}: installing them (about 20 s)`);
  const status = run('npm', state === 'missing' ? ['ci'] : ['install', '--no-save']);
  if (status !== 0) fail('npm could not install the dependencies. Is the npm registry reachable?');
}

/** The files in a folder of the project whose names end so, with the folder's path. */
function filesIn(folder, ending) {
  return readdirSync(path.join(root, folder), { recursive: true })
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => path.join(folder, name));
}

/**
 * Makes a file by a script, unless it is of these very sources: its first line has their fingerprint. Returns whether
 * it is there.
 */
function make(file, script, sources) {
  const hash = createHash('sha256');
  for (const name of [script, ...sources]) hash.update(readFileSync(path.join(root, name)));
  const fingerprint = hash.digest('hex').slice(0, 16);
  const made = path.join(root, file);
  if (existsSync(made) && readFileSync(made, 'utf8').startsWith(`// ${fingerprint}\n`)) return true;
  return node('tsx/dist/cli.mjs', script, fingerprint) === 0;
}

/** Stops when one of the files could not be made: the script has said why. */
function mustMake(...what) {
  if (!make(...what)) fail(`${what[0]} could not be made, see above`);
}

/**
 * Makes the source files that follow from others, so that the compiler always checks what is there, and the images of
 * kernel and library. They are not in the repository: the names that the kernel declares, the interpreter with its
 * fused forms, and what the kernel is as JavaScript.
 */
export function makeSources() {
  mustMake('src/computer/kernel-layout.ts', 'scripts/kernel-layout.mts', [
    ...filesIn('src/kernel', '.osim'),
    'src/std/abi.osim',
    'scripts/kernel-files.mts',
    'scripts/tracepoints.mts',
    'src/language/struct-doc.ts',
  ]);
  mustMake('src/machine/generated/interpreter.ts', 'scripts/interpreter.mts', [
    ...filesIn('src/machine/instructions', '.ts'),
    'src/isa/isa.ts',
    'src/machine/internal-opcodes.ts',
    'src/machine/fused-forms.ts',
  ]);
  const compiling = [
    ...['src/kernel', 'src/std'].flatMap((folder) => filesIn(folder, '.osim')),
    ...['src/compiler', 'src/language', 'src/isa'].flatMap((folder) => filesIn(folder, '.ts')),
  ];
  const images = ['kernel', 'libc', 'library', 'std', 'declarations'].map((name) =>
    path.join(root, `dist/${name}.json`),
  );
  if (!images.every((file) => existsSync(file))) rmSync(path.join(root, 'dist/images.txt'), { force: true });
  mustMake('dist/images.txt', 'scripts/build-images.mts', compiling);
  mustMake('src/machine/generated/translated.js', 'scripts/translate.mts', [
    ...compiling,
    'scripts/build-images.mts',
    'scripts/translator/chosen.txt',
    ...filesIn('scripts/translator', '.mts'),
    ...['fused-forms.ts', 'internal-opcodes.ts', 'link.ts'].map((name) => `src/machine/${name}`),
    'src/machine/translated/fingerprint.ts',
  ]);
}

/** What is made of other sources, the bundles, and the code that V8 keeps of them. Arguments go to esbuild.mjs. */
export function build(...args) {
  say('building');
  makeSources();
  if (run(process.execPath, ['esbuild.mjs', ...args]) !== 0) fail('the bundles could not be built, see above');
  keepCode();
}

/** The command line starts without it, too, only slower: what goes wrong is told, and no reason to stop. */
function keepCode() {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/keep-code.mjs'], { cwd: root, encoding: 'utf8' });
  if (status !== 0) say(`compiled code could not be kept: ${stderr}`);
}

/** Bytes that the extension has at most. */
const LIMIT = 2.5e6;

/** Packs what dist/ holds into an extension that VS Code can install. One that has outgrown its limit fails. */
export function pack(file) {
  say('packing the extension');
  const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', file];
  if (node('@vscode/vsce/vsce', 'package', ...options) !== 0) fail('the extension could not be packed, see above');
  const { size } = statSync(path.resolve(root, file));
  say(`${path.basename(file)}: ${(size / 1e6).toFixed(2)} MB`);
  if (size > LIMIT) fail(`the extension is larger than ${LIMIT / 1e6} MB: see the list above`);
}
