/** What is not there: a semicolon, a bracket, a comma, a name, a value. */
import { endOfToken, isEof } from './fault.js';
import { afterBefore, atToken, describe, isValue, isWord, kind, shorten, type Explanation, type Site } from './site.js';

const CONTROL = new Set(['if', 'while', 'for', 'switch']);
const BINARY = new Set(
  '|| && | ^ & == != < <= > >= << >> + - * / % = += -= *= /= %= &= |= ^= <<= >>= ? !  ~'.split(' '),
);

/** What each declaration looks like, for those who begin one and stop. */
const FORMS: Readonly<Record<string, string>> = {
  Import: 'import "./other.osim";',
  Param: 'param name = 3;',
  Machine: 'machine { cpus = 1; }',
  Setting: 'cpus = 1;',
  DiskFile: 'file "/etc/motd" = "text";  or  file "/w" from "./words.txt";',
  Keyboard: 'keyboard at 50 "ls\\n";  or  keyboard at 90 eof;',
  Const: 'const NAME = 16;',
  Enum: 'enum Name { FIRST, SECOND }',
  EnumMember: 'enum Name { FIRST, SECOND }',
  Struct: 'struct Name { field; other = 0; }',
  Field: 'struct Name { field; other = 0; }',
  Global: 'var name = 0;',
  Fn: 'fn name(a, b) { … }',
  Parameters: 'fn name(a, b = 1, ...rest) { … }',
  Parameter: 'fn name(a, b = 1, ...rest) { … }',
  Process: 'process name { … }',
  Attribute: 'process name count 2 at 10 { … }',
  AttributeValue: 'process name count 2 at 10 { … }',
  Program: 'program name(arg) { … }',
  Remote: 'remote name count 2 { … }',
  Expect: 'expect stdout("name") == "text";',
  Let: 'let name = 1;',
  ForLet: 'for (let i = 0; i < n; i++) { … }',
  For: 'for (let i = 0; i < n; i++) { … }',
  ForIn: 'for (x in list) { … }',
  LoopVariable: 'for (x in list) { … }',
  If: 'if (condition) { … }',
  While: 'while (condition) { … }',
  DoWhile: 'do { … } while (condition);',
  Switch: 'switch (x) { case 1: …; break; default: … }',
  Case: 'case 1: …; break;',
  FieldInit: '{ field: 1, other: 2 }',
  Block: '{ … }',
};

function form(site: Site): string | undefined {
  // An empty block is not what is being written: its declaration is.
  const last = kind(site.before) !== '{' && site.rule === 'Block' ? site.rules.length - 2 : site.rules.length - 1;
  for (let i = last; i >= 0; i--) {
    const shown = FORMS[site.rules[i]];
    if (shown) return shown;
  }
  return undefined;
}

const parenthesisAfterControl: Explanation = (site) => {
  const word = site.expected === '(' ? site.before : site.token;
  const next = word === site.before ? site.token : site.after;
  if (!word || !CONTROL.has(kind(word)) || kind(next) === '(') return undefined;
  const shown = { for: FORMS.ForIn, while: FORMS.While, switch: FORMS.Switch }[word.image] ?? FORMS.If;
  return {
    ...(word === site.before ? atToken(site) : { from: word.startOffset, to: endOfToken(word) }),
    code: 'missing-parenthesis',
    message: `What follows \`${word.image}\` is written in parentheses.`,
    hint: `As in C: ${shown}`,
  };
};

const severalInOneLet: Explanation = (site) =>
  kind(site.token) === ',' && ['Let', 'ForLet', 'Const', 'Global', 'Param'].includes(site.rule)
    ? {
        ...atToken(site),
        code: 'one-name-each',
        message: 'Each declaration makes one name.',
        hint: 'Write a declaration for each: let a = 1; let b = 2;',
      }
    : undefined;

const fieldSeparator: Explanation = (site) => {
  if (site.rule === 'Field' && (kind(site.token) === ',' || kind(site.token) === ':')) {
    return {
      ...atToken(site),
      code: 'field-separator',
      message: 'The fields of a struct end with `;`.',
      hint: `For example: ${FORMS.Struct}`,
    };
  }
  if (site.rules.includes('Enum') && kind(site.token) === ';') {
    return {
      ...atToken(site),
      code: 'field-separator',
      message: 'The members of an enum are separated by `,`.',
      hint: `For example: ${FORMS.Enum}`,
    };
  }
  if (site.rule === 'Setting' && (kind(site.token) === ':' || kind(site.token) === ',')) {
    return {
      ...atToken(site),
      code: 'field-separator',
      message: 'A setting is written `name = value;`.',
      hint: `For example: ${FORMS.Machine}`,
    };
  }
  if (site.expected === ':' && kind(site.token) === '=') {
    return {
      ...atToken(site),
      code: 'field-separator',
      message: 'Between a field and its value stands `:`.',
      hint: `For example: ${FORMS.FieldInit}`,
    };
  }
  return undefined;
};

