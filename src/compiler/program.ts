/**
 * What only a program has: its processes and programs, the machine it wants, the files on its disk, what is typed at
 * its keyboard, and what is expected of the run.
 */
import type {
  AttributeKey,
  DiskFile,
  Expect,
  Expression,
  Keyboard,
  Process,
  Remote,
  Setting,
} from '../language/generated/ast.js';
import { diskPath } from '../language/disk-path.js';
import { pathIn, type Refusal } from '../language/host-file.js';
import { resolvePath, resolveRelative } from '../language/imports.js';
import { ATTRIBUTE_RANGES, END_OF_TIME, LONGEST_STRING, spelled } from '../language/limits.js';
import { stringBytesOf } from '../language/literals.js';
import { isBinary } from '../language/precedence.js';
import type { ParsedFile } from '../language/parse.js';
import { numberFault, settingRange, settingShape, wordFault } from '../language/settings.js';
import { isScalar, type Scalar } from './constants.js';
import { wordOf, type Callable, type ImageCompiler } from './image-compiler.js';
import type { EntryInfo, ExpectInfo, Image, ProcessInfo } from './image.js';
import { writeConstants, writeInit, writeStart } from './initialisers.js';

/** Reads a file of the host for `file "/w" from "./words.txt";`: its bytes, one character each, or why not. */
export type ReadHostFile = (uri: string) => string | Refusal;

export function writeProgram(compiler: ImageCompiler, image: Image, readHostFile: ReadHostFile | undefined): void {
  const init = writeInit(compiler);
  let constantsInit: number | undefined;
  const constants = (): number => (constantsInit ??= writeConstants(compiler));
  const { files, entry } = compiler.loaded;
  // Settings of the entry file come last: they win over those of the files it imports.
  for (const file of [...files.filter((each) => each !== entry), entry]) {
    for (const item of file.ast.items) {
      if (item.$type === 'Machine') item.settings.forEach((setting) => addSetting(compiler, image, setting, file));
    }
  }
  for (const file of files) {
    for (const item of file.ast.items) {
      if (item.$type === 'DiskFile') addDiskFile(compiler, image, item, file, readHostFile);
      else if (item.$type === 'Keyboard') addKeys(compiler, image, item);
      else if (item.$type === 'Program') image.programs.push(entryOf(compiler, item, init));
      else if (item.$type === 'Process' && file === entry) addProcesses(compiler, image, item, init);
      else if (item.$type === 'Expect' && file === entry) image.expects.push(expectOf(compiler, item, file));
      else if (item.$type === 'Remote') addRemote(compiler, image, item, constants());
    }
  }
}

function entryOf(compiler: ImageCompiler, callable: Callable, init: number): EntryInfo {
  return {
    name: callable.name,
    entry: writeStart(compiler, callable, init),
    body: compiler.bodyNumber(callable),
    params: callable.params.length,
  };
}

function addProcesses(compiler: ImageCompiler, image: Image, process: Process, init: number): void {
  const entry = entryOf(compiler, process, init);
  const attribute = (key: AttributeKey): number | null => attributeOf(compiler, process, key);
  const line = process.$cstNode ? process.$cstNode.range.start.line + 1 : 1;
  const count = attribute('count') ?? 1;
  const info: Omit<ProcessInfo, 'index'> = {
    ...entry,
    at: attribute('at') ?? 0,
    nice: attribute('nice') ?? 0,
    priority: attribute('priority'),
    burst: attribute('burst'),
    tickets: attribute('tickets'),
    cpu: attribute('cpu'),
    line,
  };
  for (let index = 0; index < count; index++) image.processes.push({ ...info, index });
}

function addRemote(compiler: ImageCompiler, image: Image, remote: Remote, init: number): void {
  const attribute = (key: AttributeKey, normal: number): number => attributeOf(compiler, remote, key) ?? normal;
  const { name, params } = remote;
  const when = { count: attribute('count', 1), at: attribute('at', 0), every: attribute('every', 0) };
  image.remotes.push({ name, ...when, init, body: compiler.bodyNumber(remote), params: params.length });
}

function attributeOf(compiler: ImageCompiler, process: Process | Remote, key: AttributeKey): number | null {
  const given = process.attributes.filter((each) => each.key === key).pop();
  return given ? integerOf(compiler, given.value, `\`${key}\``, ATTRIBUTE_RANGES[key]) : null;
}

/** The constant integer within bounds that an expression is; anything else is a problem, and null. */
function integerOf(
  compiler: ImageCompiler,
  node: Expression,
  what: string,
  [min, max]: readonly [number, number],
): number | null {
  const value = compiler.folder.fold(node);
  if (typeof value === 'number') {
    if (value >= min && value <= max) return value;
    const limits = `from ${spelled(min)} to ${spelled(max)}`;
    compiler.report(
      node,
      'bad-attribute',
      `${what} is ${limits}; ${spelled(value)} is not.`,
      `Write a number ${limits}.`,
    );
    return null;
  }
  compiler.report(
    node,
    'not-constant',
    `${what} must be an integer that is known before the program runs.`,
    'Use numbers, constants and params.',
  );
  return null;
}

