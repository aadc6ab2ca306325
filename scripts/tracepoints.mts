/** The page of tracepoints, from the kernel's own trace(…) calls: each name, its fields, and the files that fire it. */
import path from 'node:path';
import { walk } from '../src/language/ast-walk.js';
import type { Call, Expression, Fn, Return, SourceFile } from '../src/language/generated/ast.js';
import { stringBytesOf } from '../src/language/literals.js';
import type { ParsedFile } from '../src/language/parse.js';
import { parsedKernel } from './kernel-files.mjs';

interface Tracepoint {
  fields: Set<string>;
  files: Set<string>;
}

export function tracepointsPage(folder: string): string {
  const all = [...tracepointsOf(parsedKernel(folder))].sort(([a], [b]) => (a < b ? -1 : 1));
  const list = (names: Set<string>, shown: (name: string) => string): string => [...names].map(shown).join(', ');
  const rows = all.map(
    ([name, { fields, files }]) =>
      `- \`${name}\`: ${list(fields, (field) => `\`${field}\``)}. ${list(files, (file) => `[${path.posix.basename(file)}](../src/kernel/${file})`)}`,
  );
  return `# Tracepoints

The events that the kernel tells of, with Linux's names where Linux has such an event, and their fields: for
\`osim trace --events 'sched_*,tcp_*'\`, for a tracepoint breakpoint and for \`"trace"\` in launch.json.

This page is made by \`npm run docs\` from the kernel's sources.

${rows.join('\n')}
`;
}

export function tracepointsOf(kernel: readonly ParsedFile[]): Map<string, Tracepoint> {
  const found = new Map<string, Tracepoint>();
  for (const { ast, uri: file } of kernel) {
    walk(ast, (node) => {
      if (node.$type !== 'Call') return;
      const { callee, args } = node as Call;
      if (callee?.$type !== 'NameRef' || callee.name !== 'trace') return;
      for (const name of namesIn(args[0])) {
        const point = found.get(name) ?? { fields: new Set(), files: new Set() };
        found.set(name, point);
        point.files.add(file);
        for (const field of fieldsOf(args[1], ast)) point.fields.add(field);
      }
    });
  }
  return found;
}

/** The fields of a record, or of the one that a function of the same file returns. */
function fieldsOf(expression: Expression | undefined, file: SourceFile): string[] {
  if (expression?.$type === 'RecordLiteral') return expression.fields.map(({ name }) => name);
  if (expression?.$type !== 'Call' || expression.callee.$type !== 'NameRef') return [];
  const { name } = expression.callee;
  const found: string[] = [];
  walk(file, (node) => {
    if (node.$type === 'Fn' && (node as Fn).name !== name) return false;
    if (node.$type === 'Return') found.push(...fieldsOf((node as Return).value, file));
    return true;
  });
  return found;
}

/** The names that an expression can be: one, or each of a choice. */
function namesIn(expression: Expression | undefined): string[] {
  if (expression?.$type === 'StringLiteral') return [stringBytesOf(expression.text)];
  if (expression?.$type === 'Conditional') return [...namesIn(expression.then), ...namesIn(expression.else)];
  return [];
}
