/** `osim debug`: a debug adapter on standard input and output, or on a TCP port, for any editor. */
import { Option, type Command } from 'commander';
import { Failure, reasonOf } from './failure.js';
import { printError } from './output.js';
import { integer } from './run-options.js';

export function debugCommand(program: Command, directory: string): void {
  const port = new Option('--port <n>', 'listens on this TCP port of this host instead; 0 chooses one');
  program
    .command('debug')
    .description('a debug adapter (DAP) on standard input and output, for any editor')
    .addOption(port.argParser(integer('--port', 0, 65_535)))
    .action((options: { port?: number }) => debug(directory, options.port));
}

async function debug(directory: string, port: number | undefined): Promise<void> {
  // Loaded when it is asked for: the other commands start without it.
  const { serve, serveTcp } = await import('../debugger/server-node.js');
  if (port === undefined) return serve(directory, process.stdin, process.stdout, log);
  const server = await serveTcp(directory, port, log).catch((error: unknown) => {
    throw new Failure(`Port ${port} can not be used: ${reasonOf(error)}.`);
  });
  const address = server.address();
  printError(`listening on 127.0.0.1:${typeof address === 'object' && address ? address.port : port}`);
  await new Promise((resolve) => server.on('close', resolve));
}

/** For a person who watches standard error. A session goes on when nobody reads it. */
function log(line: string): void {
  try {
    printError(line);
  } catch {
    // Nobody reads it.
  }
}
