/** What people bring along from C, JavaScript, Python and others, and what it is called here. */
import type { IToken } from 'chevrotain';
import { endOfToken, touches } from './fault.js';
import { atToken, isValue, isWord, kind, type Explanation, type Site } from './site.js';

const TYPES = new Set(
  'int char long short unsigned signed float double bool void auto string u8 u32 u64 i32 i64 static extern volatile register inline'.split(
    ' ',
  ),
);

/** Words at the start of a statement that have another name here, or none. */
const FOREIGN_WORDS: Readonly<Record<string, string>> = {
  function: 'A function begins with `fn`: fn name(a, b) { … }.',
  func: 'A function begins with `fn`: fn name(a, b) { … }.',
  def: 'A function begins with `fn`: fn name(a, b) { … }.',
  elif: 'Write `else if (…) { … }`.',
  elsif: 'Write `else if (…) { … }`.',
  elseif: 'Write `else if (…) { … }`, in two words.',
  foreach: 'Write `for (x in list) { … }`.',
  unless: 'Write `if (!(…)) { … }`.',
  until: 'Write `while (!(…)) { … }`.',
  loop: 'Write `while (true) { … }`.',
  try: 'There are no exceptions: calls return -1 and set errno.',
  catch: 'There are no exceptions: calls return -1 and set errno.',
  throw: 'There are no exceptions: return -1, or use assert(condition, "why").',
  goto: 'There is no goto: use a loop, break, continue or a function.',
  union: 'Write `struct Name { field; }`: a field holds any kind of value.',
  class: 'Write `struct Name { field; }` and functions that take it.',
  typedef: 'There are no types to declare: leave the line out.',
  new: 'A struct is made without `new`: Name { field: 1 }.',
  await: 'A call blocks until it is done; for coroutines see `yield` and std/async.',
  async: 'Functions are written `fn name() { … }`; for coroutines see `yield` and std/async.',
  then: 'Write `if (…) { … }`.',
  and: 'Write `&&`.',
  or: 'Write `||`.',
  not: 'Write `!`.',
  is: 'Write `==`.',
};

/** A type of C's own, or one that a header would declare. */
function isType(word: string): boolean {
  return TYPES.has(word) || /^[a-z]\w*_t$/.test(word) || word === 'FILE' || word === 'DIR';
}

/** What is declared by several words: `unsigned int x`, `static let z`, `char *s`. And where it stands. */
function declared(site: Site, from: number): { name: string; isFunction: boolean } {
  let at = from;
  while (
    ['let', 'var', 'const', 'struct', '*'].includes(site.tokens[at]?.image ?? '') ||
    isType(site.tokens[at]?.image ?? '')
  )
    at++;
  const name = isWord(site.tokens[at]) ? (site.tokens[at]?.image ?? 'x') : 'x';
  return { name, isFunction: site.tokens[at + 1]?.image === '(' };
}

const typeBeforeName: Explanation = (site) => {
  const { before, token } = site;
  if (!before || kind(before) !== 'ID' || !isType(before.image) || !isWord(token)) return undefined;
  const { name, isFunction } = declared(site, site.index);
  return {
    from: before.startOffset,
    to: endOfToken(before),
    code: 'no-types',
    message: `\`${before.image}\`: there are no types to declare here.`,
    hint: isFunction
      ? `Write \`fn ${name}(…) { … }\`.`
      : before.image === 'static'
        ? `A variable that keeps its value between calls is a global: \`var ${name} = …;\` outside of the function.`
        : (namedAlone(site) ?? `Write \`let ${name} = …;\`.`),
  };
};

/** `let a[10];`: the parser gives up at the `[`. */
const array: Explanation = (site) => {
  const { before, token, tokens, index } = site;
  const word = tokens[index - 2]?.image;
  if (kind(token) !== '[' || kind(before) !== 'ID' || (word !== 'let' && word !== 'var')) return undefined;
  const [name, size] = [before?.image ?? 'a', tokens[index + 1]?.image ?? ''];
  const n = size === ']' || size === '' ? 'n' : size;
  return {
    ...atToken(site),
    code: 'no-arrays',
    message: `\`${name}[${size === ']' ? '' : size}${size === ']' ? ']' : ''}\`: arrays are not declared with their size.`,
    hint: `A list that grows is \`${word} ${name} = [];\`, ${n} bytes of memory are \`${word} ${name} = alloc(${n});\`, an array that processes share is \`shared var ${name}[${n}];\`.`,
  };
};

