/** Calls: of something that can be called, with as many arguments as it takes, and with an eye on what comes back. */
import { walk, enclosing } from '../ast-walk.js';
import type { Call, Fn } from '../generated/ast.js';
import { arityOf, describeParameters, isFunction, parameterText, type LibraryParameter } from '../library.js';
import { rangeOf } from '../parse.js';
import { fileName } from '../declarations.js';
import { closest } from '../suggest.js';
import { stringBytesOf } from '../literals.js';
import { plural, type CheckContext, type Checks } from './context.js';

/** Calls whose failure a program should notice. */
const WORTH_CHECKING = new Set(
  'open read write pread pwrite accept accept4 connect pipe fork dup dup2 mmap'.split(' '),
);

export const callChecks: Checks = {
  Call: (node, context) => {
    const callee = node.callee;
    if (!callee) return;
    if (callee.$type === 'NameRef') return namedCall(node, callee.name, context);
    if (callee.$type.endsWith('Literal')) notCallable(node, 'a literal', context);
  },
  ExpressionStatement: (node, context) => {
    const callee = node.value?.$type === 'Call' ? node.value.callee : undefined;
    const binding = context.bindingOf(callee);
    if (binding?.kind !== 'library' || !WORTH_CHECKING.has(binding.entry.name) || context.isKernelFile) return;
    if (enclosing(node, 'Remote')) return;
    context.info(
      node,
      'unchecked-result',
      `The result of ${binding.entry.name}() is not looked at; -1 would mean that it failed.`,
      `For example: if (${binding.entry.name}(…) == -1) { print(strerror(errno)); }`,
    );
  },
};

function namedCall(node: Call, name: string, context: CheckContext): void {
  const binding = context.bindingOf(node.callee);
  switch (binding?.kind) {
    case 'function': {
      const params = binding.declaration.params;
      const { min, max } = arityOf(params);
      const place = `${fileName(binding.file.uri)}, line ${rangeOf(binding.declaration).from.line}`;
      arity(node, name, describeParameters(params), min, max, place, context);
      return unusedNothing(node, name, binding.declaration, context);
    }
    case 'library': {
      const entry = binding.entry;
      if (!isFunction(entry))
        return notCallable(node, `a ${entry.kind === 'struct' ? 'struct' : 'value'}`, context, entry.kind === 'struct');
      arity(node, name, entry.params ?? [], entry.minArity ?? 0, entry.maxArity, undefined, context);
      if (name === 'exec' || name === 'spawn') knownProgram(node, context);
      if (name === 'sigaction') handlerTakes(node, context);
      return;
    }
    case 'struct':
      return notCallable(node, 'a struct', context, true);
    case 'enum':
    case 'constant':
    case 'param':
      if (binding.kind !== 'constant' || isPlainValue(binding.declaration.value?.$type)) {
        notCallable(node, binding.kind === 'enum' ? 'an enum' : `a ${binding.kind}`, context);
      }
      return;
    case 'process':
    case 'program':
    case 'remote':
      return context.error(
        node.callee,
        'not-callable',
        `\`${name}\` is a ${binding.kind}, not a function.`,
        binding.kind === 'program'
          ? `Start it by its name: spawn("${name}", …) or exec("${name}", …).`
          : 'It is started at boot.',
      );
    default:
  }
}

function isPlainValue(type: string | undefined): boolean {
  return (
    type === undefined ||
    ['NumberLiteral', 'StringLiteral', 'CharLiteral', 'TrueLiteral', 'FalseLiteral', 'Chain', 'ListLiteral'].includes(
      type,
    )
  );
}

function notCallable(node: Call, what: string, context: CheckContext, isStruct = false): void {
  const text = node.callee.$cstNode?.text ?? '';
  context.error(
    node.callee,
    'not-callable',
    `\`${text.slice(0, 24)}\` is ${what}, and only a function can be called.`,
    isStruct
      ? `A struct is made with braces: ${text} { field: value }.`
      : 'Remove the parentheses, or call a function.',
  );
}