const pathInQuotes: Explanation = (site) => {
  const before = site.before;
  if (
    !before ||
    !['import', 'file', 'from'].includes(kind(before)) ||
    kind(site.token) === 'STRING' ||
    isEof(site.token)
  )
    return undefined;
  if (!['Import', 'DiskFile'].includes(site.rule)) return undefined;
  return {
    ...atToken(site),
    code: 'missing-quotes',
    message: `After \`${before.image}\` comes a path in double quotes.`,
    hint: `For example: ${FORMS[site.rule]}`,
  };
};

const doubleQuotes: Explanation = (site) =>
  kind(site.token) === 'CHAR' && site.expected === 'STRING'
    ? {
        ...atToken(site),
        code: 'missing-quotes',
        message: 'Text is written in double quotes.',
        hint: `Write "${site.token.image.slice(1, -1)}".`,
      }
    : undefined;

const commaBetween: Explanation = (site) => {
  if (!site.before || !(isValue(site.token) || isWord(site.token) || ['[', '{', '('].includes(kind(site.token))))
    return undefined;
  const inCall = site.expected === ')' || site.expected === ']';
  const inRecord = site.expected === '}' && ['RecordLiteral', 'StructLiteral', 'Enum'].includes(site.rule);
  if (!(inCall || inRecord) || !(isValue(site.before) || [')', ']', '}'].includes(kind(site.before)))) return undefined;
  const bothTexts = kind(site.before) === 'STRING' && kind(site.token) === 'STRING';
  return {
    ...afterBefore(site),
    code: 'missing-comma',
    message: `Between \`${shorten(site.before.image)}\` and ${describe(site.token)} a \`,\` or an operator is missing.`,
    hint: bothTexts ? 'Strings are joined with `+`; values are separated with `,`.' : 'Separate the parts with `,`.',
  };
};

const missingSemicolon: Explanation = (site) => {
  if (site.expected !== ';' || !site.before) return undefined;
  const sameLine = site.before.endLine === site.token.startLine;
  if (sameLine && !isEof(site.token) && isValue(site.token) && isValue(site.before)) {
    return {
      ...afterBefore(site),
      code: 'missing-semicolon',
      message: `Between \`${shorten(site.before.image)}\` and ${describe(site.token)} an operator or a \`;\` is missing.`,
      hint: 'Each statement ends with `;`. Text is written in double quotes.',
    };
  }
  return {
    ...afterBefore(site),
    code: 'missing-semicolon',
    message: `A \`;\` is missing after \`${shorten(site.before.image)}\`.`,
    hint:
      site.rule === 'For' || site.rule === 'ForLet'
        ? `As in C: ${FORMS.For}`
        : 'Each statement ends with `;`, as in C.',
  };
};

const missingName: Explanation = (site) => {
  const naming: Readonly<Record<string, string>> = {
    process: 'process',
    program: 'program',
    remote: 'remote',
    fn: 'function',
    struct: 'struct',
    enum: 'enum',
    let: 'variable',
    var: 'global',
    const: 'constant',
    param: 'param',
  };
  const what = naming[kind(site.before)];
  if (!what) return undefined;
  return {
    ...afterBefore(site),
    code: 'missing-name',
    message: `A name is missing here: each ${what} has one, and ${describe(site.token)} is none.`,
    hint: `For example: ${form(site) ?? 'let name = 1;'}`,
  };
};

const missingArgument: Explanation = (site) =>
  kind(site.token) === ',' && ['(', '[', '{', ','].includes(kind(site.before))
    ? {
        ...atToken(site),
        code: 'missing-value',
        message: `Between \`${site.before?.image}\` and \`,\` a value is missing.`,
        hint: 'Put a value there, or remove the comma.',
      }
    : undefined;

const missingField: Explanation = (site) =>
  kind(site.before) === '.'
    ? {
        ...afterBefore(site),
        code: 'missing-name',
        message: 'After the dot comes the name of a field.',
        hint: 'For example: conn.fd. A range has two dots, 0..n.',
      }
    : undefined;

