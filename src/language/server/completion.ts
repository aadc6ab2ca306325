/** What can be written at a place: names in scope, the library with its documentation, settings, attributes, fields. */
import { CompletionItemKind, InsertTextFormat, type CompletionItem } from 'vscode-languageserver';
import type { AstNode } from 'langium';
import { walk } from '../ast-walk.js';
import type { Block, Item } from '../generated/ast.js';
import { STD_MODULES } from '../imports.js';
import { libraryView, signatureOf, type LibraryEntry } from '../library.js';
import type { Binding } from '../bindings.js';
import { rangeOf } from '../parse.js';
import { SETTING_NAMES, settingShape } from '../settings.js';
import { EXPECT_CALLS, REMOTE_CALLS, REMOTE_LIBRARY } from '../special-calls.js';
import { endOfQuoted } from '../syntax/quoted.js';
import { tokensOf, type Token } from '../tokens.js';
import { entryPage, settingPage } from './documentation.js';
import { declarationBinding } from './symbol-at.js';
import type { Analysis, Workspace } from './workspace.js';

const STATEMENTS: readonly (readonly [label: string, snippet: string])[] = [
  ['let', 'let ${1:name} = $0;'],
  ['if', 'if (${1:condition}) {\n  $0\n}'],
  ['else', 'else {\n  $0\n}'],
  ['while', 'while (${1:condition}) {\n  $0\n}'],
  ['for', 'for (let ${1:i} = 0; $1 < ${2:n}; $1++) {\n  $0\n}'],
  ['for in', 'for (${1:x} in ${2:list}) {\n  $0\n}'],
  ['do', 'do {\n  $0\n} while (${1:condition});'],
  ['switch', 'switch (${1:x}) {\n  case ${2:1}:\n    $0\n    break;\n}'],
  ['return', 'return $0;'],
  ['break', 'break;'],
  ['continue', 'continue;'],
  ['yield', 'yield $0'],
];

const DECLARATIONS: readonly (readonly [label: string, snippet: string])[] = [
  ['process', 'process ${1:main} {\n  $0\n}'],
  ['fn', 'fn ${1:name}(${2}) {\n  $0\n}'],
  ['const', 'const ${1:NAME} = $0;'],
  ['var', 'var ${1:name} = ${0:0};'],
  ['shared var', 'shared var ${1:name} = ${0:0};'],
  ['shared var array', 'shared var ${1:name}[${2:8}]$0;'],
  ['struct', 'struct ${1:Name} { ${0:field}; }'],
  ['enum', 'enum ${1:Name} { ${0:FIRST} }'],
  ['param', 'param ${1:name} = ${0:1};'],
  ['machine', 'machine {\n  ${0:cpus = 1;}\n}'],
  ['file', 'file "${1:/etc/motd}" = "${0:text}\\\\n";'],
  ['keyboard', 'keyboard at ${1:50} "${0:ls}\\\\n";'],
  ['program', 'program ${1:name}(${2:arg}) {\n  $0\n}'],
  ['remote', 'remote ${1:browser} count ${2:1} {\n  $0\n}'],
  ['expect', 'expect stdout("${1:main}") == "$0";'],
  ['import', 'import "$0";'],
];

export function completionsAt(workspace: Workspace, analysis: Analysis, offset: number): CompletionItem[] {
  const text = analysis.file.text;
  const tokens = tokensOf(text).filter((token) => token.type !== 'BLOCK_COMMENT' && token.type !== 'LINE_COMMENT');
  if (inCommentOrString(text, offset)) return inString(text, offset, analysis);
  const before = tokens.filter(
    (token) =>
      token.offset + token.text.length <= offset &&
      !(token.offset + token.text.length === offset && /\w$/.test(token.text)),
  );
  const last = before[before.length - 1];
  if (last?.type === '.') return fields(before, analysis);
  const place = placeOf(before);
  if (place === 'top') return DECLARATIONS.map(([label, snippet]) => snippetItem(label, snippet));
  if (place === 'machine') return settingNames();
  if (place === 'setting') return settingValues(before);
  if (place === 'head') return ['count', 'at', 'nice', 'priority', 'burst', 'tickets', 'cpu', 'every'].map(keyword);
  return [
    ...locals(analysis, offset),
    ...globals(analysis),
    ...library(workspace, analysis, before),
    ...statements(last),
  ];
}

