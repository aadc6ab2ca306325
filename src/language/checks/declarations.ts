/** Declarations: no part twice, constants that are constant, parameters in an order that can be called. */
import type { AstNode } from 'langium';
import { walk } from '../ast-walk.js';
import { constantOrder, memberNamed } from '../constant-order.js';
import { nameRange } from '../declarations.js';
import type { Const, EnumMember, Fn, Member, Parameter, StructLiteral, Switch } from '../generated/ast.js';
import { rangeOf } from '../parse.js';
import { closest } from '../suggest.js';
import type { CheckContext, Checks } from './context.js';

/** Calls that give the same value in every run, so that a constant may use them. */
const PURE = new Set('len str int abs min max repeat format'.split(' '));

export const declarationChecks: Checks = {
  Fn: (node, context) => {
    parameters(node.params, context);
    body(node, context);
    shadowing(node, context);
  },
  Process: (node, context) => parameters(node.params, context),
  Program: (node, context) => parameters(node.params, context),
  Struct: (node, context) => duplicates(node.fields, 'field', context),
  RecordLiteral: (node, context) => duplicates(node.fields, 'field', context),
  StructLiteral: (node, context) => {
    duplicates(node.fields, 'field', context);
    structFields(node, context);
  },
  Switch: (node, context) => cases(node, context),
  Const: (node, context) => {
    if (node.$container?.$type === 'SourceFile') constant(node, context);
  },
  EnumMember: (node, context) => member(node, context),
  Member: (node, context) => enumMember(node, context),
  Param: (node, context) => {
    if (node.value && context.constant(node.value) === undefined) {
      context.error(
        node.value,
        'param-not-constant',
        `The default of a param is known before the run.`,
        'For example: param clients = 3;',
      );
    }
  },
};

function duplicates(parts: readonly (AstNode & { name?: string })[], what: string, context: CheckContext): void {
  const seen = new Set<string>();
  for (const part of parts) {
    if (part.name === undefined) continue;
    if (seen.has(part.name)) {
      context.error(
        nameRange(part, context.file),
        `duplicate-${what}`,
        `The ${what} \`${part.name}\` is there twice.`,
        'Remove or rename one of the two.',
      );
    }
    seen.add(part.name);
  }
}

function parameters(params: readonly Parameter[], context: CheckContext): void {
  let optional: string | undefined;
  params.forEach((param, i) => {
    if (param.rest && i < params.length - 1) {
      context.error(
        param,
        'parameter-order',
        `\`...${param.name}\` takes all arguments that are left, so it comes last.`,
        'Move it to the end.',
      );
    }
    if (param.rest && param.value) {
      context.error(
        param,
        'parameter-order',
        `\`...${param.name}\` is a list and has no default.`,
        'Remove the default.',
      );
    }
    if (optional !== undefined && !param.value && !param.rest) {
      context.error(
        param,
        'parameter-order',
        `\`${param.name}\` comes after \`${optional}\`, which has a default.`,
        'Parameters with a default come after those without.',
      );
    }
    if (param.value) {
      optional ??= param.name;
      if (notConstant(param.value, context)) {
        context.error(
          param.value,
          'default-not-constant',
          'A default is a constant.',
          'Use null, and set the value in the function: if (x == null) { x = …; }',
        );
      }
    }
  });
}

function body(node: Fn, context: CheckContext): void {
  const mayBeExtern = context.isKernelFile || context.isLibraryFile;
  if (node.extern && !mayBeExtern) {
    context.error(
      context.rangeAt(rangeOf(node).from.offset, 'extern'.length),
      'extern-in-program',
      '`extern` declares what the machine supplies, in kernel and library files only.',
      `Write the function: fn ${node.name}(…) { … }.`,
    );
  } else if (node.extern && node.body) {
    context.error(
      nameRange(node, context.file),
      'extern-with-body',
      'An extern function has no body.',
      'End it with `;` after the parameters, or remove `extern`.',
    );
  } else if (!node.extern && !node.body && context.file.problems.length === 0) {
    context.error(
      nameRange(node, context.file),
      'missing-body',
      `\`${node.name}\` has no body.`,
      `Write fn ${node.name}(…) { … }; functions need not be announced before use.`,
    );
  }
}

/** A function of the program may have the name of a library function; then the library's is out of reach. */
function shadowing(node: Fn, context: CheckContext): void {
  if (context.isKernelFile || context.isLibraryFile) return;
  const entry = context.library.entries.find(
    (other) => other.name === node.name && other.params && other.audience !== 'kernel' && other.audience !== 'library',
  );
  if (!entry || entry.kind === 'struct') return;
  context.info(
    nameRange(node, context.file),
    'shadows-library',
    `The library has a function \`${node.name}\` too; in this program the name means yours.`,
    'Choose another name if that is not intended.',
  );
}

