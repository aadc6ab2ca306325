/** Finding one's way in a lane's intervals, and saying what one of them is. */
import {
  ACTIVITIES,
  type Activity,
  type LaneWindow,
  type TimelineAnswer,
} from '../../computer/views/timeline/activity.js';
import { number, plural } from '../text.js';

export interface Interval {
  lane: string;
  at: number;
  start: number;
  end: number;
  activity: Activity;
  who: number;
  what: string;
  /** Of one that stands for several: each activity's ticks. */
  mixed: [Activity, number][] | null;
}

/** The place of the interval at a time; -1 before the first. */
export function placeAt({ starts }: LaneWindow, time: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle] <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export function intervalOf(answer: TimelineAnswer, row: LaneWindow, at: number): Interval | null {
  if (at < 0 || at >= row.starts.length) return null;
  const shares = row.mixed[at];
  const pairs: [Activity, number][] = [];
  for (let i = 0; shares && i < shares.length; i += 2) pairs.push([ACTIVITIES[shares[i]], shares[i + 1]]);
  return {
    lane: row.id,
    at,
    start: row.starts[at],
    end: at + 1 < row.starts.length ? row.starts[at + 1] : Math.min(answer.to, Math.max(answer.end, row.starts[at])),
    activity: ACTIVITIES[row.activities[at]],
    who: row.who[at],
    what: row.texts[row.what[at]] ?? '',
    mixed: shares ? pairs : null,
  };
}

/** `blocked: read on fd 3`, in a task's lane; `reader in the kernel: read`, in a CPU's. */
export function describe(interval: Interval, names: ReadonlyMap<string, string>): string {
  const { lane, activity, who, what, mixed } = interval;
  if (mixed) return mixed.map(([part, ticks]) => `${WORDS[part]} ${number(Math.round(ticks))}`).join(', ');
  const text = what === '' ? WORDS[activity] : `${WORDS[activity]}: ${what}`;
  if (lane.startsWith('task')) return isOnCpu(activity) && who >= 0 ? `${text}, on cpu${who}` : text;
  return who > 0 ? `${who} ${names.get(`task${who}`) ?? ''} ${text}` : text;
}

export function span({ start, end }: Interval): string {
  return `ticks ${number(start)} to ${number(end)}, ${plural(end - start, 'tick')}`;
}

export function isOnCpu(activity: Activity): boolean {
  return activity === 'user' || activity === 'kernel' || activity === 'interrupt' || activity === 'switching';
}

export const WORDS: Readonly<Record<Activity, string>> = {
  user: 'in user mode',
  kernel: 'in the kernel',
  interrupt: 'serves an interrupt',
  switching: 'switching',
  idle: 'idle',
  ready: 'ready',
  blocked: 'blocked',
  stopped: 'stopped',
  zombie: 'zombie',
  absent: 'not there',
};
