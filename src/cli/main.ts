/** The command line: one file a command. */
import { Command, CommanderError } from 'commander';
import { LazySystem } from './built-system.js';
import { checkCommand } from './check.js';
import { compareCommand } from './compare.js';
import { compareWorkerCommand } from './compare/worker.js';
import { debugCommand } from './debug.js';
import { Failure, STATUS } from './failure.js';
import { fmtCommand } from './fmt.js';
import { lspCommand } from './lsp.js';
import { printError, writeOutput } from './output.js';
import { runCommand } from './run.js';
import { testCommand } from './test.js';
import { traceCommand } from './trace.js';

/**
 * Runs one command; returns its exit status. Never throws, and never shows a stack.
 * @param words the arguments, without the program's own name
 * @param directory where the build's images are
 */
export async function main(words: readonly string[], directory: string, version: string): Promise<number> {
  let status: number = STATUS.OK;
  const finish = (value: number): void => void (status = value);
  const system = new LazySystem(directory);
  const program = new Command('osim')
    .description('A whole operating system to run, trace and step through.')
    .version(version)
    .exitOverride()
    .showHelpAfterError(false)
    .configureOutput({
      writeOut: writeOutput,
      writeErr: printError,
      outputError: (text) =>
        printError(
          `osim: ${text
            .trim()
            .replace(/^error: /, '')
            .replace(/\s*\n\s*/g, ' ')}`,
        ),
    });
  runCommand(program, system, finish);
  traceCommand(program, system, finish);
  compareCommand(program, directory, finish);
  compareWorkerCommand(program, system);
  testCommand(program, system, finish);
  checkCommand(program, system, finish);
  fmtCommand(program, finish);
  debugCommand(program, directory);
  lspCommand(program, system);
  for (const command of program.commands) command.copyInheritedSettings(program);
  try {
    if (words.length === 0) {
      program.outputHelp();
      return STATUS.ERRORS;
    }
    await program.parseAsync(words, { from: 'user' });
    return status;
  } catch (error) {
    try {
      return statusOf(error);
    } catch {
      // Standard error, too, is read no more.
      return STATUS.UNREAD;
    }
  }
}

function statusOf(error: unknown): number {
  // Commander has printed its message; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? STATUS.OK : STATUS.ERRORS;
  if (error instanceof Failure) {
    if (error.message !== '') printError(`osim: ${error.message}`);
    return error.status;
  }
  const memory = error instanceof RangeError ? ' It may have run out of memory.' : '';
  printError(
    `osim: This should not have happened: ${error instanceof Error ? error.message : String(error)}.${memory}`,
  );
  return STATUS.ERRORS;
}
