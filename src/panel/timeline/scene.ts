/** All that is drawn of the timeline at once. */
import type { TimelineAnswer } from '../../computer/views/timeline/activity.js';
import type { Geometry } from './geometry.js';
import type { Interval } from './intervals.js';
import type { Palette } from './palette.js';

export interface Scene {
  answer: TimelineAnswer;
  geometry: Geometry;
  palette: Palette;
  /** Where the machine stands, ticks; or where the reader drags it to. */
  cursor: number | null;
  isDragged: boolean;
  selection: { from: number; to: number } | null;
  /** The interval under the pointer or the keyboard. */
  pointed: Interval | null;
}

export type Canvas = CanvasRenderingContext2D;
