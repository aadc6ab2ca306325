/** The theme's colours for the canvas, which knows no styles of its own. */
import { ACTIVITIES, type Activity } from '../../computer/views/timeline/activity.js';

export interface Palette {
  activity: Record<Activity, string>;
  /** Text on an activity's colour. */
  onActivity: string;
  text: string;
  dim: string;
  line: string;
  cursor: string;
  selection: string;
  signal: string;
  background: string;
  font: string;
  /** High contrast: intervals have borders. */
  hasBorders: boolean;
}

export function readPalette(element: HTMLElement): Palette {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const activity = Object.fromEntries(ACTIVITIES.map((name) => [name, colour(`--act-${name}`)]));
  return {
    activity: activity as Record<Activity, string>,
    onActivity: colour('--on-activity'),
    text: style.color,
    dim: colour('--timeline-dim'),
    line: colour('--timeline-line'),
    cursor: colour('--timeline-cursor'),
    selection: colour('--timeline-selection'),
    signal: colour('--timeline-signal'),
    background: colour('--timeline-background'),
    font: `${style.fontSize} ${style.fontFamily}`,
    hasBorders: colour('--timeline-borders') === '1',
  };
}