/** `let a = { 1, 2 };`: the parser gives up behind the brace. */
const braceList: Explanation = (site) => {
  const { before, token, tokens, index } = site;
  if (kind(before) !== '{' || !['NUMBER', 'STRING', 'CHAR', '{'].includes(kind(token))) return undefined;
  if (!['=', ',', '(', '{'].includes(tokens[index - 2]?.image ?? '')) return undefined;
  return {
    ...atToken(site),
    code: 'no-arrays',
    message: `\`{ ${token.image}\`: braces make a record, { field: value }.`,
    hint: 'A list is in brackets: [1, 2, 3].',
  };
};

const FOR_COMPILERS = new Set(['extern', 'inline', 'register', 'volatile']);

/** `extern int x;`, `inline fn f()`: words that tell a C compiler something. */
const wordForCompiler: Explanation = (site) => {
  const word = [site.token, site.before].find((each) => FOR_COMPILERS.has(each?.image ?? ''));
  if (!word || !isWord(word === site.token ? site.after : site.token)) return undefined;
  return {
    from: word.startOffset,
    to: endOfToken(word),
    code: 'foreign-word',
    message: `\`${word.image}\` tells a C compiler what nobody needs to know here.`,
    hint:
      word.image === 'extern'
        ? 'Leave the line out: names of the library are known (errno, too), those of another file come by `import "./file.osim";`.'
        : `Leave \`${word.image}\` out.`,
  };
};

/** `*p`, where a value is wanted. */
const dereference: Explanation = (site) => {
  if (kind(site.token) !== '*' || !isWord(site.after) || isValue(site.before) || [')', ']'].includes(kind(site.before)))
    return undefined;
  const name = site.after?.image ?? 'p';
  return {
    ...atToken(site),
    code: 'no-pointers',
    message: `\`*${name}\`: there are no pointers to follow.`,
    hint: `A buffer's bytes are ${name}[0], ${name}[1] …; the byte at an address is peek(${name}), and poke(${name}, byte) sets it.`,
  };
};

/** `sizeof x`, without parentheses. */
const sizeOf: Explanation = (site) => {
  if (site.before?.image !== 'sizeof' || !isWord(site.token)) return undefined;
  return {
    from: site.before.startOffset,
    to: endOfToken(site.before),
    code: 'foreign-word',
    message: '`sizeof` is not a word of this language.',
    hint: 'Write len(x): the bytes of a string or a buffer, the elements of a list.',
  };
};

/** Parameters and fields need no word before them. */
function namedAlone({ rules, token }: Site): string | undefined {
  const isPart = rules.some((rule) => ['Parameter', 'Parameters', 'Struct', 'StructField', 'Field'].includes(rule));
  return isPart && !rules.includes('Block') ? `Write the name alone: \`${token.image}\`.` : undefined;
}

/** `for (int i = 0; …)`: the parser gives up at the `for`. */
const typeInFor: Explanation = (site) => {
  const [open, type, name] = site.tokens.slice(site.index + 1, site.index + 4);
  if (kind(site.token) !== 'for' || kind(open) !== '(' || !type || !isType(type.image) || !isWord(name))
    return undefined;
  return {
    from: type.startOffset,
    to: endOfToken(type),
    code: 'no-types',
    message: `\`${type.image}\`: there are no types to declare here.`,
    hint: `Write \`for (let ${name?.image} = 0; …; …)\`.`,
  };
};

/** `(int) x`. */
const cast: Explanation = (site) => {
  const [open, type, close] = site.tokens.slice(Math.max(0, site.index - 3), site.index);
  if (kind(open) !== '(' || !type || !isType(type.image) || kind(close) !== ')' || !open) return undefined;
  return {
    from: open.startOffset,
    to: site.before ? endOfToken(site.before) : endOfToken(type),
    code: 'no-types',
    message: `\`(${type.image})\`: there are no types, so there are no casts.`,
    hint: 'Leave it out. int("42") makes an integer of a text, str(42) a text of an integer.',
  };
};

