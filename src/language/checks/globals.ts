/** Globals: what a `shared var` can hold, and arrays of them. */
import { rangeOf } from '../parse.js';
import { arrayLengthFault } from '../limits.js';
import { syncArgumentFault, syncKind } from '../sync-objects.js';
import type { Global } from '../generated/ast.js';
import type { CheckContext, Checks } from './context.js';

export const globalChecks: Checks = {
  Global: (node, context) => {
    if (node.length) array(node, context);
    if (node.shared && node.value) sharedValue(node, context);
  },
};

function array(node: Global, context: CheckContext): void {
  if (!node.shared) {
    const { from } = rangeOf(node);
    context.error(
      context.rangeAt(from.offset, 'var'.length),
      'array-not-shared',
      `\`${node.name}\` is an array of variables, and those are shared.`,
      `Write shared var ${node.name}[…]; or use a list, var ${node.name} = [0, 0];`,
    );
    return;
  }
  if (!node.length) return;
  // A name that is not there has a message of its own.
  if (node.length.$type === 'NameRef' && !context.bindingOf(node.length)) return;
  const fault = arrayLengthFault(context.constant(node.length));
  if (fault) context.error(node.length, 'array-length', fault.message, fault.hint);
}

function sharedValue({ value, length }: Global, context: CheckContext): void {
  if (!value) return;
  const callee = value.$type === 'Call' && value.callee.$type === 'NameRef' ? value.callee.name : undefined;
  const isLibrary = value.$type === 'Call' && context.bindingOf(value.callee)?.kind === 'library';
  const kind = callee !== undefined && isLibrary ? syncKind(callee) : undefined;
  if (kind && value.$type === 'Call') {
    if (!kind.argument) return;
    const [arg] = value.args;
    const fault = syncArgumentFault(kind, context.constant(arg), arg !== undefined);
    if (fault) context.error(arg ?? value, 'shared-value', fault.message, fault.hint);
    return;
  }
  if (typeof context.constant(value) === 'number') return;
  if (length && value.$type === 'ListLiteral') {
    context.error(
      value,
      'shared-value',
      'The value behind = is that of each element of the array; a list is none.',
      'For example: shared var a[3] = 0;  Give them different values in a process: a[0] = 1;',
    );
    return;
  }
  context.error(
    value,
    'shared-value',
    'A shared var is one word of memory that all processes see: it holds an integer, a mutex, cond, semaphore, rwlock or barrier.',
    'For example: shared var total = 0;  For bytes use mmap() with MAP_SHARED.',
  );
}