/** Fills in the documentation of the item that the user looks at. */
export function resolveCompletion(item: CompletionItem, workspace: Workspace): CompletionItem {
  const data = item.data as { library?: string; place?: string; setting?: string } | undefined;
  const special = data?.place === 'expect' ? EXPECT_CALLS : data?.place === 'remote' ? REMOTE_CALLS : undefined;
  const entry = data?.library
    ? (special?.get(data.library) ?? workspace.library.entries.find((other) => other.name === data.library))
    : undefined;
  const page = entry ? entryPage(entry) : data?.setting ? settingPage(data.setting) : undefined;
  return page ? { ...item, documentation: { kind: 'markdown', value: page } } : item;
}

function inCommentOrString(text: string, offset: number): boolean {
  for (let at = text.lastIndexOf('\n', offset - 1) + 1; at < offset; at++) {
    if (text.startsWith('//', at)) return true;
    const quote = text[at];
    if (quote !== '"' && quote !== "'") continue;
    const end = endOfQuoted(text, at);
    if (end >= 0 && end <= offset) at = end - 1;
    else if (quote === '"') return true;
  }
  return false;
}

/** Inside quotes only the names of processes, programs and library files mean something. */
function inString(text: string, offset: number, analysis: Analysis): CompletionItem[] {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  if (/\bimport\s+"[^"]*$/.test(line))
    return STD_MODULES.map((name) => `std/${name}`).map((path) => ({
      label: path,
      kind: CompletionItemKind.Module,
    }));
  const call = /\b(stdout|exit_code|term_signal|stat|exec|spawn)\s*\(\s*"[^"]*$/.exec(line)?.[1];
  if (!call) return [];
  const kinds = call === 'exec' || call === 'spawn' ? ['program'] : ['process', 'program', 'remote'];
  const names = [...analysis.program.declarations.values()].flatMap(({ tasks }) =>
    [...tasks].filter(([, binding]) => kinds.includes(binding.kind)),
  );
  return names.map(([label]) => ({ label, kind: CompletionItemKind.Module }));
}

type Place = 'top' | 'machine' | 'setting' | 'head' | 'code';

function lastIndex(tokens: readonly Token[], fits: (token: Token) => boolean): number {
  let at = tokens.length - 1;
  while (at >= 0 && !fits(tokens[at])) at--;
  return at;
}

/** What is being written, by the tokens before: independent of whether the text parses. */
function placeOf(before: readonly Token[]): Place {
  let depth = 0;
  for (let i = before.length - 1; i >= 0; i--) {
    const type = before[i]?.type ?? '';
    if (')]}'.includes(type)) depth++;
    else if ('([{'.includes(type)) {
      depth--;
      if (depth < 0 && before[i - 1]?.type === 'machine') return afterEquals(before) ? 'setting' : 'machine';
      if (depth < 0) return 'code';
    }
  }
  // No bracket is open: what stands here is a declaration.
  const start = lastIndex(before, (token) => token.type === ';' || token.type === '}') + 1;
  const first = before[start];
  if (!first) return 'top';
  if ((first.type === 'process' || first.type === 'remote') && before.length - start >= 2) return 'head';
  return 'code';
}

function afterEquals(before: readonly Token[]): boolean {
  const at = lastIndex(before, (token) => token.type === '=' || token.type === ';' || token.type === '{');
  return before[at]?.type === '=';
}

function settingNames(): CompletionItem[] {
  return SETTING_NAMES.map((name) => ({
    label: name,
    kind: CompletionItemKind.Property,
    insertText: `${name} = $0;`,
    insertTextFormat: InsertTextFormat.Snippet,
    data: { setting: name },
  }));
}

function settingValues(before: readonly Token[]): CompletionItem[] {
  const equals = lastIndex(before, (token) => token.type === '=');
  const shape = settingShape(before[equals - 1]?.text ?? '');
  if (shape?.kind === 'word') {
    return shape.words.map((label) => ({
      label,
      kind: CompletionItemKind.EnumMember,
      ...(shape.meanings?.[label] && { detail: shape.meanings[label] }),
    }));
  }
  return shape?.kind === 'bytes'
    ? ['KiB', 'MiB', 'GiB'].map((label) => ({ label, kind: CompletionItemKind.Unit }))
    : [];
}

function fields(before: readonly Token[], analysis: Analysis): CompletionItem[] {
  const target = before[before.length - 2]?.text ?? '';
  const all = [...analysis.program.declarations.values()].flatMap(({ values }) => [...values]);
  const named = all.find(([name]) => name === target)?.[1];
  if (named?.kind === 'enum') {
    return named.declaration.members.map((member) => ({ label: member.name, kind: CompletionItemKind.EnumMember }));
  }
  const names = new Map<string, string>();
  for (const [, binding] of all) {
    if (binding.kind === 'struct')
      for (const field of binding.declaration.fields) names.set(field.name, binding.declaration.name);
  }
  return [...names].map(([label, struct]) => ({ label, kind: CompletionItemKind.Field, detail: struct }));
}

