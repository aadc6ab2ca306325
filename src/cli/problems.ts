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
