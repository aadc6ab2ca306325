/** Words that are right, in the wrong place. */
import { endOfToken, isEof } from './fault.js';
import { atToken, capital, describe, isWord, kind, type Explanation, type Site } from './site.js';

const DECLARATIONS = new Set([
  'process',
  'program',
  'remote',
  'fn',
  'struct',
  'enum',
  'import',
  'param',
  'machine',
  'expect',
  'extern',
  'shared',
]);
const RESERVED = new Set([
  ...DECLARATIONS,
  ...'break case const continue default do else false for if in let null return switch true var while yield'.split(' '),
]);
/** Places where a name is expected and nothing else. */
const NAMING = new Set([
  'Name',
  'Let',
  'ForLet',
  'Const',
  'Global',
  'Param',
  'Fn',
  'Process',
  'Program',
  'Remote',
  'Struct',
  'Enum',
  'EnumMember',
  'Parameter',
  'LoopVariable',
]);
const ATTRIBUTES = ['count', 'at', 'nice', 'priority', 'burst', 'tickets', 'cpu'];

function atTop(site: Site): boolean {
  return site.rule === 'SourceFile' || site.rule === 'Item';
}

const reservedName: Explanation = (site) => {
  const { before, token } = site;
  const naming =
    before &&
    ['let', 'const', 'var', 'param', 'fn', 'process', 'program', 'remote', 'struct', 'enum'].includes(kind(before));
  const isParameter = site.rules.includes('Parameter') && NAMING.has(site.rule);
  if (!RESERVED.has(kind(token)) || !(naming || isParameter)) return undefined;
  return {
    ...atToken(site),
    code: 'reserved-word',
    message: `\`${token.image}\` is a word of the language and can't be a name.`,
    hint: `Choose another name, for example \`${token.image}_\` or \`my_${token.image}\`.`,
  };
};

const afterElse: Explanation = (site) =>
  kind(site.token) === 'else'
    ? {
        ...atToken(site),
        code: 'else-without-if',
        message: 'This `else` belongs to no `if`.',
        hint: 'It must come right after the statement or the `{ … }` of an `if`; several statements need braces.',
      }
    : undefined;

const caseOutside: Explanation = (site) =>
  (kind(site.token) === 'case' || kind(site.token) === 'default') && !atTop(site)
    ? {
        ...atToken(site),
        code: 'case-outside-switch',
        message: `\`${site.token.image}\` stands only directly inside \`switch (…) { … }\`.`,
        hint: 'Put it into a switch, or write `if`.',
      }
    : undefined;

const declarationInside: Explanation = (site) => {
  const word = kind(site.token);
  if (atTop(site) || !(DECLARATIONS.has(word) || word === 'var') || isEof(site.token)) return undefined;
  if (word === 'var') {
    return {
      ...atToken(site),
      code: 'declaration-inside-block',
      message: '`var` declares a global, at the top of a file.',
      hint: 'In here use `let`.',
    };
  }
  const [type, name, sign] = [site.after, ...site.tokens.slice(site.index + 2, site.index + 4)];
  if (word === 'struct' && isWord(type) && (isWord(name) || name?.image === '*') && kind(sign) !== '{') {
    return {
      ...atToken(site),
      code: 'no-types',
      message: `\`struct ${type?.image}\`: there are no types to declare here.`,
      hint: `A variable is \`let ${isWord(name) ? name?.image : (sign?.image ?? 'x')} = …;\`, a record { field: value }, or ${type?.image} { field: value } of a struct of your own.`,
    };
  }
  const inExpression =
    word === 'fn' && kind(site.before) !== '{' && kind(site.before) !== '}' && kind(site.before) !== ';';
  return {
    ...atToken(site),
    code: 'declaration-inside-block',
    message: inExpression
      ? 'A function has no form as a value written in place.'
      : `\`${word}\` stands at the top of a file, not inside ${kind(site.before) ? 'a block' : 'another declaration'}.`,
    hint:
      word === 'fn'
        ? 'Declare it at the top of the file, `fn name(a) { … }`, and use its name here.'
        : 'Move it out of the braces; if it is out already, a `}` is missing above.',
  };
};

const letAtTop: Explanation = (site) =>
  atTop(site) && kind(site.token) === 'let'
    ? {
        ...atToken(site),
        code: 'statement-outside-process',
        message: '`let` declares a variable inside a process or a function.',
        hint: 'At the top of a file write `var` for a global, `const` for a constant.',
      }
    : undefined;

const semicolonAtTop: Explanation = (site) =>
  atTop(site) && kind(site.token) === ';'
    ? {
        ...atToken(site),
        code: 'superfluous-semicolon',
        message: 'No `;` belongs here.',
        hint: 'A declaration that ends with `}` needs none: remove it.',
      }
    : undefined;

const kernelNotFirst: Explanation = (site) =>
  atTop(site) && site.token.image === 'kernel'
    ? {
        ...atToken(site),
        code: 'kernel-not-first',
        message: '`kernel;` must be the first line of a file.',
        hint: 'Move it to the top.',
      }
    : undefined;

/** `process` or `remote` when its head was being read: its name, attributes and parameters. */
function headOf(site: Site): 'process' | 'remote' | undefined {
  const inHead = site.rule === 'Block' ? site.rules[site.rules.length - 2] : site.rule;
  if (inHead === 'Process') return 'process';
  return inHead === 'Remote' ? 'remote' : undefined;
}

const attributeAfterParameters: Explanation = (site) =>
  headOf(site) && kind(site.before) === ')' && isWord(site.token)
    ? {
        ...atToken(site),
        code: 'attribute-order',
        message: `Attributes such as \`${site.token.image}\` come before the parameters.`,
        hint: 'For example: process worker count 2 (i) { … }.',
      }
    : undefined;

const unknownAttribute: Explanation = (site) => {
  const head = headOf(site);
  if (!head || kind(site.token) !== 'ID') return undefined;
  return {
    ...atToken(site),
    code: 'unknown-attribute',
    message: `A ${head} has no attribute \`${site.token.image}\`.`,
    hint: `The attributes are ${head === 'remote' ? 'count, at and every' : ATTRIBUTES.join(', ')}, each with a value, as in \`count 2\`.`,
  };
};

const statementOutside: Explanation = (site) => {
  if (!atTop(site) || isEof(site.token)) return undefined;
  return {
    from: site.token.startOffset,
    to: endOfToken(site.token),
    code: 'statement-outside-process',
    message: `${capital(describe(site.token))} can't stand outside of a process or a function.`,
    hint: 'Statements go into `process main { … }` or `fn name() { … }`; if this was inside, there is a `}` too many above.',
  };
};

const rangeOutside: Explanation = (site) =>
  kind(site.token) === '..'
    ? {
        ...atToken(site),
        code: 'range-outside-for',
        message: 'A range `a..b` is not a value of its own.',
        hint: 'It is written in `for (i in 0..n)` and in slices, `buf[0..n]`.',
      }
    : undefined;

export const misplaced: readonly Explanation[] = [
  reservedName,
  afterElse,
  caseOutside,
  declarationInside,
  letAtTop,
  semicolonAtTop,
  kernelNotFirst,
  attributeAfterParameters,
  unknownAttribute,
  statementOutside,
  rangeOutside,
];