function structFields(node: StructLiteral, context: CheckContext): void {
  const binding = context.bindingOf(node);
  if (binding === undefined) return;
  const isStruct = binding.kind === 'struct' || (binding.kind === 'library' && binding.entry.kind === 'struct');
  if (!isStruct) {
    const start = rangeOf(node).from.offset;
    context.error(
      context.rangeAt(start, node.struct.length),
      'not-a-struct',
      `\`${node.struct}\` is not a struct.`,
      `Declare one: struct ${node.struct} { field; }, under a name of its own.`,
    );
    return;
  }
  const fields =
    binding.kind === 'struct'
      ? binding.declaration.fields.map((field) => field.name)
      : binding.kind === 'library'
        ? (binding.entry.params ?? []).map((field) => field.name)
        : [];
  for (const field of node.fields) {
    if (field.name === undefined || fields.includes(field.name)) continue;
    const near = closest(field.name, fields);
    context.error(
      nameRange(field, context.file),
      'unknown-field',
      `\`${node.struct}\` has no field \`${field.name}\`.`,
      near ? `Did you mean \`${near}\`?` : `Its fields are ${fields.join(', ') || 'none'}.`,
    );
  }
}

function cases(node: Switch, context: CheckContext): void {
  const seen = new Set<unknown>();
  let hasDefault = false;
  for (const each of node.cases) {
    if (each.default) {
      if (hasDefault)
        context.error(
          context.rangeAt(rangeOf(each).from.offset, 7),
          'duplicate-case',
          'This switch has two defaults.',
          'Remove one of the two.',
        );
      hasDefault = true;
      continue;
    }
    const value = context.constant(each.value);
    if (value === undefined || !each.value) continue;
    if (seen.has(value)) {
      context.error(
        each.value,
        'duplicate-case',
        `The case \`${each.value.$cstNode?.text}\` is there twice; the second can't be reached.`,
        'Remove or change one of the two.',
      );
    }
    seen.add(value);
  }
}

function constant(node: Const, context: CheckContext): void {
  if (!node.value) return;
  if (constantOrder(context.loaded).circular.has(node)) {
    context.error(
      nameRange(node, context.file),
      'circular-constant',
      `The value of \`${node.name}\` depends on itself.`,
      'Give one of the constants a value of its own.',
    );
    return;
  }
  const culprit = notConstant(node.value, context);
  if (!culprit) return;
  context.error(
    culprit,
    'const-not-constant',
    'The value of a const is known before the run; this is not.',
    `Use a global, \`var ${node.name} = …;\`, and set it in a process.`,
  );
}

/** The part of an expression that is not constant, if any. */
export function notConstant(value: AstNode, context: CheckContext): AstNode | undefined {
  let culprit: AstNode | undefined;
  walk(value, (node) => {
    if (culprit) return false;
    if (node.$type === 'Call') {
      const callee = context.bindingOf((node as unknown as { callee: AstNode }).callee);
      if (!(callee?.kind === 'library' && PURE.has(callee.entry.name))) culprit = node;
    } else if (node.$type === 'Assignment' || node.$type === 'Yield' || node.$type === 'Postfix') {
      culprit = node;
    } else if (node.$type === 'NameRef') {
      const kind = context.bindingOf(node)?.kind;
      if (kind === 'global' || kind === 'local') culprit = node;
    }
    return culprit === undefined;
  });
  return culprit;
}

function member(node: EnumMember, context: CheckContext): void {
  if (!node.value || typeof context.constant(node.value) === 'number') return;
  context.error(
    node.value,
    'enum-not-integer',
    'The value of an enum member is an integer that is known before the run.',
    'For example: enum Phase { WAIT = 1, COPY }.',
  );
}

function enumMember(node: Member, context: CheckContext): void {
  const binding = context.bindingOf(node.target);
  if (binding?.kind !== 'enum' || node.name === undefined) return;
  if (memberNamed(binding.declaration, node.name)) return;
  const names = binding.declaration.members.map((each) => each.name);
  const near = closest(node.name, names);
  context.error(
    node,
    'unknown-member',
    `The enum \`${binding.declaration.name}\` has no member \`${node.name}\`.`,
    near ? `Did you mean \`${near}\`?` : `Its members are ${names.join(', ')}.`,
  );
}
