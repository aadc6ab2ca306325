/** The chart in words: the intervals of the lanes in sight, for whoever does not see it. */
import type { Chart } from './chart.js';
import { describe, intervalOf, type Interval } from './intervals.js';
import { number } from '../text.js';

const MOST_ROWS = 600;

export function LaneTable({ chart }: { chart: Chart }) {
  const { answer, viewport } = chart;
  if (!answer) return null;
  const names = new Map(
    answer.lanes.map(({ id, number: n, name }) => [id, id.startsWith('cpu') ? name : `${n} ${name}`]),
  );
  const plain = new Map(answer.lanes.map(({ id, name }) => [id, name]));
  const intervals: Interval[] = [];
  for (const row of answer.rows) {
    for (let at = 0; at < row.starts.length; at++) {
      const interval = intervalOf(answer, row, at);
      if (!interval || interval.end <= viewport.from || interval.start >= viewport.to) continue;
      if (interval.activity !== 'absent' || interval.mixed) intervals.push(interval);
    }
  }
  const shown = intervals.slice(0, MOST_ROWS);
  return (
    <>
      <div class="scroll" tabIndex={0} role="group" aria-label="Table of intervals">
        <table aria-label="Intervals in sight">
          <thead>
            <tr>
              <th scope="col">lane</th>
              <th scope="col" class="figure">
                from
              </th>
              <th scope="col" class="figure">
                to
              </th>
              <th scope="col">what</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((interval) => (
              <tr key={`${interval.lane} ${interval.start}`}>
                <th scope="row">{names.get(interval.lane)}</th>
                <td class="figure">{number(Math.round(interval.start))}</td>
                <td class="figure">{number(Math.round(interval.end))}</td>
                <td>{describe(interval, plain)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {intervals.length > MOST_ROWS && (
        <p class="none">
          The first {MOST_ROWS} of {number(intervals.length)}: zoom in to read the others.
        </p>
      )}
    </>
  );
}
