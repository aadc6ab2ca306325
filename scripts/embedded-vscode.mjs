// A real VS Code that runs in the browser, for tests and for machines without one of their own: the server inside the
// npm package `code-server`, installed into .cache/ without its install scripts (they download from elsewhere).
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { root, run, say } from './bootstrap.mjs';

const VERSION = '4.100.3';
const cache = path.join(root, '.cache', `vscode-${VERSION}`);
const server = path.join(cache, 'node_modules/code-server/lib/vscode');
const main = path.join(server, 'out/server-main.js');

export class Unavailable extends Error {}

/** Installs the embedded VS Code unless it is there. Takes half a minute the first time, and 320 MB. */
export function installEmbeddedVSCode() {
  const done = path.join(cache, 'installed');
  if (existsSync(done)) return;
  say(`installing an embedded VS Code into .cache/ (npm package code-server ${VERSION}, about 30 s and 320 MB)`);
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  writeFileSync(path.join(cache, 'package.json'), '{ "private": true }\n');
  const npm = (args, cwd) => {
    const status = run('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'], { cwd });
    if (status !== 0) throw new Unavailable('npm could not install code-server. Is the npm registry reachable?');
  };
  npm(['install', `code-server@${VERSION}`], cache);
  npm(['install', '--omit=dev'], server);
  npm(['install', '--omit=dev', '--prefix', 'extensions'], server);
  writeFileSync(done, `${VERSION}\n`);
}

/** VS Code's search runs ripgrep, whose npm package downloads it: the machine's own is linked instead. */
function linkRipgrep() {
  const link = path.join(server, 'node_modules/@vscode/ripgrep/bin/rg');
  const own = which('rg');
  if (existsSync(link) || !own) return;
  mkdirSync(path.dirname(link), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(own, link);
}

export function which(command) {
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    for (const suffix of suffixes) {
      const file = path.join(folder, command + suffix);
      if (existsSync(file)) return file;
    }
  }
  return undefined;
}

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'chrome'];
const BROWSER_PATHS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

export function findChrome() {
  if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
  return BROWSERS.map(which).find(Boolean) ?? BROWSER_PATHS.find((file) => existsSync(file));
}

/** Chrome or Chromium for the tests; on Debian, as root, it is installed. Throws `Unavailable` with what to do. */
export function installChrome() {
  const missing = [];
  if (!findChrome()) missing.push('chromium', 'fonts-dejavu-core');
  if (!which('rg')) missing.push('ripgrep');
  const debian = existsSync('/etc/debian_version') && which('apt-get') && process.getuid?.() === 0;
  if (missing.length > 0 && debian) {
    say(`installing ${missing.join(', ')} from Debian's packages`);
    const quiet = {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    };
    run('apt-get', ['update', '-qq'], quiet);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], quiet);
  }
  const chrome = findChrome();
  if (!chrome) {
    throw new Unavailable('no Chrome or Chromium was found. Install one, or set CHROME_PATH to its program file.');
  }
  return chrome;
}

const settings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.colorTheme': 'Default Dark Modern',
  'telemetry.telemetryLevel': 'off',
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'update.mode': 'none',
  'npm.autoDetect': 'off',
  'typescript.disableAutomaticTypeAcquisition': true,
  'editor.minimap.enabled': false,
  'git.openRepositoryInParentFolders': 'never',
};

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Installs a .vsix into the folder of extensions that a server will be started with. */
export function installExtension(vsix, extensionsDir) {
  mkdirSync(extensionsDir, { recursive: true });
  const args = [main, '--accept-server-license-terms', '--extensions-dir', extensionsDir, '--install-extension', vsix];
  const result = spawnSync(process.execPath, [...args, '--force'], { encoding: 'utf8', env: environment() });
  if (result.status !== 0) throw new Error(`the .vsix could not be installed:\n${result.stdout}${result.stderr}`);
}

/** No extension gallery: nothing is asked of the network. */
function environment(extra = {}) {
  return { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":"","itemUrl":""}', ...extra };
}

/**
 * Starts the server on this machine only; whoever knows the token in `url()` may use it.
 * `data` holds its user data, `extensions` its extensions. Ends with `stop()`.
 */
export async function startServer({ data, extensions, env = {}, args = [], userSettings = {} }) {
  linkRipgrep();
  const user = path.join(data, 'User');
  mkdirSync(user, { recursive: true });
  mkdirSync(extensions, { recursive: true });
  const file = path.join(user, 'settings.json');
  if (!existsSync(file)) writeFileSync(file, JSON.stringify({ ...settings, ...userSettings }, null, 2));
  const token = randomBytes(16).toString('hex');
  const tokenFile = path.join(data, 'token');
  writeFileSync(tokenFile, token, { mode: 0o600 });
  const logFile = path.join(data, 'server.log');
  const log = openSync(logFile, 'w');
  const port = await freePort();
  const child = spawn(
    process.execPath,
    [
      main,
      ...['--host', '127.0.0.1', '--port', String(port), '--connection-token-file', tokenFile],
      ...['--accept-server-license-terms', '--telemetry-level', 'off', '--disable-workspace-trust'],
      ...['--user-data-dir', data, '--server-data-dir', path.join(data, 'server'), '--extensions-dir', extensions],
      ...args,
    ],
    { stdio: ['ignore', log, log], env: environment(env), detached: process.platform !== 'win32' },
  );
  const origin = `http://127.0.0.1:${port}`;
  await untilReady(`${origin}/version`, child, logFile);
  return {
    origin,
    /** The address that opens `folder`; `payload` are VS Code's own `key, value` pairs. */
    url(folder, payload = []) {
      const query = new URLSearchParams({ tkn: token, folder });
      if (payload.length > 0) query.set('payload', JSON.stringify(payload));
      // Slashes and colons need no escape in a query, and a person may have to read this.
      return `${origin}/?${query}`.replaceAll('%2F', '/').replaceAll('%3A', ':');
    },
    /** How that VS Code names a file of this machine. */
    remote: (file) => `vscode-remote://127.0.0.1:${port}${file}`,
    exited: new Promise((resolve) => child.once('exit', resolve)),
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      const kill = (signal) => {
        try {
          process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal);
        } catch {
          // It has gone already.
        }
      };
      if (child.exitCode !== null || child.signalCode !== null) return;
      kill('SIGTERM');
      await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 3000).unref())]);
      kill('SIGKILL');
    },
  };
}

async function untilReady(address, child, logFile) {
  for (let i = 0; i < 300; i++) {
    try {
      if ((await fetch(address)).ok) return;
    } catch {
      // Not listening yet.
    }
    if (child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const log = readFileSync(logFile, 'utf8').trim().split('\n').slice(-5).join('\n');
  throw new Error(`the embedded VS Code did not start:\n${log}`);
}
