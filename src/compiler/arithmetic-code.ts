/** The instructions of the arithmetic operators, for expressions and for compound assignments. */
import type { OpcodeName } from '../isa/isa.js';
import type { Folded } from '../language/precedence.js';
import type { FunctionContext } from './function-context.js';

const OPCODE_OF = {
  '+': 'ADD',
  '-': 'SUB',
  '*': 'MUL',
  '/': 'DIV',
  '%': 'MOD',
  '&': 'AND',
  '|': 'OR',
  '^': 'XOR',
  '<<': 'SHL',
  '>>': 'SHR',
} as const satisfies Record<string, OpcodeName>;

export type ArithmeticOperator = keyof typeof OPCODE_OF;

export function isArithmetic(op: string): op is ArithmeticOperator {
  return op in OPCODE_OF;
}

/** `target = a op b`. A division has a position of its own: it is where SIGFPE is reported. */
export function emitOperator(
  f: FunctionContext,
  op: ArithmeticOperator,
  target: number,
  a: number,
  b: number,
  node: Folded,
): void {
  const write = (): void => void f.emitter.emit(OPCODE_OF[op], target, a, b);
  if (op === '/' || op === '%') f.emitter.within(f.rangeOf(node), write);
  else write();
}
