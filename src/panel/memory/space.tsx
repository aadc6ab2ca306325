/** The figure of one address space: the map of 4 GiB with its split, lines to its areas, and each area page by page. */
import type { PageView, SpaceView } from '../../computer/views/memory/space.js';
import { fitting } from '../files/boxes.js';
import { number, plural } from '../text.js';
import { CELL, laySpace, MAP, placeOf, type AreaCard, type Cell } from './layout.js';

interface SpaceProps {
  space: SpaceView;
  width: number;
  kernelBase: number;
  /** The frame that is lit in all figures. */
  lit: number | null;
  /** The page that the keys are at. */
  at: number | null;
  isChanged: (page: PageView) => boolean;
  point: (address: number | null) => void;
  choose: (address: number) => void;
}

export function Space({ space, width, kernelBase, lit, at, isChanged, point, choose }: SpaceProps) {
  const layout = laySpace(space, width, kernelBase);
  const { x, height, split, kernel, cards } = layout;
  return (
    <svg width={width} height={height} role="img" aria-label={summary(space)} onMouseLeave={() => point(null)}>
      <rect class="map user" x="1" y={split} width={MAP} height={height - split - 2} />
      <rect class="map kernel" x="1" y="2" width={MAP} height={split - 2} />
      <line class="split" x1="0" x2={MAP + 2} y1={split} y2={split} />
      <text class="part" x="7" y={split / 2 + 4}>
        kernel, 1 GiB
      </text>
      <text class="part" x="7" y={(split + height) / 2}>
        user, 3 GiB
      </text>
      <text class="address" x="7" y="14">
        {hex(0xffff_ffff)}
      </text>
      <text class="address" x="7" y={split + 13}>
        {hex(kernelBase)}
      </text>
      <text class="address" x="7" y={height - 7}>
        0
      </text>
      <g class="area kernel">
        <path class="leader" d={leader(split / 2, x, kernel.y + kernel.height / 2)} />
        <rect x={x} y={kernel.y} width={width - x - 2} height={kernel.height} rx="3" />
        <text class="title" x={x + 8} y={kernel.y + 16}>
          kernel
        </text>
        <text class="address" x={x + 8} y={kernel.y + 31}>
          {fitting('the same for all; no access from user mode', (width - x - 8) * 1.15)}
        </text>
      </g>
      {cards.map((card) => (
        <g key={card.area.start} class="area">
          <Mark card={card} height={height} x={x} />
          <rect x={x} y={card.y} width={width - x - 2} height={card.height} rx="3" />
          <text class="title" x={x + 8} y={card.y + 16}>
            {fitting(`${card.area.name || 'mmap'} ${card.area.access}`, width - x - 90)}
          </text>
          <text class="address end" x={width - 9} y={card.y + 16}>
            {card.area.access.includes('x') && card.cells.length === 0
              ? 'code'
              : `${number(card.area.pages.length)} of ${plural(card.count, 'page')}`}
          </text>
          <text class="address" x={x + 8} y={card.y + 30}>
            {fitting(`${hex(card.area.start)} – ${hex(card.area.end)}`, (width - x - 8) * 1.2)}
          </text>
          {card.cells.map((cell) => (
            <Page
              key={cell.address}
              cell={cell}
              marks={`${cell.page && cell.page.frame === lit ? ' lit' : ''}${cell.address === at ? ' at' : ''}${
                cell.page && isChanged(cell.page) ? ' changed' : ''
              }`}
              point={point}
              choose={choose}
            />
          ))}
        </g>
      ))}
    </svg>
  );
}

/** On the map, and the line from there to the area. */
function Mark({ card: { area, y }, height, x }: { card: AreaCard; height: number; x: number }) {
  const [low, high] = [placeOf(area.start, height), placeOf(area.end, height)];
  return (
    <>
      <rect class="mark" x={MAP - 9} y={Math.min(high, low - 2)} width="10" height={Math.max(2, low - high)} />
      <path class="leader" d={leader((low + high) / 2, x, y + 12)} />
    </>
  );
}

function leader(from: number, x: number, to: number): string {
  const middle = (MAP + x) / 2;
  return `M${MAP + 1} ${from} C${middle} ${from} ${middle} ${to} ${x} ${to}`;
}

interface PageProps {
  cell: Cell;
  marks: string;
  point: (address: number | null) => void;
  choose: (address: number) => void;
}

function Page({ cell: { x, y, address, page }, marks, point, choose }: PageProps) {
  if (!page) return <rect class="page absent" x={x + 0.5} y={y + 0.5} width={CELL - 1} height={CELL - 1} rx="2" />;
  const { state, frame, isDirty } = page;
  return (
    <g
      class={`page ${state}${marks}`}
      data-address={address}
      data-frame={frame}
      data-state={state}
      data-dirty={isDirty}
      onMouseEnter={() => point(address)}
      onClick={() => choose(address)}
    >
      <rect x={x + 0.5} y={y + 0.5} width={CELL - 1} height={CELL - 1} rx="2" />
      {state === 'shared' && <rect class="inner" x={x + 3.5} y={y + 3.5} width={CELL - 7} height={CELL - 7} />}
      {isDirty && <circle cx={x + CELL / 2} cy={y + CELL / 2} r="2.6" />}
    </g>
  );
}

export function hex(address: number): string {
  return `0x${address.toString(16).padStart(8, '0')}`;
}

export function summary({ pid, name, areas, present }: SpaceView): string {
  const all = areas.flatMap(({ pages }) => pages);
  const of = (state: PageView['state']): string => number(all.filter((page) => page.state === state).length);
  const dirty = number(all.filter(({ isDirty }) => isDirty).length);
  return `${pid} ${name}: ${plural(present, 'page')} present, ${of('own')} its own, ${of('shared')} shared, ${of('cow')} copy-on-write; ${dirty} dirty`;
}
