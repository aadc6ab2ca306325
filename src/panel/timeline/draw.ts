/** Draws the chart. A shape stands for a state as a colour does: who runs fills its lane, who waits is a line. */
import { scaleLinear } from 'd3-scale';
import { ACTIVITIES, type LaneWindow } from '../../computer/views/timeline/activity.js';
import { number } from '../text.js';
import { drawLinks, drawMarks } from './draw-moments.js';
import { RULER, type LaneBox } from './geometry.js';
import { intervalOf, isOnCpu, type Interval } from './intervals.js';
import type { Canvas, Scene } from './scene.js';

/** Pixels from which on a name is written into an interval. */
const ROOM_FOR_TEXT = 26;

export function drawScene(canvas: Canvas, scene: Scene): void {
  const { geometry, palette, answer } = scene;
  canvas.clearRect(0, 0, geometry.width, geometry.height);
  canvas.font = palette.font;
  canvas.textBaseline = 'middle';
  drawGrid(canvas, scene);
  canvas.save();
  canvas.beginPath();
  canvas.rect(geometry.gutter, RULER, geometry.span, geometry.height - RULER);
  canvas.clip();
  canvas.translate(0, -geometry.scroll);
  const rows = new Map(answer.rows.map((row) => [row.id, row]));
  for (const box of geometry.inSight) {
    const row = rows.get(box.lane.id);
    if (row) drawLane(canvas, scene, box, row);
  }
  drawLinks(canvas, scene);
  drawMarks(canvas, scene);
  canvas.restore();
  drawNames(canvas, scene);
  drawSelection(canvas, scene);
  drawCursor(canvas, scene);
}

function drawGrid(canvas: Canvas, { geometry, palette }: Scene): void {
  const { viewport, width, height } = geometry;
  const scale = scaleLinear([viewport.from, viewport.to], [geometry.gutter, width]);
  const ticks = scale.ticks(Math.max(2, Math.floor(geometry.span / 90))).filter((tick) => Number.isInteger(tick));
  canvas.strokeStyle = palette.line;
  canvas.fillStyle = palette.dim;
  canvas.lineWidth = 1;
  canvas.textAlign = 'left';
  for (const tick of ticks) {
    const x = Math.round(scale(tick)) + 0.5;
    canvas.beginPath();
    canvas.moveTo(x, RULER - 6);
    canvas.lineTo(x, height);
    canvas.stroke();
    const label = number(tick);
    if (x + 4 + canvas.measureText(label).width < width) canvas.fillText(label, x + 4, RULER / 2);
  }
  canvas.beginPath();
  canvas.moveTo(0, RULER - 0.5);
  canvas.lineTo(width, RULER - 0.5);
  canvas.stroke();
}

function drawLane(canvas: Canvas, scene: Scene, box: LaneBox, row: LaneWindow): void {
  const { answer, geometry } = scene;
  /** What is narrower than a pixel is drawn last: its neighbours would hide it. */
  const narrow: [Interval, number, number][] = [];
  const { from, to } = geometry.viewport;
  for (let at = 0; at < row.starts.length; at++) {
    if (row.starts[at] > to) break;
    if (at + 1 < row.starts.length && row.starts[at + 1] < from) continue;
    const interval = intervalOf(answer, row, at);
    if (!interval || interval.end < from) continue;
    const left = Math.max(geometry.x(interval.start), geometry.gutter - 2);
    const right = Math.min(geometry.x(interval.end), geometry.width + 2);
    if (right - left < 1.5) narrow.push([interval, left, right]);
    else drawPart(canvas, scene, box, interval, left, right);
  }
  for (const [interval, left, right] of narrow) drawPart(canvas, scene, box, interval, Math.round(left), right);
}

function drawPart(canvas: Canvas, scene: Scene, box: LaneBox, interval: Interval, left: number, right: number): void {
  if (interval.mixed) drawMixed(canvas, scene, box, interval, left, right);
  else drawInterval(canvas, scene, box, interval, left, right);
}

function drawInterval(
  canvas: Canvas,
  scene: Scene,
  box: LaneBox,
  interval: Interval,
  left: number,
  right: number,
): void {
  const { activity } = interval;
  const { palette } = scene;
  if (activity === 'absent') return;
  const width = Math.max(1, right - left);
  canvas.fillStyle = palette.activity[activity];
  if (isOnCpu(activity)) {
    // A gap tells neighbours apart where there is room for it.
    const gap = width > 4 ? 1 : 0;
    canvas.fillRect(left, box.top, width - gap, box.height);
    if (palette.hasBorders && width > 3) outline(canvas, palette.text, left, box.top, width - gap, box.height);
  } else if (activity === 'ready') {
    const half = Math.round(box.height / 2);
    canvas.fillRect(left, box.top + box.height - half, width, half);
  } else {
    const thickness = activity === 'blocked' || activity === 'idle' ? 2 : 4;
    canvas.fillRect(left, box.top + Math.round(box.height / 2) - thickness / 2, width, thickness);
  }
  if (scene.pointed && scene.pointed.lane === interval.lane && scene.pointed.start === interval.start)
    outline(canvas, palette.text, left, box.top, width, box.height, 2);
  if (right - left >= ROOM_FOR_TEXT) writeInside(canvas, scene, box, interval, left, right);
}