/** Variables declared above, in the blocks around the place. */
function locals(analysis: Analysis, offset: number): CompletionItem[] {
  const items = analysis.file.ast.items;
  const item: Item | undefined = items.filter((each) => rangeOf(each).from.offset < offset).pop();
  const found = new Map<string, CompletionItem>();
  if (!item) return [];
  walk(item, (node) => {
    const { from, to } = rangeOf(node);
    if (from.offset >= offset) return false;
    // A block that is closed before the place hides what it declares.
    if (node.$type === 'Block' && (node as Block).close && to.offset <= offset && node.$container !== item)
      return false;
    const name = (node as AstNode & { name?: string }).name;
    const binding = name === undefined ? undefined : declarationBinding(node, analysis.file);
    if (name !== undefined && binding?.kind === 'local' && to.offset < offset) {
      found.set(name, { label: name, kind: CompletionItemKind.Variable, sortText: `0${name}` });
    }
    return true;
  });
  return [...found.values()];
}

const KINDS: Readonly<Record<Binding['kind'], CompletionItemKind>> = {
  local: CompletionItemKind.Variable,
  global: CompletionItemKind.Variable,
  param: CompletionItemKind.Constant,
  constant: CompletionItemKind.Constant,
  enum: CompletionItemKind.Enum,
  struct: CompletionItemKind.Struct,
  function: CompletionItemKind.Function,
  program: CompletionItemKind.Module,
  process: CompletionItemKind.Module,
  remote: CompletionItemKind.Module,
  library: CompletionItemKind.Function,
};

function globals(analysis: Analysis): CompletionItem[] {
  const all = [...analysis.program.declarations.values()].flatMap(({ values }) => [...values]);
  return all.map(([label, binding]) => ({
    label,
    kind: KINDS[binding.kind],
    sortText: `1${label}`,
    ...callText(label, binding.kind === 'function'),
  }));
}

function library(workspace: Workspace, analysis: Analysis, before: readonly Token[]): CompletionItem[] {
  const view = libraryView(workspace.library);
  const start = lastIndex(before, (token) => token.column === 1 && /^[a-z]/.test(token.type));
  const item = before[start]?.type;
  const names = analysis.file.ast.kernel ? view.kernelFile : view.user;
  const special = item === 'expect' ? EXPECT_CALLS : item === 'remote' ? REMOTE_CALLS : undefined;
  const general = [...names.values()].filter(({ name }) => !name.startsWith('_'));
  const besides = item === 'remote' ? general.filter(({ name }) => REMOTE_LIBRARY.has(name)) : [];
  const entries: LibraryEntry[] = special ? [...special.values(), ...besides] : general;
  return entries.map((entry) => ({
    label: entry.name,
    kind:
      entry.kind === 'const' || entry.kind === 'enum-member'
        ? CompletionItemKind.Constant
        : entry.kind === 'struct'
          ? CompletionItemKind.Struct
          : CompletionItemKind.Function,
    sortText: `${entry.kind === 'const' ? 3 : 2}${entry.name}`,
    ...(entry.params && entry.kind !== 'struct' && { detail: signatureOf(entry) }),
    ...callText(entry.name, entry.kind === 'fn' || entry.kind === 'extern'),
    data: { library: entry.name, ...(special?.get(entry.name) === entry && { place: item }) },
  }));
}

function callText(name: string, isCall: boolean): Partial<CompletionItem> {
  return isCall ? { insertText: `${name}($0)`, insertTextFormat: InsertTextFormat.Snippet } : {};
}

function statements(last: Token | undefined): CompletionItem[] {
  const startsStatement = !last || ['{', '}', ';', ':', ')', 'else', 'do'].includes(last.type);
  return startsStatement
    ? STATEMENTS.map(([label, snippet]) => snippetItem(label, snippet))
    : ['true', 'false', 'null'].map(keyword);
}

function snippetItem(label: string, snippet: string): CompletionItem {
  return {
    label,
    kind: CompletionItemKind.Keyword,
    insertText: snippet,
    insertTextFormat: InsertTextFormat.Snippet,
    sortText: `4${label}`,
  };
}

function keyword(label: string): CompletionItem {
  return { label, kind: CompletionItemKind.Keyword, sortText: `4${label}` };
}
