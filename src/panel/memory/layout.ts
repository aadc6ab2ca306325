/** Where the parts of one address space's figure stand: the map of 4 GiB on the left, its areas, the highest on top. */
import type { AreaView, PageView, SpaceView } from '../../computer/views/memory/space.js';

export const PAGE_SIZE = 4096;
/** Of the map, to scale. */
export const MAP = 76;
/** Between map and areas, where lines lead from one to the other. */
const GUTTER = 26;
export const CELL = 13;
const PITCH = 15;
const HEAD = 36;
const FOOT = 7;
const GAP = 6;
const TOP = 2;
/** Of a larger area only those pages are drawn that have a frame. */
const MOST_CELLS = 256;
const ALL = 2 ** 32;
const LOWEST_MAP = 250;

export interface Cell {
  x: number;
  y: number;
  address: number;
  /** Null: no frame yet. */
  page: PageView | null;
}

export interface AreaCard {
  area: AreaView;
  y: number;
  height: number;
  cells: Cell[];
  /** Of the area, whether they have a frame or not. */
  count: number;
}

export interface SpaceLayout {
  /** Of the cards: where they begin. */
  x: number;
  width: number;
  height: number;
  /** Of the line between user and kernel on the map. */
  split: number;
  kernel: { y: number; height: number };
  cards: AreaCard[];
}

export function laySpace({ areas }: SpaceView, width: number, kernelBase: number): SpaceLayout {
  const x = MAP + GUTTER;
  const room = Math.max(PITCH, width - x - 14);
  const perRow = Math.floor(room / PITCH);
  const kernel = { y: TOP, height: 40 };
  let y = kernel.y + kernel.height + GAP;
  const cards = [...areas].reverse().map((area): AreaCard => {
    const count = Math.ceil((area.end - area.start) / PAGE_SIZE);
    const cells = cellsOf(area, count).map(([address, page], at): Cell => ({
      address,
      page,
      x: x + 8 + (at % perRow) * PITCH,
      y: y + HEAD + Math.floor(at / perRow) * PITCH,
    }));
    const rows = Math.ceil(cells.length / perRow);
    const card = { area, y, count, cells, height: HEAD + rows * PITCH + (rows > 0 ? FOOT : 2) };
    y += card.height + GAP;
    return card;
  });
  const height = Math.max(LOWEST_MAP, y);
  return { x, width, height, cards, kernel, split: placeOf(kernelBase, height) };
}

/** Where an address is on the map. */
export function placeOf(address: number, height: number): number {
  return TOP + (height - 2 * TOP) * (1 - address / ALL);
}

function cellsOf({ start, pages, access }: AreaView, count: number): [number, PageView | null][] {
  // The machine keeps code elsewhere: its area never has pages.
  if (count > MOST_CELLS || (access.includes('x') && pages.length === 0))
    return pages.map((page) => [page.address, page]);
  const known = new Map(pages.map((page) => [page.address, page]));
  return Array.from({ length: count }, (_, at) => {
    const address = start + at * PAGE_SIZE;
    return [address, known.get(address) ?? null];
  });
}
