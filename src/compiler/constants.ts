/**
 * Constant folding: which expressions have one value for the whole run, and what it is. Constants, enum members,
 * params (their value is fixed before the compilation) and pure calls on them.
 */
import { enclosing } from '../language/ast-walk.js';
import type { Call, EnumMember, Expression, Param } from '../language/generated/ast.js';
import { memberNamed, type ConstantOrder } from '../language/constant-order.js';
import { charOf, numberOf, stringBytesOf } from '../language/literals.js';
import { foldChain, isBinary, type Binary, type Folded } from '../language/precedence.js';
import { ArithmeticFault } from './arithmetic.js';
import type { Constant } from './image.js';
import type { Meaning, MeaningOf } from './meaning.js';
import { TypeFault, binary, isTrue, unary } from './operators.js';
import { CallFault, pureCall } from './pure-calls.js';

/** Why an expression has no constant value, when it would have one but for a mistake. */
export interface FoldFault {
  node: Folded;
  message: string;
}

/** Function numbers, which only the whole image knows. */
export type FunctionNumber = (meaning: Meaning & { kind: 'function' | 'external' }) => number;

export type Scalar = number | string | boolean | null;

export class ConstantFolder {
  private readonly folded = new Map<Folded, Constant | undefined>();
  private readonly trees = new Map<Expression, Folded>();
  private readonly members = new Map<EnumMember, Constant | undefined>();
  /** What is being worked out right now: a constant that needs itself has no value. */
  private readonly open = new Set<object>();
  /** Mistakes met on the way; the machine reports those that are reached at run time. */
  readonly faults: FoldFault[] = [];

  constructor(
    private readonly meaningOf: MeaningOf,
    private readonly functionNumber: FunctionNumber,
    /** Values given on the command line, by name of the `param`. */
    private readonly params: ReadonlyMap<string, Scalar>,
  ) {}

  /** A chain as a tree, made once, so that its nodes can be remembered. */
  tree(node: Folded): Folded {
    if (isBinary(node) || node.$type !== 'Chain') return node;
    let tree = this.trees.get(node);
    if (tree === undefined) {
      tree = foldChain(node);
      this.trees.set(node, tree);
    }
    return tree;
  }

  /** The expression's constant value; undefined when it has none. */
  fold(node: Folded): Constant | undefined {
    const tree = this.tree(node);
    // Most nodes are one of these three: quick to read again, and never part of a circle.
    if (!isBinary(tree)) {
      if (tree.$type === 'NumberLiteral') return numberOf(tree.text);
      if (tree.$type === 'StringLiteral') return stringBytesOf(tree.text);
      if (tree.$type === 'NameRef' && isVariable(this.meaningOf(tree))) return undefined;
    }
    if (this.folded.has(tree)) return this.folded.get(tree);
    if (this.open.has(tree)) return undefined;
    this.open.add(tree);
    const value = this.attempt(tree, () => (isBinary(tree) ? this.foldBinary(tree) : this.foldExpression(tree)));
    this.open.delete(tree);
    this.folded.set(tree, value);
    return value;
  }

  /** Works out all constants of a program, each after those that it uses, so that no call goes deep. */
  foldAll({ order, circular }: ConstantOrder): void {
    for (const constant of order) {
      if (constant.$type === 'EnumMember') {
        if (circular.has(constant)) this.members.set(constant, undefined);
        else this.memberValue(constant);
      } else if (circular.has(constant)) this.folded.set(this.tree(constant.value), undefined);
      else this.fold(constant.value);
    }
  }

  paramValue(param: Param): Constant | undefined {
    return this.params.has(param.name) ? this.params.get(param.name) : this.fold(param.value);
  }

  /** The value of an enum member: its own, or one more than the member before it; the first is 0. */
  memberValue(member: EnumMember): Constant | undefined {
    if (this.members.has(member)) return this.members.get(member);
    if (this.open.has(member)) return undefined;
    this.open.add(member);
    const before = member.value ? undefined : member.$container.members[(member.$containerIndex ?? 0) - 1];
    const last = before ? this.memberValue(before) : -1;
    const value = member.value ? this.fold(member.value) : typeof last === 'number' ? last + 1 : undefined;
    this.open.delete(member);
    this.members.set(member, value);
    return value;
  }

