/** `osim check FILE…`: diagnostics, and nothing runs. */
import type { Command } from 'commander';
import { hasErrors } from '../language/problem.js';
import type { BuiltSystem } from '../debugger/host.js';
import { STATUS } from './failure.js';
import { problemsOf } from './finished-run.js';
import { printError } from './output.js';
import { countText, plural, printProblems } from './problems.js';
import { workspaceOption } from './run-options.js';
import { programsIn } from './sources.js';

export function checkCommand(program: Command, system: BuiltSystem, finish: (status: number) => void): void {
  program
    .command('check')
    .argument('<paths...>', 'programs, or folders of programs')
    .description('prints diagnostics; nothing runs')
    .addOption(workspaceOption())
    .action((paths: string[], { workspace }: { workspace?: string }) => finish(check(system, paths, workspace)));
}

function check(system: BuiltSystem, paths: readonly string[], workspace: string | undefined): number {
  const files = programsIn(paths);
  const problems = files.flatMap((file) => problemsOf(system, file, workspace));
  printProblems(problems);
  printError(problems.length === 0 ? `${plural(files.length, 'file')}: no problems` : countText(problems));
  return hasErrors(problems) ? STATUS.ERRORS : STATUS.OK;
}
