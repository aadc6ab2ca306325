/** What may stand where: kernel files, remotes and expects allow less than a program. */
import { enclosing } from '../ast-walk.js';
import type { Item, NameRef } from '../generated/ast.js';
import type { LibraryEntry } from '../library.js';
import { rangeOf } from '../parse.js';
import { EXPECT_CALLS, REMOTE_CALLS, REMOTE_LIBRARY } from '../special-calls.js';
import type { CheckContext, Checks } from './context.js';

/** Library functions that compute a value from values, and may therefore be used after the run. */
const PURE = new Set('len str int text bytes repeat format has keys sort min max abs'.split(' '));

const IN_PROGRAMS_ONLY: Readonly<Record<string, string>> = {
  Process: 'a process',
  Program: 'a program',
  Remote: 'a remote',
  Machine: 'a machine block',
  DiskFile: 'a file',
  Keyboard: 'a keyboard line',
  Expect: 'an expect',
  Param: 'a param',
};

export const placeChecks: Checks = {
  SourceFile: (node, context) => {
    if (!context.isKernelFile) return;
    node.items.forEach((item) => kernelItem(item, context));
  },
  NameRef: (node, context) => {
    asValue(node, context);
    const place = enclosing(node, 'Remote', 'Expect');
    if (place?.$type === 'Remote') inRemote(node, context);
    else if (place?.$type === 'Expect') inExpect(node, context);
  },
  Assignment: (node, context) => {
    if (!enclosing(node, 'Expect')) return;
    context.error(node, 'assignment-in-expect', 'An expect checks, it changes nothing.', 'To compare write `==`.');
  },
};

/** The name of something that is no value, where a value is wanted. */
function asValue(node: NameRef, context: CheckContext): void {
  const kind = context.bindingOf(node)?.kind ?? '';
  const hints: Readonly<Record<string, string>> = {
    process: `Other processes can't get at it; an expect names it in quotes: stdout("${node.name}").`,
    remote: 'It runs on another computer, by itself.',
    program: `Its name goes in quotes: exec("${node.name}").`,
    struct: `\`${node.name} { … }\` makes one.`,
  };
  const hint = hints[kind];
  const isCalled = node.$container?.$type === 'Call' && node.$containerProperty === 'callee';
  if (hint !== undefined && !isCalled && node.$container?.$type !== 'Setting') {
    context.error(node, 'not-a-value', `\`${node.name}\` is a ${kind}, not a value.`, hint);
  }
}

function kernelItem(item: Item, context: CheckContext): void {
  const what = IN_PROGRAMS_ONLY[item.$type];
  if (!what) return;
  const { from } = rangeOf(item);
  const word = /^\w+/.exec(item.$cstNode?.text ?? '')?.[0] ?? ' ';
  context.error(
    context.rangeAt(from.offset, word.length),
    'not-in-kernel',
    `A kernel file can't have ${what}.`,
    "Put it into a program's file: one that does not start with `kernel;`.",
  );
}

function inRemote(node: NameRef, context: CheckContext): void {
  const binding = context.bindingOf(node);
  if (!binding || ['local', 'param', 'constant', 'function', 'struct', 'enum'].includes(binding.kind)) return;
  if (binding.kind === 'library' && isForRemotes(binding.entry)) return;
  if (binding.kind === 'global') {
    context.error(
      node,
      'not-in-remote',
      `\`${node.name}\` can't be used in a remote: it lies in the memory of our computer's processes.`,
      'Keep what the remote needs in a `let` of its own, or send it over the connection.',
    );
    return;
  }
  context.error(
    node,
    'not-in-remote',
    `\`${node.name}\` can't be used in a remote: it is another computer, beyond the network card.`,
    `A remote has plain code and the calls ${[...REMOTE_CALLS.keys()].join(', ')}.`,
  );
}

function isForRemotes(entry: LibraryEntry): boolean {
  return entry === REMOTE_CALLS.get(entry.name) || entry.kind === 'const' || REMOTE_LIBRARY.has(entry.name);
}

function inExpect(node: NameRef, context: CheckContext): void {
  const binding = context.bindingOf(node);
  if (binding?.kind === 'global') {
    context.error(
      node,
      'global-in-expect',
      `\`${node.name}\` has no value after the run: each process had its own copy.`,
      'Print it in the process, and check stdout("…").',
    );
  }
  if (binding?.kind !== 'library' || binding.entry.params === undefined) return;
  if (EXPECT_CALLS.get(node.name) === binding.entry || PURE.has(node.name)) return;
  context.error(
    node,
    'call-in-expect',
    `${node.name}() can't be called after the run: no process is there to call it.`,
    `An expect asks ${[...EXPECT_CALLS.keys()].join(', ')}.`,
  );
}
