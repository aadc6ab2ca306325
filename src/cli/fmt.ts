/** `osim fmt FILE…`: formats programs in place. */
import { isUtf8 } from 'node:buffer';
import type { Command } from 'commander';
import { formatSource } from '../language/format.js';
import { parseSource } from '../language/parse.js';
import type { Problem } from '../language/problem.js';
import { STATUS } from './failure.js';
import { printError, writeFile } from './output.js';
import { printProblems } from './problems.js';
import { programsIn, requireFile, uriOf } from './sources.js';

export function fmtCommand(program: Command, finish: (status: number) => void): void {
  program
    .command('fmt')
    .argument('<paths...>', 'programs, or folders of programs')
    .description('formats programs')
    .option('--check', 'changes nothing; exit status 1 when a file is not formatted')
    .action(async (paths: string[], { check = false }: { check?: boolean }) => finish(await fmt(paths, check)));
}

/** A file that does not parse is left as it is, with its diagnostics. */
async function fmt(paths: readonly string[], check: boolean): Promise<number> {
  let status: number = STATUS.OK;
  for (const path of programsIn(paths)) {
    const { text, problems } = sourceOf(path);
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
      // Ctrl-C, which waits while a file is written, has its turn.
      await new Promise((resolve) => setImmediate(resolve));
    } else {
      printError(`${path} is not formatted`);
      if (status === STATUS.OK) status = 1;
    }
  }
  return status;
}

/** What is no UTF-8 would be lost when the text is written again: that is a problem like others. */
function sourceOf(path: string): { text: string; problems: readonly Problem[] } {
  const bytes = Buffer.from(requireFile(path));
  const text = bytes.toString('utf8');
  const { problems, lines } = parseSource(text, uriOf(path));
  if (isUtf8(bytes)) return { text, problems };
  const written = Buffer.from(text);
  const place = bytes
    .subarray(
      0,
      bytes.findIndex((byte, at) => byte !== written[at]),
    )
    .toString('utf8').length;
  const problem: Problem = {
    uri: uriOf(path),
    ...lines.range(place, place + 1),
    severity: 'error',
    code: 'not-text',
    message: 'This is not text in UTF-8.',
    hint: 'Save the file as UTF-8; in a string, write a single byte as "\\xff".',
  };
  return { text, problems: [problem] };
}
