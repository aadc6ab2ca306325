/** Where the parts of the data path's figure stand: user space on top, the kernel below the border, then devices. */
import type { DmaWay } from '../../computer/views/data/dma.js';

/** Narrower, the figure is scrolled in its own frame. */
const NARROWEST = 290;
const WIDEST = 900;
const BOX = 58;
/** Between rows, where the arrows are. */
const GAP = 84;
const LABEL = 20;
/** From the border down to the kernel's boxes. */
const BELOW_BORDER = 22;

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export type Place = 'user' | 'cache' | 'pipe' | 'socket' | 'disk' | 'net';

export interface ArrowLine {
  x: number;
  from: number;
  to: number;
}

export interface Figure {
  width: number;
  height: number;
  isNarrow: boolean;
  /** Of the line between user space and the kernel, and between that and the hardware. */
  border: number;
  hardware: number;
  /** Of what is said of copies within the kernel. */
  inKernel: { x: number; y: number };
  boxes: Record<Place, Box>;
  arrows: Record<DmaWay | 'toUser' | 'fromUser', ArrowLine>;
  /** The way of DMA past the page cache. */
  direct: { x: number; label: number };
}

export function figureIn(available: number): Figure {
  const width = Math.min(Math.max(available, NARROWEST), WIDEST);
  const isNarrow = width < 560;
  const margin = isNarrow ? 1 : 12;
  const between = isNarrow ? 6 : 18;
  const third = (width - 2 * margin - 2 * between) / 3;
  const column = (at: number): number => margin + at * (third + between);
  const user = LABEL;
  const kernel = user + BOX + GAP;
  const devices = kernel + BOX + GAP;
  const box = (at: number, y: number): Box => ({ x: column(at), y, width: third, height: BOX });
  const boxes = {
    user: { x: margin, y: user, width: width - 2 * margin, height: BOX },
    cache: box(0, kernel),
    pipe: box(1, kernel),
    socket: box(2, kernel),
    disk: box(0, devices),
    net: box(2, devices),
  };
  const step = third / 2;
  const [top, bottom] = [kernel + BOX + 2, devices - 2];
  const first = isNarrow ? 9 : 24;
  const up = (at: number): ArrowLine => ({ x: column(at) + first, from: bottom, to: top });
  const down = (at: number): ArrowLine => ({ x: column(at) + first + step, from: top, to: bottom });
  const [lower, upper] = [kernel - 2, user + BOX + 2];
  return {
    width,
    height: devices + BOX + LABEL + 2,
    isNarrow,
    border: kernel - BELOW_BORDER,
    hardware: devices - 14,
    inKernel: { x: column(1) + (isNarrow ? 8 : first), y: kernel + BOX + GAP / 2 - 8 },
    boxes,
    arrows: {
      toUser: { x: width * (isNarrow ? 0.38 : 0.14), from: lower, to: upper },
      fromUser: { x: width * (isNarrow ? 0.7 : 0.58), from: upper, to: lower },
      diskIn: up(0),
      diskOut: down(0),
      netIn: up(2),
      netOut: down(2),
    },
    direct: { x: column(0) + third + between / 2, label: devices + BOX / 2 + 4 },
  };
}
