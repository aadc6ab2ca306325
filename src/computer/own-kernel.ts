/**
 * Kernels with a user's files in them. Files of a folder of kernel files take the places of the kernel's own of the
 * same names, and new names are added. A policy, `machine { scheduler = "./mine.osim"; }`, is a kernel file that
 * defines the functions of a scheduler; they are put in a record where the kernel looks for it
 * (src/kernel/policy/sched_own.osim).
 */
import { compileProgram } from '../compiler/compile-program.js';
import type { Image } from '../compiler/image.js';
import { checkProgram } from '../language/checks.js';
import type { Fn, Setting } from '../language/generated/ast.js';
import type { LibraryIndex } from '../language/library.js';
import { loadKernel, type LoadedProgram } from '../language/names.js';
import { parseSource, rangeOf, type ParsedFile } from '../language/parse.js';
import { hasErrors, type Problem } from '../language/problem.js';
import { closest } from '../language/suggest.js';
import type { KernelFunction, KernelGlobal, KernelStructs } from './kernel-layout.js';

export interface KernelFile {
  uri: string;
  text: string;
}

export interface OwnKernel {
  /** In place of the kernel's files of the same names. */
  files: readonly KernelFile[];
  /** The functions of a scheduler. */
  policy?: KernelFile | undefined;
}

/** The kernel's files as they were parsed, by their text. */
export type ParsedKernel = Map<string, ParsedFile>;

/** Compiles the kernel with a user's files in it. With errors there is no image. */
export function compileOwnKernel(
  system: { kernel: Image; libraryIndex: LibraryIndex; parsedKernel?: ParsedKernel },
  { files: given, policy }: OwnKernel,
): { kernel: Image | null; problems: Problem[] } {
  const files = given.filter(({ uri }) => baseName(uri) !== DECLARATIONS);
  const faults = policy ? policyFaults(policy) : [];
  if (faults.length > 0) return { kernel: null, problems: faults };
  const own = policy ? [...files, policy, gathering(policy)] : files;
  const twice = sameNames(files);
  if (twice.length > 0) return { kernel: null, problems: twice };
  const replaced = new Set(files.map(({ uri }) => baseName(uri)));
  if (policy) replaced.add(GATHERING);
  const built = system.kernel.files.flatMap(({ uri, text }) =>
    text === undefined || replaced.has(baseName(uri)) ? [] : [parsedOnce({ uri, text }, system.parsedKernel)],
  );
  const loaded = loadKernel([...built, ...own], system.libraryIndex);
  const uris = new Set(own.map(({ uri }) => uri));
  const checked = checkProgram(loaded, system.libraryIndex).filter(({ uri }) => uris.has(uri));
  if (hasErrors(loaded.problems) || hasErrors(checked))
    return { kernel: null, problems: [...checked, ...outside(loaded, uris)] };
  const compiled = compileProgram(loaded, { kind: 'kernel', library: system.libraryIndex });
  const problems = [...checked, ...outside(loaded, uris), ...compiled.problems];
  return { kernel: hasErrors(problems) ? null : compiled.image, problems };
}

function parsedOnce({ uri, text }: KernelFile, parsed?: ParsedKernel): ParsedFile {
  const known = parsed?.get(text);
  if (known?.uri === uri) return known;
  const file = parseSource(text, uri);
  parsed?.set(text, file);
  return file;
}

/** The problems of the kernel's own files: those of the user's are among what the checks found. */
function outside(loaded: LoadedProgram, uris: ReadonlySet<string>): Problem[] {
  return loaded.problems.filter(({ uri }) => !uris.has(uri));
}

/** A file takes the place of the one with its name, whatever folder it lies in: two of a name can't both do that. */
function sameNames(files: readonly KernelFile[]): Problem[] {
  const first = new Map<string, KernelFile>();
  return files.flatMap((file) => {
    const name = baseName(file.uri);
    const other = first.get(name);
    if (!other) first.set(name, file);
    if (!other) return [];
    const { lines } = parseSource(file.text, file.uri);
    return {
      uri: file.uri,
      ...lines.range(0, 0),
      severity: 'error',
      code: 'same-name',
      message: `Two files of this kernel are called ${name}: the other one is ${other.uri}.`,
      hint: 'Kernel files are told apart by their names alone. Rename or remove one.',
    } satisfies Problem;
  });
}

export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** The file that declares what the machine offers. A copy of the whole kernel has it, too; there it changes nothing. */
const DECLARATIONS = 'intrinsics.osim';

/** The kernel's file that says which policy is the user's. */
const GATHERING = 'sched_own.osim';