/** What C's call fills in by a pointer, and this one returns. */
const GIVEN_BACK: ReadonlyMap<string, string> = new Map(
  [
    'let fds = pipe();',
    'let fds = pipe2(flags);',
    'let fds = socketpair();',
    'let s = stat(path);',
    'let s = lstat(path);',
    'let s = fstat(fd);',
    'let w = wait();',
    'let w = waitpid(pid);',
    'let l = getrlimit(resource);',
    'let path = getcwd();',
    'let target = readlink(path);',
    'let client = accept(fd);',
    'let name = getsockname(fd);',
    'let name = getpeername(fd);',
    'let value = getsockopt(fd, level, option);',
    'let signals = sigpending();',
    'let events = epoll_wait(ep, max);',
    'let t = tcgetattr(fd);',
    'let now = clock();',
  ].map((use) => [/= (\w+)\(/.exec(use)?.[1] ?? '', ` What C fills in is returned: ${use}`]),
);

function arity(
  node: Call,
  name: string,
  params: readonly LibraryParameter[],
  min: number,
  max: number | undefined,
  place: string | undefined,
  context: CheckContext,
): void {
  const given = node.args.length;
  if (given >= min && (max === undefined || given <= max)) return;
  const takes =
    max === undefined
      ? `at least ${plural(min, 'argument')}`
      : min === max
        ? plural(min, 'argument')
        : `${min} to ${max} arguments`;
  const { to } = rangeOf(node);
  const extra = max !== undefined && given > max ? node.args[max] : undefined;
  const range = extra
    ? { from: rangeOf(extra).from, to: rangeOf(node.args[given - 1] ?? extra).to }
    : { from: rangeOf(node.callee).from, to };
  const signature = `${name}(${params.map(parameterText).join(', ')})`;
  const missing =
    given < min
      ? ` Missing: ${params
          .slice(given, min)
          .map((param) => param.name)
          .join(', ')}.`
      : '';
  context.error(
    range,
    'wrong-argument-count',
    `${name}() takes ${takes}, not ${given}.`,
    `It is declared as ${signature}${place ? ` in ${place}` : ''}.${missing}${given > min ? (GIVEN_BACK.get(name) ?? '') : ''}`,
  );
}

/** A function without `return value;` gives null: using that is certainly a mistake. */
function unusedNothing(node: Call, name: string, declaration: Fn, context: CheckContext): void {
  const parent = node.$container;
  const isUsed =
    parent.$type === 'Chain' ||
    (parent.$type === 'Let' && node.$containerProperty === 'value') ||
    (parent.$type === 'Assignment' && node.$containerProperty === 'value');
  if (!isUsed || declaration.extern || !declaration.body || givesValue(declaration)) return;
  context.warning(
    node,
    'no-result',
    `${name}() returns nothing, so its value here is null.`,
    `Put \`return …;\` into ${name}(), or call it as a statement of its own.`,
  );
}

function givesValue(declaration: Fn): boolean {
  let found = false;
  walk(declaration, (node) => {
    if (node.$type === 'Return' && 'value' in node && node.value !== undefined) found = true;
    return !found;
  });
  return found;
}

/**
 * A handler may take less than the signal and its info, as in C; one that needs more would fail when a signal comes.
 */
function handlerTakes(node: Call, context: CheckContext): void {
  const handler = node.args[1];
  const binding = context.bindingOf(handler);
  if (!handler || binding?.kind !== 'function') return;
  const { name, params } = binding.declaration;
  const { min } = arityOf(params);
  if (min <= 2) return;
  const [sig, info = 'info'] = params.map((param) => param.name);
  context.error(
    handler,
    'wrong-argument-count',
    `A handler is called with the signal and its info, and ${name}() needs ${plural(min, 'argument')}.`,
    `Declare it as fn ${name}(${sig ?? 'sig'}, ${info}).`,
  );
}

function knownProgram(node: Call, context: CheckContext): void {
  const first = node.args[0];
  if (first?.$type !== 'StringLiteral') return;
  const name = stringBytesOf(first.text);
  if (name.includes('/')) return; // a path: what is there decides
  const programs = [...context.loaded.declarations.values()].flatMap(({ tasks }) =>
    [...tasks].filter(([, binding]) => binding.kind === 'program').map(([key]) => key),
  );
  if (programs.includes(name)) return;
  const near = closest(name, programs);
  context.warning(
    first,
    'unknown-program',
    `There is no program "${name}": the call will fail with ENOENT.`,
    near ? `Did you mean "${near}"?` : `Declare it: program ${/^\w+$/.test(name) ? name : 'name'}(arg) { … }.`,
  );
}
