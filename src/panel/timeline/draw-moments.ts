/** What happens at instants: arrows from who wakes to who is woken, and marks of copies, signals, beginnings, ends. */
import type { MarkView } from '../../computer/views/timeline/activity.js';
import type { LaneBox } from './geometry.js';
import type { Canvas, Scene } from './scene.js';

/** With more arrows than this in sight none could be followed. */
const MOST_ARROWS = 150;
const HEAD = 4;

export function drawLinks(canvas: Canvas, { answer, geometry, palette, pointed }: Scene): void {
  const boxes = new Map(geometry.boxes.map((box) => [box.lane.id, box]));
  const { from, to } = geometry.viewport;
  const inSight = answer.links.filter(({ time }) => time >= from && time <= to);
  const isPointed = (link: (typeof inSight)[number]): boolean =>
    link.from === pointed?.lane || link.to === pointed?.lane;
  const shown = inSight.length <= MOST_ARROWS ? inSight : inSight.filter(isPointed).slice(0, MOST_ARROWS);
  for (const link of shown) {
    const [source, target] = [boxes.get(link.from), boxes.get(link.to)];
    if (!source || !target || source === target) continue;
    canvas.globalAlpha = isPointed(link) ? 1 : 0.65;
    canvas.strokeStyle = canvas.fillStyle = isPointed(link) ? palette.cursor : palette.text;
    canvas.lineWidth = isPointed(link) ? 2 : 1;
    canvas.setLineDash(link.kind === 'fork' ? [3, 2] : []);
    arrow(canvas, geometry.x(link.time), source, target);
  }
  canvas.setLineDash([]);
  canvas.globalAlpha = 1;
}

/** Down (or up) from one lane to the other, a little bent, so that two at one instant can be told apart. */
function arrow(canvas: Canvas, x: number, source: LaneBox, target: LaneBox): void {
  const isDown = target.top > source.top;
  const begin = isDown ? source.top + source.height : source.top;
  const end = isDown ? target.top - 1 : target.top + target.height + 1;
  const bend = Math.min(10, Math.abs(end - begin) / 4);
  canvas.beginPath();
  canvas.moveTo(x, begin);
  canvas.quadraticCurveTo(x - bend, (begin + end) / 2, x, end - (isDown ? HEAD : -HEAD));
  canvas.stroke();
  canvas.beginPath();
  canvas.moveTo(x, end);
  canvas.lineTo(x - HEAD, end - (isDown ? 1.6 : -1.6) * HEAD);
  canvas.lineTo(x + HEAD, end - (isDown ? 1.6 : -1.6) * HEAD);
  canvas.closePath();
  canvas.fill();
}

export function drawMarks(canvas: Canvas, { answer, geometry, palette }: Scene): void {
  const boxes = new Map(geometry.inSight.map((box) => [box.lane.id, box]));
  const { from, to } = geometry.viewport;
  for (const mark of answer.marks) {
    const box = boxes.get(`task${mark.pid}`);
    if (box && mark.time >= from && mark.time <= to) drawMark(canvas, mark, geometry.x(mark.time), box, palette);
  }
}

function drawMark(canvas: Canvas, { kind }: MarkView, x: number, box: LaneBox, palette: Scene['palette']): void {
  const bottom = box.top + box.height;
  canvas.fillStyle = palette.text;
  canvas.strokeStyle = palette.background;
  canvas.lineWidth = 1;
  canvas.beginPath();
  switch (kind) {
    case 'copy': // a drop at the bottom of the lane
      canvas.arc(x, bottom, 3, 0, 2 * Math.PI);
      break;
    case 'signal': // a flash from above
      canvas.fillStyle = palette.signal;
      canvas.moveTo(x - 5, box.top - 5);
      canvas.lineTo(x + 5, box.top - 5);
      canvas.lineTo(x, box.top + 5);
      canvas.closePath();
      break;
    case 'begin':
      canvas.moveTo(x, box.top);
      canvas.lineTo(x + 6, box.top + box.height / 2);
      canvas.lineTo(x, bottom);
      canvas.closePath();
      break;
    case 'exec':
      canvas.moveTo(x, box.top);
      canvas.lineTo(x + 5, box.top + box.height / 2);
      canvas.lineTo(x, bottom);
      canvas.lineTo(x - 5, box.top + box.height / 2);
      canvas.closePath();
      break;
    case 'end':
      canvas.rect(x - 2, box.top - 2, 4, box.height + 4);
      break;
    default: // calls and faults are intervals themselves
      return;
  }
  canvas.fill();
  canvas.stroke();
}
