// npm start: opens the gallery of examples in a VS Code with OSim in it. That is your own VS Code when there is a
// `code` command, else an embedded one in the browser (`npm start -- --embedded` asks for that).
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { build, fail, installDependencies, pack, root, say } from './bootstrap.mjs';
import { copyMissing, examplesFolder } from './gallery.mjs';
import { Unavailable, installEmbeddedVSCode, installExtension, startServer, which } from './embedded-vscode.mjs';

const examples = examplesFolder();
const first = path.join(examples, 'blocking-read.osim');
const vsix = path.join(root, 'dist', 'osim.vsix');

installDependencies();
build('--minify');
pack(vsix);
copyExamples();

const code = which('code');
if (code && !process.argv.includes('--embedded')) openOwn(code);
else await openEmbedded();

/** What is opened is the user's own: it may be edited, and no `git pull` minds. */
function copyExamples() {
  try {
    const copied = copyMissing(path.join(root, 'examples'), examples);
    say(`your copies of the examples are in ${examples} (${copied.length} new)`);
  } catch (error) {
    fail(`the examples can't be copied into ${examples}: ${error.message}. OSIM_EXAMPLES names another folder.`);
  }
}

function openOwn(code) {
  const shell = process.platform === 'win32';
  say('installing OSim into your VS Code (to remove it: code --uninstall-extension osim.osim)');
  if (spawnSync(code, ['--install-extension', vsix, '--force'], { stdio: 'inherit', shell }).status !== 0) {
    fail('your VS Code refused the extension, see above. `npm start -- --embedded` uses an embedded one.');
  }
  spawnSync(code, [examples, ...(existsSync(first) ? ['--goto', first] : [])], { stdio: 'inherit', shell });
  say('the gallery is open in VS Code: press F5 in blocking-read.osim');
}

async function openEmbedded() {
  const data = path.join(root, '.cache', 'gallery');
  const extensions = path.join(data, 'extensions');
  try {
    installEmbeddedVSCode();
  } catch (error) {
    if (error instanceof Unavailable) fail(error.message);
    throw error;
  }
  say('installing OSim into it');
  installExtension(vsix, extensions);
  const server = await startServer({ data, extensions });
  const payload = existsSync(first) ? [['openFile', server.remote(first)]] : [];
  const address = server.url(examples, payload);
  say('the gallery is open in VS Code: press F5 in blocking-read.osim. Its address, on this machine:');
  console.log(`\n  ${address}\n`);
  openBrowser(address);
  say('Ctrl-C ends it');
  let asked = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      asked = true;
      void server.stop();
    });
  }
  await server.exited;
  if (!asked) fail('the embedded VS Code has ended; its log is .cache/gallery/server.log');
}

function openBrowser(address) {
  const opener = { darwin: 'open', win32: 'explorer' }[process.platform] ?? 'xdg-open';
  const display = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!display || !which(opener)) return;
  spawn(opener, [address], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}
