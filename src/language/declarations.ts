/** The names that files declare at their top, and clashes among them. */
import type { AstNode } from 'langium';
import type { Item } from './generated/ast.js';
import type { Binding } from './bindings.js';
import { rangeOf, type ParsedFile } from './parse.js';
import type { Problem, Range } from './problem.js';

/** What a file offers to itself and to those who import it. */
export interface Declarations {
  readonly file: ParsedFile;
  /** Values: functions, constants, globals, params, structs, enums and their members. */
  readonly values: ReadonlyMap<string, Binding>;
  /** Processes, programs and remotes: they have names of their own, used as strings. */
  readonly tasks: ReadonlyMap<string, Binding>;
}

interface Collected {
  readonly of: ReadonlyMap<ParsedFile, Declarations>;
  readonly problems: Problem[];
}

/** Collects every file's declarations. Processes of an imported file do not count: they are not started. */
export function collectDeclarations(files: readonly ParsedFile[], entry: ParsedFile, isKernel: boolean): Collected {
  const of = new Map<ParsedFile, Declarations>();
  const problems: Problem[] = [];
  const firstValues = new Map<string, Place>();
  const firstTasks = new Map<string, Place>();
  for (const file of files) {
    const values = new Map<string, Binding>();
    const tasks = new Map<string, Binding>();
    for (const item of file.ast.items) {
      for (const [name, binding, node] of declaredBy(item, file)) {
        const isTask = binding.kind === 'process' || binding.kind === 'program' || binding.kind === 'remote';
        if (binding.kind === 'process' && file !== entry && !isKernel) continue;
        const first = isTask ? firstTasks : firstValues;
        const place = { node, file };
        const earlier = first.get(name);
        if (earlier) problems.push(clash(name, place, earlier));
        else first.set(name, place);
        const names = isTask ? tasks : values;
        if (!names.has(name)) names.set(name, binding);
      }
    }
    of.set(file, { file, values, tasks });
  }
  return { of, problems };
}

interface Place {
  readonly node: AstNode & { readonly name?: string };
  readonly file: ParsedFile;
}

function declaredBy(item: Item, file: ParsedFile): [name: string, binding: Binding, node: AstNode][] {
  if (!('name' in item) || item.name === undefined) return [];
  switch (item.$type) {
    case 'Fn':
      return [[item.name, { kind: 'function', declaration: item, file }, item]];
    case 'Const':
      return [[item.name, { kind: 'constant', declaration: item, file }, item]];
    case 'Global':
      return [[item.name, { kind: 'global', declaration: item, file }, item]];
    case 'Param':
      return [[item.name, { kind: 'param', declaration: item, file }, item]];
    case 'Struct':
      return [[item.name, { kind: 'struct', declaration: item, file }, item]];
    case 'Enum':
      return [
        [item.name, { kind: 'enum', declaration: item, file }, item],
        ...item.members
          .filter((member) => member.name !== undefined)
          .map((member): [string, Binding, AstNode] => [
            member.name,
            { kind: 'constant', declaration: member, file },
            member,
          ]),
      ];
    case 'Process':
      return [[item.name, { kind: 'process', declaration: item, file }, item]];
    case 'Program':
      return [[item.name, { kind: 'program', declaration: item, file }, item]];
    case 'Remote':
      return [[item.name, { kind: 'remote', declaration: item, file }, item]];
  }
}

/** Where the name itself stands in a declaration or a reference: what editors underline and rename. */
export function nameRange(node: AstNode & { readonly name?: string }, file: ParsedFile): Range {
  const whole = rangeOf(node);
  const name = node.name ?? '';
  const text = file.text.slice(whole.from.offset, whole.to.offset);
  const at = text.search(new RegExp(`\\b${name}\\b`));
  if (name === '' || at === -1) return whole;
  return file.lines.range(whole.from.offset + at, whole.from.offset + at + name.length);
}

function clash(name: string, place: Place, earlier: Place): Problem {
  const where = rangeOf(earlier.node).from.line;
  const elsewhere = earlier.file === place.file ? `line ${where}` : `${fileName(earlier.file.uri)}, line ${where}`;
  return {
    uri: place.file.uri,
    ...nameRange(place.node, place.file),
    severity: 'error',
    code: 'name-clash',
    message: `\`${name}\` is already declared in ${elsewhere}.`,
    hint: 'Rename one of the two.',
  };
}

export function fileName(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1);
}
