/** `==` and `<` where that is more than a look: of long strings it costs what it goes through. */
import type { Board } from './board.js';
import { byteCost } from './library-arguments.js';
import { isText, SHORT } from './long-string.js';
import * as operators from './operators.js';
import type { Value } from './values.js';

export function equal(board: Board, a: Value, b: Value): boolean {
  if (isText(a) && isText(b) && a.length === b.length) chargeBytes(board, a.length);
  return operators.equal(a, b);
}

/** Negative, 0 or positive: a against b, for the operator written `symbol`. */
export function compare(board: Board, a: Value, b: Value, symbol: string): number {
  if (isText(a) && isText(b)) chargeBytes(board, Math.min(a.length, b.length));
  return operators.compare(a, b, symbol);
}

/** A string of so many bytes is gone through: a short one is part of the instruction. */
export function chargeBytes(board: Board, bytes: number): void {
  if (bytes > SHORT) board.charge(byteCost(bytes));
}
