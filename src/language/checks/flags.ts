/** Flags of the wrong family: `lseek(fd, 0, O_RDONLY)` is a number like any other, and never meant. */
import { walk } from '../ast-walk.js';
import type { Call } from '../generated/ast.js';
import { closest } from '../suggest.js';
import type { CheckContext, Checks } from './context.js';

/** For each call: the argument's index, and how the names of its constants start. */
const FAMILIES: Readonly<Record<string, readonly (readonly [index: number, prefixes: readonly string[]])[]>> = {
  open: [[1, ['O_']]],
  pipe2: [[0, ['O_']]],
  dup3: [[2, ['O_']]],
  lseek: [[2, ['SEEK_']]],
  fcntl: [[1, ['F_']]],
  flock: [[1, ['LOCK_']]],
  kill: [[1, ['SIG']]],
  raise: [[0, ['SIG']]],
  sigaction: [
    [0, ['SIG']],
    [2, ['SA_']],
  ],
  sigprocmask: [[0, ['SIG_']]],
  waitpid: [[1, ['W']]],
  mmap: [
    [2, ['PROT_']],
    [3, ['MAP_']],
  ],
  mprotect: [[2, ['PROT_']]],
  socket: [
    [0, ['AF_']],
    [1, ['SOCK_']],
  ],
  accept4: [[1, ['SOCK_']]],
  shutdown: [[1, ['SHUT_']]],
  epoll_ctl: [
    [1, ['EPOLL_CTL_']],
    [3, ['EPOLL']],
  ],
  mutex: [[0, ['MUTEX_']]],
};

export const flagChecks: Checks = {
  Call: (node, context) => {
    const binding = context.bindingOf(node.callee);
    if (binding?.kind !== 'library' || binding.entry.audience !== 'user') return;
    for (const [index, prefixes] of FAMILIES[binding.entry.name] ?? []) argument(node, index, prefixes, context);
  },
};

function argument(node: Call, index: number, prefixes: readonly string[], context: CheckContext): void {
  const value = node.args[index];
  if (!value) return;
  walk(value, (part) => {
    if (part.$type === 'Call') return false;
    const binding = part.$type === 'NameRef' ? context.bindingOf(part) : undefined;
    if (binding?.kind !== 'library' || (binding.entry.kind !== 'const' && binding.entry.kind !== 'enum-member')) return;
    const name = binding.entry.name;
    if (prefixes.some((prefix) => name.startsWith(prefix)) || !/^[A-Z]/.test(name)) return;
    const family = context.library.entries
      .filter((entry) => prefixes.some((p) => entry.name.startsWith(p)))
      .map((entry) => entry.name);
    const near = closest(name, family);
    const callee = node.callee.$cstNode?.text ?? '';
    context.warning(
      part,
      'wrong-flag',
      `\`${name}\` is no flag for this argument of ${callee}(): those start with ${prefixes.join(' or ')}.`,
      near ? `Did you mean \`${near}\`?` : `For example: ${family.slice(0, 3).join(', ')}.`,
    );
    return;
  });
}
