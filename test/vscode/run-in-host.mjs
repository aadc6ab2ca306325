// Runs the tests of test/vscode/host inside the extension host of a real VS Code, against the packed extension.
//   node test/vscode/run-in-host.mjs node     the extension host of a server (as on the desktop)
//   node test/vscode/run-in-host.mjs web      the web worker of a browser (as on vscode.dev)
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { format } from 'node:util';
import { chromium } from 'playwright-core';
import { root } from '../../scripts/bootstrap.mjs';
import { installExtension, startServer } from '../../scripts/embedded-vscode.mjs';
import { chromeOptions } from '../browser.mjs';
import { copyGallery } from './gallery.mjs';
import { bundleHostTests } from './host-tests.mjs';

const LIMIT_MS = 300_000;
const MARK = 'OSIM_TEST_COUNTS ';
/** What a server without its native modules, its gallery and its front end has to say. */
const NOISE = new RegExp(
  [
    'spdlog|watchdog|bindings|additional builtin extensions|Creating a socket|onnection token|Service Worker|ChatSession',
    '^Require stack|^- .*\\.js$|^\\s+at .*(extensionHostProcess\\.js|node:internal|workbench\\.js)|^ → ',
  ].join('|'),
);

const kind = process.argv[2] === 'web' ? 'web' : 'node';
const data = mkdtempSync(path.join(tmpdir(), 'osim-host-'));
const extensions = path.join(data, 'extensions');

installExtension(path.join(root, 'dist/osim.vsix'), extensions);
const extension = path.join(
  extensions,
  readdirSync(extensions).find((name) => name.startsWith('osim.osim-')),
);
if (kind === 'web') leaveBrowserEntryOnly();
// VS Code runs tests in the host of the extension whose folder they are in.
const tests = await bundleHostTests(kind, path.join(extension, kind === 'web' ? 'host-tests.js' : 'host-tests.cjs'));
const gallery = copyGallery(data);
const args = ['--enable-smoke-test-driver'];
const env = { OSIM_EXAMPLES: path.join(data, 'examples') };
const server = await startServer({ data, extensions, env, args, userSettings: { 'git.enabled': false } });
const browser = await chromium.launch(chromeOptions());
let status;
try {
  status = await drive();
} finally {
  await browser.close();
  await server.stop();
  rmSync(data, { recursive: true, force: true });
}
process.exit(status);

/** A server's VS Code runs `main` when there is one: the copy under test loses it, and is what vscode.dev would see. */
function leaveBrowserEntryOnly() {
  const file = path.join(extension, 'package.json');
  const { main, type, ...manifest } = JSON.parse(readFileSync(file, 'utf8'));
  if (!main.endsWith('.cjs')) throw new Error(`type ${type}: the web host would take the browser entry for a module`);
  writeFileSync(file, JSON.stringify(manifest));
}

async function drive() {
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
  const said = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  const finished = new Promise((resolve) => page.exposeFunction('codeAutomationExit', (code) => resolve(code)));
  await page.exposeFunction('codeAutomationLog', (_type, values) => log(format(...values)));
  const payload = [
    ['extensionDevelopmentPath', server.remote(extension)],
    ['extensionTestsPath', server.remote(tests)],
    ['skipWelcome', 'true'],
  ];
  await page.goto(server.url(gallery, payload));
  const late = new Promise((resolve) => setTimeout(resolve, LIMIT_MS, 'late').unref());
  const code = await Promise.race([finished, late]);
  if (code === 0) return 0;
  mkdirSync(path.join(root, 'out/screenshots'), { recursive: true });
  await page.screenshot({ path: path.join(root, `out/screenshots/host-${kind}.png`) });
  writeFileSync(path.join(root, `out/screenshots/host-${kind}.log`), said.join('\n'));
  if (code === 'late') console.error(`the extension host gave no result in ${LIMIT_MS / 1000} s`);
  return 1;
}

/** The tests' own lines are printed, their counts are kept. */
function log(text) {
  const file = process.env.OSIM_TEST_COUNTS;
  for (const line of text.split('\n')) {
    if (!line.startsWith(MARK)) {
      if (line.trim() !== '' && !NOISE.test(line)) console.log(line);
    } else if (file) writeFileSync(file, line.slice(MARK.length));
  }
}
