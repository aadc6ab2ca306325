/** `osim fmt FILE…`: formats programs in place. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { formatSource } from '../language/format.js';
import { parseSource } from '../language/parse.js';
import { STATUS } from './failure.js';
import { printError, writeFile } from './output.js';
import { printProblems } from './problems.js';
import { programsIn, uriOf } from './sources.js';

export function fmtCommand(program: Command, finish: (status: number) => void): void {
  program
    .command('fmt')
    .argument('<paths...>', 'programs, or folders of programs')
    .description('formats programs')
    .option('--check', 'changes nothing; exit status 1 when a file is not formatted')
    .action((paths: string[], { check = false }: { check?: boolean }) => finish(fmt(paths, check)));
}

/** A file that does not parse is left as it is, with its diagnostics. */
function fmt(paths: readonly string[], check: boolean): number {
  let status: number = STATUS.OK;
  for (const path of programsIn(paths)) {
    const text = readFileSync(path, 'utf8');
    const { problems } = parseSource(text, uriOf(path));
    if (problems.length > 0) {
      printProblems(problems);
      status = STATUS.ERRORS;
      continue;
    }
    const formatted = formatSource(text);
    if (formatted === text) continue;
    if (!check) {
      writeFile(path, formatted);
      printError(`formatted ${path}`);
    } else {
      printError(`${path} is not formatted`);
      if (status === STATUS.OK) status = 1;
    }
  }
  return status;
}
