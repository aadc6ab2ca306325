/**
 * A stretch of the timeline as it is drawn: exact where there is room, and where there is not, one interval that says
 * how much of each activity is in it. So nothing that came is left out, however short it was.
 */
import {
  LINK_KINDS,
  MARK_KINDS,
  type LaneName,
  type LaneWindow,
  type LinkView,
  type MarkKind,
  type MarkView,
  type TimelineAnswer,
  type TimelineArguments,
} from './activity.js';
import type { Lane } from './lane.js';
import type { RunLanes } from './run-lanes.js';

/** As many marks, and as many links, are sent at most. */
const MOST_MOMENTS = 4000;

export function timelineWindow(
  lanes: RunLanes,
  { from, to, pixels, lanes: wanted }: TimelineArguments,
): TimelineAnswer {
  const begin = from ?? 0;
  const end = Math.max(to ?? lanes.end, begin + 1);
  const names = laneNames(lanes);
  const inSight = wanted ? new Set(wanted) : null;
  const tick = (end - begin) / pixels;
  const rows: LaneWindow[] = [];
  for (const { id, number } of names) {
    if (inSight && !inSight.has(id)) continue;
    const lane = id.startsWith('cpu') ? lanes.cpus[number].lane : lanes.tasks.get(number)!.lane;
    rows.push(laneWindow(lanes, id, lane, begin, end, tick));
  }
  const marks = marksIn(lanes, inSight, begin, end, tick);
  const links = linksIn(lanes, inSight, begin, end, tick);
  const hidden = marks.hidden + links.hidden;
  return { from: begin, to: end, end: lanes.end, lanes: names, rows, marks: marks.shown, links: links.shown, hidden };
}

export function laneNames({ cpus, tasks }: RunLanes): LaneName[] {
  const ofCpus = cpus.map(({ id }) => ({ id: `cpu${id}`, number: id, name: `cpu${id}` }));
  return [...ofCpus, ...[...tasks.values()].map(({ pid, name }) => ({ id: `task${pid}`, number: pid, name }))];
}

function laneWindow(lanes: RunLanes, id: string, lane: Lane, from: number, to: number, tick: number): LaneWindow {
  const window: LaneWindow = { id, starts: [], activities: [], who: [], what: [], texts: [], mixed: {} };
  const textNumbers = new Map<number, number>();
  const textNumber = (what: number): number => {
    if (what < 0) return -1;
    let number = textNumbers.get(what);
    if (number === undefined) textNumbers.set(what, (number = window.texts.push(lanes.texts.text(what)) - 1));
    return number;
  };
  const add = (start: number, activity: number, who: number, what: number): void => {
    window.starts.push(start);
    window.activities.push(activity);
    window.who.push(who);
    window.what.push(textNumber(what));
  };
  const endOf = (at: number): number => (at < lane.last ? lane.begin(at + 1) : Math.max(lanes.end, lane.begin(at)));
  let at = Math.max(0, lane.find(from));
  while (at < lane.count && lane.begin(at) < to) {
    const start = lane.begin(at);
    if (at === lane.last || endOf(at) - start >= tick) {
      add(Math.max(start, from), lane.activity(at), lane.who(at), lane.what(at));
      at++;
      continue;
    }
    // All that ends before this pixel does.
    const edge = from + (Math.floor((start - from) / tick) + 1) * tick;
    const first = at;
    const ticks = new Map<number, number>();
    for (; at < lane.last && (at === first || (endOf(at) <= edge && endOf(at) - lane.begin(at) < tick)); at++)
      ticks.set(lane.activity(at), (ticks.get(lane.activity(at)) ?? 0) + endOf(at) - lane.begin(at));
    if (at === first + 1) add(Math.max(start, from), lane.activity(first), lane.who(first), lane.what(first));
    else {
      const [most] = [...ticks].reduce((a, b) => (b[1] > a[1] ? b : a));
      window.mixed[window.starts.length] = [...ticks].flat();
      add(Math.max(start, from), most, -1, -1);
    }
  }
  return window;
}

function isIn(inSight: ReadonlySet<string> | null, lane: string): boolean {
  return !inSight || inSight.has(lane);
}

/** Of marks of one kind that would stand on each other, the first, with how many they are. */
function marksIn(
  lanes: RunLanes,
  inSight: ReadonlySet<string> | null,
  from: number,
  to: number,
  tick: number,
): { shown: MarkView[]; hidden: number } {
  const { marks, texts } = lanes;
  /** By task: by place, which is a number. */
  const perTask = new Map<number, Map<number, MarkView> | null>();
  const shown: MarkView[] = [];
  let hidden = 0;
  for (const at of marks.between(from, to)) {
    const pid = marks.value(0, at);
    let places = perTask.get(pid);
    if (places === undefined) perTask.set(pid, (places = isIn(inSight, `task${pid}`) ? new Map() : null));
    if (!places) continue;
    const kindAndText = marks.value(1, at);
    const kind: MarkKind = MARK_KINDS[kindAndText % MARK_KINDS.length];
    const bin = Math.floor((marks.time(at) - from) / (4 * tick));
    const place = bin * MARK_KINDS.length + (kindAndText % MARK_KINDS.length);
    const known = places.get(place);
    if (known) known.count++;
    else if (shown.length >= MOST_MOMENTS) hidden++;
    else {
      const text = texts.text(Math.floor(kindAndText / MARK_KINDS.length));
      const bytes = marks.value(3, at);
      const mark: MarkView = {
        time: marks.time(at),
        pid,
        kind,
        text: kind === 'copy' ? `${bytes.toLocaleString('en')} byte${bytes === 1 ? '' : 's'} ${text}` : text,
        count: 1,
        event: marks.value(2, at),
      };
      places.set(place, mark);
      shown.push(mark);
    }
  }
  return { shown, hidden };
}

function linksIn(
  { links }: RunLanes,
  inSight: ReadonlySet<string> | null,
  from: number,
  to: number,
  tick: number,
): { shown: LinkView[]; hidden: number } {
  const shown: LinkView[] = [];
  const places = new Set<string>();
  let hidden = 0;
  for (const at of links.between(from, to)) {
    const pid = links.value(1, at);
    const source = pid > 0 ? `task${pid}` : `cpu${links.value(2, at)}`;
    const target = `task${links.value(3, at)}`;
    if (!isIn(inSight, source) && !isIn(inSight, target)) continue;
    const time = links.time(at);
    const place = `${source}.${target}.${Math.floor((time - from) / (2 * tick))}`;
    if (places.has(place) || shown.length >= MOST_MOMENTS) {
      hidden++;
      continue;
    }
    places.add(place);
    shown.push({ time, kind: LINK_KINDS[links.value(0, at)], from: source, to: target });
  }
  return { shown, hidden };
}
