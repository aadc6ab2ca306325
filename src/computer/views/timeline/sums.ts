/** What a stretch of time adds up to: exactly, however long it is. */
import { ACTIVITIES, LINK_KINDS, MARK_KINDS, type TimelineSums, type TimelineSumsArguments } from './activity.js';
import type { Lane } from './lane.js';
import type { RunLanes } from './run-lanes.js';
import { laneNames } from './window.js';

export function timelineSums(lanes: RunLanes, { from, to }: TimelineSumsArguments): TimelineSums {
  const sums: TimelineSums = { from, to, lanes: [], marks: {}, wakeups: 0, bytes: 0 };
  for (const name of laneNames(lanes)) {
    const lane = name.id.startsWith('cpu') ? lanes.cpus[name.number].lane : lanes.tasks.get(name.number)!.lane;
    sums.lanes.push({ ...name, ticks: ticksIn(lane, from, Math.min(to, lanes.end)) });
  }
  for (const at of lanes.marks.between(from, to)) {
    const kind = MARK_KINDS[lanes.marks.value(1, at) % MARK_KINDS.length];
    sums.marks[kind] = (sums.marks[kind] ?? 0) + 1;
    if (kind === 'copy') sums.bytes += lanes.marks.value(3, at);
  }
  for (const at of lanes.links.between(from, to)) if (LINK_KINDS[lanes.links.value(0, at)] === 'wakeup') sums.wakeups++;
  return sums;
}

function ticksIn(lane: Lane, from: number, to: number): TimelineSums['lanes'][number]['ticks'] {
  const ticks: TimelineSums['lanes'][number]['ticks'] = {};
  for (let at = Math.max(0, lane.find(from)); at < lane.count && lane.begin(at) < to; at++) {
    const end = at < lane.last ? lane.begin(at + 1) : Infinity;
    const spent = Math.min(end, to) - Math.max(lane.begin(at), from);
    const activity = ACTIVITIES[lane.activity(at)];
    if (spent > 0) ticks[activity] = (ticks[activity] ?? 0) + spent;
  }
  return ticks;
}
