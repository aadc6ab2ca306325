/**
 * What is wrong with a program whose form and names are right. Each family of checks is a table from kinds of nodes to
 * functions; the tree is walked once, and each node is shown to the checks that asked for its kind.
 */
import type { AstNode } from 'langium';
import { childrenOf } from './ast-walk.js';
import { assignmentChecks } from './checks/assignments.js';
import { callChecks } from './checks/calls.js';
import { CheckContext, constantValues, type Checks } from './checks/context.js';
import { declarationChecks } from './checks/declarations.js';
import { diskChecks } from './checks/disk.js';
import { flagChecks } from './checks/flags.js';
import { flowChecks } from './checks/flow.js';
import { globalChecks } from './checks/globals.js';
import { literalChecks } from './checks/literals.js';
import { machineChecks } from './checks/machine.js';
import { placeChecks } from './checks/places.js';
import { processChecks } from './checks/processes.js';
import { wordOperandChecks } from './checks/word-operands.js';
import type { LibraryIndex } from './library.js';
import { outsideOf, type LoadedProgram } from './names.js';
import { byPlace, type Problem } from './problem.js';

const FAMILIES: readonly Checks[] = [
  assignmentChecks,
  callChecks,
  declarationChecks,
  diskChecks,
  flagChecks,
  flowChecks,
  globalChecks,
  literalChecks,
  machineChecks,
  placeChecks,
  processChecks,
  wordOperandChecks,
];

const BY_TYPE = new Map<string, ((node: never, context: CheckContext) => void)[]>();
for (const family of FAMILIES) {
  for (const [type, check] of Object.entries(family)) {
    const list = BY_TYPE.get(type) ?? [];
    list.push(check);
    BY_TYPE.set(type, list);
  }
}

/** Everything that is wrong with a program: form, names and meaning, file by file in the order of the text. */
export function checkProgram(loaded: LoadedProgram, library: LibraryIndex): Problem[] {
  const found: Problem[] = [];
  const values = constantValues(loaded);
  for (const file of loaded.files) {
    const context = new CheckContext(loaded, library, file, found, values);
    visit(file.ast, context);
  }
  const form = loaded.files.flatMap((file) => file.problems);
  const problems = [...loaded.problems, ...outsideOf(form, found)];
  const order = new Map(loaded.files.map((file, index) => [file.uri, index] as const));
  return problems.sort((a, b) => (order.get(a.uri) ?? 0) - (order.get(b.uri) ?? 0) || byPlace(a, b));
}

function visit(root: AstNode, context: CheckContext): void {
  const pending: AstNode[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (const check of BY_TYPE.get(node.$type) ?? []) check(node as never, context);
    const children = childrenOf(node);
    for (let i = children.length - 1; i >= 0; i--) pending.push(children[i]);
  }
}