const UNITS = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

/** `scheduler = rr;`: a name that is no constant stands for itself. */
function addSetting(
  compiler: ImageCompiler,
  image: Image,
  { name, value: node, unit }: Setting,
  file: ParsedFile,
): void {
  const folded = compiler.folder.fold(node);
  let value = folded === undefined || !isScalar(folded) ? wordOf(node) : folded;
  const fault = settingFault(name, value, unit);
  if (fault) return compiler.report(node, 'bad-setting', fault.message, fault.hint);
  // A path is relative to the file that has it.
  if (typeof value === 'string' && settingShape(name)?.path === true) value = resolvePath(value, file.uri) ?? value;
  if (typeof value === 'number' || typeof value === 'string') {
    image.machine[name] = typeof value === 'number' && unit ? value * UNITS[unit] : value;
  } else {
    compiler.report(node, 'not-constant', `The setting \`${name}\` must be known before the program runs.`);
  }
}

/** What the checks could not see: a value that a param gives. */
function settingFault(
  name: string,
  value: unknown,
  unit: keyof typeof UNITS | undefined,
): ReturnType<typeof wordFault> {
  const shape = settingShape(name);
  if (shape?.kind === 'word') return wordFault(name, shape, String(value));
  if (!shape || value === undefined) return null;
  if (typeof value === 'number') return numberFault(name, shape, unit ? value * UNITS[unit] : value);
  return {
    message: `\`${name}\` is a number of ${shape.about}, ${settingRange(shape)}.`,
    hint: `${JSON.stringify(value)} is no number.`,
  };
}

function addDiskFile(
  compiler: ImageCompiler,
  image: Image,
  item: DiskFile,
  file: ParsedFile,
  readHostFile: ReadHostFile | undefined,
): void {
  const content = item.content ? contentOf(compiler, item.content) : sourceOf(compiler, item, file, readHostFile);
  if (content.length > LONGEST_STRING) {
    compiler.report(item, 'file-too-large', `This file has ${content.length} bytes; at most ${LONGEST_STRING} fit.`);
    return;
  }
  const path = diskPath(stringBytesOf(item.path));
  // The checks have reported what is wrong with a path.
  if (typeof path === 'string') image.disk.push({ path, content });
}

function contentOf(compiler: ImageCompiler, node: Expression): string {
  const value = compiler.folder.fold(node);
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  compiler.report(
    node,
    'not-constant',
    "A file's content must be a string that is known before the program runs.",
    'Use string literals, constants, params, repeat() and format().',
  );
  return '';
}

function sourceOf(
  compiler: ImageCompiler,
  item: DiskFile,
  file: ParsedFile,
  readHostFile: ReadHostFile | undefined,
): string {
  const literal = item.source ?? '""';
  const found = hostFile(pathIn(literal), file.uri, readHostFile);
  if (typeof found === 'string') return found;
  compiler.report(item, 'host-file', `The file ${literal} can not be used: ${found.problem}`);
  return '';
}

function hostFile(path: string | Refusal, fromUri: string, read: ReadHostFile | undefined): string | Refusal {
  if (typeof path !== 'string') return path;
  if (!read) return { problem: 'files can not be read here.' };
  if (path.startsWith('/') || /^[a-z][a-z0-9+.-]*:/i.test(path)) {
    return { problem: 'it must be beside the program: write a path relative to this file, "./words.txt".' };
  }
  return read(resolveRelative(path, fromUri));
}

function addKeys(compiler: ImageCompiler, image: Image, item: Keyboard): void {
  const at = integerOf(compiler, item.at, 'The time of a key press', [0, END_OF_TIME]);
  if (at === null) return;
  image.keyboard.push({ at, text: item.eof || item.text === undefined ? null : stringBytesOf(item.text) });
}

function expectOf(compiler: ImageCompiler, item: Expect, file: ParsedFile): ExpectInfo {
  const cst = item.value.$cstNode;
  const start = file.lines.positionAt(item.$cstNode?.offset ?? 0);
  return {
    text: cst ? file.text.slice(cst.offset, cst.end) : '',
    why: item.why === undefined ? null : stringBytesOf(item.why),
    file: compiler.fileIndex(file),
    line: start.line,
    column: start.column,
    outcome: namedOutcome(compiler, item.value),
  };
}

/** `outcome() == "deadlock"`, either way round, names an outcome. */
function namedOutcome(compiler: ImageCompiler, node: Expression): string | null {
  const tree = compiler.folder.tree(node);
  if (!isBinary(tree) || tree.op !== '==') return null;
  const sides = [tree.left, tree.right];
  const asks = sides.some(
    (side) =>
      !isBinary(side) && side.$type === 'Call' && side.callee.$type === 'NameRef' && side.callee.name === 'outcome',
  );
  const named = sides
    .map((side) => compiler.folder.fold(side))
    .find((value): value is Scalar & string => typeof value === 'string');
  return asks ? (named ?? null) : null;
}
