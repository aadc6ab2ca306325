// npm test: the fast tests first, then those in a browser, then those in a real VS Code.
//   npm test                 all of it
//   npm test -- fast         one group: fast, panel, host, web or window
//   npm test -- --long       longer runs: the tests that read OSIM_LONG try more programs and more inputs
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, installDependencies, pack, root, run, say } from './bootstrap.mjs';
import { Unavailable, installChrome, installEmbeddedVSCode } from './embedded-vscode.mjs';

if (process.argv.includes('--long')) process.env.OSIM_LONG = '1';
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const scratch = mkdtempSync(path.join(tmpdir(), 'osim-test-'));
const totals = { passed: 0, failed: 0, skipped: 0 };

const groups = {
  // Two files at a time: that is what a small machine has CPUs for.
  fast: () => mocha('--parallel', '--jobs', '2'),
  panel: () => mocha('--config', 'test/panel/mocharc.json'),
  host: () => counted('test/vscode/run-in-host.mjs', 'node'),
  web: () => counted('test/vscode/run-in-host.mjs', 'web'),
  window: () => mocha('--config', 'test/vscode/mocharc.json'),
};
const needsChrome = ['panel', 'host', 'web', 'window'];

installDependencies();
build('--minify');
if (isWanted('host', 'web', 'window')) pack(path.join(root, 'dist', 'osim.vsix'));
let browserless = '';
try {
  if (isWanted(...needsChrome)) process.env.CHROME_PATH = installChrome();
  if (isWanted('host', 'web', 'window')) installEmbeddedVSCode();
} catch (error) {
  if (!(error instanceof Unavailable)) throw error;
  browserless = error.message;
}

for (const [name, group] of Object.entries(groups)) {
  if (!isWanted(name)) continue;
  if (browserless && needsChrome.includes(name)) leaveOut(name);
  else {
    say(`tests: ${name}`);
    group();
  }
}

rmSync(scratch, { recursive: true, force: true });
if (browserless) say(`LEFT OUT, as ${browserless}`);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed > 0 || totals.passed === 0 ? 1 : 0);

function isWanted(...names) {
  return wanted.length === 0 || names.some((name) => wanted.includes(name));
}

/** A machine without a browser: on CI that is a failure, at home a loud line. */
function leaveOut(name) {
  say(`tests: ${name} ${process.env.CI ? 'FAILED' : 'LEFT OUT'}: ${browserless}`);
  if (process.env.CI) totals.failed++;
  else totals.skipped++;
}

function mocha(...args) {
  counted('node_modules/mocha/bin/mocha.js', '--reporter', 'test/reporter.cjs', ...args);
}

/** Runs a script that leaves its counts in a file, so that a crash is told from a run without tests. */
function counted(script, ...args) {
  const counts = path.join(scratch, 'counts.json');
  rmSync(counts, { force: true });
  const env = { ...process.env, OSIM_TEST_COUNTS: counts };
  const status = run(process.execPath, [path.join(root, script), ...args], { env });
  let found;
  try {
    found = JSON.parse(readFileSync(counts, 'utf8'));
  } catch {
    found = { passed: 0, failed: 1, skipped: 0 };
  }
  if (status !== 0 && found.failed === 0) found.failed = 1;
  for (const key of Object.keys(totals)) totals[key] += found[key];
}
