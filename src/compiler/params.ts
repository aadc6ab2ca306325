/** The knobs of a program: `param clients = 3;`, turned by `--set clients=100` or by a launch configuration. */
import type { Param } from '../language/generated/ast.js';
import type { LoadedProgram } from '../language/names.js';
import { rangeOf } from '../language/parse.js';
import type { Problem } from '../language/problem.js';
import { closest } from '../language/suggest.js';
import type { Scalar } from './constants.js';

/** A value from outside: a text, as on a command line, is read as the param's own type asks. */
export type ParamOverrides = Readonly<Record<string, Scalar>>;

export function paramsOf(loaded: LoadedProgram): Param[] {
  return loaded.files.flatMap((file) => file.ast.items.filter((item) => item.$type === 'Param'));
}

/** The values to use for the params that `overrides` names; what does not fit is a problem. */
export function overridden(
  loaded: LoadedProgram,
  overrides: ParamOverrides,
  defaultOf: (param: Param) => Scalar | undefined,
): { values: Map<string, Scalar>; problems: Problem[] } {
  const values = new Map<string, Scalar>();
  const problems: Problem[] = [];
  const params = new Map(paramsOf(loaded).map((param) => [param.name, param]));
  for (const [name, given] of Object.entries(overrides)) {
    const param = params.get(name);
    if (!param) {
      problems.push(unknownParam(loaded, name, [...params.keys()]));
      continue;
    }
    const standard = defaultOf(param);
    const value = standard === undefined ? given : fitted(given, standard);
    if (value === undefined) problems.push(wrongType(loaded, param, given, standard ?? null));
    else values.set(name, value);
  }
  return { values, problems };
}

/** `given` as the type of the param's default; undefined when it is of another type. */
function fitted(given: Scalar, standard: Scalar): Scalar | undefined {
  if (standard === null && typeof given === 'string') return wordValue(given) ?? given;
  if (standard === null) return typeof given !== 'number' || Number.isSafeInteger(given) ? given : undefined;
  if (typeof given === typeof standard)
    return typeof given !== 'number' || Number.isSafeInteger(given) ? given : undefined;
  if (typeof given !== 'string') return undefined;
  const value = wordValue(given);
  return typeof value === typeof standard ? value : undefined;
}

/** What a text spells: an integer, true, false or null. */
function wordValue(text: string): Scalar | undefined {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  const digits = text.trim().replace(/_/g, '');
  if (!/^[+-]?(0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+)$/.test(digits)) return undefined;
  const magnitude = Number(digits.replace(/^[+-]/, ''));
  if (!Number.isSafeInteger(magnitude)) return undefined;
  return digits.startsWith('-') ? 0 - magnitude : magnitude;
}

function unknownParam(loaded: LoadedProgram, name: string, known: string[]): Problem {
  const near = closest(name, known);
  const has = known.length > 0 ? `It has: ${known.join(', ')}.` : 'It has none.';
  return {
    uri: loaded.entry.uri,
    ...loaded.entry.lines.range(0, 0),
    severity: 'error',
    code: 'unknown-param',
    message: `The program has no param \`${name}\`.`,
    hint: near ? `Did you mean \`${near}\`?` : has,
  };
}

function wrongType(loaded: LoadedProgram, param: Param, given: Scalar, standard: Scalar): Problem {
  const file = loaded.files.find((each) => each.ast === param.$container) ?? loaded.entry;
  const kinds = { number: 'an integer', string: 'a string', boolean: 'true or false' };
  return {
    uri: file.uri,
    ...rangeOf(param),
    severity: 'error',
    code: 'param-type',
    message: `The param \`${param.name}\` is ${kinds[typeof standard as keyof typeof kinds]}; ${JSON.stringify(given)} is not.`,
    hint: `Its default is ${JSON.stringify(standard)}.`,
  };
}
