/** Processes, remotes, the keyboard, and what expects say about them. */
import type { Attribute, Call, Process, Remote } from '../generated/ast.js';
import { ATTRIBUTE_RANGES, END_OF_TIME, spelled } from '../limits.js';
import { stringBytesOf } from '../literals.js';
import { closest } from '../suggest.js';
import type { CheckContext, Checks } from './context.js';

const ABOUT_A_PROCESS = new Set(['stdout', 'exit_code', 'term_signal']);

export const processChecks: Checks = {
  Process: (node, context) => attributes(node, context),
  Remote: (node, context) => attributes(node, context),
  Attribute: (node, context) => range(node, context),
  Keyboard: (node, context) => {
    const at = context.constant(node.at);
    if (node.at && (typeof at !== 'number' || at < 0 || at > END_OF_TIME)) {
      context.error(
        node.at,
        'bad-time',
        `The time of a key press is a number of ticks, from 0 to ${spelled(END_OF_TIME)}.`,
        'For example: keyboard at 50 "ls\\n";',
      );
    }
  },
  Call: (node, context) => {
    const binding = context.bindingOf(node.callee);
    if (binding?.kind !== 'library' || binding.entry.file !== '' || node.callee.$type !== 'NameRef') return;
    if (ABOUT_A_PROCESS.has(node.callee.name) || (node.callee.name === 'stat' && node.args.length === 2))
      knownProcess(node, context);
  },
};

function attributes(node: Process | Remote, context: CheckContext): void {
  const seen = new Set<string>();
  const isRemote = node.$type === 'Remote';
  for (const attribute of node.attributes) {
    if (seen.has(attribute.key)) {
      context.error(attribute, 'duplicate-attribute', `\`${attribute.key}\` is given twice.`, 'Remove one of the two.');
    }
    seen.add(attribute.key);
    const fits = isRemote ? ['count', 'at', 'every'].includes(attribute.key) : attribute.key !== 'every';
    if (!fits) {
      const message = `A ${isRemote ? 'remote' : 'process'} has no attribute \`${attribute.key}\`.`;
      context.error(
        attribute,
        'unknown-attribute',
        message,
        `Its attributes are ${isRemote ? 'count, at and every' : 'count, at, nice, priority, burst, tickets and cpu'}.`,
      );
    }
  }
  const first = node.params[0];
  if (first && (first.rest || first.value)) {
    context.error(
      first,
      'number-parameter',
      `\`${first.name}\` is the number among \`count\`, which is always given: one integer.`,
      `Write (${first.name}).`,
    );
  }
  const second = node.params[1];
  if (second) {
    context.error(
      second,
      'too-many-parameters',
      `A ${isRemote ? 'remote' : 'process'} has one parameter at most: its number among \`count\`.`,
      'Other values come in by `param`, `const` or a global.',
    );
  }
}

function range(node: Attribute, context: CheckContext): void {
  if (!node.value) return;
  const [min, max] = ATTRIBUTE_RANGES[node.key];
  const value = context.constant(node.value);
  if (value === undefined && node.value.$type === 'NameRef' && !context.bindingOf(node.value)) return;
  if (typeof value !== 'number') {
    context.error(
      node.value,
      'bad-attribute',
      `\`${node.key}\` takes an integer that is known before the run.`,
      'Use a number, a const or a param.',
    );
  } else if (value < min || value > max) {
    const limits = `from ${spelled(min)} to ${spelled(max)}`;
    context.error(
      node.value,
      'bad-attribute',
      `\`${node.key}\` is ${limits}; ${spelled(value)} is not.`,
      `Write a number ${limits}.`,
    );
  }
}

function knownProcess(node: Call, context: CheckContext): void {
  const first = node.args[0];
  if (first?.$type !== 'StringLiteral') return;
  const name = stringBytesOf(first.text).replace(/\[\d+\]$/, '');
  // An imported file's own processes are not started, but its expects, which are not checked, may speak of them.
  const own = context.file.ast.items.flatMap((item) => (item.$type === 'Process' && item.name ? [item.name] : []));
  const declared = [...context.loaded.declarations.values()].flatMap(({ tasks }) => [...tasks.keys()]);
  const names = [...new Set([...declared, ...own])];
  if (names.includes(name) || name === 'init') return;
  const near = closest(name, names);
  context.error(
    first,
    'unknown-process',
    `There is no process "${name}" in this program.`,
    near
      ? `Did you mean "${near}"?`
      : names.length > 0
        ? `There are: ${names.slice(0, 6).join(', ')}.`
        : 'Declare it: process name { … }.',
  );
}
