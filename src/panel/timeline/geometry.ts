/** Where on the chart a lane and an instant are, in CSS pixels. */
import type { LaneName } from '../../computer/views/timeline/activity.js';
import type { Viewport } from './viewport.js';

export const RULER = 26;
const CPU_HEIGHT = 26;
const TASK_HEIGHT = 20;
const GAP = 8;
/** Between CPUs and tasks. */
const DIVIDE = 10;

export interface LaneBox {
  lane: LaneName;
  isCpu: boolean;
  top: number;
  height: number;
}

export class Geometry {
  readonly boxes: LaneBox[] = [];
  /** Of all lanes with the ruler, seen or not. */
  readonly fullHeight: number;

  constructor(
    lanes: readonly LaneName[],
    readonly viewport: Viewport,
    readonly width: number,
    readonly height: number,
    /** Of the names on the left. */
    readonly gutter: number,
    readonly scroll: number,
  ) {
    let top = RULER + GAP / 2;
    for (const lane of lanes) {
      const isCpu = lane.id.startsWith('cpu');
      if (!isCpu && this.boxes.at(-1)?.isCpu) top += DIVIDE;
      const height = isCpu ? CPU_HEIGHT : TASK_HEIGHT;
      this.boxes.push({ lane, isCpu, top, height });
      top += height + GAP;
    }
    this.fullHeight = top;
  }

  /** Of the drawing of time. */
  get span(): number {
    return Math.max(1, this.width - this.gutter);
  }

  x(time: number): number {
    return this.gutter + ((time - this.viewport.from) / this.viewport.length) * this.span;
  }

  time(x: number): number {
    return this.viewport.from + ((x - this.gutter) / this.span) * this.viewport.length;
  }

  /** The lanes that can be seen. */
  get inSight(): LaneBox[] {
    return this.boxes.filter(
      ({ top, height }) => top + height - this.scroll >= RULER && top - this.scroll <= this.height,
    );
  }

  box(lane: string): LaneBox | undefined {
    return this.boxes.find((box) => box.lane.id === lane);
  }

  laneAt(y: number): LaneBox | undefined {
    if (y < RULER) return undefined;
    const at = y + this.scroll;
    return this.boxes.find(({ top, height }) => at >= top - GAP / 2 && at < top + height + GAP / 2);
  }
}
