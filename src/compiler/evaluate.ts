/**
 * Evaluates one expression without a machine: `expect`s after the run, and in the debugger hovers, watch expressions,
 * conditions and log points. The operators mean what they mean to the machine; what names, calls and parts of values
 * are is up to the environment.
 */
import type {
  Assignment,
  Call,
  Chain,
  Expression,
  Index,
  NameRef,
  Postfix,
  Prefix,
} from '../language/generated/ast.js';
import { charOf, numberOf, stringBytesOf } from '../language/literals.js';
import { parseSource } from '../language/parse.js';
import { endOf, foldChain, isBinary, startOf, type Binary, type Folded } from '../language/precedence.js';
import { ArithmeticFault } from './arithmetic.js';
import { TypeFault, binary, equal, isTrue, unary, type Value } from './operators.js';
import { CallFault } from './pure-calls.js';

export { isTrue, type Value } from './operators.js';

/** Where an assignment goes; the object and the key are evaluated. */
export type Target =
  | { kind: 'name'; name: NameRef }
  | { kind: 'member'; object: Value; name: string }
  | { kind: 'index'; object: Value; key: Value };

/** What the expression is about. Each may throw EvaluationFault, with a message for a person. */
export interface Environment {
  /** The value of a variable or constant; undefined when there is none of that name. */
  lookup(name: NameRef): Value | undefined;
  /** A call of a function by name. */
  call(name: string, args: Value[], node: Call): Value;
  member(value: Value, name: string): Value;
  index(value: Value, key: Value): Value;
  slice(value: Value, from: Value, to: Value): Value;
  /** `==` of two values with parts, when it is more than identity. */
  equal?(a: Value, b: Value): boolean;
  /** A call of a function that is a value; without it such calls are refused. */
  callValue?(callee: Value, args: Value[], node: Call): Value;
  /** New values with parts; without these, literals of them are refused. */
  list?(items: Value[]): Value;
  record?(struct: string | null, fields: [name: string, value: Value][]): Value;
  /** Without it the expression may not change anything. */
  assign?(target: Target, value: Value): void;
}

export interface Limits {
  /** The most parts of the expression that are evaluated. */
  steps: number;
}

const STANDARD_LIMITS: Limits = { steps: 10_000 };

/** An environment's way to say that something can not be done. */
export class EvaluationFault extends Error {}

/** Why an expression has no value. `from` and `to` are offsets of the part at fault in its file. */
export class EvaluationError extends Error {
  constructor(
    message: string,
    readonly from: number,
    readonly to: number,
  ) {
    super(message);
    this.name = 'EvaluationError';
  }
}

/** The value of an expression. Throws EvaluationError, and nothing else that is about the expression. */
export function evaluate(expression: Expression, environment: Environment, limits: Limits = STANDARD_LIMITS): Value {
  return new Evaluation(environment, limits.steps).value(expression);
}

const BEFORE = 'const value = ';

/** The offset at which the text begins in the tree that parseExpression() returns. */
export const EXPRESSION_AT = BEFORE.length;

/** Parses an expression on its own. A mistake is an EvaluationError with offsets in `text`. */
export function parseExpression(text: string): Expression | EvaluationError {
  const { ast, problems } = parseSource(`${BEFORE}${text}\n;`, 'expression');
  const problem = problems[0];
  const item = ast.items[0];
  if (problem) {
    const at = (offset: number): number => Math.max(0, Math.min(text.length, offset - EXPRESSION_AT));
    return new EvaluationError(problem.message, at(problem.from.offset), at(problem.to.offset));
  }
  if (ast.items.length !== 1 || item?.$type !== 'Const') {
    return new EvaluationError('This is not one expression.', 0, text.length);
  }
  return item.value;
}

const trees = new WeakMap<Chain, Folded>();

function treeOf(node: Folded): Folded {
  if (isBinary(node) || node.$type !== 'Chain') return node;
  let tree = trees.get(node);
  if (!tree) trees.set(node, (tree = foldChain(node)));
  return tree;
}

class Evaluation {
  constructor(
    private readonly environment: Environment,
    private stepsLeft: number,
  ) {}

  value(node: Folded): Value {
    const tree = treeOf(node);
    if (--this.stepsLeft < 0) throw this.error(tree, 'The expression takes too long to evaluate.');
    return isBinary(tree) ? this.binary(tree) : this.at(tree, () => this.expression(tree));
  }

  /** Gives a fault the place of the node that it happened in. */
  private at<T>(node: Folded, compute: () => T): T {
    try {
      return compute();
    } catch (error) {
      const known =
        error instanceof ArithmeticFault ||
        error instanceof TypeFault ||
        error instanceof CallFault ||
        error instanceof EvaluationFault;
      throw known ? this.error(node, error.message) : error;
    }
  }

  private error(node: Folded, message: string): EvaluationError {
    return new EvaluationError(message, startOf(node), endOf(node));
  }

