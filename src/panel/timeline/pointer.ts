/**
 * The pointer on the chart: it pans when the lanes are dragged, takes the cursor along when the ruler is, selects a
 * range with Shift; the wheel zooms about it, or goes through the lanes where they are more than there is room for.
 */
import type { Chart } from './chart.js';
import { RULER } from './geometry.js';

type Drag = { kind: 'pan' | 'cursor' | 'select'; x: number; time: number; from: number; to: number };

/** Of a notch of the wheel. */
const ZOOM = 1.2;
/** A wheel's lines and pages, in pixels. */
const UNITS = [1, 20, 400];

export function followPointer(chart: Chart, box: HTMLElement): void {
  let drag: Drag | null = null;
  const place = (event: MouseEvent): { x: number; y: number } => {
    const { left, top } = box.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  box.addEventListener('pointerdown', (event) => {
    const { x, y } = place(event);
    if (event.button !== 0 || x < chart.geometry.gutter) return;
    const { from, to } = chart.viewport;
    const kind = event.shiftKey ? 'select' : y < RULER ? 'cursor' : 'pan';
    drag = { kind, x, time: kind === 'pan' ? chart.geometry.time(x) : chart.snapped(x), from, to };
    box.setPointerCapture(event.pointerId);
    if (kind === 'cursor') chart.dragged = drag.time;
    if (kind === 'select') chart.select(null);
    chart.update();
  });

  box.addEventListener('pointermove', (event) => {
    const { x, y } = place(event);
    if (!drag) {
      box.classList.toggle('on-ruler', y < RULER && x >= chart.geometry.gutter);
      return chart.point(chart.intervalAt(x, y), { x, y });
    }
    if (drag.kind === 'cursor') chart.dragged = Math.max(0, chart.snapped(x));
    else if (drag.kind === 'select') {
      const time = chart.snapped(x);
      chart.select({ from: Math.min(time, drag.time), to: Math.max(time, drag.time) });
    } else {
      const moved = ((drag.x - x) / chart.geometry.span) * (drag.to - drag.from);
      chart.viewport.show(drag.from + moved, drag.to + moved);
      chart.moved();
    }
    chart.update();
  });

  const drop = (): void => {
    if (drag?.kind === 'cursor' && chart.dragged !== null) chart.seek(chart.dragged);
    chart.dragged = null;
    drag = null;
    chart.update();
  };
  box.addEventListener('pointerup', drop);
  box.addEventListener('pointercancel', () => {
    chart.dragged = null;
    drop();
  });
  box.addEventListener('pointerleave', () => {
    if (!drag) chart.point(null, null);
  });
  box.addEventListener('dblclick', (event) => {
    const { x, y } = place(event);
    const interval = chart.intervalAt(x, y);
    if (interval) chart.seek(interval.start);
  });

  box.addEventListener(
    'wheel',
    (event) => {
      const { x, y } = place(event);
      const [along, across] = [event.deltaX * UNITS[event.deltaMode], event.deltaY * UNITS[event.deltaMode]];
      const sideways = event.shiftKey ? across || along : along;
      const { geometry, viewport } = chart;
      const scrolls = !event.ctrlKey && !event.metaKey && y >= RULER && geometry.fullHeight > geometry.height;
      if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : across)) viewport.pan(sideways / geometry.span);
      else if (scrolls) return;
      else viewport.zoom(ZOOM ** (across / 100), geometry.time(Math.max(x, geometry.gutter)));
      event.preventDefault();
      chart.moved();
    },
    { passive: false },
  );
  box.addEventListener('scroll', () => chart.update());
}
