// npm run test:desktop: the tests of the extension host in a desktop VS Code, which is downloaded. It needs a display
// (on a machine without one: xvfb-run -a npm run test:desktop) and the network.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, installDependencies, root, say } from './bootstrap.mjs';

installDependencies();
build('--minify');
// After the installation: these are dependencies.
const { runTests } = await import('@vscode/test-electron');
const { bundleHostTests } = await import('../test/vscode/host-tests.mjs');
const { copyGallery } = await import('../test/vscode/gallery.mjs');

const data = mkdtempSync(path.join(tmpdir(), 'osim-desktop-'));
try {
  say('tests in a desktop VS Code');
  await runTests({
    extensionDevelopmentPath: root,
    extensionTestsPath: await bundleHostTests('node', path.join(root, 'out/vscode/host-tests.cjs')),
    extensionTestsEnv: { OSIM_EXAMPLES: path.join(data, 'examples') },
    launchArgs: [copyGallery(data), '--disable-extensions', '--user-data-dir', path.join(data, 'user')],
  });
} finally {
  rmSync(data, { recursive: true, force: true });
}
