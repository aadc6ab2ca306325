// npm test: the fast tests first, then those in a browser, then those in a real VS Code.
//   npm test                 all of it
//   npm test -- fast         one group: fast, panel, host, web or window
//   npm test -- --long       longer runs: the tests that read OSIM_LONG try more programs and more inputs
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, installDependencies, pack, root, say } from './bootstrap.mjs';
import { Unavailable, installChrome, installEmbeddedVSCode } from './embedded-vscode.mjs';

if (process.argv.includes('--long')) process.env.OSIM_LONG = '1';
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const scratch = mkdtempSync(path.join(tmpdir(), 'osim-test-'));
const totals = { passed: 0, failed: 0, skipped: 0 };

const groups = {
  // Two files at a time: that is what a small machine has CPUs for.
  fast: (name) => mocha(name, '--parallel', '--jobs', '2'),
  panel: (name) => mocha(name, '--config', 'test/panel/mocharc.json'),
  host: (name) => counted(name, 'test/vscode/run-in-host.mjs', 'node'),
  web: (name) => counted(name, 'test/vscode/run-in-host.mjs', 'web'),
  window: (name) => mocha(name, '--config', 'test/vscode/mocharc.json'),
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

// Tests in a browser wait for it much of the time: two of them at once take about as long as one.
await inTurn('fast');
await Promise.all([inTurn('window', 'web'), inTurn('panel', 'host')]);

rmSync(scratch, { recursive: true, force: true });
if (browserless) say(`LEFT OUT, as ${browserless}`);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed > 0 || totals.passed === 0 ? 1 : 0);

async function inTurn(...names) {
  for (const name of names.filter((each) => isWanted(each))) {
    if (browserless && needsChrome.includes(name)) leaveOut(name);
    else await groups[name](name);
  }
}

function isWanted(...names) {
  return wanted.length === 0 || names.some((name) => wanted.includes(name));
}

/** A machine without a browser: on CI that is a failure, at home a loud line. */
function leaveOut(name) {
  say(`tests: ${name} ${process.env.CI ? 'FAILED' : 'LEFT OUT'}: ${browserless}`);
  if (process.env.CI) totals.failed++;
  else totals.skipped++;
}

function mocha(name, ...args) {
  return counted(name, 'node_modules/mocha/bin/mocha.js', '--reporter', 'test/reporter.cjs', ...args);
}

/**
 * Runs a script that leaves its counts in a file, so that a crash is told from a run without tests. What runs beside
 * others has its output shown when it has ended.
 */
async function counted(name, script, ...args) {
  const counts = path.join(scratch, `${name}.json`);
  const env = { ...process.env, OSIM_TEST_COUNTS: counts };
  const alone = name === 'fast' || wanted.length === 1;
  say(`tests: ${name}${alone ? '' : ' (beside others: shown at their end)'}`);
  const stdio = alone ? 'inherit' : ['ignore', 'pipe', 'pipe'];
  const child = spawn(process.execPath, [path.join(root, script), ...args], { cwd: root, env, stdio });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (piece) => said.push(piece));
  const status = await new Promise((resolve) => {
    child.on('error', () => resolve(1));
    child.on('close', resolve);
  });
  if (!alone) {
    say(`tests: ${name}:`);
    process.stdout.write(Buffer.concat(said));
  }
  let found;
  try {
    found = JSON.parse(readFileSync(counts, 'utf8'));
  } catch {
    found = { passed: 0, failed: 1, skipped: 0 };
  }
  if (status !== 0 && found.failed === 0) found.failed = 1;
  for (const key of Object.keys(totals)) totals[key] += found[key];
}
