/**
 * What a lane of the timeline shows: of a CPU, what it does; of a task, what becomes of it. And what the session
 * answers when a timeline is drawn. Plain data; times are in ticks.
 */

/** What goes on during an interval; its number goes through messages. */
export const ACTIVITIES = [
  'user',
  'kernel',
  'interrupt',
  'switching',
  'idle',
  'ready',
  'blocked',
  'stopped',
  'zombie',
  /** A task that is not there yet, or no more. */
  'absent',
] as const;
export type Activity = (typeof ACTIVITIES)[number];
export type ActivityNumber = number;

export function activityNumber(activity: Activity): ActivityNumber {
  return ACTIVITIES.indexOf(activity);
}

/** Marks at instants of a task's lane. */
export const MARK_KINDS = ['call', 'copy', 'signal', 'fault', 'begin', 'exec', 'end'] as const;
export type MarkKind = (typeof MARK_KINDS)[number];

/** Who has woken or made whom. */
export const LINK_KINDS = ['wakeup', 'fork'] as const;

export interface TimelineArguments {
  /** The stretch of time that is looked at, ticks. Without: the whole run. */
  from?: number | null;
  to?: number | null;
  /** What is shorter than one of so many equal parts of it is put together. */
  pixels: number;
  /** The lanes that are in sight, by id; without, all. */
  lanes?: string[] | null;
}

export interface TimelineAnswer {
  from: number;
  to: number;
  /** The last instant of the run that is known, however far back the machine stands. */
  end: number;
  /** All lanes that there are: CPUs, then tasks in the order in which they came. */
  lanes: LaneName[];
  /** Those that were asked for. */
  rows: LaneWindow[];
  marks: MarkView[];
  links: LinkView[];
  /** Marks and links that are not sent, because others stand where they would. */
  hidden: number;
}

export interface LaneName {
  /** `cpu0`, `task2`. */
  id: string;
  /** Of a CPU its number, of a task its pid. */
  number: number;
  name: string;
}

/** A lane's intervals, each to the beginning of the next; the last, to the end of what is answered. */
export interface LaneWindow {
  id: string;
  starts: number[];
  activities: ActivityNumber[];
  /** On a CPU's lane the task, on a task's lane the CPU; -1: none. */
  who: number[];
  /** The call, the interrupt, what is waited for: a place in `texts`; -1: nothing. */
  what: number[];
  texts: string[];
  /**
   * Where several intervals are too short to be told apart: by the place of the one that stands for them, how many
   * ticks each activity has of it: activity, ticks, activity, ticks …
   */
  mixed: Record<number, number[]>;
}

export interface MarkView {
  time: number;
  pid: number;
  kind: MarkKind;
  text: string;
  /** How many of this kind stand at this place. */
  count: number;
  /** Of the run's events. */
  event: number;
}

export interface LinkView {
  time: number;
  kind: (typeof LINK_KINDS)[number];
  /** A task's lane; that of a CPU where an interrupt did it. */
  from: string;
  to: string;
}

export interface TimelineSumsArguments {
  from: number;
  to: number;
}

export interface TimelineSums {
  from: number;
  to: number;
  /** Ticks that each lane has spent on each activity. */
  lanes: (LaneName & { ticks: Partial<Record<Activity, number>> })[];
  /** How many marks and links of each kind there are; of copies, their bytes too. */
  marks: Partial<Record<MarkKind, number>>;
  wakeups: number;
  bytes: number;
}