  /** Chains lean to the left and can be long: a loop, no recursion. */
  private binary(tree: Binary): Value {
    const spine: Binary[] = [];
    let node: Folded = tree;
    while (isBinary(node)) {
      spine.push(node);
      node = treeOf(node.left);
    }
    let value = this.value(node);
    for (const step of spine.reverse()) value = this.step(step, value);
    return value;
  }

  private step(node: Binary, left: Value): Value {
    const { op } = node;
    if (op === '&&') return isTrue(left) && isTrue(this.value(node.right));
    if (op === '||') return isTrue(left) || isTrue(this.value(node.right));
    const right = this.value(node.right);
    if (op === '==' || op === '!=') return this.equal(left, right) === (op === '==');
    return this.at(node, () => binary(op, left, right));
  }

  private equal(a: Value, b: Value): boolean {
    const areObjects = typeof a === 'object' && a !== null && typeof b === 'object' && b !== null;
    return areObjects && this.environment.equal ? this.environment.equal(a, b) : equal(a, b);
  }

  private expression(node: Expression): Value {
    const { environment } = this;
    switch (node.$type) {
      case 'NumberLiteral':
        return numberOf(node.text);
      case 'CharLiteral':
        return charOf(node.text);
      case 'StringLiteral':
        return stringBytesOf(node.text);
      case 'TrueLiteral':
        return true;
      case 'FalseLiteral':
        return false;
      case 'NullLiteral':
        return null;
      case 'NameRef':
        return this.named(node);
      case 'Conditional':
        return this.value(isTrue(this.value(node.condition)) ? node.then : node.else);
      case 'Member':
        return environment.member(this.value(node.target), node.name);
      case 'Index':
        return this.part(node);
      case 'Call':
        return this.call(node);
      case 'ListLiteral':
        if (!environment.list) throw new EvaluationFault('A list can not be made here.');
        return environment.list(node.items.map((item) => this.value(item)));
      case 'RecordLiteral':
      case 'StructLiteral': {
        if (!environment.record) throw new EvaluationFault('A record can not be made here.');
        const fields = node.fields.map(({ name, value }): [string, Value] => [name, this.value(value)]);
        return environment.record(node.$type === 'StructLiteral' ? node.struct : null, fields);
      }
      case 'Assignment':
      case 'Postfix':
        return this.assign(node);
      case 'Prefix':
        return node.op === '++' || node.op === '--' ? this.assign(node) : unary(node.op, this.value(node.operand));
      case 'Yield':
        throw new EvaluationFault('`yield` works in a running coroutine only.');
      default:
        throw new EvaluationFault('This can not be evaluated.');
    }
  }

  private named(node: NameRef): Value {
    const value = this.environment.lookup(node);
    if (value === undefined) throw new EvaluationFault(`There is no \`${node.name}\` here.`);
    return value;
  }

  private part(node: Index): Value {
    const target = this.value(node.target);
    const from = this.value(node.from);
    return node.slice && node.to
      ? this.environment.slice(target, from, this.value(node.to))
      : this.environment.index(target, from);
  }

  private call(node: Call): Value {
    const { callee } = node;
    const { environment } = this;
    const args = (): Value[] => node.args.map((arg) => this.value(arg));
    if (callee.$type === 'NameRef' && (!environment.callValue || environment.lookup(callee) === undefined)) {
      return environment.call(callee.name, args(), node);
    }
    if (!environment.callValue) throw new EvaluationFault('A function that is a value can not be called here.');
    const value = this.value(callee);
    return environment.callValue(value, args(), node);
  }

  private assign(node: Assignment | Postfix | Prefix): Value {
    const { assign } = this.environment;
    if (!assign) throw new EvaluationFault('Nothing can be changed here: this expression may only look.');
    const [target, read] = this.target(node.$type === 'Prefix' ? node.operand : node.target);
    const store = (value: Value): Value => (assign.call(this.environment, target, value), value);
    if (node.$type === 'Assignment') {
      if (node.op === '=') return store(this.value(node.value));
      const old = read();
      return store(binary(node.op.slice(0, -1) as '+', old, this.value(node.value)));
    }
    const old = read();
    const changed = store(binary(node.op === '++' ? '+' : '-', old, 1));
    return node.$type === 'Postfix' ? old : changed;
  }

  /** The place that is assigned to, its parts evaluated once, and a way to read it. */
  private target(node: Expression): [Target, read: () => Value] {
    const { environment } = this;
    switch (node.$type) {
      case 'NameRef':
        return [{ kind: 'name', name: node }, () => this.named(node)];
      case 'Member': {
        const object = this.value(node.target);
        return [{ kind: 'member', object, name: node.name }, () => environment.member(object, node.name)];
      }
      case 'Index': {
        if (node.slice) break;
        const object = this.value(node.target);
        const key = this.value(node.from);
        return [{ kind: 'index', object, key }, () => environment.index(object, key)];
      }
    }
    throw new EvaluationFault('Only a variable, a field or an element can be assigned to.');
  }
}
