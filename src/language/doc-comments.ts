/**
 * The comment above a declaration is its documentation: a summary first, then lines of a fixed form that the editor
 * shows apart: `Returns: bytes read`, `Errors: EAGAIN, EINVAL (n is negative)`, `Blocks: yes`, `Kernel: read.osim`. The
 * parentheses behind an error say when it comes; an error without them has its usual meaning. `Errors: none` says that
 * there are none; `Errors: those of read(), EINVAL (…)` adds the errors of another function.
 */
import { ERROR_MEANINGS } from './error-meanings.js';

export interface DocError {
  readonly name: string;
  /** When a call fails with it. */
  readonly when?: string;
}

export interface Doc {
  /** The first line. */
  readonly summary: string;
  /** Everything else that is not one of the fields below; lines joined by newlines. */
  readonly details?: string;
  /** Empty when the comment says that there are none. */
  readonly errors?: readonly DocError[];
  /** Functions whose errors it has, too. */
  readonly errorsOf?: readonly string[];
  readonly blocks?: string;
  readonly kernel?: string;
  readonly returns?: string;
}

const FIELD = /^(Errors|Blocks|Kernel|Returns):\s*(.*)$/;
const NAMES_ERRORS = /: *(none|.*\bE[A-Z0-9]{2,}\b|.*those of \w+\(\))/;
const THOSE_OF = /\bthose of (\w+)\(\)/g;
const ERROR = /\b(E[A-Z0-9]{2,})\b(?:\s*\(((?:[^()]|\(\))*)\))?/g;

/**
 * The documentation of the declaration that starts at `offset`: the `//` lines right above it, or the one behind it.
 */
export function docAt(text: string, offset: number): Doc | undefined {
  const above = linesAbove(text, offset);
  if (above.length > 0) return readDoc(above);
  const end = text.indexOf('\n', offset);
  const behind = /;\s*\/\/\s*(.*?)\s*$/.exec(text.slice(offset, end === -1 ? undefined : end));
  return behind?.[1] ? readDoc([behind[1]]) : undefined;
}

function linesAbove(text: string, offset: number): string[] {
  const found: string[] = [];
  let end = text.lastIndexOf('\n', offset - 1);
  while (end > 0) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    const line = text.slice(start, end).trim();
    // A line of dashes heads a section of the file, not a declaration.
    if (!line.startsWith('//') || /^\/\/\s*-{3,}/.test(line)) break;
    found.unshift(line.replace(/^\/\/+ ?/, ''));
    end = start - 1;
  }
  return found;
}

function readDoc(lines: readonly string[]): Doc {
  const [summary = '', ...rest] = lines;
  const details: string[] = [];
  const fields: Record<string, string> = {};
  for (const line of rest) {
    const field = FIELD.exec(line.trim());
    // "Errors: a bad buffer raises SIGSEGV" names no errno: it is prose.
    if (!field || (field[1] === 'Errors' && !NAMES_ERRORS.test(line))) {
      details.push(line);
      continue;
    }
    const [, name = '', text = ''] = field;
    const before = fields[name];
    fields[name] = `${before === undefined ? '' : `${before}, `}${text.replace(/[.,]$/, '')}`;
  }
  const borrowed = [...(fields.Errors ?? '').matchAll(THOSE_OF)].map((match) => match[1]);
  return {
    summary,
    ...(details.length > 0 && { details: details.join('\n').trim() }),
    ...(fields.Errors && { errors: readErrors(fields.Errors) }),
    ...(borrowed.length > 0 && { errorsOf: borrowed }),
    ...(fields.Blocks && { blocks: fields.Blocks }),
    ...(fields.Kernel && { kernel: fields.Kernel }),
    ...(fields.Returns && { returns: fields.Returns }),
  };
}

function readErrors(text: string): DocError[] {
  return [...text.replace(THOSE_OF, '').matchAll(ERROR)].map(([, name = '', when]) => {
    const meaning = when ?? ERROR_MEANINGS[name];
    return { name, ...(meaning !== undefined && { when: meaning }) };
  });
}

/** The same documentation, with the errors of the functions that it names filled in. */
export function withBorrowedErrors(doc: Doc, docOf: (name: string) => Doc | undefined): Doc {
  const { errorsOf, ...own } = doc;
  if (!errorsOf) return doc;
  const errors = new Map<string, DocError>();
  for (const name of errorsOf) {
    const lender = docOf(name);
    const lent = lender ? withBorrowedErrors(lender, docOf).errors : undefined;
    for (const error of lent ?? []) errors.set(error.name, error);
  }
  for (const error of own.errors ?? []) errors.set(error.name, error);
  return { ...own, errors: [...errors.values()] };
}
