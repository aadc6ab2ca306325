// The tests of test/vscode/host as one file, which a VS Code loads into its extension host.
import path from 'node:path';
import esbuild from 'esbuild';
import { root } from '../../scripts/bootstrap.mjs';

/** `kind` is `node` or `web`: the extension host that will run it. */
export async function bundleHostTests(kind, outfile) {
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [`test/vscode/host/index-${kind}.ts`],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: kind === 'web' ? 'browser' : 'node',
    external: ['vscode'],
    nodePaths: [path.join(root, 'node_modules')],
    tsconfigRaw: {},
    // Both hosts run the same extension on the same session: the browser's repeats what depends on where it runs.
    define: { REPEATED: String(kind === 'node' || process.env['OSIM_LONG'] !== undefined) },
    logLevel: 'error',
  });
  return outfile;
}
