/** Diagnostics as text: `file:line:column: error: message`, which editors and CI turn into links. */
import type { Problem } from '../language/problem.js';
import { printError } from './output.js';

export function problemText({ uri, from, severity, message, hint }: Problem): string {
  return `${uri}:${from.line}:${from.column}: ${severity}: ${message}${hint ? ` ${hint}` : ''}`;
}

/** Prints each problem once, on standard error. */
export function printProblems(problems: readonly Problem[]): void {
  for (const text of new Set(problems.map(problemText))) printError(text);
}

/** What is said of a program that runs: of infos of one kind, which `check` lists, the first and a count. */
export function briefly(problems: readonly Problem[]): string[] {
  const texts = new Map<string, { problem: Problem; more: number }>();
  const first = new Map<string, { problem: Problem; more: number }>();
  for (const problem of problems) {
    const text = problemText(problem);
    if (texts.has(text)) continue;
    const before = problem.severity === 'info' ? first.get(problem.code) : undefined;
    const shown = before ?? { problem, more: 0 };
    if (before) before.more++;
    else texts.set(text, shown);
    first.set(problem.code, shown);
  }
  return [...texts].map(([text, { more }]) =>
    more === 0 ? text : `${text} (${more} more like this: \`osim check\` lists them)`,
  );
}

/** `3 errors, 1 warning`. */
export function countText(problems: readonly Problem[]): string {
  const distinct = new Map(problems.map((problem) => [problemText(problem), problem.severity]));
  const count = (severity: Problem['severity']): number =>
    [...distinct.values()].filter((each) => each === severity).length;
  return [plural(count('error'), 'error'), plural(count('warning'), 'warning')]
    .filter((part) => !part.startsWith('0'))
    .join(', ');
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
