/**
 * The source positions of a function, as an image keeps them: one list of numbers, each counted from the one before.
 * They are the largest part of an image, and written out they would be four times as large.
 */
import type { FunctionInfo, PackedPositions, Position } from './image.js';

type Origin = Pick<FunctionInfo, 'from' | 'line'>;

const EACH = 5; // numbers for a position: see PackedPositions

export function packPositions(positions: readonly Position[], { from, line: first }: Origin): PackedPositions {
  let [last, lastLine] = [from, first];
  return positions.flatMap(({ at, line, column, endLine, endColumn, statement }) => {
    const packed = [at - last, line - lastLine, column, endLine - line, 2 * endColumn + Number(statement)];
    [last, lastLine] = [at, line];
    return packed;
  });
}

/** By the list, which linked functions share with the image that they come from. */
const known = new WeakMap<PackedPositions, readonly Position[]>();

/** The positions of a function, in order of code. */
export function positionsOf(f: Origin & Pick<FunctionInfo, 'positions'>): readonly Position[] {
  let positions = known.get(f.positions);
  if (!positions) known.set(f.positions, (positions = unpack(f.positions, f)));
  return positions;
}

/** Where the instruction with index `at` comes from; nothing when it is not in the function. */
export function positionOf(f: FunctionInfo, at: number): Position | undefined {
  const positions = positionsOf(f);
  let low = 0;
  let high = positions.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (positions[middle].at <= at) low = middle;
    else high = middle - 1;
  }
  const position = positions[low];
  return at < f.to && position && position.at <= at ? position : undefined;
}

function unpack(packed: PackedPositions, { from, line: first }: Origin): Position[] {
  const positions: Position[] = [];
  let [at, line] = [from, first];
  for (let i = 0; i < packed.length; i += EACH) {
    at += packed[i];
    line += packed[i + 1];
    const [column, lines, end] = packed.slice(i + 2, i + EACH);
    positions.push({ at, line, column, endLine: line + lines, endColumn: end >> 1, statement: (end & 1) === 1 });
  }
  return positions;
}