const missingBlock: Explanation = (site) => {
  if (site.expected !== '{' && !(site.rule === 'Fn' && kind(site.before) === ')')) return undefined;
  return {
    ...afterBefore(site),
    code: 'missing-block',
    message: `After \`${shorten(site.before?.image ?? '')}\` a \`{\` is missing.`,
    hint: `For example: ${form(site) ?? '{ … }'}`,
  };
};

const caseFirst: Explanation = (site) =>
  site.rule === 'Switch' && site.expected === '}'
    ? {
        ...atToken(site),
        code: 'missing-case',
        message: `Inside \`switch\` each statement follows a \`case\` or \`default\`; ${describe(site.token)} follows none.`,
        hint: `For example: ${FORMS.Switch}`,
      }
    : undefined;

const parameterName: Explanation = (site) =>
  site.rules.includes('Parameters') && site.expected === ')'
    ? {
        ...atToken(site),
        code: 'missing-name',
        message: `A parameter is a name; ${describe(site.token)} is none.`,
        hint: `For example: ${FORMS.Parameters}`,
      }
    : undefined;

const missingElse: Explanation = (site) =>
  site.expected === ':' && site.rule === 'Expression'
    ? {
        ...afterBefore(site),
        code: 'missing-sign',
        message: 'After `?` come two values with a `:` between them; the second is missing.',
        hint: 'For example: x > 0 ? x : -x.',
      }
    : undefined;

const missingSign: Explanation = (site) => {
  const sign = site.expected;
  if (!sign || !site.before || /^[A-Z]/.test(sign)) return undefined;
  const shown = form(site);
  return {
    ...afterBefore(site),
    code: sign.length === 1 && '()[]{}'.includes(sign) ? 'missing-parenthesis' : 'missing-sign',
    message: `${sign === 'at' ? '' : 'A '}\`${sign}\` is missing after \`${shorten(site.before.image)}\`.`,
    hint: shown ? `For example: ${shown}` : `Put a \`${sign}\` before ${describe(site.token)}.`,
  };
};

const keyboardForm: Explanation = (site) =>
  site.rule === 'Keyboard'
    ? {
        ...atToken(site),
        code: 'malformed-declaration',
        message: 'A keyboard line says when, then what is typed.',
        hint: `For example: ${FORMS.Keyboard}`,
      }
    : undefined;

const diskFileForm: Explanation = (site) =>
  site.rule === 'DiskFile'
    ? {
        ...atToken(site),
        code: 'malformed-declaration',
        message: 'A file has a path, and a content or a source.',
        hint: `For example: ${FORMS.DiskFile}`,
      }
    : undefined;

const missingValue: Explanation = (site) => {
  const before = site.before;
  const valueRules = ['Expression', 'Unary', 'Yield', 'AttributeValue', 'Statement', 'ExpressionStatement'];
  if (!before || !(valueRules.includes(site.rule) || BINARY.has(kind(before)))) return undefined;
  const reserved = isWord(site.token) && kind(site.token) !== 'ID';
  if (kind(before) === '(' && kind(site.token) === ')') {
    return {
      from: before.startOffset,
      to: isEof(site.token) ? endOfToken(before) : endOfToken(site.token),
      code: 'missing-value',
      message: 'Between these parentheses a value is missing.',
      hint: 'Put an expression between them, such as a variable, a number or a comparison.',
    };
  }
  return {
    from: before.startOffset,
    to: endOfToken(before),
    code: 'missing-value',
    message: `After \`${shorten(before.image)}\` a value is missing; ${describe(site.token)} is ${reserved ? 'a word of the language' : 'none'}.`,
    hint: 'A value is a number, a string, a variable, a call, or several joined by operators.',
  };
};

const byForm: Explanation = (site) => {
  const shown = form(site);
  if (!shown || !site.before) return undefined;
  return {
    ...atToken(site),
    code: 'malformed-declaration',
    message: `${describe(site.token).replace(/^the/, 'The')} can't follow \`${shorten(site.before.image)}\` here.`,
    hint: `This is written: ${shown}`,
  };
};

export const missing: readonly Explanation[] = [
  parenthesisAfterControl,
  severalInOneLet,
  fieldSeparator,
  pathInQuotes,
  doubleQuotes,
  missingName,
  missingField,
  commaBetween,
  missingSemicolon,
  missingBlock,
  caseFirst,
  missingArgument,
  parameterName,
  missingElse,
  missingSign,
  keyboardForm,
  diskFileForm,
  missingValue,
  byForm,
];
