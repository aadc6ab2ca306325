/** `osim lsp`: a language server on standard input and output, for any editor. */
import type { Command } from 'commander';
import type { BuiltSystem } from '../debugger/host.js';
import { readHostFile } from '../language/host-file-node.js';
import { STATUS, codeOf, reasonOf } from './failure.js';
import { printError } from './output.js';

export function lspCommand(program: Command, system: BuiltSystem): void {
  program
    .command('lsp')
    // Editors add it to every server's command; it is the only way that this one talks.
    .option('--stdio', 'talks on standard input and output; it always does')
    .description('a language server (LSP) on standard input and output, for any editor')
    .action(() => lsp(system));
}

/** Ends when the client says exit, or goes away. */
async function lsp(system: BuiltSystem): Promise<void> {
  const { serveOnStdio } = await import('../language/server/stdio.js');
  // Registered first: the connection's own listener would throw, since nobody is left to be told.
  process.stdout.once('error', (error) => process.exit(clientIsGone(error)));
  serveOnStdio({
    library: system.libraryIndex,
    std: system.modules,
    readFile: (uri, folder) => {
      const found = readHostFile(uri, folder);
      return Promise.resolve('problem' in found ? found : Buffer.from(found).toString('utf8'));
    },
  });
  await new Promise((resolve) => process.stdin.on('close', resolve));
}

function clientIsGone(error: Error): number {
  if (codeOf(error) === 'EPIPE') return STATUS.UNREAD;
  printError(`osim: Standard output can not be written: ${reasonOf(error)}.`);
  return STATUS.ERRORS;
}