/** `&x`, where a value is wanted. */
const addressOf: Explanation = (site) => {
  if (kind(site.token) !== '&' || isValue(site.before) || [')', ']'].includes(kind(site.before))) return undefined;
  const name = isWord(site.after) ? (site.after?.image ?? 'x') : 'x';
  return {
    ...atToken(site),
    code: 'no-pointers',
    message: `\`&${name}\`: there are no pointers to variables.`,
    hint: 'Lists, records and buffers are handed on as they are; a call that fills something in C returns it here.',
  };
};

/** `int x` at the top of a file, where the first word is already the surprise. */
const typeAtTop: Explanation = (site) => {
  if (kind(site.token) !== 'ID' || !isType(site.token.image)) return undefined;
  if (!isWord(site.after) && site.after?.image !== '*') return undefined;
  const { name, isFunction } = declared(site, site.index);
  return {
    ...atToken(site),
    code: 'no-types',
    message: `\`${site.token.image}\`: there are no types to declare here.`,
    hint:
      isFunction && name === 'main'
        ? 'A program starts in `process main { … }`; what `program name(a, ...rest) { … }` gets are its arguments.'
        : isFunction
          ? `Write \`fn ${name}(…) { … }\`; a program starts in \`process main { … }\`.`
          : `Write \`var ${name} = …;\` for a global, \`const ${name} = …;\` for a constant.`,
  };
};

/** What a word of another language is called here. */
export function foreignWordHint(word: string): string | undefined {
  return Object.hasOwn(FOREIGN_WORDS, word) ? FOREIGN_WORDS[word] : undefined;
}

const foreignWord: Explanation = (site) => {
  for (const token of [site.before, site.token, calledBefore(site)]) {
    const hint =
      token && kind(token) === 'ID' && Object.hasOwn(FOREIGN_WORDS, token.image) && FOREIGN_WORDS[token.image];
    if (hint) {
      return {
        from: token.startOffset,
        to: endOfToken(token),
        code: 'foreign-word',
        message: `\`${token.image}\` is not a word of this language.`,
        hint,
      };
    }
  }
  return undefined;
};

/** The word before the parentheses that were just closed: `elif (x) {` looks like a call at first. */
function calledBefore(site: Site): IToken | undefined {
  if (kind(site.before) !== ')') return undefined;
  let depth = 0;
  for (let i = site.index - 1; i > 0; i--) {
    if (kind(site.tokens[i]) === ')') depth++;
    if (kind(site.tokens[i]) === '(' && --depth === 0) return site.tokens[i - 1];
  }
  return undefined;
}

function foreignSign(first: string, second: string, shown: string, message: string, hint: string): Explanation {
  return ({ before, token, after }) => {
    for (const [left, right] of [
      [before, token],
      [token, after],
    ]) {
      if (left?.image !== first || right?.image !== second || !touches(left, right)) continue;
      const range = { from: left.startOffset, to: endOfToken(right) };
      return { ...range, code: 'foreign-operator', message: `\`${shown}\`${message}`, hint };
    }
    return undefined;
  };
}

export const habits: readonly Explanation[] = [
  array,
  braceList,
  wordForCompiler,
  sizeOf,
  dereference,
  typeBeforeName,
  typeAtTop,
  typeInFor,
  cast,
  addressOf,
  foreignWord,
  foreignSign('-', '>', '->', ': there are no pointers to follow.', 'Fields are written with a dot: a.field.'),
  foreignSign('--', '>', '-->', ' is not an operator.', 'Write `x-- > 0` with blanks.'),
  foreignSign(
    '=',
    '>',
    '=>',
    ': functions have no arrow form.',
    'Declare `fn name(a) { … }` at the top of the file and pass its name.',
  ),
  foreignSign('==', '=', '===', ' is not an operator.', 'Write `==`.'),
  foreignSign('!=', '=', '!==', ' is not an operator.', 'Write `!=`.'),
  foreignSign('*', '*', '**', ' is not an operator.', 'Multiply in a loop, or shift: 1 << n is 2 to the power n.'),
  foreignSign(':', '=', ':=', ' is not an operator.', 'Write `let x = …;` to declare, `x = …;` to assign.'),
  foreignSign('<', '>', '<>', ' is not an operator.', 'Write `!=`.'),
  foreignSign(':', ':', '::', ' is not an operator.', 'Names of an enum and of other files are used as they are.'),
];
