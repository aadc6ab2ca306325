/** Parts of the figure of the data's way: boxes, and arrows with what has gone along them. */
import type { Moved } from '../../computer/views/data/dma.js';
import { fitting } from '../files/boxes.js';
import { number, plural } from '../text.js';
import { countOfCopies } from './said.js';
import type { ArrowLine, Box } from './geometry.js';

interface PlaceProps {
  box: Box;
  kind?: 'memory' | 'buffer' | 'device';
  lit: boolean;
  title: string;
  facts: string[];
}

export function Place({ box: { x, y, width, height }, kind = 'memory', lit, title, facts }: PlaceProps) {
  return (
    <g class={`place ${kind}${lit ? ' lit' : ''}`}>
      <rect x={x} y={y} width={width} height={height} rx="4" />
      <text class="title" x={x + 8} y={y + 18}>
        {fitting(title, width - 10)}
      </text>
      {facts.map((fact, line) => (
        <text key={line} class="fact" x={x + 8} y={y + 34 + 15 * line}>
          {fitting(fact, width - 8)}
        </text>
      ))}
    </g>
  );
}

const TITLES: Record<string, string> = {
  toUser: 'The CPU copies to user memory',
  fromUser: 'The CPU copies from user memory',
  diskIn: 'The disk moves into memory, by DMA',
  diskOut: 'The disk takes from memory, by DMA',
  netIn: 'The network card moves into memory, by DMA',
  netOut: 'The network card takes from memory, by DMA',
};

interface ArrowProps {
  way: string;
  line: ArrowLine;
  moved: Moved;
  isLit: boolean;
  /** Of the copy that lights it. */
  bytes: number;
  isNarrow: boolean;
}

export function CopyArrow({ way, line: { x, from, to }, moved, isLit, bytes, isNarrow }: ArrowProps) {
  const isCpu = way === 'toUser' || way === 'fromUser';
  const isShort = isNarrow && !isCpu;
  const middle = (from + to) / 2;
  const marks = `${isCpu ? 'cpu' : 'dma'}${isLit ? ' lit' : ''}${moved.copies === 0 ? ' none' : ''}`;
  const count = countOfCopies(moved.copies);
  const look = `moved${moved.copies === 0 ? ' none' : ''}${isShort ? ' short' : ''}`;
  const top = isCpu ? from + (to - from) * (way === 'toUser' ? 0.82 : 0.18) : middle - 8;
  const size = plural(moved.bytes, 'byte');
  return (
    <g data-way={way} data-copies={moved.copies} data-bytes={moved.bytes}>
      <title>{`${TITLES[way]}: ${count}, ${size}`}</title>
      <path
        class={`copy-arrow ${marks}`}
        d={`M${x} ${from} V${to}`}
        marker-end={`url(#copy-head${isLit ? '-lit' : ''})`}
      />
      <text class={look} x={x + 10} y={top}>
        {isShort ? number(moved.copies) : count}
      </text>
      <text class={look} x={x + 10} y={top + 15}>
        {isShort ? brief(moved.bytes) : size}
      </text>
      {isLit && !isShort && (
        <text class="lit-bytes" x={x + 10} y={top + 30}>
          {`${number(bytes)} now`}
        </text>
      )}
    </g>
  );
}

/** Where there is little room: 32,768, but 164 kB. */
function brief(bytes: number): string {
  if (bytes < 1e5) return number(bytes);
  return bytes < 1e7 ? `${number(Math.round(bytes / 1e3))} kB` : `${number(Math.round(bytes / 1e6))} MB`;
}
