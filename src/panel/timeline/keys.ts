/**
 * The chart by keyboard: W and S zoom, A and D pan, F shows all; , and . go to the event before and behind; the arrows
 * go from interval to interval and from lane to lane, Enter takes the debugger there; [ and ] are the ends of a range.
 */
import { EVENTS_REQUEST } from '../../debugger/messages.js';
import { Refused, type Page } from '../page.js';
import type { Chart } from './chart.js';
import type { Interval } from './intervals.js';

const ZOOM = 1.5;
const PAN = 0.2;

/** @returns whether the key means something here */
export function pressed(key: string, chart: Chart, page: Page): boolean {
  const { viewport } = chart;
  const move = (change: () => void): void => {
    change();
    chart.moved();
  };
  const middle = (viewport.from + viewport.to) / 2;
  const about = chart.pointed?.start ?? chart.now ?? middle;
  const centre = about >= viewport.from && about <= viewport.to ? about : middle;
  const meanings: Record<string, () => void> = {
    w: () => move(() => viewport.zoom(1 / ZOOM, centre)),
    '+': () => move(() => viewport.zoom(1 / ZOOM, centre)),
    s: () => move(() => viewport.zoom(ZOOM, centre)),
    '-': () => move(() => viewport.zoom(ZOOM, centre)),
    a: () => move(() => viewport.pan(-PAN)),
    d: () => move(() => viewport.pan(PAN)),
    f: () => move(() => viewport.fit()),
    ',': () => void toEvent(page, true),
    '.': () => void toEvent(page, false),
    arrowleft: () => beside(chart, -1),
    arrowright: () => beside(chart, 1),
    arrowup: () => lane(chart, -1),
    arrowdown: () => lane(chart, 1),
    enter: () => chart.pointed && chart.seek(chart.pointed.start),
    '[': () => chart.pointed && selectFrom(chart, chart.pointed.start),
    ']': () => chart.pointed && selectTo(chart, chart.pointed.end),
    escape: () => {
      chart.select(null);
      chart.point(null, null);
    },
  };
  const meaning = meanings[key.toLowerCase()];
  if (meaning) meaning();
  return meaning !== undefined;
}

/** Takes the debugger to the event, of such a name perhaps, before the instant at which it stands, or behind that. */
export async function toEvent(page: Page, backward: boolean, names?: string): Promise<void> {
  const step = (page.model.state ?? page.model.snapshot)?.step;
  if (step === undefined) return;
  try {
    // Behind an event the machine stands at its step: that one is no step back.
    const from = backward ? step - 1 : step;
    if (from < 0) return;
    const { events } = await page.ask(EVENTS_REQUEST, { step: from, backward, names, count: 1 });
    if (events[0]) page.send({ type: 'seek', step: events[0].step });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
}

function put(chart: Chart, interval: Interval | null): void {
  if (!interval) return;
  if (interval.start < chart.viewport.from || interval.start > chart.viewport.to) {
    chart.viewport.reveal(interval.start);
    chart.moved();
  }
  chart.point(interval, null);
}

/** The interval before or behind, in the same lane. */
function beside(chart: Chart, way: -1 | 1): void {
  const { pointed } = chart;
  if (!pointed) return lane(chart, 0);
  const time = way < 0 ? pointed.start - 1e-6 : pointed.end;
  if (time < 0 || time >= (chart.answer?.end ?? 0)) return;
  put(chart, chart.intervalIn(pointed.lane, time));
}

/** The same instant in the lane above or below. */
function lane(chart: Chart, way: -1 | 0 | 1): void {
  const boxes = chart.geometry.boxes;
  const at = boxes.findIndex((box) => box.lane.id === chart.pointed?.lane);
  const next = boxes[at < 0 ? 0 : at + way];
  const time = chart.pointed?.start ?? chart.now ?? chart.viewport.from;
  if (next) put(chart, chart.intervalIn(next.lane.id, Math.min(time, Math.max(0, (chart.answer?.end ?? 1) - 1e-6))));
}

function selectFrom(chart: Chart, from: number): void {
  chart.select({ from, to: Math.max(chart.selection?.to ?? 0, chart.pointed?.end ?? from) });
}

function selectTo(chart: Chart, to: number): void {
  chart.select({ from: Math.min(chart.selection?.from ?? to, chart.pointed?.start ?? to), to });
}