/** What is too short to be told apart: stacked, and each is seen however small its share. */
function drawMixed(canvas: Canvas, scene: Scene, box: LaneBox, interval: Interval, left: number, right: number): void {
  const { activity } = scene.palette;
  const shown = interval.mixed?.filter(([name]) => name !== 'absent') ?? [];
  const all = interval.mixed?.reduce((sum, [, ticks]) => sum + ticks, 0) || 1;
  const width = Math.max(1, right - left);
  const order = shown.sort((a, b) => ACTIVITIES.indexOf(b[0]) - ACTIVITIES.indexOf(a[0]));
  const least = Math.min(2, box.height / Math.max(1, order.length));
  const free = box.height - least * order.length;
  let top = box.top;
  for (const [name, ticks] of order) {
    const height = least + (free * ticks) / all;
    canvas.fillStyle = activity[name];
    canvas.fillRect(left, top, width, height + 0.5);
    top += height;
  }
}

function writeInside(
  canvas: Canvas,
  scene: Scene,
  box: LaneBox,
  interval: Interval,
  left: number,
  right: number,
): void {
  const { palette } = scene;
  const text = textInside(interval, scene);
  if (text === '') return;
  const isFilled = isOnCpu(interval.activity);
  const room = right - Math.max(left, scene.geometry.gutter) - 8;
  const fitting = fitted(canvas, text, room);
  if (fitting === '') return;
  const x = Math.max(left, scene.geometry.gutter) + 4;
  const y = box.top + box.height / 2;
  canvas.textAlign = 'left';
  if (!isFilled) {
    // The line of who waits is interrupted by the reason.
    canvas.fillStyle = palette.background;
    canvas.fillRect(x - 2, box.top, canvas.measureText(fitting).width + 4, box.height);
  }
  canvas.fillStyle = isFilled ? palette.onActivity : palette.dim;
  canvas.fillText(fitting, x, y + 0.5);
}

/** Their shape and colour say it all. */
const SAY_NOTHING: ReadonlySet<string> = new Set(['user', 'idle', 'ready']);

function textInside({ lane, activity, who, what }: Interval, { answer }: Scene): string {
  if (lane.startsWith('task') || who <= 0) return what || (SAY_NOTHING.has(activity) ? '' : activity);
  const name = answer.lanes.find(({ id }) => id === `task${who}`)?.name ?? '';
  if (activity === 'user') return `${who} ${name}`;
  return what || activity;
}

/** As much of a text as there is room for: none, when that would say nothing. */
export function fitted(canvas: Canvas, text: string, room: number): string {
  if (canvas.measureText(text).width <= room) return text;
  for (let length = text.length - 1; length >= 3; length--) {
    const shorter = `${text.slice(0, length)}…`;
    if (canvas.measureText(shorter).width <= room) return shorter;
  }
  return '';
}

function drawNames(canvas: Canvas, { geometry, palette, pointed }: Scene): void {
  canvas.save();
  canvas.beginPath();
  canvas.rect(0, RULER, geometry.gutter, geometry.height - RULER);
  canvas.clip();
  canvas.translate(0, -geometry.scroll);
  canvas.textAlign = 'left';
  for (const { lane, isCpu, top, height } of geometry.inSight) {
    const name = isCpu ? lane.name : `${lane.number} ${lane.name}`;
    canvas.fillStyle = isCpu ? palette.dim : palette.text;
    if (pointed?.lane === lane.id) canvas.fillStyle = palette.cursor;
    canvas.fillText(fitted(canvas, name, geometry.gutter - 10), 2, top + height / 2 + 0.5);
  }
  canvas.restore();
}

function drawSelection(canvas: Canvas, { geometry, palette, selection }: Scene): void {
  if (!selection) return;
  const left = Math.max(geometry.gutter, geometry.x(selection.from));
  const right = Math.max(left, Math.min(geometry.width, geometry.x(selection.to)));
  canvas.fillStyle = palette.selection;
  canvas.fillRect(left, 0, right - left, geometry.height);
  canvas.fillStyle = palette.cursor;
  for (const x of [left, right]) canvas.fillRect(Math.round(x) - 0.5, 0, 1, geometry.height);
}

function drawCursor(canvas: Canvas, { geometry, palette, cursor, isDragged }: Scene): void {
  if (cursor === null) return;
  const x = geometry.x(cursor);
  if (x < geometry.gutter - 1 || x > geometry.width + 1) return;
  canvas.fillStyle = palette.cursor;
  canvas.fillRect(Math.round(x) - 1, RULER - 4, 2, geometry.height);
  const label = number(Math.round(cursor));
  const width = canvas.measureText(label).width + 12;
  const left = Math.min(Math.max(x - width / 2, geometry.gutter), geometry.width - width);
  // What the label would cover in part is gone whole.
  canvas.fillStyle = palette.background;
  canvas.fillRect(left - 14, 0, width + 28, RULER - 5);
  canvas.fillStyle = palette.cursor;
  canvas.beginPath();
  canvas.roundRect(left, 2, width, RULER - 7, 4);
  canvas.fill();
  canvas.fillStyle = palette.background;
  canvas.textAlign = 'center';
  canvas.fillText(label, left + width / 2, RULER / 2 - 1);
  if (isDragged) outline(canvas, palette.text, left, 2, width, RULER - 7);
}

function outline(
  canvas: Canvas,
  colour: string,
  left: number,
  top: number,
  width: number,
  height: number,
  thickness = 1,
): void {
  canvas.strokeStyle = colour;
  canvas.lineWidth = thickness;
  canvas.strokeRect(left + 0.5, top + 0.5, Math.max(1, width - 1), height - 1);
}
