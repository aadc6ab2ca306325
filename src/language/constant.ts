/**
 * The value of an expression that can be known before anything runs: what enum members, machine settings, process
 * attributes and top-level constants may be. Integers are exact to 53 bits, as at run time.
 */
import type { BinaryOperator, Expression, NameRef } from './generated/ast.js';
import { numberOf, charOf, stringBytesOf } from './literals.js';
import { LONGEST_STRING } from './limits.js';
import { foldChain, isBinary, type Folded } from './precedence.js';

/** A string is bytes, one character each. */
export type ConstantValue = number | string | boolean | null;

/** Finds the value of a name, or undefined when it is no constant. */
export type NameValue = (name: NameRef) => ConstantValue | undefined;

/** The value, or undefined when it is not constant, not an integer or string, or out of range. */
export function constantOf(expression: Expression | undefined, nameValue: NameValue): ConstantValue | undefined {
  if (!expression) return undefined;
  switch (expression.$type) {
    case 'NumberLiteral':
      return safe(numberOf(expression.text));
    case 'CharLiteral':
      return charOf(expression.text);
    case 'StringLiteral':
      return stringBytesOf(expression.text);
    case 'TrueLiteral':
      return true;
    case 'FalseLiteral':
      return false;
    case 'NullLiteral':
      return null;
    case 'NameRef':
      return nameValue(expression);
    case 'Prefix':
      return prefixed(expression.op, constantOf(expression.operand, nameValue));
    case 'Conditional': {
      const condition = constantOf(expression.condition, nameValue);
      if (condition === undefined) return undefined;
      return constantOf(condition ? expression.then : expression.else, nameValue);
    }
    case 'Chain':
      return foldedValue(foldChain(expression), nameValue);
    default:
      return undefined;
  }
}

/** A long chain leans to the left, so the left side is walked in a loop. */
function foldedValue(folded: Folded, nameValue: NameValue): ConstantValue | undefined {
  const spine: Folded[] = [];
  let node = folded;
  while (isBinary(node)) {
    spine.push(node);
    node = node.left;
  }
  let value = constantOf(node, nameValue);
  for (let i = spine.length - 1; i >= 0; i--) {
    const binary = spine[i];
    if (!isBinary(binary) || value === undefined) return undefined;
    const right = isBinary(binary.right) ? foldedValue(binary.right, nameValue) : constantOf(binary.right, nameValue);
    if (right === undefined) return undefined;
    value = combined(binary.op, value, right);
  }
  return value;
}

function prefixed(op: string, value: ConstantValue | undefined): ConstantValue | undefined {
  if (op === '!' && value !== undefined) return !value;
  if (typeof value !== 'number') return undefined;
  if (op === '-') return safe(-value);
  if (op === '+') return value;
  return op === '~' ? safe(Number(~BigInt(value))) : undefined;
}

function combined(op: BinaryOperator, left: ConstantValue, right: ConstantValue): ConstantValue | undefined {
  if (op === '==') return left === right;
  if (op === '!=') return left !== right;
  if (op === '&&') return Boolean(left) && Boolean(right);
  if (op === '||') return Boolean(left) || Boolean(right);
  if (typeof left === 'string' && typeof right === 'string' && op === '+') {
    // The compiler says so when it is longer.
    return left.length + right.length <= LONGEST_STRING ? left + right : undefined;
  }
  if (typeof left !== 'number' || typeof right !== 'number') return undefined;
  switch (op) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    default:
      return arithmetic(op, BigInt(left), BigInt(right));
  }
}

function arithmetic(op: BinaryOperator, a: bigint, b: bigint): number | undefined {
  if ((op === '/' || op === '%') && b === 0n) return undefined;
  if ((op === '<<' || op === '>>') && (b < 0n || b > 63n)) return undefined;
  switch (op) {
    case '+':
      return safe(Number(a + b));
    case '-':
      return safe(Number(a - b));
    case '*':
      return safe(Number(a * b));
    case '/':
      return safe(Number(a / b));
    case '%':
      return safe(Number(a % b));
    case '&':
      return safe(Number(a & b));
    case '|':
      return safe(Number(a | b));
    case '^':
      return safe(Number(a ^ b));
    case '<<':
      return safe(Number(a << b));
    case '>>':
      return safe(Number(a >> b));
    default:
      return undefined;
  }
}

function safe(value: number): number | undefined {
  return Number.isSafeInteger(value) ? value + 0 : undefined;
}
