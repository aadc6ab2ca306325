/**
 * The order of the kernel's folders: calls go down it. `npm run check` runs this; it reads the calls from the names as
 * the compiler binds them, so a call is what the kernel would execute, not what a text looks like. A function that is
 * only handed over (an operation in a table, a wake-up function) is no call: that is how what lies below reaches what
 * lies above.
 *
 * The few calls that go up stand in scripts/kernel-order.txt, each with its reason.
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AstUtils } from 'langium';
import { loadKernel } from '../src/language/names.js';
import { rangeOf } from '../src/language/parse.js';

/** From the top to the bottom: a file may call its own folder and those behind it. */
export const FOLDERS = [
  'boot',
  'event',
  'proc',
  'unix',
  'net',
  'ipc',
  'fs',
  'names',
  'cache',
  'drivers',
  'signal',
  'mm',
  'policy',
  'sched',
  'lib',
] as const;

export interface KernelText {
  /** Below src/kernel, with slashes: `fs/read.osim`. */
  path: string;
  text: string;
}

export interface KernelCall {
  /** Of the file and function that call. */
  from: string;
  by: string;
  /** Of the file and function that are called. */
  to: string;
  callee: string;
  /** From 1. */
  line: number;
}

/** `fs/read.osim sys_read -> sched/switch.osim schedule | why it may` */
export interface Exception {
  call: string;
  reason: string;
}

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

export function kernelTexts(folder = path.join(root, 'src/kernel')): KernelText[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.osim'));
  return names.sort().map((name) => ({
    path: name.replaceAll('\\', '/'),
    text: readFileSync(path.join(folder, name), 'utf8'),
  }));
}

/** Every call from one kernel file to a function of another. */
export function callsBetweenFiles(texts: readonly KernelText[]): KernelCall[] {
  const loaded = loadKernel(texts.map(({ path: uri, text }) => ({ uri, text })));
  return loaded.files.flatMap((file) =>
    file.ast.items.flatMap((item) =>
      [...AstUtils.streamAst(item)].flatMap((node): KernelCall[] => {
        const binding = loaded.bindings.get(node);
        if (binding?.kind !== 'function' || binding.file === file || node.$containerProperty !== 'callee') return [];
        const by = 'name' in item ? item.name : '';
        const { line } = rangeOf(node).from;
        return [{ from: file.uri, by, to: binding.file.uri, callee: binding.declaration.name, line }];
      }),
    ),
  );
}

export function exceptionsIn(text: string): Exception[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [call = '', reason = ''] = line.split('|').map((part) => part.trim());
    return { call, reason };
  });
}

/** What is wrong with the order: calls that go up without an exception, exceptions without a call, unknown folders. */
export function faultsOfOrder(texts: readonly KernelText[], exceptions: readonly Exception[]): string[] {
  const rank = (file: string): number => FOLDERS.indexOf(file.split('/')[0] as (typeof FOLDERS)[number]);
  const stray = texts.filter(({ path: file }) => file !== 'intrinsics.osim' && rank(file) < 0);
  const names = texts.map(({ path: file }) => path.posix.basename(file));
  const twice = names.filter((name, i) => names.indexOf(name) !== i);
  const upward = callsBetweenFiles(texts).filter(({ from, to }) => rank(to) >= 0 && rank(to) < rank(from));
  const excepted = new Map(exceptions.map(({ call, reason }) => [call, reason]));
  const name = ({ from, by, to, callee }: KernelCall): string => `${from} ${by} -> ${to} ${callee}`;
  const used = new Set(upward.map(name));
  return [
    ...stray.map(({ path: file }) => `${file}: this file is in none of the folders ${FOLDERS.join(', ')}`),
    ...twice.map((file) => `${file}: two files have this name; a user's kernel is matched by names`),
    ...upward
      .filter((call) => !excepted.has(name(call)))
      .map((call) => `${call.from}:${call.line}: calls up: ${name(call)}`),
    ...exceptions.filter(({ call }) => !used.has(call)).map(({ call }) => `kernel-order.txt: there is no call ${call}`),
    ...exceptions.filter(({ reason }) => reason === '').map(({ call }) => `kernel-order.txt: ${call} has no reason`),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const exceptions = exceptionsIn(readFileSync(path.join(root, 'scripts/kernel-order.txt'), 'utf8'));
  const faults = faultsOfOrder(kernelTexts(), exceptions);
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) {
    console.error(`Calls of the kernel go down: ${FOLDERS.join(' > ')}. See src/kernel/README.md.`);
    process.exitCode = 1;
  }
}
