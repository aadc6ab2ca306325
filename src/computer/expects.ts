/** The `expect`s of a program, evaluated after its run. */
import { evaluate, EvaluationError, EvaluationFault, type Environment, type Value } from '../compiler/evaluate.js';
import type { CompiledExpect } from '../compiler/compile-program.js';
import { CallFault, pureCall } from '../compiler/pure-calls.js';
import { isTrue } from '../compiler/operators.js';
import type { Expression } from '../language/generated/ast.js';
import { foldChain, isBinary, type Folded } from '../language/precedence.js';
import { Answers, UnknownName } from './answers.js';
import type { Computer } from './computer.js';
import { textOf } from '../machine/text.js';

type Scalar = number | string | boolean | null;

export interface ExpectResult {
  /** As written. */
  text: string;
  ok: boolean;
  /** Of a comparison, the value of the side that is not constant; else the value of the whole. Strings as text. */
  actual: Scalar;
  /** Why there is no value. */
  error?: string;
  why: string | null;
  line: number;
  column: number;
}

export function evaluateExpects(computer: Computer): ExpectResult[] {
  const environment = environmentOf(computer);
  return computer.compiled.expects.map((expect) => evaluateOne(expect, environment));
}

/** Whether the program says that its run ends this way. */
export function expectsOutcome(computer: Computer, outcome: string): boolean {
  return computer.compiled.image.expects.some((expect) => expect.outcome === outcome);
}

function evaluateOne({ info, node }: CompiledExpect, environment: Environment): ExpectResult {
  const { text, line, column } = info;
  const why = info.why === null ? null : textOf(info.why);
  try {
    const ok = isTrue(evaluate(node.value, environment));
    return { text, ok, actual: shown(actualOf(node.value, environment, ok)), why, line, column };
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return { text, ok: false, actual: null, error: error.message, why, line, column };
  }
}

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);

function actualOf(node: Expression, environment: Environment, whole: boolean): Value {
  const tree = node.$type === 'Chain' ? foldChain(node) : node;
  if (!isBinary(tree) || !COMPARISONS.has(tree.op)) return whole;
  const side = asks(tree.left) || !asks(tree.right) ? tree.left : tree.right;
  return isBinary(side) ? whole : evaluate(side, environment);
}

/** Whether a side of a comparison asks the run: it has a call in it. */
function asks(side: Folded): boolean {
  return isBinary(side) || !(side.$type.endsWith('Literal') || side.$type === 'NameRef' || side.$type === 'Prefix');
}

function shown(value: Value): Scalar {
  if (typeof value === 'string') return textOf(value);
  return typeof value === 'object' && value !== null ? String(value) : value;
}

/** What an `expect` can ask, after the run. */
export function environmentOf(computer: Computer): Environment {
  const answers = new Answers(computer);
  return {
    lookup: (name) => computer.compiled.valueOf(name),
    call: (name, args) => called(answers, name, args),
    member(value, name) {
      const found = typeof value === 'object' && value !== null ? (value as Record<string, Value>)[name] : undefined;
      if (found === undefined) throw new EvaluationFault(`There is no \`.${name}\` here.`);
      return found;
    },
    index(value, key) {
      if (typeof value !== 'string' || typeof key !== 'number')
        throw new EvaluationFault('Only a string has elements here.');
      if (key < 0 || key >= value.length)
        throw new EvaluationFault(`${key} is outside of a string of ${value.length} bytes.`);
      return value.charCodeAt(key);
    },
    slice(value, from, to) {
      if (typeof value !== 'string' || typeof from !== 'number' || typeof to !== 'number') {
        throw new EvaluationFault('Only a string can be sliced here.');
      }
      if (from < 0 || from > to || to > value.length) {
        throw new EvaluationFault(`${from}..${to} is outside of a string of ${value.length} bytes.`);
      }
      return value.slice(from, to);
    },
  };
}

function called(answers: Answers, name: string, args: Value[]): Value {
  const [first, second] = args.map((arg) => (typeof arg === 'string' ? textOf(arg) : undefined));
  try {
    switch (name) {
      case 'outcome':
        return answers.outcome();
      case 'stdout':
        return answers.stdout(nameGiven(name, first));
      case 'exit_code':
        return answers.exitCode(nameGiven(name, first));
      case 'term_signal':
        return answers.termSignal(nameGiven(name, first));
      case 'stat':
        return answers.stat(nameGiven(name, first), second);
    }
    const value = pureCall(name, args as Scalar[]);
    if (value !== undefined) return value;
  } catch (error) {
    if (error instanceof UnknownName || error instanceof CallFault) throw new EvaluationFault(sentence(error.message));
    throw error;
  }
  throw new EvaluationFault(`${name}() can not be called in an expect: there is no process to run it.`);
}

function nameGiven(call: string, name: string | undefined): string {
  if (name === undefined) throw new EvaluationFault(`${call}() takes a name in quotes.`);
  return name;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}
