/** The chart: what is in sight, what is pointed at, and what the reader does with pointer, wheel and keys. */
import type { TimelineAnswer } from '../../computer/views/timeline/activity.js';
import type { Page } from '../page.js';
import { drawScene } from './draw.js';
import { WindowFeed } from './feed.js';
import { Geometry, RULER } from './geometry.js';
import { intervalOf, placeAt, type Interval } from './intervals.js';
import { readPalette, type Palette } from './palette.js';
import { Viewport } from './viewport.js';

export interface Listener {
  /** Something else is in sight. */
  changed(): void;
  /** Something else is pointed at; x and y are where, null from the keyboard. */
  pointed(interval: Interval | null, at: { x: number; y: number } | null): void;
  selected(range: Range | null): void;
}

export interface Range {
  from: number;
  to: number;
}

/** What the chart keeps when it is hidden. */
export interface Kept {
  from: number;
  to: number;
  whole: boolean;
}

/** Pixels within which the cursor goes to an edge. */
const SNAP = 7;
/** Of the page, below the tabs. */
const HIGHEST = 0.66;
const NARROW = 460;

export class Chart {
  readonly viewport = new Viewport();
  readonly feed: WindowFeed;
  geometry: Geometry;
  selection: Range | null = null;
  pointed: Interval | null = null;
  /** Where the reader drags the cursor to. */
  dragged: number | null = null;
  private palette: Palette | null = null;
  private frame = 0;
  private stop = -1;
  private run = -1;

  constructor(
    private readonly page: Page,
    private readonly box: HTMLElement,
    private readonly canvas: HTMLCanvasElement,
    private readonly filler: HTMLElement,
    private readonly listener: Listener,
  ) {
    this.feed = new WindowFeed(page, (answer) => this.arrived(answer));
    this.geometry = this.measured();
    const kept = page.layout.own.timeline as Kept | undefined;
    if (kept && !kept.whole) Object.assign(this.viewport, { from: kept.from, to: kept.to, isWhole: false });
  }

  /** Ticks at which the machine stands. */
  get now(): number | null {
    return (this.page.model.state ?? this.page.model.snapshot)?.time ?? null;
  }

  get answer(): TimelineAnswer | null {
    return this.feed.answer;
  }

  /** The page has been drawn: the machine may stand elsewhere, the theme may be another. */
  refresh(): void {
    const { model } = this.page;
    this.palette = null;
    if (model.run !== this.run) {
      this.run = model.run;
      this.feed.clear();
      this.selection = this.pointed = null;
    }
    if (model.stop !== this.stop) {
      this.stop = model.stop;
      if (this.now !== null && this.answer) this.viewport.reveal(this.now);
    }
    this.update();
  }

  /** Something else is in sight, or something has changed in it: draws it soon, and asks for what is missing. */
  update(): void {
    this.feed.want(() => ({
      viewport: this.viewport,
      width: this.geometry.span,
      lanes: this.answer ? this.geometry.inSight.map(({ lane }) => lane.id) : null,
    }));
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
  }

  moved(): void {
    const { from, to, isWhole } = this.viewport;
    this.page.layout.own.timeline = { from, to, whole: isWhole } satisfies Kept;
    this.page.keep();
    this.update();
    this.listener.changed();
  }

  point(interval: Interval | null, at: { x: number; y: number } | null): void {
    const same = interval?.lane === this.pointed?.lane && interval?.start === this.pointed?.start;
    this.pointed = interval;
    this.listener.pointed(interval, at);
    if (!same) this.update();
  }

  select(range: Range | null): void {
    this.selection = range && range.to > range.from ? range : null;
    this.listener.selected(this.selection);
    this.update();
  }

  /** The debugger goes there. */
  seek(time: number): void {
    const { end } = this.answer ?? { end: 0 };
    this.page.send({ type: 'seek', time: Math.max(0, Math.min(Math.round(time), end)) });
  }

  intervalAt(x: number, y: number): Interval | null {
    const lane = x >= this.geometry.gutter ? this.geometry.laneAt(y)?.lane.id : undefined;
    return lane === undefined ? null : this.intervalIn(lane, this.geometry.time(x));
  }

  intervalIn(lane: string, time: number): Interval | null {
    const row = this.answer?.rows.find(({ id }) => id === lane);
    return row && this.answer ? intervalOf(this.answer, row, placeAt(row, time)) : null;
  }

  /** The nearest edge of an interval in sight, if one is near. */
  snapped(x: number): number {
    const { geometry, answer } = this;
    const time = geometry.time(x);
    let best = time;
    let distance = SNAP;
    for (const { lane } of geometry.inSight) {
      const row = answer?.rows.find(({ id }) => id === lane.id);
      if (!row) continue;
      const at = placeAt(row, time);
      for (const edge of [row.starts[at], row.starts[at + 1]]) {
        if (edge === undefined || Math.abs(geometry.x(edge) - x) >= distance) continue;
        best = edge;
        distance = Math.abs(geometry.x(edge) - x);
      }
    }
    return best;
  }

  private arrived(answer: TimelineAnswer): void {
    this.viewport.reach(answer.end);
    if (this.pointed) this.pointed = this.intervalIn(this.pointed.lane, this.pointed.start);
    this.update();
    this.listener.changed();
  }

  private measured(): Geometry {
    const { clientWidth: width } = this.box;
    const gutter = width < NARROW ? 78 : 128;
    const lanes = this.answer?.lanes ?? [];
    const full = new Geometry(lanes, this.viewport, width, 0, gutter, 0).fullHeight;
    const height = Math.min(Math.max(full, RULER + 60), Math.round(window.innerHeight * HIGHEST));
    return new Geometry(lanes, this.viewport, width, height, gutter, this.box.scrollTop);
  }

  private draw(): void {
    this.frame = 0;
    const { canvas, box, answer } = this;
    this.geometry = this.measured();
    const { width, height, fullHeight } = this.geometry;
    const scale = window.devicePixelRatio;
    box.style.height = `${height}px`;
    this.filler.style.height = `${Math.max(0, fullHeight - height)}px`;
    if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
    const drawing = canvas.getContext('2d');
    if (!drawing || !answer) return;
    drawing.setTransform(scale, 0, 0, scale, 0, 0);
    this.palette ??= readPalette(box);
    const { geometry, palette, selection, pointed, dragged } = this;
    const cursor = dragged ?? this.now;
    drawScene(drawing, { answer, geometry, palette, cursor, isDragged: dragged !== null, selection, pointed });
    this.feed.want(() => ({
      viewport: this.viewport,
      width: this.geometry.span,
      lanes: this.geometry.inSight.map(({ lane }) => lane.id),
    }));
  }
}