/** What the kernel calls a policy's function with, and whether a policy may do without it. */
interface PolicyFunction {
  readonly params: string;
  /** What stands in for it when a policy has none: a function of the kernel's, or nothing. */
  readonly otherwise?: KernelFunction | 'null';
}

/** The functions of a policy. */
const POLICY_FUNCTIONS: { readonly [F in Exclude<keyof KernelStructs['Policy'], 'name'>]: PolicyFunction } = {
  create_queue: { params: '', otherwise: 'list_create' },
  create_task: { params: 't', otherwise: 'null' },
  enqueue_task: { params: 'rq, t, flags' },
  dequeue_task: { params: 'rq, t, flags' },
  pick_next_task: { params: 'rq' },
  task_tick: { params: 'rq, t' },
  check_preempt: { params: 'rq, t' },
  update_curr: { params: 'rq, t, ran', otherwise: 'null' },
  task_blocked: { params: 'rq, t', otherwise: 'null' },
  migrate_task: { params: 't, from, to', otherwise: 'null' },
};
/** The variable that the kernel looks for a user's policy in. */
const OWN_POLICY: KernelGlobal = 'own_policy';

function policyFaults(policy: KernelFile): Problem[] {
  const file = parseSource(policy.text, policy.uri);
  return hasErrors(file.problems) ? [...file.problems] : faultsOf(file);
}

/** What is wrong with a file that is meant to be a scheduler, as far as can be told from it alone. */
export function policyProblems(file: ParsedFile): Problem[] {
  return isPolicy(file) && !hasErrors(file.problems) ? faultsOf(file) : [];
}

/** A scheduler of a user's: the kernel's own have no function of that name. */
export function isPolicy(file: ParsedFile): boolean {
  return functionsOf(file).has('pick_next_task');
}

function faultsOf(file: ParsedFile): Problem[] {
  const problem = (node: Fn | undefined, message: string, hint: string): Problem => ({
    uri: file.uri,
    ...(node ? rangeOf(node) : file.lines.range(0, 0)),
    severity: 'error',
    code: 'bad-policy',
    message,
    hint,
  });
  if (!file.ast.kernel) {
    return [problem(undefined, 'A scheduler is a part of the kernel.', 'Its file begins with the line `kernel;`.')];
  }
  const functions = functionsOf(file);
  return Object.entries(POLICY_FUNCTIONS).flatMap(([name, { params, otherwise }]) => {
    const found = functions.get(name);
    if (!found) {
      if (otherwise !== undefined) return [];
      const near = closest(name, [...functions.keys()]);
      return problem(
        undefined,
        `This scheduler has no function \`${name}\`.`,
        near ? `Is \`${near}\` meant to be it?` : `Declare it: fn ${name}(${params}) { … }`,
      );
    }
    if (found.params.length === count(params)) return [];
    return problem(
      found,
      `The kernel calls \`${name}\` with ${count(params)} arguments, and this takes ${found.params.length}.`,
      `Declare it: fn ${name}(${params}) { … }`,
    );
  });
}

function count(params: string): number {
  return params === '' ? 0 : params.split(',').length;
}

function functionsOf(file: ParsedFile): Map<string, Fn> {
  return new Map(file.ast.items.flatMap((item) => (item.$type === 'Fn' ? [[item.name, item] as const] : [])));
}

/** The kernel file that puts a policy's functions in a record. */
function gathering({ uri, text }: KernelFile): KernelFile {
  const functions = functionsOf(parseSource(text, uri));
  const fields = Object.entries(POLICY_FUNCTIONS).map(
    ([name, { otherwise }]) => `  ${name}: ${functions.has(name) ? name : otherwise},`,
  );
  const lines = [
    'kernel;',
    `// The scheduler of ${JSON.stringify(uri)}.`,
    '',
    `var ${OWN_POLICY} = Policy {`,
    `  name: ${JSON.stringify(baseName(uri))},`,
    ...fields,
    '};',
  ];
  return { uri: `osim-kernel:/${GATHERING}`, text: `${lines.join('\n')}\n` };
}

/** Where the program says which scheduler it wants; the entry's word counts before that of its imports. */
export function schedulerSetting(loaded: LoadedProgram): { file: ParsedFile; setting: Setting } | undefined {
  for (const file of loaded.files) {
    for (const item of file.ast.items) {
      const setting = item.$type === 'Machine' ? item.settings.find(({ name }) => name === 'scheduler') : undefined;
      if (setting) return { file, setting };
    }
  }
  return undefined;
}
