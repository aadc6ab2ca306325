/** The options of every command that runs programs, and what they may be. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { END_OF_TIME } from '../language/limits.js';
import { SETTINGS, settingWords, wordFault } from '../language/settings.js';

export interface RunOptions {
  set: Record<string, string>;
  seed?: number;
  cpus?: number;
  scheduler?: string;
  costs?: string;
  maxTicks?: number;
  maxSteps?: number;
  kernel?: string;
  record?: string;
  replay?: string;
  workspace?: string;
}

/** Adds the options of `osim run` to a command. */
export function withRunOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--set <name=value>', 'sets a param (may be repeated)').argParser(addSetting).default({}, 'none'),
    )
    .addOption(new Option('--seed <n>', 'jitters timing reproducibly; 0 is exact').argParser(integer('--seed', 0)))
    .addOption(new Option('--cpus <n>', 'number of CPUs, 1 to 8').argParser(integer('--cpus', 1, 8)))
    .addOption(new Option('--scheduler <policy>', schedulerText()).argParser(schedulerName))
    .addOption(
      new Option('--costs <set>', `what things cost: ${settingWords('costs').join(', ')}`).argParser(costsName),
    )
    .addOption(
      new Option('--max-ticks <n>', 'stops at this time (exit status 5)').argParser(
        integer('--max-ticks', 1, END_OF_TIME),
      ),
    )
    .addOption(new Option('--max-steps <n>', 'stops after so many instructions').argParser(integer('--max-steps', 1)))
    .addOption(
      new Option('--record <file>', "writes the run's choices there, to be replayed")
        .argParser(recordingPath)
        .conflicts('replay'),
    )
    .addOption(new Option('--replay <file>', 'makes the choices again that a run has recorded, whatever the seed'))
    .addOption(new Option('--kernel <dir>', "kernel files of one's own, in place of the built ones"))
    .addOption(workspaceOption());
}

/** For every command that reads what a program names. */
export function workspaceOption(): Option {
  return new Option('--workspace <dir>', 'the folder whose files a program may name');
}

/** A parser for an integer option, with the bounds in its message. */
export function integer(name: string, min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const bounds = max === Number.MAX_SAFE_INTEGER ? `an integer of at least ${min}` : `an integer from ${min} to ${max}`;
  return (text) => {
    const value = /^\d[\d_]*$/.test(text) ? Number(text.replaceAll('_', '')) : NaN;
    if (!(value >= min && value <= max)) throw new InvalidArgumentError(`${name} takes ${bounds}.`);
    return value;
  };
}

function addSetting(text: string, before: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('--set takes a name and a value: --set clients=100.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

/** `--record a.osim b.osim` would write over a program. */
function recordingPath(text: string): string {
  if (!text.endsWith('.osim')) return text;
  throw new InvalidArgumentError(`--record takes the file to be written, and ${text} is a program's name.`);
}

function schedulerText(): string {
  return `scheduling policy: ${settingWords('scheduler').join(', ')}, or a file of one's own`;
}

/** A set of costs. */
export function costsName(text: string): string {
  const shape = SETTINGS.get('costs');
  const fault = shape?.kind === 'word' ? wordFault('costs', shape, text) : null;
  if (fault) throw new InvalidArgumentError(`${fault.message} ${fault.hint}`);
  return text;
}

/** A policy, or the path of one. */
export function schedulerName(text: string): string {
  const shape = SETTINGS.get('scheduler');
  // A path is one of the host's, relative to where the command is given.
  const fault = shape?.kind === 'word' && !text.endsWith('.osim') ? wordFault('scheduler', shape, text) : null;
  if (fault) throw new InvalidArgumentError(`${fault.message} ${fault.hint}`);
  return text;
}