  /** A left-leaning tree can be as deep as a file is long, so its spine is walked in a loop. */
  private foldBinary(tree: Binary): Constant | undefined {
    const spine: Binary[] = [];
    let node: Folded = tree;
    while (isBinary(node) && !this.folded.has(node)) {
      spine.push(node);
      node = this.tree(node.left);
    }
    let value = this.fold(node);
    for (const step of spine.reverse()) {
      value = value === undefined ? undefined : this.step(step, value);
      this.folded.set(step, value);
    }
    return value;
  }

  private step(node: Binary, left: Constant): Constant | undefined {
    const { op } = node;
    if (!isScalar(left)) return undefined;
    if (op === '&&' && !isTrue(left)) return false;
    if (op === '||' && isTrue(left)) return true;
    const right = this.fold(node.right);
    if (right === undefined || !isScalar(right)) return undefined;
    if (op === '&&' || op === '||') return isTrue(right);
    return this.attempt(node, () => binary(op, left, right) as Scalar);
  }

  /** Runs `compute`; a mistake is remembered, and there is no value. */
  private attempt(node: Folded, compute: () => Constant | undefined): Constant | undefined {
    try {
      return compute();
    } catch (error) {
      if (!(error instanceof ArithmeticFault || error instanceof TypeFault || error instanceof CallFault)) throw error;
      this.faults.push({ node, message: error.message });
      return undefined;
    }
  }

  private foldExpression(node: Expression): Constant | undefined {
    switch (node.$type) {
      case 'CharLiteral':
        return charOf(node.text);
      case 'TrueLiteral':
        return true;
      case 'FalseLiteral':
        return false;
      case 'NullLiteral':
        return null;
      case 'NameRef':
        return this.foldMeaning(this.meaningOf(node));
      case 'Member':
        return this.foldMember(node.target, node.name);
      case 'Prefix': {
        if (node.op === '++' || node.op === '--') return undefined;
        const value = this.fold(node.operand);
        return value === undefined || !isScalar(value) ? undefined : (unary(node.op, value) as Scalar);
      }
      case 'Conditional': {
        const condition = this.fold(node.condition);
        return condition === undefined ? undefined : this.fold(isTrue(condition) ? node.then : node.else);
      }
      case 'Call':
        return this.foldCall(node);
      default:
        return undefined;
    }
  }

  private foldMeaning(meaning: Meaning): Constant | undefined {
    switch (meaning.kind) {
      case 'const':
        return this.fold(meaning.declaration.value);
      case 'local':
        return meaning.declaration.$type === 'Const' ? this.fold(meaning.declaration.value) : undefined;
      case 'param':
        return this.paramValue(meaning.declaration);
      case 'member':
        return this.memberValue(meaning.declaration);
      case 'function':
      case 'external':
        return { function: this.functionNumber(meaning) };
      case 'external-constant':
        return meaning.value;
      default:
        return undefined;
    }
  }

  /** `Phase.COPY`: a member of an enum, by its name. */
  private foldMember(target: Expression, name: string): Constant | undefined {
    if (target.$type !== 'NameRef') return undefined;
    const meaning = this.meaningOf(target);
    if (meaning.kind !== 'enum') return undefined;
    const member = memberNamed(meaning.declaration, name);
    return member && this.memberValue(member);
  }

  /** A pure call in a declaration. Inside a function it is not folded: there its work takes simulated time. */
  private foldCall(node: Call): Constant | undefined {
    const meaning = node.callee.$type === 'NameRef' ? this.meaningOf(node.callee) : undefined;
    if (meaning?.kind !== 'native' || enclosing(node, 'Block')) return undefined;
    const values: Scalar[] = [];
    for (const arg of node.args) {
      const value = this.fold(arg);
      if (value === undefined || !isScalar(value)) return undefined;
      values.push(value);
    }
    return pureCall(meaning.name, values);
  }
}

/** A local that is a `let`, a parameter or a loop's variable has no constant value. */
function isVariable(meaning: Meaning): boolean {
  return meaning.kind === 'local' && meaning.declaration.$type !== 'Const';
}

export function isScalar(value: Constant): value is Scalar {
  return value === null || typeof value !== 'object';
}
