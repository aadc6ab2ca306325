/** From launch.json to a computer that stands at its first instruction, or to messages that say what is wrong. */
import { createComputer } from '../computer/computer.js';
import type { KernelFile } from '../computer/own-kernel.js';
import { recordingText } from '../computer/recording.js';
import { folderFor, liesBelow, OUTSIDE, type Refusal } from '../language/host-file.js';
import { resolvePath } from '../language/imports.js';
import type { Problem } from '../language/problem.js';
import type { LaunchArguments } from './arguments.js';
import { canonical } from './code-map.js';
import { Debuggee } from './debuggee.js';
import type { SessionHost } from './host.js';
import { RequestError } from './protocol.js';

/** One line for a problem, as compilers write it: editors make it a link. */
export function problemLine({ uri, from, severity, message, hint }: Problem): string {
  return `${canonical(uri)}:${from.line}:${from.column}: ${severity}: ${message}${hint ? ` ${hint}` : ''}`;
}

/** Files that a program may consist of; more is a mistake, or a cycle through ever new names. */
const MOST_FILES = 1000;

/**
 * Loads and compiles. Reading is asynchronous (through the editor, perhaps over a network), the compiler's own is not:
 * it is run again with what has been read meanwhile, until nothing is missing.
 * @param report gets each problem, errors and warnings
 */
export async function launchComputer(
  host: SessionHost,
  launch: LaunchArguments,
  report: (line: string) => void,
): Promise<Debuggee> {
  const system = await host.system();
  const kernelFiles = launch.kernel ? await kernelFilesIn(host, launch.kernel) : [];
  const settings = settingsOf(launch);
  const policyFile = String(settings['scheduler'] ?? '').endsWith('.osim') ? [String(settings['scheduler'])] : [];
  const files = new Files(host, system.modules, launch, policyFile);
  await files.fetch(launch.program);
  const text = files.text(launch.program);
  if (typeof text !== 'string') {
    throw new RequestError(
      `The program ${launch.program} can not be read: ${text?.problem ?? 'there is no such file.'}`,
      true,
    );
  }
  const replay = launch.replay == null ? null : await recordingIn(host, launch.replay, launch.program);
  for (let round = 0; round < MOST_FILES; round++) {
    const creation = createComputer(system, {
      uri: launch.program,
      read: (uri) => files.text(uri),
      readHostFile: (uri) => files.bytes(uri),
      ...(launch.params ? { params: launch.params } : {}),
      ...(launch.seed != null ? { seed: launch.seed } : {}),
      ...(replay ? { replay } : {}),
      settings,
      kernelFiles,
      history: launch.noDebug !== true,
    });
    if (await files.fetchMissing()) continue;
    for (const problem of creation.problems) report(problemLine(problem));
    if (!creation.computer) throw problemsError(creation.problems);
    return new Debuggee(creation.computer, launch);
  }
  throw new RequestError('The program imports too many files.', true);
}

function problemsError(problems: readonly Problem[]): RequestError {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first?.code === 'recording') return new RequestError(`The run can not be replayed: ${problemLine(first)}`, true);
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new RequestError(
    `The program has errors: ${first ? problemLine(first) : 'see the debug console'}${more}`,
    true,
  );
}

/** A scheduler of the user's is a path relative to the program. */
function settingsOf({ program, scheduler, costs, cpus }: LaunchArguments): Record<string, number | string> {
  return {
    ...(scheduler != null
      ? { scheduler: (scheduler.endsWith('.osim') && resolvePath(scheduler, program)) || scheduler }
      : {}),
    ...(costs != null ? { costs } : {}),
    ...(cpus != null ? { cpus } : {}),
  };
}

/** A recording of choices, by a path that may be relative to the program. */
async function recordingIn(host: SessionHost, path: string, program: string): Promise<{ uri: string; text: string }> {
  const uri = resolvePath(path, program) ?? path;
  const found = await host.read(uri).catch((error: unknown) => ({ problem: `${sentenceOf(error)}.` }));
  if ('problem' in found) throw new RequestError(`The recording ${path} can not be read: ${found.problem}`, true);
  return { uri: canonical(uri), text: recordingText(found) };
}

/** The files that take the places of the kernel's own of the same names. */
async function kernelFilesIn(host: SessionHost, folder: string): Promise<KernelFile[]> {
  if (!host.list) throw new RequestError('A kernel of your own can not be read here.', true);
  const own = await host.list(folder).catch((error: unknown) => {
    throw new RequestError(`The kernel folder ${folder} can not be read: ${sentenceOf(error)}.`, true);
  });
  if (own.length === 0) throw new RequestError(`The kernel folder ${folder} has no .osim file.`, true);
  return Promise.all(own.map((uri) => kernelFile(host, uri, folder)));
}

async function kernelFile(host: SessionHost, uri: string, folder: string): Promise<KernelFile> {
  const found = await host.read(uri, folder);
  if ('problem' in found) throw new RequestError(`The kernel file ${uri} can not be read: ${found.problem}`, true);
  return { uri, text: new TextDecoder().decode(found) };
}

function sentenceOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}

/** Files that have been read, those that the compiler missed, and those that are not there. */
class Files {
  private readonly read = new Map<string, Uint8Array | Refusal>();
  private readonly missing = new Set<string>();
  private readonly decoder = new TextDecoder();
  /** Those that the user named: they may lie anywhere. */
  private readonly named: ReadonlySet<string>;
  /** Where those must lie that the program names. */
  private readonly folder: string;

  constructor(
    private readonly host: SessionHost,
    private readonly modules: Record<string, string>,
    { program, workspace }: LaunchArguments,
    others: readonly string[],
  ) {
    this.named = new Set([program, ...others]);
    this.folder = folderFor(program, workspace == null ? [] : [workspace.replace(/(?<=.)[/\\]+$/, '')]);
  }

  /** A source's text; undefined if it is not read yet. */
  text(uri: string): string | Refusal | undefined {
    if (Object.hasOwn(this.modules, uri)) return this.modules[uri];
    const found = this.find(uri);
    return found && !('problem' in found) ? this.decoder.decode(found) : found;
  }

  /** For `file … from "…"`: one character a byte. */
  bytes(uri: string): string | Refusal {
    const found = this.find(uri);
    if (!found || 'problem' in found) return found ?? { problem: 'it is being read.' };
    let bytes = '';
    for (let at = 0; at < found.length; at += 8192) bytes += String.fromCharCode(...found.subarray(at, at + 8192));
    return bytes;
  }

  private find(uri: string): Uint8Array | Refusal | undefined {
    if (!this.named.has(uri) && !liesBelow(uri, this.folder)) return OUTSIDE;
    const found = this.read.get(uri);
    if (found === undefined) this.missing.add(uri);
    return found;
  }

  async fetch(uri: string): Promise<void> {
    const result = this.named.has(uri) ? this.host.read(uri) : this.host.read(uri, this.folder);
    this.read.set(uri, await result.catch((error: unknown) => ({ problem: `${sentenceOf(error)}.` })));
    this.missing.delete(uri);
  }

  /** Reads what was asked for and not there; false when nothing was. */
  async fetchMissing(): Promise<boolean> {
    if (this.missing.size === 0) return false;
    await Promise.all([...this.missing].map((uri) => this.fetch(uri)));
    return true;
  }
}
